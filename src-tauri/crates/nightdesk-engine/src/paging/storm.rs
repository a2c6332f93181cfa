//! Which run a new page belongs to: its own, or in a storm the one in which pages are bundled.

use super::carry::happen;
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Channel;
use nightdesk_core::ids::IncidentKey;
use nightdesk_core::incident::Severity;
use nightdesk_core::paging::{Event, HOLD_SECONDS, Matter, PageState, StepState, begins, free_after};
use nightdesk_store::{Error, PageRow, Purpose, RunRow, Tx};

/// A run that told its first contact longer ago holds nothing back: no phone rings for so long.
pub(super) const LONGEST_RING: Duration = Duration::minutes(10);

/// The run that a new page belongs to: its own, or in a storm the one in which pages are bundled.
pub(super) fn run_for(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    not_before: DateTime<Utc>,
    forced: bool,
) -> Result<RunRow, Error> {
    if forced {
        // Whoever asks for it wants it now, and not with what may come.
        return tx.open_run(now, Purpose::Page, held_now(tx, now, true)?, None);
    }
    if not_before > now {
        // Nobody knows yet whether it pages at all: it is held alone.
        return tx.open_run(now, Purpose::Page, not_before, None);
    }
    match tx.bundle(None)? {
        Some(bundle) => Ok(bundle),
        None => tx.open_run(now, Purpose::Page, held_now(tx, now, false)?, None),
    }
}

/// When a run that is opened now begins.
fn held_now(tx: &Tx<'_>, now: DateTime<Utc>, forced: bool) -> Result<DateTime<Utc>, Error> {
    let before = tx.newest_begun_run(now - LONGEST_RING)?;
    Ok(before.map(|before| held_until(tx, &before, now, forced)).transpose()?.flatten().unwrap_or(now))
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
            let held = RunRow { next_at: Some(held_now(tx, now, page.forced)?), ..own };
            tx.save_run(now, &held)?;
            held
        }
    };
    if run.next_at.is_some_and(|at| at <= now) {
        happen(tx, ctx, now, run.id, &Event::Time, None, None)?;
    }
    Ok(())
}

/// Until when what was opened at `opened` is held because of the run before it; `None` where nobody was told then.
/// What a person asks for, and what comes once the run before it is over, is no part of its storm: it waits for a free
/// line alone.
pub(super) fn held_until(
    tx: &Tx<'_>,
    before: &RunRow,
    opened: DateTime<Utc>,
    forced: bool,
) -> Result<Option<DateTime<Utc>>, Error> {
    let steps = tx.steps_of_run(before.id)?;
    let Some(first) = steps.first() else { return Ok(None) };
    // A call that waits for longer is held by the carrier's budget, and rings nobody.
    let leaves = |began: DateTime<Utc>| opened - began < Duration::seconds(HOLD_SECONDS);
    let mut calls = steps.iter().filter(|s| s.channel == Channel::Call && s.at == first.at);
    let rings = calls.clone().any(|s| match s.state {
        StepState::Sent | StepState::Ringing => true,
        StepState::Queued => leaves(s.began_at),
        // It is still to be hung up.
        StepState::Cancelled => s.look_at.is_some(),
        _ => false,
    });
    if (forced || before.ended_at.is_some_and(|at| at <= opened)) && !rings {
        let thanked = calls.rfind(|s| matches!(s.state, StepState::Acknowledged | StepState::PassedOn));
        return Ok(Some(thanked.map_or(opened, |s| free_after(opened, s.changed_at))));
    }
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
