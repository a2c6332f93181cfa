//! What is to leave, has left, or could not.

use crate::error::Error;
use crate::names;
use chrono::{DateTime, Utc};
use nightdesk_core::delivery::{Event, Kind, State};
use nightdesk_core::ids::{DeliveryId, IncidentId, TicketId};
use nightdesk_core::ledger;
use nightdesk_engine::paging;
use nightdesk_store::{DeliveryFilter, DeliveryRow, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A delivery as listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Delivery {
    /// Its number, which `redrive` takes.
    #[ts(type = "number")]
    pub id: DeliveryId,
    /// What leaves.
    #[ts(as = "crate::words::DeliveryKind")]
    pub kind: Kind,
    /// Where to.
    pub destination: String,
    /// How far it got.
    #[ts(as = "crate::words::DeliveryState")]
    pub state: State,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is looked at again; `None` once nobody will by themselves.
    pub next_at: Option<DateTime<Utc>>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// The ticket that it is about.
    #[ts(type = "number | null")]
    pub ticket_id: Option<TicketId>,
    /// The incident that it is about.
    #[ts(type = "number | null")]
    pub incident_id: Option<IncidentId>,
    /// When a person said that nothing more is to be done about its having ended badly.
    pub dismissed_at: Option<DateTime<Utc>>,
}

impl From<DeliveryRow> for Delivery {
    fn from(row: DeliveryRow) -> Self {
        let waits = matches!(row.state, State::Queued | State::Retrying | State::InDoubt);
        Self {
            id: row.id,
            kind: row.kind,
            destination: row.destination,
            state: row.state,
            attempts: row.attempts,
            next_at: waits.then_some(row.due_at),
            last_error: row.last_error,
            ticket_id: row.ticket,
            incident_id: row.incident.map(|k| k.id),
            dismissed_at: row.dismissed_at,
        }
    }
}

/// Deliveries, newest first; only those in `state` where one is named.
///
/// # Errors
/// `InvalidInput` for a word that is no state, with those that are.
pub fn outbox(tx: &Tx<'_>, state: Option<&str>) -> Result<Vec<Delivery>, Error> {
    let state = state.map(parse).transpose()?;
    let rows = tx.deliveries(&DeliveryFilter { state, limit: None })?;
    Ok(rows.into_iter().map(Delivery::from).collect())
}

pub(crate) fn parse(word: &str) -> Result<State, Error> {
    let word = word.trim().to_lowercase().replace('-', "_");
    State::parse(&word).ok_or_else(|| {
        names::unknown("delivery state", &word, State::ALL.iter().map(|s| s.word().to_owned()).collect())
    })
}

/// A person has dealt with a delivery that ended badly, or lets it be: it troubles nobody any more. It can still be sent
/// again.
///
/// # Errors
/// `NotFound`; `Conflict` for one that didn't end badly, or was dismissed before.
pub fn dismiss(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, id: DeliveryId) -> Result<Delivery, Error> {
    let row = found(tx, id)?;
    if !tx.dismiss_delivery(id, now)? {
        let why = match (row.dismissed_at, row.state.word()) {
            (Some(_), _) => "is dismissed already".to_owned(),
            (None, state) => {
                format!("is {state}: only one that failed, was refused or needs a person can be dismissed")
            }
        };
        return Err(Error::conflict(format!("delivery {id} {why}")));
    }
    let text = format!("The {} to {} was dismissed: it stays undelivered.", row.kind.noun(), row.destination);
    let mut draft = ledger::Draft::new(ledger::Kind::Delivery, format!("dismissed {id}")).text(&text);
    if let Some(key) = row.incident {
        draft = draft.incident(key);
    }
    if let Some(ticket) = row.ticket {
        draft = draft.ticket(ticket);
        tx.add_to_timeline(ticket, now, "delivery", Some(actor), &text)?;
    }
    tx.append(now, &draft)?;
    found(tx, id).map(Delivery::from)
}

fn found(tx: &Tx<'_>, id: DeliveryId) -> Result<DeliveryRow, Error> {
    tx.delivery(id)?
        .ok_or_else(|| Error::not_found(format!("there is no delivery {id}; `nightdesk outbox` lists them")))
}

/// A person wants a delivery sent again that ended badly or is in doubt.
///
/// # Errors
/// `NotFound`; `Conflict` for one in a state from which it can't be sent again.
pub fn redrive(tx: &Tx<'_>, now: DateTime<Utc>, id: DeliveryId) -> Result<Delivery, Error> {
    let row = found(tx, id)?;
    if row.is_forgotten() {
        return Err(Error::conflict(format!("delivery {id} brought a PIN, which isn't kept: send a new one instead")));
    }
    if paging::is_pointless(tx, id)? {
        return Err(Error::conflict(format!(
            "delivery {id} tells of a page or drill that is over: nobody waits for it"
        )));
    }
    if tx.change_delivery(id, Event::Redrive, now)?.is_none() {
        let state = row.state.word();
        return Err(Error::conflict(format!("delivery {id} is {state}: only one that ended badly can be sent again")));
    }
    paging::redriven(tx, now, id)?;
    tx.append(now, &ledger::Draft::new(ledger::Kind::Delivery, format!("redriven {id}")))?;
    found(tx, id).map(Delivery::from)
}
