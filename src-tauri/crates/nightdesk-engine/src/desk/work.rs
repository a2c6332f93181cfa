//! A person's work on one ticket. All of it marks the ticket as touched: the SOC's later changes are then noted, and
//! only a raised severity or an SOC reopen reopens it.

use super::{Error, entry};
use crate::context::Context;
use crate::paging;
use chrono::{DateTime, Utc};
use nightdesk_core::ids::TicketId;
use nightdesk_core::ledger::Kind;
use nightdesk_core::ticket::{Event, next};
use nightdesk_store::{TicketRow, Tx};

/// Closes a ticket, with a closed status of its own board.
///
/// # Errors
/// [`Error::AlreadyClosed`] where a person closed it before.
pub fn close(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, actor: &str, id: TicketId) -> Result<TicketRow, Error> {
    let mut ticket = find(tx, id)?;
    let Some(state) = next(ticket.state, Event::PersonCloses) else {
        return Err(Error::AlreadyClosed(ticket.number));
    };
    ticket.state = state;
    // A ticket that the SOC closed before keeps its time: only who stands for the closing changes.
    ticket.closed_at = ticket.closed_at.or(Some(now));
    ticket.status = ctx.catalogue.closed_status(ticket.board, closed_status(ctx));
    let ticket = save(tx, now, actor, ticket, "closed", "Closed.", Kind::Closed)?;
    if let Some(key) = ticket.incident {
        paging::forget_closed_ticket(tx, ctx, now, key, actor)?;
    }
    Ok(ticket)
}

/// Reopens a ticket, with the opening status of its own board.
///
/// # Errors
/// [`Error::AlreadyOpen`] where it isn't closed.
pub fn reopen(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, actor: &str, id: TicketId) -> Result<TicketRow, Error> {
    let mut ticket = find(tx, id)?;
    let Some(state) = next(ticket.state, Event::PersonReopens) else {
        return Err(Error::AlreadyOpen(ticket.number));
    };
    ticket.state = state;
    ticket.closed_at = None;
    ticket.status = ctx.catalogue.opening_status(ticket.board);
    save(tx, now, actor, ticket, "reopened", "Reopened.", Kind::Reopened)
}

/// Writes a note on a ticket's timeline.
///
/// # Errors
/// [`Error::EmptyNote`] where there is nothing to read in it.
pub fn note(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, id: TicketId, text: &str) -> Result<TicketRow, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::EmptyNote);
    }
    save(tx, now, actor, find(tx, id)?, "note", text, Kind::Worked)
}

/// Assigns a ticket to somebody, or with `None` to nobody.
///
/// # Errors
/// [`Error::EmptyAssignee`] for a name without letters.
pub fn assign(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    id: TicketId,
    who: Option<&str>,
) -> Result<TicketRow, Error> {
    let who = who.map(str::trim);
    if who == Some("") {
        return Err(Error::EmptyAssignee);
    }
    let mut ticket = find(tx, id)?;
    ticket.assignee = who.map(str::to_owned);
    let said = who.map_or_else(|| "Assigned to nobody.".to_owned(), |who| format!("Assigned to {who}."));
    save(tx, now, actor, ticket, "assigned", &said, Kind::Worked)
}

fn find(tx: &Tx<'_>, id: TicketId) -> Result<TicketRow, Error> {
    tx.ticket(id)?.ok_or_else(|| Error::unknown_tickets(&[id]))
}

fn closed_status(ctx: &Context) -> Option<&str> {
    match &ctx.bound {
        Some(bound) => bound.closed_status.as_deref(),
        None => ctx.config.routing.closed_status.as_deref(),
    }
}

fn save(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    mut ticket: TicketRow,
    word: &str,
    said: &str,
    kind: Kind,
) -> Result<TicketRow, Error> {
    ticket.touched = true;
    ticket.changed_at = now;
    tx.save_ticket(now, &ticket)?;
    tx.add_to_timeline(ticket.id, now, word, Some(actor), said)?;
    let fact = if kind == Kind::Worked { word } else { "by_person" };
    tx.append(now, &entry(kind, &ticket, fact).text(format!("{actor}: {said}")))?;
    Ok(ticket)
}
