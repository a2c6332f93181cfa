//! The real sender of mail, pointed at the stand-in.

use crate::Scene;
use nightdesk_core::SecretString;
use nightdesk_core::config::{Auth, Email, Overrides, Security};
use nightdesk_core::delivery::{Kind, State};
use nightdesk_engine::Parts;
use nightdesk_senders::mail::{Credentials, Mail, Settings, Unavailable};
use nightdesk_standin::mail::{MailServer, Received};
use nightdesk_store::DeliveryFilter;
use std::sync::Arc;
use std::time::Duration;

/// How long real time may take for mail that should leave at once.
const PATIENCE: Duration = Duration::from_secs(60);

struct NoSecrets;

impl Credentials for NoSecrets {
    fn password(&self) -> Result<SecretString, Unavailable> {
        Err(Unavailable("there is none".into()))
    }

    fn refresh_token(&self) -> Result<SecretString, Unavailable> {
        Err(Unavailable("there is none".into()))
    }

    fn keep_refresh_token(&self, _: &SecretString) {}
}

/// `[email]` for a stand-in.
pub fn email(server: &MailServer) -> Email {
    Email {
        smtp_host: Some("127.0.0.1".into()),
        smtp_port: server.port(),
        security: Security::None,
        auth: Auth::None,
        username: None,
        tenant: None,
        client_id: None,
        login_base_url: None,
        graph_base_url: None,
        from: "nightdesk@example.com".into(),
        default: vec!["soc@example.com".into()],
        resolved_notices: true,
        overrides: Overrides::default(),
        templates: Default::default(),
    }
}

/// Parts that send mail.
pub trait Mailing {
    /// With the sender of mail by this server, if there is one.
    fn mailing(self, server: Option<&MailServer>) -> Self;
}

impl Mailing for Parts {
    fn mailing(mut self, server: Option<&MailServer>) -> Self {
        if let Some(server) = server {
            self.senders.push(Arc::new(Mail::new(Settings(email(server)), Arc::new(NoSecrets)).unwrap()));
        }
        self
    }
}

impl Scene {
    /// A desk with mail to these default addresses, and an engine at rest that has taken in one incident of low severity.
    pub async fn with_mail(default: &[&str]) -> Self {
        let mut scene = Self::mailing(default, "").await;
        scene.start().await;
        scene.requests();
        scene.mailed().await;
        scene
    }

    /// The same before its engine starts, with more lines in `[email]` or after it.
    pub async fn mailing(default: &[&str], more: &str) -> Self {
        let mut scene = Self::open(Self::account()).await;
        scene.mail = Some(MailServer::start(Arc::new(scene.clock.clone())).await.unwrap());
        let toml = scene.mail_server().toml(default);
        scene.apply(&format!("{}{toml}{more}\n", crate::configuration(&scene.soc.base_url())));
        scene.world().publish(nightdesk_standin::IncidentBuilder::low().organization(4));
        scene
    }

    /// The stand-in mail server.
    ///
    /// # Panics
    /// Where the story has none.
    pub fn mail_server(&self) -> &MailServer {
        self.mail.as_ref().expect("the story has a mail server")
    }

    /// The mail that has come since the last time, once all that is due has been handed over or has failed.
    pub async fn mailed(&self) -> Vec<Received> {
        let over = async {
            loop {
                self.settle().await;
                let now = nightdesk_core::clock::Clock::now(&self.clock);
                let rows = self.read(|tx| tx.deliveries(&DeliveryFilter::default()).unwrap());
                let busy = rows.iter().filter(|r| r.kind == Kind::Email).any(|r| match r.state {
                    State::Queued | State::Retrying | State::InDoubt => r.due_at <= now,
                    State::Claimed | State::Sending => true,
                    _ => false,
                });
                if !busy {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, over).await.expect("all mail that is due leaves");
        self.mail_server().take()
    }
}
