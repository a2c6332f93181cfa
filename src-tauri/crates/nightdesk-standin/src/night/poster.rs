//! The demo's webhooks from Huntress: what happens is posted to the desk the moment that it happens, most of it.

use crate::{WebhookEndpoint, World};
use nightdesk_core::clock::Clock;
use nightdesk_core::config::Config;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

/// One report in so many isn't posted, so that the polls show what they are for.
const LOST: usize = 5;

/// A free address of this machine, for the desk to listen on.
///
/// # Errors
/// When there is none.
pub fn door() -> std::io::Result<SocketAddr> {
    std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

/// Adds the receiver to the night's configuration.
pub fn posted(config: &mut Config, door: SocketAddr) {
    config.webhook_in.listen = Some(door);
}

/// Posts what happens at the stand-in, and tells of it.
pub struct Poster {
    world: World,
    endpoint: WebhookEndpoint,
    /// The status of each report as it was seen last; none before the first look.
    seen: Option<BTreeMap<i64, String>>,
    new: usize,
    told: usize,
}

impl Poster {
    /// A poster to this door. Its secret is the desk's `WEBHOOK_SIGNING_SECRET`.
    pub fn new(world: World, door: SocketAddr, clock: Arc<dyn Clock>) -> Self {
        Self { world, endpoint: WebhookEndpoint::new(door, clock), seen: None, new: 0, told: 0 }
    }

    /// The signing secret.
    pub fn secret(&self) -> String {
        self.endpoint.secret()
    }

    /// Posts what is new since the last time, and says what became of the posts. Within a runtime: posts go on by
    /// themselves.
    pub fn news(&mut self) -> Vec<String> {
        let status = |id: &i64| {
            let wire = self.world.incident(*id).unwrap_or_default();
            wire.get("status").and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let now: BTreeMap<i64, String> = self.world.incident_ids().iter().map(|id| (*id, status(id))).collect();
        if let Some(before) = self.seen.replace(now.clone()) {
            for (id, status) in now {
                match before.get(&id) {
                    None => {
                        self.new += 1;
                        if !self.new.is_multiple_of(LOST) {
                            self.post(id, "incident_report.created");
                        }
                    }
                    Some(old) if *old != status && status == "closed" => self.post(id, "incident_report.closed"),
                    Some(_) => {}
                }
            }
        }
        let attempts = self.endpoint.attempts();
        let news = attempts.iter().skip(self.told).map(|attempt| match attempt.status {
            Some(200) => "Huntress posted a webhook, and the desk took it.".to_owned(),
            Some(status) => format!("Huntress posted a webhook; the desk answered {status} ({}).", attempt.answer),
            None => "Huntress posted a webhook, nobody answered, and it will try again.".to_owned(),
        });
        let news = news.collect();
        self.told = attempts.len();
        news
    }

    fn post(&self, id: i64, event: &str) {
        if let Some(payload) = self.world.incident_event(id, event) {
            self.endpoint.deliver(&payload);
        }
    }
}
