//! The ledger as it is read: a page of entries, newest first.

use chrono::{DateTime, Utc};
use nightdesk_core::ids::{IncidentId, TicketId};
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
