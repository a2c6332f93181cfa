//! Re-homing: client, board, and optionally the organization's mapping, as one act with one undo.

use super::{Error, Listed, account_of, distinct, entry, find_client};
use crate::context::{Context, Mapping};
use crate::{ingest, mapping};
use chrono::{DateTime, Utc};
use nightdesk_core::content;
use nightdesk_core::ids::{AccountId, CatalogueId, MoveId, OrganizationId, TicketId};
use nightdesk_core::ledger::Kind;
use nightdesk_core::routing::Bound;
use nightdesk_store::{How, MoveBody, MovedTicket, OrganizationRow, Placement, TicketRow, Tx};
use std::collections::{BTreeSet, HashMap};

/// What a re-home did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehomed {
    /// The tickets that moved: those that were named, in that order, then those that went along.
    pub moved: Vec<TicketId>,
    /// The organization that was mapped.
    pub mapped_organization: Option<OrganizationId>,
    /// Withheld incidents that got a ticket because their organization is no longer ignored.
    pub opened: Vec<TicketId>,
    /// What `undo` takes.
    pub undo: MoveId,
}

/// Moves tickets to a client, and from the triage board to the security board; with `map_org` their organization is
/// mapped to it and its other open triage tickets go along.
///
/// Moving to the fallback client without mapping puts a ticket back on triage, where it waits again.
///
/// # Errors
/// Any [`Error`] means that nothing may be kept: the caller's transaction must not be committed.
pub fn rehome(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    actor: &str,
    tickets: &[TicketId],
    client: &str,
    map_org: bool,
) -> Result<Rehomed, Error> {
    let ids = distinct(tickets);
    let mut named = find_tickets(tx, &ids)?;
    let client = find_client(ctx, client)?;
    let learned = match map_org {
        true => Some(learn(tx, ctx, &named, client.id)?),
        false => None,
    };
    let numbers = Listed::of(named.iter().map(|t| t.number.clone()));
    if let Some(learned) = &learned {
        let (account, organization) = (learned.before.account, learned.before.id);
        named.extend(tx.waiting_tickets(account, organization)?.into_iter().filter(|t| !ids.contains(&t.id)));
    }
    let mapped_organization = learned.as_ref().map(|l| l.before.id);
    let act = Act { client: client.id, back_to_triage: learned.is_none(), learned };
    match carry_out(tx, ctx, now, actor, named, act)? {
        Some(Done { undo, moved, opened }) => Ok(Rehomed { moved, mapped_organization, opened, undo }),
        None => Err(Error::NothingToDo { tickets: numbers, client: client.name.clone() }),
    }
}

/// A mapping that an act sets beside moving tickets.
pub(crate) struct Learned {
    /// The organization as it is.
    pub(crate) before: OrganizationRow,
    /// The client that it gets.
    pub(crate) client: CatalogueId,
    /// By which way.
    pub(crate) how: How,
}

/// An act on tickets that are already chosen.
pub(crate) struct Act {
    /// The client that they go to.
    pub(crate) client: CatalogueId,
    /// Whether going to the fallback client means going back to triage.
    pub(crate) back_to_triage: bool,
    /// The mapping that goes with it.
    pub(crate) learned: Option<Learned>,
}

/// What was done.
pub(crate) struct Done {
    /// The undo's number.
    pub(crate) undo: MoveId,
    /// The tickets that moved.
    pub(crate) moved: Vec<TicketId>,
    /// The tickets that were opened.
    pub(crate) opened: Vec<TicketId>,
}

/// Does it, and records it for undo. `None` where there is nothing to do.
pub(crate) fn carry_out(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    actor: &str,
    tickets: Vec<TicketRow>,
    act: Act,
) -> Result<Option<Done>, Error> {
    let bound = ctx.bound.as_ref().ok_or(Error::RoutingIncomplete)?;
    let to_triage = act.back_to_triage && act.client == bound.fallback_client;
    let mut body = MoveBody::default();
    let mut moving = Vec::new();
    for ticket in tickets {
        let before = placement(&ticket);
        let after = after(ctx, bound, &ticket, act.client, to_triage);
        if (before.client, before.board, before.unmapped) != (after.client, after.board, after.unmapped) {
            if !ctx.catalogue.is_active(after.board) {
                return Err(Error::Vanished { kind: "board", name: ctx.catalogue.name(after.board).to_owned() });
            }
            body.tickets.push(MovedTicket { ticket: ticket.id, before, after });
            moving.push(ticket);
        }
    }
    let learned = act.learned.filter(|l| l.before.client != Some(l.client) || l.before.ignored);
    let row = learned.map(|l| {
        let row =
            OrganizationRow { client: Some(l.client), how: l.how, ignored: false, sticky: false, ..l.before.clone() };
        (l.before, row)
    });
    if let Some((before, after)) = &row {
        body.organization = Some((before.account, before.id));
        body.mapping_before = Some(mapping::state(before));
        body.mapping_after = Some(mapping::state(after));
    }
    if body.tickets.is_empty() && row.is_none() {
        return Ok(None);
    }
    let undo = tx.add_move(now, actor, &body, None)?;
    for (mut ticket, moved) in moving.into_iter().zip(&body.tickets) {
        place(tx, &mut ticket, moved.after)?;
        tx.save_ticket(now, &ticket)?;
        let said = format!("Moved from {} to {}", shown(ctx, moved.before), shown(ctx, moved.after));
        tx.add_to_timeline(ticket.id, now, "rehomed", Some(actor), &format!("{said} (undo {undo})."))?;
        let fact = format!("move {undo} client {} board {}", moved.after.client, moved.after.board);
        tx.append(now, &entry(Kind::Rehomed, &ticket, fact).text(format!("{actor}: {said}")))?;
    }
    let mut opened = Vec::new();
    if let Some((before, after)) = &row {
        mapping::write(tx, ctx, now, actor, before, after)?;
        opened = reconsider(tx, ctx, now, (after.account, after.id), undo.0)?;
    }
    Ok(Some(Done { undo, moved: body.tickets.iter().map(|t| t.ticket).collect(), opened }))
}

/// Lets an organization's incidents without a ticket be looked at again under the mapping table as it is now.
pub(crate) fn reconsider(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    (account, organization): (AccountId, OrganizationId),
    via_mapping: i64,
) -> Result<Vec<TicketId>, Error> {
    // Without boards no ticket can be opened; completing the routing looks at every organization again.
    if ctx.bound.is_none() {
        return Ok(Vec::new());
    }
    let mapping = Mapping::load(tx, account)?;
    Ok(ingest::reconsider(tx, ctx, &mapping, now, organization, via_mapping)?)
}

fn find_tickets(tx: &Tx<'_>, ids: &[TicketId]) -> Result<Vec<TicketRow>, Error> {
    if ids.is_empty() {
        return Err(Error::NoTickets);
    }
    let mut rows: HashMap<TicketId, TicketRow> = tx.tickets_by_id(ids)?.into_iter().map(|t| (t.id, t)).collect();
    let missing: Vec<TicketId> = ids.iter().copied().filter(|id| !rows.contains_key(id)).collect();
    if !missing.is_empty() {
        return Err(Error::unknown_tickets(&missing));
    }
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

fn learn(tx: &Tx<'_>, ctx: &Context, named: &[TicketRow], client: CatalogueId) -> Result<Learned, Error> {
    let without: Vec<&str> = named.iter().filter(|t| t.organization.is_none()).map(|t| t.number.as_str()).collect();
    if !without.is_empty() {
        return Err(Error::NoOrganization(Listed::of(without)));
    }
    let organizations: BTreeSet<(AccountId, OrganizationId)> =
        named.iter().filter_map(|t| Some((account_of(ctx, t), t.organization?))).collect();
    let mut each = organizations.iter();
    match (each.next(), each.next()) {
        (Some(&(account, id)), None) => {
            let before = tx.organization(account, id)?.unwrap_or_else(|| OrganizationRow::unknown(account, id));
            Ok(Learned { before, client, how: How::Rehome })
        }
        _ => Err(Error::SeveralOrganizations(Listed::of(organizations.iter().map(|(_, id)| id)))),
    }
}

/// Where a ticket goes. Only a ticket of the triage board changes its board: elsewhere a person has already chosen.
fn after(ctx: &Context, bound: &Bound, t: &TicketRow, client: CatalogueId, to_triage: bool) -> Placement {
    // A waiting ticket counts as on triage even when the configuration has named another triage board since.
    let from_triage = t.unmapped || t.board == bound.triage_board;
    let board = match (to_triage, from_triage) {
        (true, _) if t.board == bound.security_board => bound.triage_board,
        (false, true) => bound.security_board,
        _ => t.board,
    };
    let category = match to_triage {
        true if board != t.board => None,
        false if from_triage => bound.category,
        _ => t.category,
    };
    let status = if board == t.board {
        t.status
    } else if t.state.is_open() {
        ctx.catalogue.opening_status(board)
    } else {
        ctx.catalogue.closed_status(board, bound.closed_status.as_deref())
    };
    Placement { client, board, status, category, unmapped: to_triage && board == bound.triage_board, moved: true }
}

pub(super) fn placement(t: &TicketRow) -> Placement {
    Placement {
        client: t.client,
        board: t.board,
        status: t.status,
        category: t.category,
        unmapped: t.unmapped,
        moved: t.moved,
    }
}

pub(super) fn place(tx: &Tx<'_>, t: &mut TicketRow, at: Placement) -> Result<(), Error> {
    if t.unmapped != at.unmapped
        && let Some(key) = t.incident
        && let Some(stored) = tx.incident(key)?
    {
        // The title says whether the organization is unmapped; a mark in front of it stays.
        let facts = stored.facts()?;
        if let Some(mark) = t.title.strip_suffix(&content::title(&facts, t.unmapped)) {
            t.title = format!("{mark}{}", content::title(&facts, at.unmapped));
        }
    }
    (t.client, t.board, t.status, t.category) = (at.client, at.board, at.status, at.category);
    (t.unmapped, t.moved) = (at.unmapped, at.moved);
    Ok(())
}

pub(super) fn shown(ctx: &Context, at: Placement) -> String {
    format!("client {:?}, board {:?}", ctx.catalogue.name(at.client), ctx.catalogue.name(at.board))
}
