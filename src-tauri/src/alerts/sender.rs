//! The native alert as one of the outbox's ways out.

use super::alert::Alert;
use super::bell::{Bell, Rung};
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{Found, Outgoing, PortFuture, Sender};
use std::sync::Arc;

/// What the outbox says of an alert that waits for the end of a mute, or for somebody who shows alerts.
pub const HELD: &str = "held back";

/// Sends alerts to this desk's screen.
pub struct NativeSender(pub Arc<Bell>);

impl Sender for NativeSender {
    fn kind(&self) -> Kind {
        Kind::Native
    }

    /// A repeat takes the place of what it repeats.
    fn idempotency(&self) -> Idempotency {
        Idempotency::Natural
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(async move {
            match self.0.ring(Alert::read(outgoing)).await {
                Rung::Shown(place) => Outcome::Delivered { remote_ref: Some(place.to_owned()) },
                Rung::Held(_) | Rung::Waits(_) => Outcome::Accepted { remote_ref: Some(HELD.to_owned()) },
                Rung::NotShown(error) => Outcome::Temporary { error, retry_after: None },
            }
        })
    }

    fn look_up<'a>(&'a self, _outgoing: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(std::future::ready(Found::No))
    }
}
