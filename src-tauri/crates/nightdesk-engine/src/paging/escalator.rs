//! The task that lets time go on: bundles begin, contacts' waits end, drills run out. It asks nobody outside, so nothing
//! outside holds it up (ND-9).

use super::carry::{happen, heard};
use super::drill;
use super::storm::{LONGEST_RING, held_until, release};
use crate::contacts;
use crate::context::Context;
use crate::db::Db;
use crate::faults;
use crate::pulse::Pulse;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::paging::StepState;
use nightdesk_core::paging::{Entity, Event, LONGEST_HOLD_SECONDS, PageState, Suppressed, heard_of_delivery};
use nightdesk_store::{Error, Purpose, RunRow, Setting, Topic, Tx};
use tokio_util::sync::CancellationToken;

/// How long to wait before looking again after the store failed.
const AFTER_STORE_ERROR: Duration = Duration::seconds(5);

/// The longest that a run is held before it begins.
const LONGEST_HOLD: Duration = Duration::seconds(LONGEST_HOLD_SECONDS);

/// How soon the carrier is asked for the first time of what it took.
pub(super) const FIRST_LOOK: Duration = Duration::seconds(2);

/// The task.
pub struct Escalator {
    /// The store.
    pub db: Db,
    /// What wakes it.
    pub pulse: Pulse,
    /// Ends it.
    pub stop: CancellationToken,
}

impl Escalator {
    /// The task's name in the pulse.
    pub const NAME: &'static str = "escalator";

    /// Runs until stopped.
    pub async fn run(self) {
        let mut waiter = self.pulse.waiter(Self::NAME);
        let mut known = Known::default();
        loop {
            waiter.look();
            if self.stop.is_cancelled() {
                return;
            }
            let now = self.pulse.clock().now();
            let next = match turn(&self.db, now, known).await {
                Ok(turn) => {
                    known = turn.known;
                    if turn.moved {
                        self.pulse.beat();
                    }
                    turn.next
                }
                Err(error) => {
                    tracing::error!(%error, "pages could not go on; trying again in 5 seconds");
                    Some(now + AFTER_STORE_ERROR)
                }
            };
            tokio::select! {
                () = waiter.rest(next) => {}
                () = self.stop.cancelled() => return,
            }
        }
    }
}

/// Lets time go on once, for a command where no engine does; what it queues is tied to `cause`.
pub(crate) async fn go_on(db: &Db, now: DateTime<Utc>, cause: &str) -> Result<(), Error> {
    let before = db.read(|tx| tx.newest_delivery()).await?;
    turn(db, now, Known::default()).await?;
    let cause = cause.to_owned();
    db.write(move |tx| tx.caused_since(before, &cause)).await
}

/// What one look came to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Turn {
    /// Something changed.
    pub moved: bool,
    /// When there is something to do again.
    pub next: Option<DateTime<Utc>>,
    /// What was read of the configuration.
    pub known: Known,
}

/// What a look at what is due needs of the configuration and the contacts, as of their revisions: there is one at every
/// beat, and they hardly ever change.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    revisions: Option<(i64, i64)>,
    longest_wait: Duration,
    /// Paging is set up and reaches somebody, and was never armed before.
    is_newly_armed: bool,
}

impl Known {
    /// As of now; read only where something has changed.
    fn refreshed(self, tx: &Tx<'_>) -> Result<Self, Error> {
        let revisions = Some((tx.revision(Topic::Configuration)?, tx.revision(Topic::Contacts)?));
        if self.revisions == revisions {
            return Ok(self);
        }
        let ctx = Context::load(tx)?;
        Ok(Self { revisions, longest_wait: longest_wait(&ctx), is_newly_armed: is_newly_armed(tx, &ctx)? })
    }

    /// ND-11: the latest time at which a run can want to go on. What is later comes from a clock that was set back since.
    fn latest(self, now: DateTime<Utc>, run: &RunRow) -> DateTime<Utc> {
        now + match (run.purpose, run.state) {
            (Purpose::Page, PageState::Waiting) => LONGEST_HOLD,
            (Purpose::Page, _) => self.longest_wait,
            (Purpose::Drill | Purpose::Test, _) => Duration::minutes(drill::DRILL_MINUTES),
        }
    }
}

fn longest_wait(ctx: &Context) -> Duration {
    let waits = ctx.config.contacts.iter().filter_map(|c| c.wait_minutes).chain([ctx.config.paging.step_wait_minutes]);
    Duration::minutes(i64::from(waits.max().unwrap_or(60).clamp(1, 60)))
}

/// Does what is due. A turn with nothing to do only reads, so that an idle desk writes nothing.
pub(super) async fn turn(db: &Db, now: DateTime<Utc>, known: Known) -> Result<Turn, Error> {
    let (due, next, known) = db
        .read(move |tx| {
            let known = known.refreshed(tx)?;
            due(tx, now, known).map(|(due, next)| (due, next, known))
        })
        .await?;
    if !due {
        return Ok(Turn { moved: false, next, known });
    }
    db.write(move |tx| {
        let ctx = Context::load(tx)?;
        let mut known = known.refreshed(tx)?;
        if is_newly_armed(tx, &ctx)? {
            arm(tx, &ctx, now)?;
        }
        known.is_newly_armed = false;
        hear_of_deliveries(tx, &ctx, now)?;
        for run in tx.open_runs()? {
            let run = RunRow { next_at: run.next_at.map(|at| at.min(known.latest(now, &run))), ..run };
            if run.purpose != Purpose::Page {
                drill::go_on(tx, now, &run)?;
            } else if next_of(tx, now, &run)?.is_none_or(|at| at <= now) {
                // Nobody knows how bad it is: it is taken to be bad.
                if let Some(page) = tx.unsure_page(run.id)? {
                    release(tx, &ctx, now, &page)?;
                    continue;
                }
                // A bundle that is no longer held begins before its latest time.
                tx.save_run(now, &RunRow { next_at: Some(now), ..run.clone() })?;
                happen(tx, &ctx, now, run.id, &Event::Time, None, None)?;
            } else if tx.run(run.id)?.is_some_and(|stored| stored.next_at != run.next_at) {
                tx.save_run(now, &run)?;
            }
        }
        let (_, next) = self::due(tx, now, known)?;
        faults::point("pages.turn");
        Ok::<_, Error>(Turn { moved: true, next, known })
    })
    .await
    .inspect(|_| faults::point("pages.turned"))
}

fn due(tx: &Tx<'_>, now: DateTime<Utc>, known: Known) -> Result<(bool, Option<DateTime<Utc>>), Error> {
    let mut next: Option<DateTime<Utc>> = None;
    let mut is_due = known.is_newly_armed;
    for run in tx.open_runs()? {
        let at = if run.purpose == Purpose::Page { next_of(tx, now, &run)? } else { drill::next_of(tx, &run)? };
        is_due |= at.is_none_or(|at| at <= now);
        is_due |= at.is_some_and(|at| at > known.latest(now, &run));
        next = next.into_iter().chain(at).min();
    }
    for step in tx.queued_steps()? {
        let Some(delivery) = step.delivery.map(|d| tx.delivery(d)).transpose()?.flatten() else { continue };
        is_due |= heard_of_delivery(delivery.state).is_some();
    }
    Ok((is_due, next))
}

/// When a run goes on: a bundle's hold is looked at anew, because it may end before its latest time.
fn next_of(tx: &Tx<'_>, now: DateTime<Utc>, run: &RunRow) -> Result<Option<DateTime<Utc>>, Error> {
    // ND-11: a hold reckoned from an opening that is still to come, since the clock was set back, would never end.
    if run.state != PageState::Waiting || run.opened_at > now || tx.unsure_page(run.id)?.is_some() {
        return Ok(run.next_at);
    }
    let Some(before) = tx.newest_begun_run(now - LONGEST_RING)? else { return Ok(run.next_at) };
    let held = held_until(tx, &before, run.opened_at, tx.is_forced(run.id)?)?;
    Ok(held.or(run.next_at))
}

/// What the outbox has heard of waiting steps: the carrier took them, or never will.
pub(super) fn hear_of_deliveries(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>) -> Result<(), Error> {
    for step in tx.queued_steps()? {
        let Some(delivery) = step.delivery.map(|d| tx.delivery(d)).transpose()?.flatten() else { continue };
        let Some(state) = heard_of_delivery(delivery.state) else { continue };
        if state == StepState::Sent {
            tx.page_accepted(delivery.settled_at.unwrap_or(now), step.id)?;
        }
        let look_at = state.is_followed(step.channel).then(|| now + FIRST_LOOK);
        heard(
            tx,
            ctx,
            now,
            &step,
            state,
            look_at,
            delivery.last_error.as_deref().filter(|_| state == StepState::Failed),
        )?;
    }
    Ok(())
}

fn is_newly_armed(tx: &Tx<'_>, ctx: &Context) -> Result<bool, Error> {
    if !ctx.config.paging.is_set_up() || tx.mark(Setting::PagingArmedAt)?.is_some() {
        return Ok(false);
    }
    Ok(contacts::reachable(tx, &ctx.config)?.iter().any(|r| !r.ways.is_empty()))
}

/// Paging is armed for the first time: what is open already is listed with "page anyway", and not dialled.
fn arm(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>) -> Result<(), Error> {
    tx.set_mark(Setting::PagingArmedAt, Some(now))?;
    for key in tx.open_incidents(ctx.account_id())? {
        let Some(stored) = tx.incident(key)? else { continue };
        let incident = stored.facts()?;
        let known = !tx.pages_of_incident(key)?.is_empty() || !tx.suppressions_of(key)?.is_empty();
        if !known && stored.ticket.is_some() && ctx.config.paging.min_severity.admits(&incident.severity) {
            tx.suppress(now, key, &Entity::of(key, &incident), Suppressed::ArmedLater, None, None)?;
        }
    }
    Ok(())
}
