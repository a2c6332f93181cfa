//! Re-homing tickets, and taking it back.

use crate::error::Error;
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{MoveId, OrganizationId, TicketId};
use nightdesk_engine::context::Context;
use nightdesk_engine::desk;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a re-home did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rehomed {
    /// The tickets that moved: those that were named, then those that went along.
    #[ts(type = "Array<number>")]
    pub moved: Vec<TicketId>,
    /// The organization that was mapped.
    #[ts(type = "number | null")]
    pub mapped_organization: Option<OrganizationId>,
    /// What `undo` takes.
    #[ts(type = "number")]
    pub undo_id: MoveId,
    /// Withheld incidents that got a ticket because their organization is no longer ignored.
    #[ts(type = "Array<number>")]
    pub opened: Vec<TicketId>,
}

/// What an undo did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Undone {
    /// The tickets that went back.
    #[ts(type = "Array<number>")]
    pub restored: Vec<TicketId>,
    /// Tickets that were opened through the learned mapping meanwhile: they stay where they are.
    #[ts(type = "Array<number>")]
    pub stay: Vec<TicketId>,
    /// What takes the undo back.
    #[ts(type = "number")]
    pub undo_id: MoveId,
    /// Withheld incidents that got a ticket, where the undo of an ignoring move let them.
    #[ts(type = "Array<number>")]
    pub opened: Vec<TicketId>,
}

/// Moves tickets to a client's name, all or none; with `map_org` their organization is mapped to it and its other open
/// triage tickets go along.
///
/// # Errors
/// Any error means that the transaction must not be committed; [`nightdesk_store::Store::write`] sees to that.
pub fn rehome(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    tickets: &[TicketId],
    client: &str,
    map_org: bool,
) -> Result<Rehomed, Error> {
    let context = Context::load(tx)?;
    let done = desk::rehome(tx, &context, now, actor, tickets, client, map_org)?;
    Ok(Rehomed {
        moved: done.moved,
        mapped_organization: done.mapped_organization,
        undo_id: done.undo,
        opened: done.opened,
    })
}

/// Takes a re-home, or an undo, back whole.
///
/// # Errors
/// `Conflict` where somebody changed the same fields since; nothing may then be committed.
pub fn undo(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, id: MoveId) -> Result<Undone, Error> {
    let context = Context::load(tx)?;
    let done = desk::undo(tx, &context, now, actor, id)?;
    Ok(Undone { restored: done.restored, stay: done.stay, undo_id: done.undo, opened: done.opened })
}

/// What `undo` without a number would take back.
///
/// # Errors
/// `NotFound` when there is nothing to take back.
pub fn latest_undo(tx: &Tx<'_>) -> Result<MoveId, Error> {
    desk::latest_undo(tx)?.map(|m| m.id).ok_or_else(|| Error::not_found("there is no re-home to take back"))
}
