//! A desk's side: settings, secrets and messages.

use chrono::DateTime;
use nightdesk_core::SecretString;
use nightdesk_core::config::{Auth, Email, Overrides, Security};
use nightdesk_core::delivery::Outcome;
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::mail::{Kind, MailOut};
use nightdesk_core::notice::NotificationType;
use nightdesk_core::port::{Outgoing, Sender as _};
use nightdesk_senders::mail::{Credentials, Mail, Settings, Unavailable};
use secrecy::ExposeSecret as _;
use std::sync::{Arc, Mutex};

pub struct Drawer {
    pub password: &'static str,
    pub refresh: Mutex<String>,
}

impl Credentials for Drawer {
    fn password(&self) -> Result<SecretString, Unavailable> {
        match self.password {
            "" => Err(Unavailable("SMTP_PASSWORD is not stored".into())),
            password => Ok(password.into()),
        }
    }

    fn refresh_token(&self) -> Result<SecretString, Unavailable> {
        Ok(self.refresh.lock().unwrap().clone().into())
    }

    fn keep_refresh_token(&self, token: &SecretString) {
        *self.refresh.lock().unwrap() = token.expose_secret().to_owned();
    }
}

pub fn drawer(password: &'static str) -> Arc<Drawer> {
    Arc::new(Drawer { password, refresh: Mutex::new("refresh-1".into()) })
}

pub fn email(host: &str, port: u16, security: Security, auth: Auth) -> Email {
    Email {
        smtp_host: Some(host.into()),
        smtp_port: port,
        security,
        auth,
        username: Some("desk".into()),
        tenant: Some("contoso".into()),
        client_id: Some("client-1".into()),
        login_base_url: None,
        graph_base_url: None,
        from: "nightdesk@example.com".into(),
        default: vec!["soc@example.com".into()],
        resolved_notices: true,
        overrides: Overrides::default(),
        templates: Default::default(),
    }
}

pub fn mail(email: Email, drawer: &Arc<Drawer>) -> Mail {
    Mail::new(Settings(email), drawer.clone()).unwrap()
}

pub fn outgoing(to: &str, marker: &str) -> Outgoing {
    let mail = MailOut {
        kind: Kind::Incident,
        category: Some(NotificationType::Incidents),
        severity: String::new(),
        subject: format!("Nightdesk CRITICAL Incident | Größe 日本 {marker}"),
        text: "Zeile eins\n.\n..zwei\nFrom here\n".into(),
        html: "<p>Größe &lt;b&gt;</p>".into(),
        message_id: format!("<inc-5-42.{marker}@example.com>"),
        in_reply_to: Some("<inc-5-42@example.com>".into()),
        at: DateTime::from_timestamp(1_767_000_000, 0).unwrap(),
    };
    Outgoing {
        id: DeliveryId(1),
        attempt: 1,
        marker: marker.into(),
        destination: to.into(),
        payload: serde_json::to_value(mail).unwrap(),
        possible_repeat: false,
        since: chrono::DateTime::UNIX_EPOCH,
    }
}

pub async fn send(mail: &Mail, to: &str) -> Outcome {
    mail.send(&outgoing(to, "m")).await
}

pub fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted { .. } | Outcome::Delivered { .. } => "taken".into(),
        Outcome::Temporary { error, .. } => format!("temporary: {error}"),
        Outcome::Permanent { error } | Outcome::OutOfReach { error, .. } => format!("permanent: {error}"),
        Outcome::NeedsHuman { error } => format!("human: {error}"),
        Outcome::Unknown { error } => format!("unknown: {error}"),
    }
}
