//! Incidents that are on record without a ticket, looked at again after a person changed the mapping.

use super::Counts;
use super::acts::Desk;
use crate::context::{Context, Mapping};
use crate::destinations;
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{OrganizationId, TicketId};
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_core::routing::{Class, Known, plan};
use nightdesk_store::{Error, LookUpKind, Tx};

/// Plans each of an organization's incidents without a ticket anew: one that was withheld and is open gets its ticket
/// at once (and alerts like any new one), and every class is computed again. `via_mapping` is the re-home that caused it, or 0.
pub fn reconsider(
    tx: &Tx<'_>,
    ctx: &Context,
    mapping: &Mapping,
    now: DateTime<Utc>,
    organization: OrganizationId,
    via_mapping: i64,
) -> Result<Vec<TicketId>, Error> {
    let Some(bound) = ctx.bound.as_ref() else { return Ok(Vec::new()) };
    let destinations = destinations::known(tx)?;
    let desk = Desk { tx, ctx, bound, mapping, now, destinations: &destinations, via_mapping };
    let mut opened = Vec::new();
    for stored in tx.incidents_without_ticket(ctx.account_id(), organization)? {
        let incident = stored.facts()?;
        let known = Known { incident: &incident, class: stored.class, ticket: None };
        let plan = plan(now, &incident, true, mapping.standing(Some(organization)), Some(known), bound, &ctx.catalogue);
        if plan.class == stored.class {
            continue;
        }
        let ticket = desk.carry_out(stored.key, &incident, &plan, None, None, &mut Counts::default())?;
        tx.reclassify(&stored, plan.class, ticket)?;
        let kind = match plan.class {
            Class::Withheld => Kind::Withheld,
            Class::Ticketed | Class::Quarantined => Kind::Ticketed,
            Class::RecordOnly => Kind::RecordOnly,
        };
        let mut draft = Draft::new(kind, format!("{} after a mapping change", plan.reason)).incident(stored.key);
        draft.ticket = ticket;
        tx.append(now, &draft)?;
        desk.page(stored.key, &incident, &plan, ticket, false)?;
        if let Some(id) = ticket {
            opened.push(id);
            if let Some(agent) = stored.agent {
                tx.want(LookUpKind::Agent, stored.key.account, agent.0, "host", now)?;
            }
        }
    }
    Ok(opened)
}
