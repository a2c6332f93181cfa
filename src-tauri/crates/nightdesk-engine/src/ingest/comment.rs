//! What the SOC writes beneath a report; only webhooks bring it.

use super::acts::Desk;
use crate::announce::Happened;
use crate::context::{Context, Mapping};
use chrono::{DateTime, Utc};
use nightdesk_core::content;
use nightdesk_core::delivery::Kind;
use nightdesk_core::ids::IncidentKey;
use nightdesk_store::{Error, Tx};

/// Puts a comment on the timeline of the incident's ticket and tells of it; answers whether there is a ticket.
pub(crate) fn comment(
    tx: &Tx<'_>,
    ctx: &Context,
    mapping: &Mapping,
    now: DateTime<Utc>,
    key: IncidentKey,
    text: &str,
    destinations: &[Kind],
) -> Result<bool, Error> {
    let (Some(stored), Some(bound)) = (tx.incident(key)?, ctx.bound.as_ref()) else { return Ok(false) };
    let Some(ticket) = stored.ticket else { return Ok(false) };
    tx.add_to_timeline(ticket, now, "comment", Some("Huntress"), &content::block(text))?;
    let desk = Desk { tx, ctx, bound, mapping, now, destinations, via_mapping: 0 };
    desk.announce(key, &stored.facts()?, Happened::Commented, false, ticket)?;
    Ok(true)
}
