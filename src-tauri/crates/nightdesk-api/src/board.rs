//! The triage board: what waits to be given to a client, and the clients that it can be given to.

use crate::card::Card;
use crate::organization::Suggestion;
use crate::words::Severity;
use chrono::{DateTime, Utc};
use nightdesk_core::ids::OrganizationId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Board {
    /// By organization; the group with the worst and then the oldest ticket first.
    pub groups: Vec<BoardGroup>,
    /// Where tickets can go.
    pub clients: Vec<BoardClient>,
    /// How many tickets wait.
    pub total: i64,
}

/// The tickets of one organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BoardGroup {
    /// The organization; `None` for tickets whose organization isn't known.
    #[ts(type = "number | null")]
    pub organization_id: Option<OrganizationId>,
    /// Its name, once Huntress has told it.
    pub name: Option<String>,
    /// The worst severity among the tickets.
    pub worst: Severity,
    /// When the oldest ticket was opened.
    pub oldest_at: DateTime<Utc>,
    /// Clients of a similar name, best first.
    pub suggestions: Vec<Suggestion>,
    /// The worst and then the oldest first.
    pub tickets: Vec<Card>,
}

/// A client as a drop target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardClient {
    /// Its name.
    pub name: String,
    /// How many of its tickets are open.
    pub open: i64,
    /// Its place among the clients that tickets were moved to last, from 0; `None` beyond those.
    pub recent: Option<u32>,
}
