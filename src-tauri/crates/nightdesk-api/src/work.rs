//! A person's work on one ticket; each answers the ticket as it is afterwards.

use crate::error::Error;
use crate::ticket::{TicketInFull, ticket};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::TicketId;
use nightdesk_engine::context::Context;
use nightdesk_engine::desk;
use nightdesk_store::Tx;

/// Closes a ticket; it then stays closed unless the SOC reopens the incident or raises its severity.
///
/// # Errors
/// `NotFound`; `Conflict` where a person closed it before.
pub fn close(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, id: TicketId) -> Result<TicketInFull, Error> {
    desk::close(tx, &Context::load(tx)?, now, actor, id)?;
    ticket(tx, id)
}

/// Reopens a ticket.
///
/// # Errors
/// `NotFound`; `Conflict` where it is open.
pub fn reopen(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, id: TicketId) -> Result<TicketInFull, Error> {
    desk::reopen(tx, &Context::load(tx)?, now, actor, id)?;
    ticket(tx, id)
}

/// Writes a note on a ticket's timeline.
///
/// # Errors
/// `NotFound`; `InvalidInput` for a note without words.
pub fn note(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, id: TicketId, text: &str) -> Result<TicketInFull, Error> {
    desk::note(tx, now, actor, id, text)?;
    ticket(tx, id)
}

/// Assigns a ticket to somebody, or with `None` to nobody.
///
/// # Errors
/// `NotFound`; `InvalidInput` for a name without letters.
pub fn assign(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    id: TicketId,
    who: Option<&str>,
) -> Result<TicketInFull, Error> {
    desk::assign(tx, now, actor, id, who)?;
    ticket(tx, id)
}
