//! The status card as the window shows it: the status with the counts that badges and the tray need.

use crate::error::Error;
use crate::paging_status::{PagingStatus, paging_status};
use crate::rpc::At;
use crate::status::{Status, status};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::MoveId;
use nightdesk_engine::context::Context;
use nightdesk_engine::desk;
use nightdesk_engine::poller::Running;
use nightdesk_store::{MoveRow, Tx};
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
    /// How paging stands.
    pub paging: PagingStatus,
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
    /// Notices that wait for an answer.
    pub notices_open: i64,
    /// Of these, those that are overdue.
    pub notices_overdue: i64,
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

impl From<Running> for Polling {
    fn from(r: Running) -> Self {
        Self { since: r.since, fetched: r.fetched, created: r.created }
    }
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

/// Reads the card. Its cost grows with the open tickets' index alone.
///
/// # Errors
/// The store's.
pub fn card(tx: &Tx<'_>, at: &At) -> Result<StatusCard, Error> {
    let context = Context::load(tx)?;
    let status = status(tx, at.now)?;
    let (notices_open, notices_overdue) = tx.notices_waiting(context.account_id())?;
    let mut counts = Counts {
        notices_open,
        notices_overdue,
        unmapped: status.unmapped_organizations,
        deliveries_attention: status.outbox.in_doubt + status.outbox.needs_human + status.outbox.dead,
        quarantined: status.ledger.quarantined,
        ..Counts::default()
    };
    let security = context.bound.as_ref().map(|b| b.security_board);
    for found in tx.open_counts()? {
        counts.critical_open += found.critical;
        counts.triage += found.unmapped;
        counts.triage_critical += found.unmapped_critical;
        if Some(found.board) == security {
            counts.security_open += found.open - found.unmapped;
        }
    }
    let last_undo = match desk::latest_undo(tx)? {
        Some(row) => Some(LastUndo { id: row.id, text: said(tx, &context, &row)? }),
        None => None,
    };
    Ok(StatusCard { now: at.now, status, counts, polling: at.polling, paging: paging_status(tx)?, last_undo })
}

/// A move in words, such as "T-1001 to Acme".
fn said(tx: &Tx<'_>, context: &Context, row: &MoveRow) -> Result<String, Error> {
    let tickets = &row.body.tickets;
    let what = match tickets.as_slice() {
        [one] => tx.ticket(one.ticket)?.map_or_else(|| "a ticket".to_owned(), |t| t.number),
        several => format!("{} tickets", several.len()),
    };
    let client = tickets.first().map(|t| context.catalogue.name(t.after.client));
    Ok(match client {
        Some(client) => format!("{what} to {client}"),
        None => "a mapping".to_owned(),
    })
}
