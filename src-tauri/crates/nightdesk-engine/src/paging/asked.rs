//! Pages that a person asks for, or takes.

use super::carry::{By, happen};
use super::escalator::hear_of_deliveries;
use super::opening::{Called, carry_out, decided, matter};
use super::telling::suppressed_words;
use crate::context::Context;
use chrono::{DateTime, Utc};
use nightdesk_core::content;
use nightdesk_core::ids::{IncidentId, IncidentKey};
use nightdesk_core::paging::{Decision, Entity, Event, How, PageState, Suppressed};
use nightdesk_core::routing::Alert;
use nightdesk_store::{Error, PageRow, Tx};
use std::collections::{BTreeMap, BTreeSet};

/// Why a page that a person asks for can't begin.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// No such incident.
    #[error("there is no incident {0} on record here")]
    Unknown(IncidentId),
    /// It has no ticket: nobody here follows it.
    #[error("incident {0} has no ticket here, so there is nothing to page anybody for")]
    NoTicket(IncidentId),
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
    Held(String, IncidentId),
    /// No page to take.
    #[error("no page for incident {0} waits for anybody")]
    NothingToTake(IncidentId),
    /// Nor one for the desk.
    #[error("no page for the desk itself waits for anybody")]
    DeskSees,
    /// No such page.
    #[error("there is no page {0}")]
    NoPage(i64),
    /// That page is over.
    #[error("page {0} is over: nobody waits for an answer to it")]
    Over(i64),
    /// The store's.
    #[error(transparent)]
    Store(#[from] Error),
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
        Decision::Join { page } if tx.incidents_of_page(page)?.contains(&key) => {
            let matter = tx.page(page)?.map(|p| p.matter).unwrap_or_default();
            let (client, what) = (content::line(&matter.client), content::line(&matter.what()));
            return Err(Refused::Runs(format!("{client}, {what},")));
        }
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
    // Where no engine runs nobody has looked yet what has left, and whoever had a text hears who has the page.
    hear_of_deliveries(tx, ctx, now)?;
    let mut runs: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for page in tx.pages_of_incident(key)? {
        if can_be_taken(tx, &page)? {
            runs.entry(page.run).or_default().insert(page.id);
        }
    }
    if runs.is_empty() {
        return Err(Refused::NothingToTake(key.id));
    }
    let taken = runs.values().map(BTreeSet::len).sum();
    let by = By { name: actor.to_owned(), how };
    for (run, pages) in runs {
        happen(tx, ctx, now, run, &Event::Taken { pages, phone: None }, Some(&by), None)?;
    }
    Ok(taken)
}

/// A person has one page, whatever it is about.
///
/// # Errors
/// [`Refused::NoPage`], [`Refused::Over`].
pub fn take_page(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    page: i64,
    actor: &str,
    how: How,
) -> Result<(), Refused> {
    hear_of_deliveries(tx, ctx, now)?;
    let page = tx.page(page)?.ok_or(Refused::NoPage(page))?;
    if !can_be_taken(tx, &page)? {
        return Err(Refused::Over(page.id));
    }
    let (by, pages) = (By { name: actor.to_owned(), how }, BTreeSet::from([page.id]));
    Ok(happen(tx, ctx, now, page.run, &Event::Taken { pages, phone: None }, Some(&by), None)?)
}

/// A person has the desk's own page, which belongs to no incident; answers its number.
///
/// # Errors
/// [`Refused::DeskSees`].
pub fn take_desk(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, actor: &str, how: How) -> Result<i64, Refused> {
    let page = tx.newest_page_of(&Entity::desk())?.ok_or(Refused::DeskSees)?.page;
    match take_page(tx, ctx, now, page, actor, how) {
        Err(Refused::Over(_)) => Err(Refused::DeskSees),
        other => other.map(|()| page),
    }
}

/// Of those that were given up only an entity's newest: an older one was answered by what followed it.
fn can_be_taken(tx: &Tx<'_>, page: &PageRow) -> Result<bool, Error> {
    if page.state.is_open() {
        return Ok(true);
    }
    Ok(page.state == PageState::Exhausted && tx.newest_page_of(&page.entity)?.is_some_and(|e| e.page == page.id))
}
