//! The dispatcher at the demo.

use super::keys::Key;
use crate::command::failure;
use crate::exit::Failure;
use crate::render::words::count;
use chrono::{DateTime, Utc};
use nightdesk_api as api;
use nightdesk_api::{Status, Ticket, TicketsAsked};
use nightdesk_core::ids::OrganizationId;
use nightdesk_host::{Store, Tx};
use nightdesk_standin::night::{TRIAGE_BOARD, TRIAGE_CLIENT, roster};

/// Who acts.
pub const ACTOR: &str = "dispatcher";

/// The status card and the open tickets on triage, oldest first.
///
/// # Errors
/// The store's.
pub fn look(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(Status, Vec<Ticket>), api::Error> {
    Ok((api::status(tx, now)?, board(tx)?))
}

fn board(tx: &Tx<'_>) -> Result<Vec<Ticket>, api::Error> {
    let asked = TicketsAsked { board: Some(TRIAGE_BOARD.into()), open: true, ..TicketsAsked::default() };
    let mut tickets = api::tickets(tx, &asked)?;
    tickets.reverse();
    Ok(tickets)
}

/// Does what a key asks, and says what came of it. A refusal is words too: the night goes on.
///
/// # Errors
/// None of the desk's own; only [`Key::Quit`] is nobody's business here and does nothing.
pub fn act(store: &mut Store, now: DateTime<Utc>, key: Key) -> Result<String, Failure> {
    let done = match key {
        Key::Rehome => store.write(|tx| rehome(tx, now)),
        Key::Undo => store.write(|tx| undo(tx, now)),
        Key::Quit => return Ok(String::new()),
    };
    match done {
        Ok(words) => Ok(words),
        Err(error) if error.code == api::Code::DatabaseDamaged => Err(failure(error)),
        Err(error) => Ok(format!("Not done: {error}")),
    }
}

fn rehome(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<String, api::Error> {
    let Some(oldest) = board(tx)?.into_iter().find(|t| t.organization_id.is_some()) else {
        return Ok("Nobody waits on the triage board.".to_owned());
    };
    let client = match oldest.organization_id {
        Some(id) => client(tx, id)?,
        None => None,
    };
    let Some(client) = client else {
        return Ok(format!("{} stays on triage: no client is likely", oldest.number));
    };
    let done = api::rehome(tx, now, ACTOR, &[oldest.id], &client, true)?;
    Ok(format!(
        "You moved {} to {client} and mapped its organization ({} went). To take it back: u Enter",
        oldest.number,
        count(done.moved.len(), "ticket", "tickets"),
    ))
}

/// The client that is suggested, else the one that the roster knows, else the first of the desk's real clients.
fn client(tx: &Tx<'_>, id: OrganizationId) -> Result<Option<String>, api::Error> {
    let suggested = api::org(tx, id).ok().and_then(|o| o.suggestions.into_iter().next().map(|s| s.client));
    let known = || roster().into_iter().find(|c| c.organization_id == id.0).map(|c| c.client.to_owned());
    let any = || roster().first().map(|c| c.client.to_owned());
    Ok(suggested.or_else(known).or_else(any).filter(|c| c != TRIAGE_CLIENT))
}

fn undo(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<String, api::Error> {
    let done = api::undo(tx, now, ACTOR, api::latest_undo(tx)?)?;
    Ok(format!("You took it back: {} on triage again", count(done.restored.len(), "ticket is", "tickets are")))
}
