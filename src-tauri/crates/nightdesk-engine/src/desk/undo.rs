//! Taking a re-home back, and taking that back.

use super::rehome::{place, placement, reconsider, shown};
use super::{Error, entry};
use crate::context::Context;
use crate::mapping;
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::Catalogue;
use nightdesk_core::ids::{CatalogueId, MoveId, TicketId};
use nightdesk_core::ledger::Kind;
use nightdesk_store::{How, MoveBody, MoveRow, MovedTicket, OrganizationRow, Placement, TicketRow, Tx};

/// What an undo did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The tickets that went back.
    pub restored: Vec<TicketId>,
    /// Tickets that were opened through the learned mapping meanwhile: they stay where they are.
    pub stay: Vec<TicketId>,
    /// Withheld incidents that got a ticket, where an undo is taken back that had ignored their organization again.
    pub opened: Vec<TicketId>,
    /// The undo's own undo.
    pub undo: MoveId,
}

/// The newest re-home or undo that wasn't taken back itself.
pub fn latest_undo(tx: &Tx<'_>) -> Result<Option<MoveRow>, Error> {
    Ok(match tx.last_move()? {
        Some(id) => tx.get_move(id)?,
        None => None,
    })
}

/// Takes a re-home back whole. What it compares is what the re-home wrote: client, board and mapping; notes, severity
/// and closing don't stand in its way. An undo is itself a move, so it is taken back by the same function.
///
/// # Errors
/// [`Error::ChangedMeanwhile`] where somebody changed the same fields since. Any error means that nothing may be kept:
/// the caller's transaction must not be committed.
pub fn undo(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, actor: &str, id: MoveId) -> Result<Undone, Error> {
    let row = tx.get_move(id)?.ok_or(Error::UnknownMove(id))?;
    if let Some(at) = row.undone_at {
        return Err(Error::AlreadyUndone { id, at });
    }
    let mut tickets = Vec::with_capacity(row.body.tickets.len());
    for moved in &row.body.tickets {
        let ticket = tx.ticket(moved.ticket)?.ok_or_else(|| Error::unknown_tickets(&[moved.ticket]))?;
        unchanged(tx, ctx, &ticket, moved)?;
        tickets.push(ticket);
    }
    let organization = mapping_back(tx, ctx, &row.body)?;

    let mut body = MoveBody::default();
    for (ticket, moved) in tickets.iter().zip(&row.body.tickets) {
        let after = back(ctx, ticket, moved);
        body.tickets.push(MovedTicket { ticket: ticket.id, before: placement(ticket), after });
    }
    if let Some((before, after)) = &organization {
        body.organization = Some((before.account, before.id));
        body.mapping_before = Some(mapping::state(before));
        body.mapping_after = Some(mapping::state(after));
    }
    // Asked before anything changes: afterwards nothing tells them from others.
    let stay = opened_meanwhile(tx, &row)?;

    let undo = tx.add_move(now, actor, &body, Some(id))?;
    tx.mark_undone(id, now)?;
    for (mut ticket, moved) in tickets.into_iter().zip(&body.tickets) {
        place(tx, &mut ticket, moved.after)?;
        tx.save_ticket(now, &ticket)?;
        let said = format!("Taken back (move {id}): now with {}", shown(ctx, moved.after));
        tx.add_to_timeline(ticket.id, now, "undone", Some(actor), &format!("{said} (undo {undo})."))?;
        let fact = format!("move {undo} undoes {id} client {} board {}", moved.after.client, moved.after.board);
        tx.append(now, &entry(Kind::Undone, &ticket, fact).text(format!("{actor}: {said}")))?;
    }
    let mut opened = Vec::new();
    if let Some((before, after)) = &organization {
        mapping::write(tx, ctx, now, actor, before, after)?;
        if before.ignored && !after.ignored {
            opened = reconsider(tx, ctx, now, (after.account, after.id), undo.0)?;
        }
    }
    Ok(Undone { restored: body.tickets.iter().map(|t| t.ticket).collect(), stay, opened, undo })
}

fn unchanged(tx: &Tx<'_>, ctx: &Context, ticket: &TicketRow, moved: &MovedTicket) -> Result<(), Error> {
    let (field, now) = if ticket.client != moved.after.client {
        ("client", ticket.client)
    } else if ticket.board != moved.after.board {
        ("board", ticket.board)
    } else {
        for (kind, id) in [("client", moved.before.client), ("board", moved.before.board)] {
            if !ctx.catalogue.is_active(id) {
                return Err(Error::Vanished { kind, name: ctx.catalogue.name(id).to_owned() });
            }
        }
        return Ok(());
    };
    let last =
        tx.timeline(ticket.id)?.into_iter().rfind(|e| matches!(e.kind.as_str(), "rehomed" | "undone" | "rerouted"));
    Err(Error::ChangedMeanwhile {
        what: format!("ticket {}", ticket.number),
        field,
        now: format!("{:?}", ctx.catalogue.name(now)),
        at: last.as_ref().map(|e| e.at),
        who: last.and_then(|e| e.actor),
    })
}

/// Where a ticket goes back to. A ticket that was closed meanwhile stays closed, with a status of the board it returns to.
fn back(ctx: &Context, ticket: &TicketRow, moved: &MovedTicket) -> Placement {
    let to = moved.before;
    if to.board == ticket.board {
        let category = if ticket.category == moved.after.category { to.category } else { ticket.category };
        return Placement { status: ticket.status, category, ..to };
    }
    let status = if ticket.state.is_open() {
        to.status
            .filter(|s| is_open_status(&ctx.catalogue, *s, to.board))
            .or_else(|| ctx.catalogue.opening_status(to.board))
    } else {
        let wanted = ctx.bound.as_ref().and_then(|b| b.closed_status.as_deref());
        ctx.catalogue.closed_status(to.board, wanted)
    };
    Placement { status, ..to }
}

fn is_open_status(catalogue: &Catalogue, status: CatalogueId, board: CatalogueId) -> bool {
    catalogue
        .get(status)
        .is_some_and(|e| e.active && e.board == Some(board) && e.role.is_some_and(|role| !role.is_closed()))
}

/// The organization's row as it is and as it was before the move.
fn mapping_back(
    tx: &Tx<'_>,
    ctx: &Context,
    body: &MoveBody,
) -> Result<Option<(OrganizationRow, OrganizationRow)>, Error> {
    let (Some((account, id)), Some(was), Some(became)) = (body.organization, &body.mapping_before, &body.mapping_after)
    else {
        return Ok(None);
    };
    let row = tx.organization(account, id)?.unwrap_or_else(|| OrganizationRow::unknown(account, id));
    let ((client, how, ignored, sticky), (after_client, _, after_ignored, _)) = (was, became);
    if (row.client, row.ignored) != (*after_client, *after_ignored) {
        return Err(Error::ChangedMeanwhile {
            what: mapping::called(&row),
            field: "mapping",
            now: mapping::shown(ctx, &row),
            who: None,
            at: None,
        });
    }
    if let Some(gone) = client.filter(|c| !ctx.catalogue.is_active(*c)) {
        return Err(Error::Vanished { kind: "client", name: ctx.catalogue.name(gone).to_owned() });
    }
    let after = OrganizationRow {
        client: *client,
        how: How::parse(how).unwrap_or(How::None),
        ignored: *ignored,
        // What a person took back isn't linked by name again behind their back.
        sticky: *sticky || client.is_none(),
        ..row.clone()
    };
    Ok(Some((row, after)))
}

fn opened_meanwhile(tx: &Tx<'_>, row: &MoveRow) -> Result<Vec<TicketId>, Error> {
    let (Some((_, organization)), Some((Some(client), ..))) = (row.body.organization, &row.body.mapping_after) else {
        return Ok(Vec::new());
    };
    let mut stay = tx.tickets_since_mapping(organization, *client, row.at)?;
    stay.retain(|id| !row.body.tickets.iter().any(|t| t.ticket == *id));
    Ok(stay)
}
