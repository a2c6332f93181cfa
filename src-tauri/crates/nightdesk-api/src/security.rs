//! The security board: one board's tickets by status, a window of them at a time.

use crate::card::Card;
use crate::words::Severity;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which tickets, and which part of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SecurityAsked {
    /// In this status.
    pub status: Option<String>,
    /// Of this client.
    pub client: Option<String>,
    /// Of this severity.
    pub severity: Option<Severity>,
    /// Open, closed or all.
    pub state: Standing,
    /// Holding these words.
    pub text: Option<String>,
    /// On this board; the security board where none is named.
    pub board: Option<String>,
    /// From this row of the list on.
    pub offset: u32,
    /// At most so many rows.
    pub limit: u32,
}

/// Which tickets by whether somebody should still look at them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Standing {
    Open,
    Closed,
    All,
}

/// A window of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "SecurityPage")]
pub struct SecurityBoard {
    /// How many tickets each status has, in the list's order: open statuses first.
    pub columns: Vec<Column>,
    /// The asked part of the list: by status, the worst first, then the oldest of the open and the newest of the closed.
    pub rows: Vec<Card>,
    /// The whole list's length.
    pub total: i64,
    /// Where `rows` begins.
    pub offset: u32,
    /// Clients to filter by.
    pub clients: Vec<String>,
    /// Boards to look at.
    pub boards: Vec<String>,
}

/// A status and how many tickets have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "SecurityColumn")]
pub struct Column {
    /// The status.
    pub status: String,
    /// How many.
    pub count: i64,
}
