//! How pages begin, and how a person takes one.

use super::carry::{self, By, happen};
use super::telling;
use crate::context::Context;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use nightdesk_core::config::Channel;
use nightdesk_core::ids::{IncidentKey, TicketId};
use nightdesk_core::incident::{Incident, Severity};
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_core::paging::{
    Asked, Decision, Entity, Event, HOLD_SECONDS, How, Matter, PageState, StepState, Suppressed, begins, decide,
    headline, name,
};
use nightdesk_core::routing::Alert;
use nightdesk_store::{Error, PageRow, Purpose, RunRow, Tx};
use std::collections::BTreeMap;

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

/// A run that told its first contact longer ago holds nothing back: no phone rings for so long.
pub(super) const LONGEST_RING: Duration = Duration::minutes(10);

/// How long a desk that was blind has for a read before people are told.
const FIRST_READ: Duration = Duration::seconds(30);

/// Why a page that a person asks for can't begin.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// No such incident.
    #[error("there is no incident {0} on record here")]
    Unknown(nightdesk_core::ids::IncidentId),
    /// It has no ticket: nobody here follows it.
    #[error("incident {0} has no ticket here, so there is nothing to page anybody for")]
    NoTicket(nightdesk_core::ids::IncidentId),
    /// No carrier is set up.
    #[error("paging isn't set up: enter paging.account_sid and paging.from in the configuration first")]
    NotArmed,
    /// Nobody can be told.
    #[error("no contact of the call tree can be reached; see `nightdesk contacts`")]
    Nobody,
    /// People are being told already.
    #[error("a page for {0} runs already")]
    Runs(String),
    /// Something holds it back.
    #[error("{0} To page all the same: `nightdesk page {1} --anyway`")]
    Held(String, nightdesk_core::ids::IncidentId),
    /// No page to take.
    #[error("no page for incident {0} waits for anybody")]
    NothingToTake(nightdesk_core::ids::IncidentId),
    /// The store's.
    #[error(transparent)]
    Store(#[from] Error),
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

fn decided(
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

fn matter(tx: &Tx<'_>, ctx: &Context, called: &Called<'_>) -> Result<Matter, Error> {
    let ticket = tx.ticket(called.ticket)?;
    let client = ticket.filter(|t| !t.unmapped).map(|t| ctx.catalogue.name(t.client).to_owned());
    let client = client.or_else(|| called.organization.map(str::to_owned));
    let agent = called.incident.agent.map(|agent| tx.host(called.key.account, agent)).transpose()?.flatten();
    Ok(Matter {
        severity: called.incident.severity.word().map(str::to_owned),
        client: client.unwrap_or_else(|| "an unknown client".to_owned()),
        title: headline(called.incident),
        host: agent.and_then(|(host, _)| host?.hostname).or_else(|| name(called.incident)),
        since: None,
        is_unsure: called.is_asked_for,
    })
}

#[allow(clippy::too_many_arguments)] // one decision's parts, carried out in one place
fn carry_out(
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
            let run = run_for(tx, now, not_before)?;
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

/// The run that a new page belongs to: its own, or in a storm the one in which pages are bundled.
fn run_for(tx: &Tx<'_>, now: DateTime<Utc>, not_before: DateTime<Utc>) -> Result<RunRow, Error> {
    if not_before > now {
        // Nobody knows yet whether it pages at all: it is held alone.
        return tx.open_run(now, Purpose::Page, not_before, None);
    }
    match tx.bundle(None)? {
        Some(bundle) => Ok(bundle),
        None => tx.open_run(now, Purpose::Page, held_now(tx, now)?, None),
    }
}

/// When a run that is opened now begins.
fn held_now(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
    let before = tx.newest_begun_run(now - LONGEST_RING)?;
    Ok(before.map(|before| held_until(tx, &before, now)).transpose()?.flatten().unwrap_or(now))
}

/// A page that was held alone is needed: it begins, or in a storm it is bundled like any other.
pub(super) fn release(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, page: &PageRow) -> Result<(), Error> {
    let Some(own) = tx.run(page.run)? else { return Ok(()) };
    tx.set_matter(page.id, &Matter { is_unsure: false, ..page.matter.clone() })?;
    let run = match tx.bundle(Some(own.id))? {
        Some(bundle) => {
            tx.move_page(page.id, bundle.id)?;
            tx.save_run(now, &RunRow { state: PageState::Ended, next_at: None, ..own })?;
            bundle
        }
        None => {
            let held = RunRow { next_at: Some(held_now(tx, now)?), ..own };
            tx.save_run(now, &held)?;
            held
        }
    };
    if run.next_at.is_some_and(|at| at <= now) {
        happen(tx, ctx, now, run.id, &Event::Time, None, None)?;
    }
    Ok(())
}

/// The page of a run that waits for a severity.
pub(super) fn unsure(tx: &Tx<'_>, run: &RunRow) -> Result<Option<PageRow>, Error> {
    Ok(tx.pages_of_run(run.id)?.into_iter().find(|p| p.state == PageState::Waiting && p.matter.is_unsure))
}

/// Until when what was opened at `opened` is held because of the run before it; `None` where nobody was told then.
pub(super) fn held_until(tx: &Tx<'_>, before: &RunRow, opened: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Error> {
    let steps = tx.steps_of_run(before.id)?;
    let Some(first) = steps.first() else { return Ok(None) };
    // A call that waits for longer is held by the carrier's budget, and rings nobody.
    let leaves = |began: DateTime<Utc>| opened - began < Duration::seconds(HOLD_SECONDS);
    let rings = steps.iter().filter(|s| s.channel == Channel::Call && s.at == first.at).any(|s| match s.state {
        StepState::Sent | StepState::Ringing => true,
        StepState::Queued => leaves(s.began_at),
        _ => false,
    });
    Ok(Some(begins(opened, first.began_at, rings)))
}

/// A severity that was waited for is known: the page begins, or nobody needs it.
pub(crate) fn severity_known(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    key: IncidentKey,
    severity: &Severity,
) -> Result<(), Error> {
    if !severity.is_known() {
        return Ok(());
    }
    // What waited in vain and is bundled now can still turn out to be nobody's business.
    let waits = |p: &PageRow| p.state == PageState::Waiting && (p.matter.is_unsure || p.matter.severity.is_none());
    for page in tx.pages_of_incident(key)?.into_iter().filter(waits) {
        let was_unsure = page.matter.is_unsure;
        let matter = Matter { severity: severity.word().map(str::to_owned), is_unsure: false, ..page.matter.clone() };
        tx.set_matter(page.id, &matter)?;
        if ctx.config.paging.min_severity.admits(severity) {
            if was_unsure {
                release(tx, ctx, now, &PageRow { matter, ..page })?;
            }
        } else {
            let why = format!("its severity turned out to be {severity}");
            happen(tx, ctx, now, page.run, &Event::Over { pages: [page.id].into() }, None, Some(&why))?;
        }
    }
    Ok(())
}

/// A person wants people told, whatever the window says.
///
/// # Errors
/// [`Refused`]
pub fn page_anyway(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    key: IncidentKey,
    actor: &str,
) -> Result<(), Refused> {
    page(tx, ctx, now, key, actor, true)
}

/// A person wants people told, unless the window or anything else holds it back.
///
/// # Errors
/// [`Refused`]; [`Refused::Held`] says what holds it back.
pub fn page_unless_held(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    key: IncidentKey,
    actor: &str,
) -> Result<(), Refused> {
    page(tx, ctx, now, key, actor, false)
}

fn page(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    key: IncidentKey,
    actor: &str,
    forced: bool,
) -> Result<(), Refused> {
    let stored = tx.incident(key)?.ok_or(Refused::Unknown(key.id))?;
    let ticket = stored.ticket.ok_or(Refused::NoTicket(key.id))?;
    let incident = stored.facts()?;
    let organization = match incident.organization {
        Some(id) => tx.organization(key.account, id)?.and_then(|o| o.name),
        None => None,
    };
    let called = Called {
        key,
        incident: &incident,
        alert: Alert::New,
        old_news: false,
        ticket,
        organization: organization.as_deref().or(incident.organization_name.as_deref()),
        is_asked_for: false,
    };
    let entity = Entity::of(key, &incident);
    let decision = decided(tx, ctx, now, &entity, &called, forced)?;
    match decision {
        Decision::Suppress { reason: Suppressed::NotArmed, .. } => return Err(Refused::NotArmed),
        Decision::Suppress { reason: reason @ Suppressed::Window, until, .. } => {
            return Err(Refused::Held(suppressed_words(reason, until), key.id));
        }
        Decision::None if !forced => {
            let why = format!("Nobody is paged for an incident whose severity is {}.", incident.severity);
            return Err(Refused::Held(why, key.id));
        }
        Decision::Suppress { .. } | Decision::None => return Err(Refused::Nobody),
        Decision::Join { page } if tx.incidents_of_page(page)?.contains(&key) => return Err(Refused::Runs(entity.0)),
        Decision::Join { .. } | Decision::Page { .. } => {}
    }
    tx.override_suppressions(now, key)?;
    let words = if forced { "Asked for a page whatever the window says." } else { "Asked for a page." };
    tx.add_to_timeline(ticket, now, "page", Some(actor), words)?;
    Ok(carry_out(tx, ctx, now, key, &entity, &matter(tx, ctx, &called)?, decision, forced)?)
}

/// A person has an incident: its pages are acknowledged, those too that nobody took in time.
///
/// # Errors
/// [`Refused`]
pub fn take(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    key: IncidentKey,
    actor: &str,
    how: How,
) -> Result<usize, Refused> {
    let open = |state: PageState| state.is_open() || state == PageState::Exhausted;
    let mut runs: BTreeMap<i64, std::collections::BTreeSet<i64>> = BTreeMap::new();
    // Only the newest that was given up: an older one was answered by what followed it.
    let pages = tx.pages_of_incident(key)?;
    for page in pages.iter().enumerate().filter(|(n, p)| open(p.state) && (p.state.is_open() || *n == 0)) {
        runs.entry(page.1.run).or_default().insert(page.1.id);
    }
    if runs.is_empty() {
        return Err(Refused::NothingToTake(key.id));
    }
    let taken = runs.values().map(std::collections::BTreeSet::len).sum();
    let by = By { name: actor.to_owned(), how };
    for (run, pages) in runs {
        happen(tx, ctx, now, run, &Event::Taken { pages, phone: None }, Some(&by), None)?;
    }
    Ok(taken)
}

/// The desk has been blind for too long: people are told of that too, under the entity `desk`.
pub(crate) fn desk_is_blind(tx: &Tx<'_>, now: DateTime<Utc>, since: DateTime<Utc>) -> Result<(), Error> {
    let ctx = Context::load(tx)?;
    if !ctx.config.paging.is_set_up() {
        return Ok(());
    }
    let entity = Entity::desk();
    let tree = carry::tree(tx, &ctx.config)?;
    let earlier = tx.newest_page_of(&entity)?;
    let reaches = tree.rungs.iter().any(|r| !r.channels.is_empty());
    // A desk that goes blind again is a new danger: only a page that runs holds the next one back.
    if earlier.is_some_and(|e| e.state.is_open()) || !reaches {
        return Ok(());
    }
    let matter = Matter {
        severity: Some("critical".to_owned()),
        client: "Nightdesk".to_owned(),
        title: format!("Huntress has not been read since {}", since.to_rfc3339_opts(SecondsFormat::Secs, true)),
        host: None,
        since: Some(since.format("%H:%M UTC").to_string()),
        is_unsure: true,
    };
    // A machine that wakes has read nothing for hours, and reads in a moment: nobody is woken for that.
    let run = tx.open_run(now, Purpose::Page, now + FIRST_READ, None)?;
    let page = tx.open_page(now, run.id, &entity, &matter, false)?;
    tx.append(now, &Draft::new(Kind::Paged, format!("page {page} opened for {entity}")))?;
    Ok(())
}

/// The desk sees again: nobody needs to come for that any more.
pub(crate) fn desk_sees_again(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    let Some(earlier) = tx.newest_page_of(&Entity::desk())?.filter(|e| e.state.is_open()) else { return Ok(()) };
    let Some(page) = tx.page(earlier.page)? else { return Ok(()) };
    let ctx = Context::load(tx)?;
    let event = Event::Over { pages: [page.id].into() };
    happen(tx, &ctx, now, page.run, &event, None, Some("Huntress is read again"))
}

fn suppressed_words(reason: Suppressed, until: Option<DateTime<Utc>>) -> String {
    telling::suppressed_words(reason, until)
}
