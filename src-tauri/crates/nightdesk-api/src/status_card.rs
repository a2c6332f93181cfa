//! The status card as the window shows it: the status with the counts that badges and the tray need.

use crate::error::Error;
use crate::status::{Status, status};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::MoveId;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The answer to `card`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StatusCard {
    /// The engine's clock: ages are counted from it, never from the window's own.
    pub now: DateTime<Utc>,
    /// What the desk sees and has done.
    pub status: Status,
    /// How much waits where.
    pub counts: Counts,
    /// The poll that runs now.
    pub polling: Option<Polling>,
    /// What an undo without a number takes back.
    pub last_undo: Option<LastUndo>,
}

/// How much waits where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Counts {
    /// Open tickets on the triage board.
    pub triage: i64,
    /// Of these, critical ones and those of unknown severity.
    pub triage_critical: i64,
    /// Open tickets on the security board.
    pub security_open: i64,
    /// Open critical tickets on any board, those of unknown severity included.
    pub critical_open: i64,
    /// Organizations without a client that aren't ignored.
    pub unmapped: i64,
    /// Deliveries in doubt, dead, rejected, or waiting for a person.
    pub deliveries_attention: i64,
    /// Records that could not be read in full.
    pub quarantined: i64,
}

/// How far a running poll is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Polling {
    /// When it began.
    pub since: DateTime<Utc>,
    /// Incidents read so far.
    pub fetched: u32,
    /// Tickets opened so far.
    pub created: u32,
}

/// The newest move that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LastUndo {
    /// What `undo` takes.
    #[ts(type = "number")]
    pub id: MoveId,
    /// What it was, in words.
    pub text: String,
}
