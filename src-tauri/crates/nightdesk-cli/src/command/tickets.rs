//! Tickets, and a person's work on them.

use super::Desk;
use super::psa::told_later;
use crate::args::{RehomeArgs, TicketsArgs};
use crate::exit::{Ended, Exit, Failure};
use crate::output::Output;
use crate::render::ticket;
use crate::render::words::{count, ids, line, moment};
use nightdesk_api as api;
use nightdesk_api::{Rehomed, TicketInFull, TicketsAsked, Undone};
use nightdesk_core::ids::{MoveId, TicketId};

/// `tickets`
pub fn list(desk: &Desk, out: Output, args: &TicketsArgs) -> Ended {
    let asked = TicketsAsked {
        board: args.board.clone(),
        client: args.client.clone(),
        open: args.open,
        search: args.search.clone(),
        limit: args.limit,
    };
    let (tickets, status) = desk.read(|tx, now| Ok((api::tickets(tx, &asked)?, api::status(tx, now)?)))?;
    out.result(&tickets, |t| {
        let empty = if asked != (TicketsAsked { limit: args.limit, ..TicketsAsked::default() }) {
            "No such tickets.".to_owned()
        } else if let Some(since) = status.since.filter(|_| status.last_poll.at.is_some()) {
            format!("No tickets. {} since {}.", capital(status.state.word()), moment(since))
        } else {
            "No tickets yet: Huntress has not been read. Start: nightdesk run".to_owned()
        };
        ticket::list(t, &empty)
    })?;
    Ok(Exit::Done)
}

/// `ticket`
pub fn show(desk: &Desk, out: Output, name: &str) -> Ended {
    let found = desk.read(|tx, _| api::ticket(tx, api::ticket_id(tx, name)?))?;
    out.result(&found, ticket::full)?;
    Ok(Exit::Done)
}

/// `rehome`
pub fn rehome(desk: &Desk, out: Output, args: &RehomeArgs) -> Ended {
    let (done, client) = desk.change(|tx, now, actor| {
        let ids: Vec<TicketId> = args.ids.iter().map(|name| api::ticket_id(tx, name)).collect::<Result<_, _>>()?;
        let done = api::rehome(tx, now, actor, &ids, &args.client, args.map_org)?;
        // The name as the desk has it: what was typed may differ in case.
        let client = match done.moved.first() {
            Some(first) => api::ticket(tx, *first)?.ticket.client,
            None => args.client.clone(),
        };
        Ok((done, client))
    })?;
    out.result(&done, |done| rehomed(done, &client))?;
    told_later(desk)?;
    Ok(Exit::Done)
}

/// What a re-home did, with the way back.
pub fn rehomed(done: &Rehomed, client: &str) -> String {
    let mut words =
        format!("{} moved to {}: {}", count(done.moved.len(), "ticket", "tickets"), line(client), ids(&done.moved));
    if let Some(organization) = done.mapped_organization {
        words.push_str(&format!("\nOrganization {organization} is mapped to it from now on."));
    }
    if !done.opened.is_empty() {
        words.push_str(&format!("\nOpened, because the organization is no longer ignored: {}", ids(&done.opened)));
    }
    format!("{words}\nTo take it back: nightdesk undo {}", done.undo_id)
}

/// `undo`
pub fn undo(desk: &Desk, out: Output, id: Option<i64>) -> Ended {
    let done = desk.change(|tx, now, actor| {
        let id = id.map_or_else(|| api::latest_undo(tx), |id| Ok(MoveId(id)))?;
        api::undo(tx, now, actor, id)
    })?;
    out.result(&done, undone)?;
    told_later(desk)?;
    Ok(Exit::Done)
}

/// What an undo did.
pub fn undone(done: &Undone) -> String {
    let mut words =
        format!("{} back where it was: {}", count(done.restored.len(), "ticket", "tickets"), ids(&done.restored));
    if !done.stay.is_empty() {
        words.push_str(&format!("\nOpened through the mapping meanwhile, and staying: {}", ids(&done.stay)));
    }
    if !done.opened.is_empty() {
        words.push_str(&format!("\nOpened: {}", ids(&done.opened)));
    }
    format!("{words}\nTo take this back in turn: nightdesk undo {}", done.undo_id)
}

/// `close`
pub fn close(desk: &Desk, out: Output, name: &str) -> Ended {
    let done = desk.write(|tx, now, actor| api::close(tx, now, actor, api::ticket_id(tx, name)?))?;
    worked(desk, out, &done)
}

/// `reopen`
pub fn reopen(desk: &Desk, out: Output, name: &str) -> Ended {
    let done = desk.write(|tx, now, actor| api::reopen(tx, now, actor, api::ticket_id(tx, name)?))?;
    worked(desk, out, &done)
}

/// `note`
pub fn note(desk: &Desk, out: Output, name: &str, text: &str) -> Ended {
    if text.trim().is_empty() {
        return Err(Failure::usage("a note needs words: nightdesk note TICKET TEXT"));
    }
    let done = desk.write(|tx, now, actor| api::note(tx, now, actor, api::ticket_id(tx, name)?, text))?;
    worked(desk, out, &done)
}

/// `assign`; an empty name takes it from whoever has it.
pub fn assign(desk: &Desk, out: Output, name: &str, person: &str) -> Ended {
    let person = Some(person).filter(|p| !p.is_empty());
    let done = desk.write(|tx, now, actor| api::assign(tx, now, actor, api::ticket_id(tx, name)?, person))?;
    worked(desk, out, &done)
}

fn worked(desk: &Desk, out: Output, done: &TicketInFull) -> Ended {
    out.result(done, |done| {
        let t = &done.ticket;
        let last = done.timeline.last().map_or_else(String::new, |l| format!("\n  {}", line(&l.text)));
        let status = t.status.as_deref().unwrap_or(if t.is_open { "open" } else { "closed" });
        format!("{} ({}): {}{last}", line(&t.number), line(status), line(&t.title))
    })?;
    told_later(desk)?;
    Ok(Exit::Done)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
