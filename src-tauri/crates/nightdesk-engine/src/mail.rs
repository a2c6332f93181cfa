//! E-mail: which news goes to whom, what everything else falls back to (ND-8), and whether that was ever tried.
//!
//! Mail is planned in the transaction that learns of its news, as a delivery for each address. Its marker names the state
//! of the news and the address, so that news which come by poll and by webhook are mailed once.

mod bundle;
mod fallback;
mod news;
mod proof;
mod trial;

pub(crate) use fallback::fall_back;
pub(crate) use news::plan;
pub(crate) use proof::settled;
pub use proof::{Standing, Unproved, standing};
pub(crate) use trial::is_trial;
pub use trial::{Trial, TrialLine, begin as begin_trial, end as end_trial, report as trial};

use chrono::{DateTime, Utc};
use nightdesk_core::config::Email;
use nightdesk_core::delivery::Kind;
use nightdesk_core::ids::{IncidentKey, TicketId};
use nightdesk_core::mail::{self, MailOut, Thread, Values};
use nightdesk_core::notice::NotificationType;
use nightdesk_store::{Error, NewDelivery, Tx};

/// News on their way into the outbox, but for the addresses.
struct Letter<'a> {
    kind: mail::Kind,
    category: Option<NotificationType>,
    thread: Thread,
    /// What it is the news of: the same however it came in.
    marker: String,
    values: &'a Values,
    incident: Option<IncidentKey>,
    ticket: Option<TicketId>,
}

impl Letter<'_> {
    /// Queues it for everybody who gets its type.
    fn post(&self, tx: &Tx<'_>, email: &Email, now: DateTime<Utc>) -> Result<(), Error> {
        for address in email.addresses(self.category) {
            let marker = format!("email:{}:{}", self.marker, address.to_lowercase());
            let mail = MailOut::new(email, self.kind, self.category, &self.thread, &marker, now, self.values);
            let new = delivery(address, marker, serde_json::to_value(mail)?, now);
            tx.queue(now, &NewDelivery { incident: self.incident, ticket: self.ticket, ..new })?;
        }
        Ok(())
    }
}

/// A message to one address that is about nothing on the boards.
fn delivery(address: &str, marker: String, payload: serde_json::Value, due_at: DateTime<Utc>) -> NewDelivery {
    NewDelivery {
        kind: Kind::Email,
        destination: address.to_owned(),
        marker,
        payload,
        due_at,
        expires_at: None,
        incident: None,
        ticket: None,
        fallback_of: None,
        cause: None,
    }
}
