//! E-mail: who gets what, once; what everything else falls back to; and what a mail server does to it. A story fails on
//! any mail that it didn't expect.

mod fallback;
mod news;
mod servers;
mod trials;

use chrono::TimeDelta;
use nightdesk_core::delivery::{Idempotency, Kind, Outcome, State};
use nightdesk_core::port::{Found, Outgoing, PortFuture, Sender};
use nightdesk_standin::mail::Received;
use nightdesk_store::{DeliveryFilter, DeliveryRow, NewDelivery};
use nightdesk_tests::Scene;
use std::sync::Arc;

const SOC: &str = "soc@example.com";
const LEADS: &str = "leads@example.com";
const FIVE: TimeDelta = TimeDelta::minutes(5);

/// To whom each message went, with its subject.
fn told(mail: &[Received]) -> Vec<(String, String)> {
    let mut told: Vec<_> = mail.iter().map(|m| (m.to.clone(), m.subject())).collect();
    told.sort();
    told
}

fn mails(scene: &Scene) -> Vec<DeliveryRow> {
    let rows = scene.read(|tx| tx.deliveries(&DeliveryFilter::default()).unwrap());
    rows.into_iter().filter(|r| r.kind == Kind::Email).collect()
}

fn states(scene: &Scene) -> Vec<State> {
    mails(scene).iter().map(|r| r.state).collect()
}

/// A way out that takes nothing.
struct Refusing(Kind);

impl Refusing {
    fn notes() -> Arc<dyn Sender> {
        Arc::new(Self(Kind::PsaNote))
    }
}

impl Sender for Refusing {
    fn kind(&self) -> Kind {
        self.0
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Natural
    }

    fn send<'a>(&'a self, _: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(std::future::ready(Outcome::Permanent { error: "the PSA has no such ticket".into() }))
    }

    fn look_up<'a>(&'a self, _: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(std::future::ready(Found::No))
    }
}

/// Queues something that the story's own way out refuses for good.
fn queue_a_note(scene: &Scene, marker: &str) {
    let now = nightdesk_core::clock::Clock::now(&scene.clock);
    let new = NewDelivery {
        kind: Kind::PsaNote,
        destination: "the PSA".into(),
        marker: marker.into(),
        payload: serde_json::json!({ "body": format!("note {marker}") }),
        due_at: now,
        expires_at: None,
        incident: None,
        ticket: None,
        fallback_of: None,
        cause: None,
    };
    scene.write(|tx| tx.queue(now, &new).unwrap());
}
