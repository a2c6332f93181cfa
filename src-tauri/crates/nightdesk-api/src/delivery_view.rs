//! Deliveries as their view shows them: what each is about, whether it can be sent again, and how each attempt went.

use crate::error::Error;
use crate::outbox::{self, Delivery};
use chrono::{DateTime, Utc};
use nightdesk_core::delivery::{Event, Kind, State, next};
use nightdesk_core::ids::{DeliveryId, TicketId};
use nightdesk_engine::paging::is_pointless;
use nightdesk_store::{DeliveryFilter, DeliveryRow, TicketRow, Tx};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use ts_rs::TS;

/// Which deliveries to list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesAsked {
    /// In this state.
    pub state: Option<String>,
    /// At most so many, newest first.
    pub limit: u32,
}

/// A delivery with what a person decides by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeliveryLine {
    /// As listed.
    #[serde(flatten)]
    pub delivery: Delivery,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub settled_at: Option<DateTime<Utc>>,
    /// Its ticket's number as people say it.
    pub ticket_number: Option<String>,
    /// Its ticket's title.
    pub title: Option<String>,
    /// Whether a person can have it sent again now.
    pub can_redrive: bool,
    /// Whether a person can let it be now.
    pub can_dismiss: bool,
    /// Why it stands where it stands, in a sentence.
    pub why: Option<String>,
}

/// A delivery with its attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeliveryView {
    /// The delivery.
    pub line: DeliveryLine,
    /// Its attempts in order.
    pub attempts: Vec<Attempt>,
    /// The delivery whose failure it makes up for.
    #[ts(type = "number | null")]
    pub fallback_of: Option<DeliveryId>,
    /// When it is too late to be of use.
    pub expires_at: Option<DateTime<Utc>>,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// When its row was written, before a byte left.
    pub began_at: DateTime<Utc>,
    /// When its outcome was known.
    pub ended_at: Option<DateTime<Utc>>,
    /// In a word.
    pub outcome: Option<String>,
    /// In words.
    pub detail: Option<String>,
}

/// The longest list.
const MOST: u32 = 1000;

/// Deliveries, newest first.
///
/// # Errors
/// `InvalidInput` for a word that is no state, with those that are.
pub fn deliveries(tx: &Tx<'_>, asked: &DeliveriesAsked) -> Result<Vec<DeliveryLine>, Error> {
    let state = asked.state.as_deref().map(outbox::parse).transpose()?;
    lines(tx, tx.deliveries(&DeliveryFilter { state, limit: Some(asked.limit.min(MOST)) })?)
}

/// One delivery with its attempts.
///
/// # Errors
/// `NotFound`.
pub fn view(tx: &Tx<'_>, id: DeliveryId) -> Result<DeliveryView, Error> {
    let missing = || Error::not_found(format!("there is no delivery {id}"));
    let row = tx.delivery(id)?.ok_or_else(missing)?;
    let fallback_of = row.fallback_of;
    let line = lines(tx, vec![row])?.pop().ok_or_else(missing)?;
    let attempts = tx.attempts(id)?.into_iter();
    Ok(DeliveryView {
        line,
        attempts: attempts
            .map(|a| Attempt {
                number: a.number,
                began_at: a.began_at,
                ended_at: a.ended_at,
                outcome: a.outcome,
                detail: a.detail,
            })
            .collect(),
        fallback_of,
        expires_at: tx.delivery_expiry(id)?,
    })
}

/// Rows with their tickets, which are read in one query.
pub(crate) fn lines(tx: &Tx<'_>, rows: Vec<DeliveryRow>) -> Result<Vec<DeliveryLine>, Error> {
    let mut ids: Vec<TicketId> = rows.iter().filter_map(|r| r.ticket).collect();
    ids.sort_unstable();
    ids.dedup();
    let tickets: HashMap<TicketId, TicketRow> = tx.tickets_by_id(&ids)?.into_iter().map(|t| (t.id, t)).collect();
    rows.into_iter().map(|row| line(tx, row, &tickets)).collect()
}

fn line(tx: &Tx<'_>, row: DeliveryRow, tickets: &HashMap<TicketId, TicketRow>) -> Result<DeliveryLine, Error> {
    let ticket = row.ticket.and_then(|id| tickets.get(&id));
    let can_redrive = next(row.state, Event::Redrive).is_some() && !row.is_forgotten();
    Ok(DeliveryLine {
        created_at: row.created_at,
        settled_at: row.settled_at,
        ticket_number: ticket.map(|t| t.number.clone()),
        title: ticket.map(|t| t.title.clone()).or_else(|| subject(&row)),
        can_redrive: can_redrive && !is_pointless(tx, row.id)?,
        can_dismiss: row.can_be_dismissed(),
        why: why(&row),
        delivery: row.into(),
    })
}

/// What a mail without a ticket is about.
fn subject(row: &DeliveryRow) -> Option<String> {
    if row.kind != Kind::Email {
        return None;
    }
    let payload: serde_json::Value = serde_json::from_str(&row.payload).ok()?;
    payload["subject"].as_str().map(str::to_owned)
}

/// Why a delivery stands where it stands; nothing for one that went as it should.
fn why(row: &DeliveryRow) -> Option<String> {
    use State as S;
    let reason = row.last_error.as_deref();
    let because = |said: &str| match reason {
        Some(reason) => format!("{said}: {reason}"),
        None => format!("{said}."),
    };
    match row.state {
        S::Queued | S::Claimed | S::Sending | S::Accepted | S::Delivered | S::Acknowledged => None,
        S::Retrying => Some(because("It failed for now and is tried again")),
        S::InDoubt => Some(because("Nobody knows whether the last attempt arrived")),
        _ if row.dismissed_at.is_some() => Some(because("It failed, and somebody dismissed it")),
        S::NeedsHuman => Some(because("Only a person can decide what to do")),
        S::Rejected => Some(because("It was refused for good")),
        S::DeadLettered => Some(because("Every attempt failed")),
        S::Superseded => Some("Something newer replaced it.".to_owned()),
        S::Cancelled => Some("It was taken back before it left.".to_owned()),
        S::Expired => Some(because("It could not leave while it was of use")),
    }
}
