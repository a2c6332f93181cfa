//! Writes down what became of an alert, on its ticket's timeline.

use super::alert::Alert;
use super::sender::HELD;
use nightdesk_api::{self as api, AlertSeen, Code};
use nightdesk_core::delivery::State;
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::port::{Outgoing, PortFuture};
use nightdesk_host::Desk;
use std::time::Duration;

/// A person may answer before the outbox has settled the sending; then the answer is written a moment later.
const AGAIN: [Duration; 4] =
    [Duration::from_millis(50), Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(4)];

/// Where what became of alerts is written, and what waits there.
pub trait Record: Send + Sync {
    /// Writes it down. What can't be written is logged: an alert isn't lost by it.
    fn seen(&self, delivery: DeliveryId, what: AlertSeen) -> PortFuture<'_, ()>;

    /// The alerts that were held back and not shown yet, oldest first.
    fn held(&self) -> PortFuture<'_, Vec<Alert>>;
}

impl Record for Desk {
    fn seen(&self, delivery: DeliveryId, what: AlertSeen) -> PortFuture<'_, ()> {
        Box::pin(async move {
            for wait in AGAIN.into_iter().map(Some).chain([None]) {
                let seen = what.clone();
                let job = self.change(move |tx, at| api::alert_seen(tx, at.now, &at.actor, delivery, &seen));
                match (job.await, wait) {
                    (Ok(_), _) => return,
                    (Err(error), Some(wait)) if error.code == Code::Conflict => tokio::time::sleep(wait).await,
                    (Err(error), _) => {
                        tracing::warn!(%delivery, %error, "what became of an alert could not be recorded");
                        return;
                    }
                }
            }
        })
    }

    fn held(&self) -> PortFuture<'_, Vec<Alert>> {
        Box::pin(async move {
            let read = self.ask(|tx, at| {
                let mut rows = api::alerts_to_acknowledge(tx, at.now)?;
                rows.retain(|row| row.state == State::Accepted && row.remote_ref.as_deref() == Some(HELD));
                Ok(rows.into_iter().rev().map(stored).collect())
            });
            read.await.unwrap_or_else(|error| {
                tracing::warn!(%error, "alerts that were held back could not be read");
                Vec::new()
            })
        })
    }
}

/// An alert as the outbox keeps it.
fn stored(row: api::StoredAlert) -> Alert {
    let mut alert = Alert::read(&Outgoing {
        id: row.id,
        attempt: row.attempts,
        marker: row.marker,
        destination: row.destination,
        payload: serde_json::from_str(&row.payload).unwrap_or_default(),
        possible_repeat: false,
        since: chrono::DateTime::UNIX_EPOCH,
    });
    alert.ticket = alert.ticket.or(row.ticket);
    alert
}
