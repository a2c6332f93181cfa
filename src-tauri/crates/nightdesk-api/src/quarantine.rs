//! Records that could not be read in full.

use crate::error::Error;
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{IncidentId, TicketId};
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A quarantined record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Quarantined {
    /// Its number here, for a record without a readable id.
    pub id: i64,
    /// Its incident, which `quarantine retry` takes.
    #[ts(type = "number | null")]
    pub incident_id: Option<IncidentId>,
    /// Why it couldn't be read.
    pub reason: String,
    /// When it was first seen.
    pub seen_at: DateTime<Utc>,
    /// Its bare ticket.
    #[ts(type = "number | null")]
    pub ticket_id: Option<TicketId>,
}

/// What is quarantined now, oldest first.
///
/// # Errors
/// The store's.
pub fn quarantine(tx: &Tx<'_>) -> Result<Vec<Quarantined>, Error> {
    let rows = tx.quarantined()?.into_iter();
    Ok(rows
        .map(|q| Quarantined {
            id: q.id,
            incident_id: q.incident,
            reason: q.reason,
            seen_at: q.seen_at,
            ticket_id: q.ticket,
        })
        .collect())
}

/// The quarantined incident with this number, to be fetched again.
///
/// # Errors
/// `NotFound` when nothing of that number is quarantined.
pub fn quarantined_incident(tx: &Tx<'_>, id: i64) -> Result<IncidentId, Error> {
    let found = tx.quarantined()?.into_iter().find_map(|q| q.incident.filter(|i| i.0 == id));
    found.ok_or_else(|| {
        Error::not_found(format!("incident {id} is not in quarantine; `nightdesk quarantine` lists what is"))
    })
}
