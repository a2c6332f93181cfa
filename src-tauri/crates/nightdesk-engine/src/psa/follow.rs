//! What people do in the PSA, followed here. Nightdesk never fights a person: what somebody changed there is so here too,
//! and the timeline says who.

use super::filed::Here;
use crate::context::Context;
use crate::desk::entry;
use crate::paging;
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::{Kind, StatusRole};
use nightdesk_core::delivery::State;
use nightdesk_core::ids::CatalogueId;
use nightdesk_core::ledger;
use nightdesk_core::psa::{Difference, Field, Seen, differences, rebase};
use nightdesk_core::ticket::{Event, next};
use nightdesk_store::{Error, PsaTicketRow, TicketRow, Tx};

/// Takes in a ticket as the PSA shows it. Answers whether something in it names what our catalogue doesn't have, so that
/// the catalogue should be read before it is taken in; nothing is done then.
pub(super) fn take_in(
    tx: &Tx<'_>,
    ctx: &Context,
    desk: &str,
    now: DateTime<Utc>,
    seen: &Seen,
    is_last_word: bool,
) -> Result<Taken, Error> {
    let Some(mut row) = tx.psa_ticket_by_remote(desk, &seen.id)? else { return Ok(Taken::Done) };
    let Some(ticket) = tx.ticket(row.ticket)? else { return Ok(Taken::Done) };
    if is_under_way(tx, desk, &ticket)? {
        // Whether this is a person's doing or our own can't be told before the answer is in.
        if !row.look_again {
            row.look_again = true;
            tx.put_psa_ticket(desk, &row)?;
        }
        return Ok(Taken::Later);
    }
    if row.gone_at.take().is_some() {
        // A deleted one doesn't come back: the key couldn't see it for a while.
        let psa = ctx.config.desk.kind.name();
        let said =
            format!("It is in {psa} after all: the API key's user may see it again. It is followed from here on.");
        tx.add_to_timeline(ticket.id, now, "psa", Some(psa), &said)?;
        tx.append(now, &entry(ledger::Kind::Worked, &ticket, "seen again in the PSA").text(said))?;
        tx.put_psa_ticket(desk, &row)?;
    }
    if seen.updated_at.zip(row.updated_at).is_some_and(|(seen, ours)| seen <= ours) {
        return looked(tx, desk, row);
    }
    let known = row.known.clone().unwrap_or_else(|| seen.filed.clone());
    let changed = differences(&known, &seen.filed);
    if changed.is_empty() {
        row.known = Some(known);
        return looked(tx, desk, row);
    }
    let change = Change { tx, ctx, now, seen };
    if !is_last_word && changed.iter().any(|d| change.is_foreign(d)) {
        return Ok(Taken::Foreign);
    }
    let after = change.follow(ticket, &changed)?;
    let here = Here::of(ctx, &after, true).filed;
    let base = row.base.clone().unwrap_or_else(|| known.clone());
    row.base = Some(rebase(&base, &known, &seen.filed, &here));
    row.known = Some(seen.filed.clone());
    row.updated_at = seen.updated_at.or(row.updated_at);
    row.number = seen.number.clone().or(row.number);
    looked(tx, desk, row)
}

/// What came of taking a ticket in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is followed, or there was nothing to follow.
    Done,
    /// Something of ours is under way; it is looked at again.
    Later,
    /// It names what our catalogue doesn't have.
    Foreign,
}

fn looked(tx: &Tx<'_>, desk: &str, row: PsaTicketRow) -> Result<Taken, Error> {
    let row = PsaTicketRow { look_again: false, ..row };
    if tx.psa_ticket(desk, row.ticket)?.as_ref() != Some(&row) {
        tx.put_psa_ticket(desk, &row)?;
        tx.psa_compare(row.ticket);
    }
    Ok(Taken::Done)
}

/// Whether a creation or an update of ours may be arriving there right now.
pub(super) fn is_under_way(tx: &Tx<'_>, desk: &str, ticket: &TicketRow) -> Result<bool, Error> {
    use nightdesk_core::delivery::Kind as Delivery;
    let is = |kind| matches!(kind, Delivery::PsaTicket | Delivery::PsaUpdate);
    Ok(tx.deliveries_of(ticket.id)?.iter().any(|d| {
        is(d.kind) && d.destination == desk && matches!(d.state, State::Claimed | State::Sending | State::InDoubt)
    }))
}

/// A ticket that isn't there any more: somebody deleted it, and it isn't made again.
pub(super) fn gone(
    tx: &Tx<'_>,
    ctx: &Context,
    desk: &str,
    now: DateTime<Utc>,
    row: &PsaTicketRow,
) -> Result<(), Error> {
    if row.gone_at.is_some() {
        return Ok(());
    }
    tx.put_psa_ticket(desk, &PsaTicketRow { gone_at: Some(now), look_again: false, ..row.clone() })?;
    let Some(ticket) = tx.ticket(row.ticket)? else { return Ok(()) };
    let psa = ctx.config.desk.kind.name();
    let said = format!("Somebody deleted it in {psa}. It isn't made again there; here it stays as it is.");
    tx.add_to_timeline(ticket.id, now, "psa", Some(psa), &said)?;
    tx.append(now, &entry(ledger::Kind::Worked, &ticket, "deleted in the PSA").text(said))?;
    Ok(())
}

struct Change<'a> {
    tx: &'a Tx<'a>,
    ctx: &'a Context,
    now: DateTime<Utc>,
    seen: &'a Seen,
}

impl Change<'_> {
    fn kind(field: Field) -> Option<Kind> {
        match field {
            Field::Title => None,
            Field::Client => Some(Kind::Client),
            Field::Board => Some(Kind::Board),
            Field::Status => Some(Kind::Status),
            Field::Category => Some(Kind::Category),
            Field::Priority => Some(Kind::Priority),
        }
    }

    fn find(&self, kind: Kind, remote: &str) -> Option<CatalogueId> {
        self.ctx.catalogue.entries().iter().find(|e| e.kind == kind && e.remote_id == remote).map(|e| e.id)
    }

    fn is_foreign(&self, d: &Difference) -> bool {
        let (Some(kind), Some(remote)) = (Self::kind(d.field), &d.now) else { return false };
        self.find(kind, remote).is_none()
    }

    fn who(&self) -> String {
        self.seen.by.clone().unwrap_or_else(|| format!("somebody in {}", self.ctx.config.desk.kind.name()))
    }

    /// Does here what somebody did there.
    fn follow(&self, mut ticket: TicketRow, changed: &[Difference]) -> Result<TicketRow, Error> {
        let was = ticket.clone();
        for d in changed {
            let id = Self::kind(d.field).zip(d.now.as_deref()).and_then(|(kind, remote)| self.find(kind, remote));
            match (d.field, id) {
                (Field::Client, Some(id)) => (ticket.client, ticket.moved) = (id, true),
                (Field::Board, Some(id)) => (ticket.board, ticket.moved) = (id, true),
                (Field::Status, Some(id)) => ticket.status = Some(id),
                (Field::Category, id) => ticket.category = id,
                (Field::Priority, Some(id)) => (ticket.priority, ticket.priority_assumed) = (Some(id), false),
                _ => {}
            }
        }
        if ticket.moved && !was.moved && ticket.unmapped {
            let bound = self.ctx.bound.as_ref();
            ticket.unmapped =
                bound.is_none_or(|b| b.fallback_client == ticket.client && b.triage_board == ticket.board);
        }
        let event = if self.is_closed(&ticket) { Event::PersonCloses } else { Event::PersonReopens };
        let turned = next(ticket.state, event).filter(|to| to.is_open() != was.state.is_open());
        if let Some(state) = turned {
            ticket.state = state;
            ticket.closed_at = (!state.is_open()).then_some(self.now);
        }
        ticket.touched = true;
        self.tx.save_ticket(self.now, &ticket)?;
        let who = self.who();
        let said = format!("In {}: {}.", self.ctx.config.desk.kind.name(), self.words(changed));
        self.tx.add_to_timeline(ticket.id, self.now, "psa", Some(&who), &said)?;
        let kind = match turned {
            Some(state) if state.is_open() => ledger::Kind::Reopened,
            Some(_) => ledger::Kind::Closed,
            None => ledger::Kind::Worked,
        };
        self.tx.append(self.now, &entry(kind, &ticket, "by_person in the PSA").text(format!("{who}: {said}")))?;
        if let (Some(key), true) = (ticket.incident, turned.is_some_and(|s| !s.is_open())) {
            paging::forget_closed_ticket(self.tx, self.ctx, self.now, key, &who)?;
        }
        Ok(ticket)
    }

    /// By the status's role, where our catalogue knows it: it is what our own rules go by.
    fn is_closed(&self, ticket: &TicketRow) -> bool {
        let role = ticket.status.and_then(|id| self.ctx.catalogue.get(id)).and_then(|e| e.role);
        let known = self.find(Kind::Status, &self.seen.filed.status).is_some();
        if known { role.is_some_and(StatusRole::is_closed) } else { self.seen.is_closed }
    }

    fn words(&self, changed: &[Difference]) -> String {
        let shown = |field: Field, value: &Option<String>| match (Self::kind(field), value) {
            (_, None) => "none".to_owned(),
            (None, Some(text)) => format!("{text:?}"),
            (Some(kind), Some(remote)) => match self.find(kind, remote) {
                Some(id) => self.ctx.catalogue.name(id).to_owned(),
                None => "one that isn't in the catalogue".to_owned(),
            },
        };
        let told: Vec<_> =
            changed.iter().map(|d| (d.field.word(), shown(d.field, &d.before), shown(d.field, &d.now))).collect();
        // Another board's status of the same name is no news beside the board.
        let is_news = |before: &str, now: &str| before != now || told.len() == 1;
        let each = told.iter().filter(|(_, before, now)| is_news(before, now));
        each.map(|(field, before, now)| format!("{field} {before} -> {now}")).collect::<Vec<_>>().join(", ")
    }
}
