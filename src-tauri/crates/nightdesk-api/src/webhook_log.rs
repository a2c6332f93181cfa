//! The log of Huntress's deliveries, to be compared with the portal's View Delivery Attempts.

use crate::error::Error;
use chrono::{DateTime, Utc};
use nightdesk_core::content;
use nightdesk_core::ids::{IncidentId, IncidentKey, TicketId};
use nightdesk_engine::context::Context;
use nightdesk_store::{Tx, WebhookFilter, WebhookLine};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Lines that are listed unless more are asked for.
const LINES: u32 = 100;

/// The most lines at once.
const MOST: u32 = 1_000;

/// A delivery that came in, accepted or refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Received {
    /// Huntress's delivery id; `null` for a refused post without a usable one.
    pub id: Option<String>,
    /// When it came first.
    pub received_at: DateTime<Utc>,
    /// Whether it was accepted.
    pub accepted: bool,
    /// Why it was refused.
    pub reason: Option<String>,
    /// What it says that it is.
    pub event_type: Option<String>,
    /// The incident that it tells of.
    #[ts(type = "number | null")]
    pub incident_id: Option<IncidentId>,
    /// What came of an accepted one, in words; `null` while it waits.
    pub outcome: Option<String>,
    /// When it was processed.
    pub processed_at: Option<DateTime<Utc>>,
    /// How often it came again.
    pub repeats: i64,
    /// The HTTP status that was answered.
    pub status: u16,
    /// Who posted a refused one; behind a tunnel that is the tunnel.
    pub peer: Option<String>,
    /// An accepted one's number here, by which `webhook_received` gives its body.
    pub number: Option<i64>,
}

/// What of the log is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReceivedAsked {
    /// Only deliveries whose id begins so.
    pub id: Option<String>,
    /// Only those that came before, for the next page.
    pub before: Option<DateTime<Utc>>,
    /// At most so many; `null` for 100.
    pub limit: Option<u32>,
}

/// One accepted delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReceivedNumber {
    /// Its number here.
    pub number: i64,
}

/// An accepted delivery with what it brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReceivedView {
    /// As listed.
    pub line: Received,
    /// Its body as text, with line breaks where it is JSON; `null` after 90 days.
    pub body: Option<String>,
    /// Its incident's ticket.
    #[ts(type = "number | null")]
    pub ticket_id: Option<TicketId>,
}

/// Deliveries, newest first. Refused ones without a usable id are listed too where no id is asked for.
///
/// # Errors
/// The store's.
pub fn webhooks_received(tx: &Tx<'_>, asked: &ReceivedAsked) -> Result<Vec<Received>, Error> {
    log(tx, asked, true)
}

/// The same without refused posts that have no usable id: the command line's list, whose every line has one.
///
/// # Errors
/// The store's.
pub fn webhooks_received_with_id(tx: &Tx<'_>, asked: &ReceivedAsked) -> Result<Vec<Received>, Error> {
    log(tx, asked, false)
}

fn log(tx: &Tx<'_>, asked: &ReceivedAsked, nameless: bool) -> Result<Vec<Received>, Error> {
    let filter = WebhookFilter {
        id: asked.id.as_deref().map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned),
        nameless,
        before: asked.before,
        limit: asked.limit.unwrap_or(LINES).min(MOST),
    };
    Ok(tx.webhook_log(&filter)?.into_iter().map(Received::from).collect())
}

/// One accepted delivery.
///
/// # Errors
/// `NotFound`.
pub fn webhook_received(tx: &Tx<'_>, number: i64) -> Result<ReceivedView, Error> {
    let line = tx.webhook_line(number)?.ok_or_else(|| Error::not_found(format!("there is no delivery {number}")))?;
    let ticket_id = match line.incident {
        Some(id) => {
            let key = IncidentKey { account: Context::load(tx)?.account_id(), id: IncidentId(id) };
            tx.incident(key)?.and_then(|i| i.ticket)
        }
        None => None,
    };
    let body = tx.webhook_body(number)?.map(|bytes| pretty(&bytes));
    Ok(ReceivedView { line: line.into(), body, ticket_id })
}

impl From<WebhookLine> for Received {
    fn from(line: WebhookLine) -> Self {
        let accepted = line.status.is_none();
        let words = line.words.as_deref().map(content::line);
        let (outcome, reason) = if accepted { (words, None) } else { (None, words) };
        Self {
            id: line.delivery_id,
            received_at: line.at,
            accepted,
            reason,
            event_type: line.event_type.as_deref().map(content::line),
            incident_id: line.incident.map(IncidentId),
            outcome,
            processed_at: line.processed_at,
            repeats: line.repeats,
            status: line.status.unwrap_or(200),
            peer: line.peer,
            number: line.number,
        }
    }
}

/// JSON with line breaks; what is none as it came.
pub(crate) fn pretty(bytes: &[u8]) -> String {
    let read = serde_json::from_slice::<serde_json::Value>(bytes).and_then(|v| serde_json::to_string_pretty(&v));
    content::block(&read.unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned()))
}
