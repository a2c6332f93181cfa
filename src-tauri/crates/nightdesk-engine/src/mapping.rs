//! Which client an organization belongs to: by hand, by file, by name. Every change is a ledger line.

mod listing;
mod table;
#[cfg(test)]
mod tests;

pub use listing::{Listing, link_by_name, put_listing};
pub use table::{Imported, Suggester, TableRow, export, import, suggestions};

use crate::context::Context;
use crate::desk::{self, Act, Done, Error, Learned, carry_out, find_client};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{CatalogueId, MoveId, OrganizationId, TicketId};
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_store::{How, OrganizationRow, Tx};

/// What mapping an organization did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapped {
    /// Its open triage tickets that stay where they are.
    pub left_on_triage: Vec<TicketId>,
    /// Those that moved, when that was asked for.
    pub moved: Vec<TicketId>,
    /// What takes mapping and move back; `None` where nothing moved.
    pub undo: Option<MoveId>,
    /// Withheld incidents that got a ticket because the organization is no longer ignored.
    pub opened: Vec<TicketId>,
}

/// What unmapping an organization did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unmapped {
    /// The client that it was mapped to.
    pub was: Option<CatalogueId>,
    /// Whether its tickets were withheld until now.
    pub was_ignored: bool,
    /// Its open tickets, which stay where they are.
    pub open_tickets: i64,
    /// Withheld incidents that got a ticket, on triage.
    pub opened: Vec<TicketId>,
}

/// What ignoring an organization did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ignored {
    /// Whether it was ignored before.
    pub already: bool,
    /// Its open tickets, which are still followed.
    pub open_tickets: i64,
}

/// Maps an organization to a client, and so ends its being ignored. Its open triage tickets stay in place unless
/// `move_tickets`. Huntress need not have listed it yet: an alert may name an organization before the listing does.
///
/// # Errors
/// Where the client can't be found, or, with `move_tickets`, the tickets can't be moved.
#[allow(clippy::too_many_arguments)]
pub fn map(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    actor: &str,
    org: OrganizationId,
    client: &str,
    move_tickets: bool,
    how: How,
) -> Result<Mapped, Error> {
    let client = find_client(ctx, client)?.id;
    let before = row_or_unknown(tx, ctx, org)?;
    let waiting = tx.waiting_tickets(before.account, org)?;
    if move_tickets && !waiting.is_empty() {
        let act = Act { client, back_to_triage: false, learned: Some(Learned { before, client, how }) };
        let done = carry_out(tx, ctx, now, actor, waiting, act)?;
        return Ok(done.map_or_else(Mapped::default, |Done { undo, moved, opened }| Mapped {
            left_on_triage: Vec::new(),
            moved,
            undo: Some(undo),
            opened,
        }));
    }
    let mut mapped = Mapped { left_on_triage: waiting.iter().map(|t| t.id).collect(), ..Mapped::default() };
    let wanted = OrganizationRow { client: Some(client), how, ignored: false, sticky: false, ..before.clone() };
    if !same(&before, &wanted) {
        mapped.opened = set(tx, ctx, now, actor, &before, &wanted)?;
        let said = format!(
            "{} was mapped to {}; this ticket stays here until it is moved.",
            called(&before),
            shown(ctx, &wanted)
        );
        for ticket in &mapped.left_on_triage {
            tx.add_to_timeline(*ticket, now, "mapped", Some(actor), &said)?;
        }
    }
    Ok(mapped)
}

/// Leaves an organization unmapped on purpose: it is never linked by name again. Ends its being ignored as well, so that
/// its withheld open incidents get tickets at once.
///
/// # Errors
/// [`Error::UnknownOrganization`] for one that isn't known here.
pub fn unmap(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    actor: &str,
    org: OrganizationId,
) -> Result<Unmapped, Error> {
    let before = tx.organization(ctx.account_id(), org)?.ok_or(Error::UnknownOrganization(org))?;
    let wanted = OrganizationRow { client: None, how: How::None, ignored: false, sticky: true, ..before.clone() };
    let opened = if before == wanted { Vec::new() } else { set(tx, ctx, now, actor, &before, &wanted)? };
    let open_tickets = open_tickets(tx, org)? - i64::try_from(opened.len()).unwrap_or(0);
    Ok(Unmapped { was: before.client, was_ignored: before.ignored, open_tickets, opened })
}

/// Withholds an organization's new tickets. Those that it has are still followed; its mapping is kept for later.
///
/// # Errors
/// The store's.
pub fn ignore(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    actor: &str,
    org: OrganizationId,
) -> Result<Ignored, Error> {
    let before = row_or_unknown(tx, ctx, org)?;
    if !before.ignored {
        set(tx, ctx, now, actor, &before, &OrganizationRow { ignored: true, ..before.clone() })?;
    }
    Ok(Ignored { already: before.ignored, open_tickets: open_tickets(tx, org)? })
}

/// Writes an organization's new state, and opens the tickets that its no longer being ignored calls for.
pub(crate) fn set(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    actor: &str,
    before: &OrganizationRow,
    after: &OrganizationRow,
) -> Result<Vec<TicketId>, Error> {
    write(tx, ctx, now, actor, before, after)?;
    if after.ignored {
        return Ok(Vec::new());
    }
    desk::reconsider(tx, ctx, now, (after.account, after.id), 0)
}

/// Writes an organization's row with its ledger line, and nothing else.
pub(crate) fn write(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    actor: &str,
    before: &OrganizationRow,
    after: &OrganizationRow,
) -> Result<(), Error> {
    tx.put_organization(now, after)?;
    let client = after.client.map_or_else(|| "none".to_owned(), |c| c.to_string());
    let fact = format!("organization {} client {client} how {} ignored {}", after.id, after.how.word(), after.ignored);
    let said = format!("{actor}: {} from {} to {}", called(after), shown(ctx, before), shown(ctx, after));
    tx.append(now, &Draft::new(Kind::Mapping, fact).text(said))?;
    Ok(())
}

/// The part of a row that a move keeps: client, how, ignored, sticky.
pub(crate) fn state(row: &OrganizationRow) -> (Option<CatalogueId>, String, bool, bool) {
    (row.client, row.how.word().to_owned(), row.ignored, row.sticky)
}

/// Whether two rows mean the same to an incident.
pub(crate) fn same(a: &OrganizationRow, b: &OrganizationRow) -> bool {
    (a.client, a.ignored) == (b.client, b.ignored)
}

/// An organization in a sentence.
pub(crate) fn called(row: &OrganizationRow) -> String {
    match &row.name {
        Some(name) => format!("organization {} ({name})", row.id),
        None => format!("organization {}", row.id),
    }
}

/// A mapping in a sentence.
pub(crate) fn shown(ctx: &Context, row: &OrganizationRow) -> String {
    let client = row.client.map_or_else(|| "no client".to_owned(), |c| format!("{:?}", ctx.catalogue.name(c)));
    if row.ignored { format!("{client}, ignored") } else { client }
}

/// An organization's row, or what there is to say of one that was never listed.
pub(crate) fn row_or_unknown(tx: &Tx<'_>, ctx: &Context, org: OrganizationId) -> Result<OrganizationRow, Error> {
    let account = ctx.account_id();
    Ok(tx.organization(account, org)?.unwrap_or_else(|| OrganizationRow::unknown(account, org)))
}

fn open_tickets(tx: &Tx<'_>, org: OrganizationId) -> Result<i64, Error> {
    Ok(tx.open_tickets_by_organization()?.into_iter().find(|(id, _)| *id == org).map_or(0, |(_, n)| n))
}
