//! Whom the desk deals with beside Huntress's API and the carrier: a mail server, a consumer of its webhooks, and
//! Huntress posting its own.

use nightdesk_api as api;
use nightdesk_core::clock::Clock;
use nightdesk_host::Desk;
use nightdesk_standin::consumer::{Consumer, Reaction};
use nightdesk_standin::mail::MailServer;
use nightdesk_standin::{WebhookEndpoint, World};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Who gets mail where it is configured.
const WATCHED: &str = "soc@harbour-it.example";

/// The three of them.
pub struct Outside {
    pub mail: MailServer,
    pub consumer: Consumer,
    /// The endpoint as Huntress's portal has it.
    portal: WebhookEndpoint,
    /// Somebody who posts without the secret.
    forger: WebhookEndpoint,
}

impl Outside {
    pub async fn start(clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        let nowhere = std::net::SocketAddr::from(([127, 0, 0, 1], 1));
        let endpoint = || WebhookEndpoint::new(nowhere, clock.clone());
        let forger = endpoint();
        forger.rotate();
        forger.end_rotation();
        Ok(Self {
            mail: MailServer::start(clock.clone()).await?,
            consumer: Consumer::start(clock.clone()).await?,
            portal: endpoint(),
            forger,
        })
    }

    /// What Huntress signs by.
    pub fn signing_secret(&self) -> String {
        self.portal.secret()
    }

    /// `[email]` and `[webhook_in]` for these.
    pub fn configuration(&self) -> String {
        format!("{}\n[webhook_in]\nlisten = \"127.0.0.1:0\"\n", self.mail.toml(&[WATCHED]))
    }

    /// Carries out an order.
    pub async fn carry_out(&self, order: Beside, world: &World, desk: &Desk) -> Result<Value, api::Error> {
        match order {
            Beside::Mail => {
                let told = self.mail.received().into_iter().map(|m| json!({ "to": m.to, "subject": m.subject() }));
                return Ok(told.collect());
            }
            Beside::MailRefuses { address } => self.mail.refuse(&address, "550 5.1.1 no such mailbox here"),
            Beside::Consumer { answers } => self.consumer.usually(match answers {
                204 => Reaction::Take,
                410 => Reaction::Gone,
                status => Reaction::Status(status),
            }),
            Beside::Posts => {
                let told = self.consumer.posts().into_iter();
                return Ok(told.map(|p| json!({ "id": p.id, "type": p.event_type, "status": p.status })).collect());
            }
            Beside::Trust { secret } => self.consumer.trust([secret]),
            Beside::Tell { event, id, subject, body, forged } => {
                let payload = match event.split('.').next() {
                    Some("incident_report") => world.incident_event(id, &event),
                    Some("escalation") => world.escalation_event(id, &event),
                    _ => {
                        Some(world.one_time_event(id, &event, &subject.unwrap_or_default(), &body.unwrap_or_default()))
                    }
                };
                let payload =
                    payload.ok_or_else(|| api::Error::not_found(format!("Huntress has no {id} for {event}")))?;
                let listening = desk.ask(|tx, _| api::webhook_in(tx)).await?.listening;
                let address = listening.and_then(|a| a.parse().ok());
                let address = address.ok_or_else(|| api::Error::not_found("the desk doesn't listen".to_owned()))?;
                let sender = if forged { &self.forger } else { &self.portal };
                sender.move_to(address);
                let attempt = sender.tell(&payload).await;
                return Ok(json!({ "id": attempt.id, "status": attempt.status }));
            }
        }
        Ok(Value::Null)
    }
}

/// What a test makes them do, or asks them.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Beside {
    /// Answers the mail that came, in order: `[{to, subject}]`.
    Mail,
    /// The mail server refuses an address from now on.
    MailRefuses { address: String },
    /// The consumer answers with this status from now on; 204 takes, 410 wants no more.
    Consumer { answers: u16 },
    /// Answers the posts that the consumer got: `[{id, type, status}]`.
    Posts,
    /// The consumer verifies by this secret.
    Trust { secret: String },
    /// Huntress posts an event of a report, of an escalation, or a one-time notice; or somebody pretends to be Huntress.
    /// Answers `{id, status}`.
    Tell {
        event: String,
        id: i64,
        subject: Option<String>,
        body: Option<String>,
        #[serde(default)]
        forged: bool,
    },
}
