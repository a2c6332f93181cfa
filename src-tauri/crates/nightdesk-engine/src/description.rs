//! A ticket's description, composed when it is read: what was learned since (host details, names, the SOC's newer
//! words) is in it without anything having to be rewritten.

use crate::context::Context;
use nightdesk_core::content::{self, Description, Part};
use nightdesk_core::port::Host;
use nightdesk_core::routing::Class;
use nightdesk_store::{Error, QuarantineRow, TicketRow, Tx};

/// A ticket's description as of now, in plain Markdown.
///
/// # Errors
/// The store's.
pub fn of(tx: &Tx<'_>, context: &Context, ticket: &TicketRow) -> Result<String, Error> {
    match composed(tx, context, ticket, content::description)? {
        Some(text) => Ok(text),
        None => bare(tx, ticket),
    }
}

/// Its sections that may have become known later than the ticket was opened.
///
/// # Errors
/// The store's.
pub fn parts(tx: &Tx<'_>, context: &Context, ticket: &TicketRow) -> Result<Vec<(Part, String)>, Error> {
    Ok(composed(tx, context, ticket, content::parts)?.unwrap_or_default())
}

/// `None` for a ticket without an incident.
fn composed<T>(
    tx: &Tx<'_>,
    context: &Context,
    ticket: &TicketRow,
    compose: impl FnOnce(&Description<'_>) -> T,
) -> Result<Option<T>, Error> {
    let Some(key) = ticket.incident else { return Ok(None) };
    let Some(stored) = tx.incident(key)? else { return Ok(None) };
    let incident = stored.facts()?;
    let host = match incident.agent {
        Some(agent) => tx.host(key.account, agent)?.map(|(host, _)| host.unwrap_or_default()),
        None => None::<Host>,
    };
    let organization = match incident.organization {
        Some(id) => tx.organization(key.account, id)?.and_then(|o| o.name),
        None => None,
    };
    let record = match stored.class {
        Class::Quarantined => quarantined(tx, |q| q.account == key.account && q.incident == Some(key.id))?,
        Class::Withheld | Class::Ticketed | Class::RecordOnly => None,
    };
    Ok(Some(compose(&Description {
        incident: &incident,
        organization_name: organization.as_deref(),
        unmapped: ticket.unmapped,
        host: host.as_ref(),
        portal: &context.portal(),
        quarantined: record.as_ref().map(|q| q.reason.as_str()),
    })))
}

/// For a ticket of a record that couldn't even be told apart by an id: the reason and the record as it came.
fn bare(tx: &Tx<'_>, ticket: &TicketRow) -> Result<String, Error> {
    let Some(record) = quarantined(tx, |q| q.ticket == Some(ticket.id))? else {
        return Ok(content::bare_description("its record is no longer in quarantine", ""));
    };
    let raw = tx.quarantine_raw(record.id)?.unwrap_or_default();
    Ok(content::bare_description(&record.reason, &String::from_utf8_lossy(&raw)))
}

fn quarantined(tx: &Tx<'_>, is: impl Fn(&QuarantineRow) -> bool) -> Result<Option<QuarantineRow>, Error> {
    Ok(tx.quarantined()?.into_iter().find(is))
}
