//! The demo's mail: who gets it, and what has come.

use crate::mail::MailServer;
use nightdesk_core::config::{Auth, Config, Email, Overrides, Security};

/// The monitored inbox of the night's shift, and whoever answers the SOC's questions by day.
const SHIFT: &str = "shift@harbour-it.example";
const LEADS: &str = "leads@harbour-it.example";

/// Adds the stand-in mail server to the night's configuration.
pub fn mailed(config: &mut Config, server: &MailServer) {
    config.email = Some(Email {
        smtp_host: Some("127.0.0.1".into()),
        smtp_port: server.port(),
        security: Security::None,
        auth: Auth::None,
        username: None,
        tenant: None,
        client_id: None,
        login_base_url: None,
        graph_base_url: None,
        from: "nightdesk@harbour-it.example".into(),
        default: vec![SHIFT.into()],
        resolved_notices: true,
        overrides: Overrides { escalations: vec![LEADS.into()], ..Overrides::default() },
        templates: std::collections::BTreeMap::new(),
    });
}

/// Tells what mail has come.
pub struct Postbox {
    server: MailServer,
}

impl Postbox {
    /// Nothing has come yet.
    pub fn new(server: MailServer) -> Self {
        Self { server }
    }

    /// What is new since the last time, a sentence each.
    pub fn news(&mut self) -> Vec<String> {
        self.server.take().iter().map(|mail| format!("Mail to {}: {}", mail.to, mail.subject())).collect()
    }
}
