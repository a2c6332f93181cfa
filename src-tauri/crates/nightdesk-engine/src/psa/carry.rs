//! From one desk to another: open tickets and the mapping go along, by name.

use super::desk_of;
use super::moving::Moving;
use super::settled::call_off;
use crate::context::Context;
use crate::desk::Error;
use crate::mapping;
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::Kind;
use nightdesk_core::config::Config;
use nightdesk_core::delivery::State;
use nightdesk_core::ids::TicketId;
use nightdesk_core::ledger::{self, Draft};
use nightdesk_store::{How, OrganizationRow, Setting, TicketFilter, TicketRow, Tx};
use serde::{Deserialize, Serialize};

/// What a change of the desk did to what was open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The open tickets, oldest first.
    pub tickets: Vec<CarriedTicket>,
    /// Organizations that keep their mapping, to a client of the same name.
    pub mapped: u32,
    /// Organizations whose client the new desk doesn't have, each with that client: they are unmapped now.
    pub unmapped: Vec<(String, String)>,
}

/// One ticket that was carried over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedTicket {
    /// Which.
    pub id: TicketId,
    /// Its number.
    pub number: String,
    /// Client and board that it had.
    pub from: (String, String),
    /// Client and board that it has.
    pub to: (String, String),
    /// Whether the new desk has no client of that name, so that the fallback client has it.
    pub is_fallback: bool,
}

/// The configuration names another desk than before: what was to be written there is called off, and what is open is to be
/// carried over once routing is complete for the new one.
pub(crate) fn desk_changed(tx: &Tx<'_>, now: DateTime<Utc>, before: &Config, after: &Config) -> Result<bool, Error> {
    let (old, new) = (desk_of(before), desk_of(after));
    if old == new {
        return Ok(false);
    }
    use State as S;
    let unfinished = [S::Queued, S::Retrying, S::InDoubt, S::NeedsHuman, S::Rejected, S::DeadLettered];
    for id in tx.psa_deliveries(&unfinished)? {
        call_off(tx, now, id)?;
    }
    tx.psa_forget_due()?;
    tx.set(Setting::PsaDesk, new.as_deref())?;
    tx.set_mark(Setting::PsaSince, new.as_ref().map(|_| now))?;
    for mark in
        [Setting::PsaCatalogueAt, Setting::PsaChangesTo, Setting::PsaSweptAt, Setting::PsaSeenAt, Setting::PsaFails]
    {
        tx.set(mark, None)?;
    }
    tx.set(Setting::PsaCarries, Some("1"))?;
    Ok(true)
}

/// Carries over what is open, where that is still to be done and routing is complete.
pub(crate) fn carry_over(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    actor: &str,
) -> Result<Option<Carried>, Error> {
    let Some(bound) = &ctx.bound else { return Ok(None) };
    if tx.setting(Setting::PsaCarries)?.is_none() {
        return Ok(None);
    }
    tx.set(Setting::PsaCarries, None)?;
    let mut carried = Carried::default();
    for row in tx.organizations(ctx.account_id())? {
        organization(tx, ctx, now, actor, &row, &mut carried)?;
    }
    let desk = desk_of(&ctx.config);
    let open = TicketFilter { open: true, ..TicketFilter::default() };
    for ticket in tx.tickets(&open)?.into_iter().rev() {
        let moving = Moving { tx, ctx, bound, now, actor: Some(actor), desk: desk.as_deref() };
        carried.tickets.extend(moving.ticket(ticket)?);
    }
    let fact = format!("{} tickets carried over", carried.tickets.len());
    tx.append(now, &Draft::new(ledger::Kind::Configured, fact).text(actor))?;
    Ok(Some(carried))
}

/// A ticket that was over when the desk changed, and is open again: it comes along now.
pub(super) fn carry_late(
    tx: &Tx<'_>,
    ctx: &Context,
    desk: &str,
    now: DateTime<Utc>,
    ticket: TicketRow,
) -> Result<TicketRow, nightdesk_store::Error> {
    let is_from_before = tx.mark(Setting::PsaSince)?.is_some_and(|since| ticket.created_at < since);
    let (Some(bound), true) = (&ctx.bound, is_from_before && ticket.state.is_open()) else { return Ok(ticket) };
    let id = ticket.id;
    let carried = Moving { tx, ctx, bound, now, actor: None, desk: Some(desk) }.ticket(ticket.clone())?;
    if carried.is_none() { Ok(ticket) } else { Ok(tx.ticket(id)?.unwrap_or(ticket)) }
}

fn organization(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    actor: &str,
    row: &OrganizationRow,
    carried: &mut Carried,
) -> Result<(), Error> {
    let Some(was) = row.client.filter(|id| !ctx.catalogue.is_active(*id)) else { return Ok(()) };
    let name = ctx.catalogue.name(was).to_owned();
    let client = ctx.catalogue.only(Kind::Client, &name).map(|e| e.id);
    let after = OrganizationRow { client, how: if client.is_some() { row.how } else { How::None }, ..row.clone() };
    mapping::write(tx, ctx, now, actor, row, &after)?;
    match client {
        Some(_) => carried.mapped += 1,
        None => carried.unmapped.push((mapping::called(row), name)),
    }
    Ok(())
}
