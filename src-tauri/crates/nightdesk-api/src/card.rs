//! A ticket as a card: what a dispatcher decides by at one look.

use crate::ticket::Ticket;
use crate::words::Severity;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A ticket's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Card {
    /// The ticket as listed.
    #[serde(flatten)]
    pub ticket: Ticket,
    /// Its severity for showing and sorting.
    pub severity_class: Severity,
    /// The host's name, once it was looked up.
    pub host: Option<String>,
    /// Huntress's word for the platform.
    pub platform: Option<String>,
    /// When the SOC sent the report.
    pub reported_at: Option<DateTime<Utc>>,
    /// Why its record could not be read in full.
    pub quarantine: Option<String>,
    /// What became of the last alert or page about it, in a few words.
    pub delivery: Option<String>,
    /// Its priority rests on an unknown severity.
    pub assumed: bool,
}
