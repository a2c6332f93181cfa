//! How incidents' pages begin.

use super::carry::{self, happen};
use super::storm::run_for;
use super::telling::suppressed_words;
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::ids::{IncidentKey, TicketId};
use nightdesk_core::incident::Incident;
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_core::paging::{Asked, Decision, Entity, Event, Matter, decide, headline_beside, name};
use nightdesk_core::routing::Alert;
use nightdesk_store::{Error, Tx};

/// An incident that calls for people.
pub(crate) struct Called<'a> {
    pub key: IncidentKey,
    pub incident: &'a Incident,
    pub alert: Alert,
    pub old_news: bool,
    pub ticket: TicketId,
    /// The organization's name, for where it is mapped to no client.
    pub organization: Option<&'a str>,
    /// Its severity is unknown and is being asked for.
    pub is_asked_for: bool,
}

/// Considers whether an alert pages anybody, and begins what follows in the same transaction: the first text and call are
/// in the outbox when the incident is committed.
pub(crate) fn consider(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, called: &Called<'_>) -> Result<(), Error> {
    // A desk without paging has no page to hold back either.
    if !ctx.config.paging.is_set_up() || !ctx.config.paging.min_severity.admits(&called.incident.severity) {
        return Ok(());
    }
    let entity = Entity::of(called.key, called.incident);
    let matter = matter(tx, ctx, called)?;
    let decision = decided(tx, ctx, now, &entity, called, false)?;
    carry_out(tx, ctx, now, called.key, &entity, &matter, decision, false)
}

pub(super) fn decided(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    entity: &Entity,
    called: &Called<'_>,
    forced: bool,
) -> Result<Decision, Error> {
    let paging = &ctx.config.paging;
    let tree = carry::tree(tx, &ctx.config)?;
    Ok(decide(&Asked {
        now,
        severity: &called.incident.severity,
        is_asked_for: called.is_asked_for,
        alert: called.alert,
        old_news: called.old_news,
        threshold: paging.min_severity,
        window: window(ctx),
        is_armed: paging.is_set_up(),
        reaches_somebody: tree.rungs.iter().any(|r| !r.channels.is_empty()),
        earlier: tx.newest_page_of(entity)?,
        forced,
    }))
}

pub(super) fn window(ctx: &Context) -> Duration {
    Duration::hours(i64::from(ctx.config.paging.window_hours.clamp(1, 168)))
}

pub(super) fn matter(tx: &Tx<'_>, ctx: &Context, called: &Called<'_>) -> Result<Matter, Error> {
    let ticket = tx.ticket(called.ticket)?;
    let client = ticket.filter(|t| !t.unmapped).map(|t| ctx.catalogue.name(t.client).to_owned());
    let client = client.or_else(|| called.organization.map(str::to_owned));
    let agent = called.incident.agent.map(|agent| tx.host(called.key.account, agent)).transpose()?.flatten();
    let host = agent.and_then(|(host, _)| host?.hostname).or_else(|| name(called.incident));
    Ok(Matter {
        severity: called.incident.severity.word().map(str::to_owned),
        client: client.unwrap_or_else(|| "an unknown client".to_owned()),
        title: headline_beside(called.incident, host.as_deref()),
        host,
        since: None,
        is_unsure: called.is_asked_for,
    })
}

#[allow(clippy::too_many_arguments)] // one decision's parts, carried out in one place
pub(super) fn carry_out(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    key: IncidentKey,
    entity: &Entity,
    matter: &Matter,
    decision: Decision,
    forced: bool,
) -> Result<(), Error> {
    match decision {
        Decision::None => Ok(()),
        Decision::Join { page } => {
            tx.join_page(now, page, key)?;
            tx.append(now, &Draft::new(Kind::Paged, format!("joined page {page} for {entity}")).incident(key))?;
            carry::note(tx, now, page, "It is part of a page that runs already.")
        }
        Decision::Suppress { reason, page, until } => {
            tx.suppress(now, key, entity, reason, page, until)?;
            let words = suppressed_words(reason, until);
            let draft = Draft::new(Kind::Paged, format!("not paged: {} for {entity}", reason.word()));
            tx.append(now, &draft.incident(key))?;
            if let Some(ticket) = tx.incident(key)?.and_then(|i| i.ticket) {
                tx.add_to_timeline(ticket, now, "page", None, &words)?;
            }
            Ok(())
        }
        Decision::Page { not_before } => {
            let run = run_for(tx, now, not_before, forced)?;
            let page = tx.open_page(now, run.id, entity, matter, forced)?;
            tx.join_page(now, page, key)?;
            tx.append(now, &Draft::new(Kind::Paged, format!("page {page} opened for {entity}")).incident(key))?;
            if run.next_at.is_some_and(|at| at <= now) {
                happen(tx, ctx, now, run.id, &Event::Time, None, None)?;
            }
            Ok(())
        }
    }
}
