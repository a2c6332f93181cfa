//! The ledger as it is read: a page of entries, newest first.

use crate::error::Error;
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{IncidentId, TicketId};
use nightdesk_store::{LedgerEntry, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LedgerAsked {
    /// Before this one; from the head where none is named.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// A page of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LedgerPage {
    /// Newest first.
    pub entries: Vec<LedgerLine>,
    /// The last entry's number.
    pub head: i64,
    /// How many entries there are.
    pub total: i64,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "LedgerEntry")]
pub struct LedgerLine {
    /// Its place.
    pub seq: i64,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// What it records, in a word.
    pub kind: String,
    /// A reason, a count or a number: part of the chain.
    pub fact: String,
    /// The text beside it, unless it was erased.
    pub text: Option<String>,
    /// The person, where the text names one.
    pub actor: Option<String>,
    /// The incident concerned.
    #[ts(type = "number | null")]
    pub incident_id: Option<IncidentId>,
    /// The ticket concerned.
    #[ts(type = "number | null")]
    pub ticket_id: Option<TicketId>,
    /// Its link in hexadecimal.
    pub hash: String,
}

/// Whether the ledger holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LedgerVerified {
    /// Whether chain, texts and counts hold.
    pub ok: bool,
    /// How many entries there are.
    pub entries: i64,
    /// The last entry's hash in hexadecimal: keep it elsewhere, and a cut tail shows.
    pub head: String,
    /// The first thing that doesn't hold.
    pub fault: Option<String>,
}

/// The longest page.
const MOST: u32 = 500;

/// A page of the ledger.
///
/// # Errors
/// The store's.
pub fn page(tx: &Tx<'_>, asked: &LedgerAsked) -> Result<LedgerPage, Error> {
    let head = tx.ledger_head()?.seq;
    let entries = tx.ledger_page(asked.before, asked.limit.min(MOST))?.into_iter().map(LedgerLine::from).collect();
    Ok(LedgerPage { entries, head, total: head })
}

/// What is read of an entry's canonical bytes. All may be missing: an entry that was tampered with is shown too.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Written {
    at_ms: i64,
    kind: String,
    fact: String,
    incident: Option<i64>,
    ticket: Option<i64>,
}

impl From<LedgerEntry> for LedgerLine {
    fn from(entry: LedgerEntry) -> Self {
        let written: Written = serde_json::from_slice(&entry.bytes).unwrap_or_default();
        let actor = match (written.kind.as_str(), entry.text.as_deref()) {
            ("configured", Some(who)) => Some(who.to_owned()),
            // What persons do begins with their name.
            ("closed" | "reopened" | "worked" | "rehomed" | "undone" | "mapping", Some(said)) => {
                said.split_once(": ").map(|(who, _)| who.to_owned())
            }
            _ => None,
        };
        Self {
            seq: entry.seq,
            at: DateTime::from_timestamp_millis(written.at_ms).unwrap_or(DateTime::UNIX_EPOCH),
            kind: written.kind,
            fact: written.fact,
            text: entry.text,
            actor,
            incident_id: written.incident.map(IncidentId),
            ticket_id: written.ticket.map(TicketId),
            hash: hex::encode(entry.hash),
        }
    }
}

/// Whether the ledger's chain, texts and counts hold.
///
/// # Errors
/// The store's. A broken chain is an answer, not an error.
pub fn verify(tx: &Tx<'_>) -> Result<LedgerVerified, Error> {
    let found = crate::ledger::ledger(tx, true)?;
    Ok(LedgerVerified {
        ok: found.verified == Some(true),
        entries: found.entries,
        head: found.head,
        fault: found.error,
    })
}
