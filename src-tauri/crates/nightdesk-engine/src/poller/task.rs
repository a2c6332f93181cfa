//! When to poll: exactly every interval on the wall clock, and at once when somebody asks. One walk runs and one waits.

use super::chores::next_due;
use super::{Desk, PollError, PollReport, Progress};
use crate::context::Context;
use crate::pulse::{Pulse, Waiter};
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::clock::JUMP;
use nightdesk_core::port::HuntressError;
use nightdesk_store::{Error, RequestRow, Setting, Topic, Tx};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::watch as channel;
use tokio_util::sync::CancellationToken;

/// A chore that failed isn't tried again sooner.
const CHORES_PAUSE: Duration = Duration::minutes(1);

/// Asks for a poll now, from inside the process: after sleep, a clock jump, a change of network.
#[derive(Clone)]
pub struct Poke {
    wanted: Arc<AtomicBool>,
    pulse: Pulse,
}

impl Poke {
    /// A poke that no poller listens to yet.
    pub fn new(pulse: Pulse) -> Self {
        Self { wanted: Arc::default(), pulse }
    }

    /// Asks.
    pub fn poke(&self) {
        self.wanted.store(true, Ordering::SeqCst);
        self.pulse.beat();
    }
}

/// How far the poll that runs now is. In memory only: it is worth nothing to anyone after the poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// When it began.
    pub since: DateTime<Utc>,
    /// Incidents read so far.
    pub fetched: u32,
    /// Tickets opened so far.
    pub created: u32,
}

/// The polling task.
pub struct Poller {
    /// What it polls with.
    pub desk: Desk,
    /// What wakes it.
    pub pulse: Pulse,
    /// Asks for a poll out of turn.
    pub poke: Poke,
    /// Shows how far a poll is.
    pub running: channel::Sender<Option<Running>>,
    /// Ends it.
    pub stop: CancellationToken,
}

/// Where polling stands between two looks.
#[derive(Default)]
struct Turn {
    next: Option<DateTime<Utc>>,
    overslept: bool,
    refusals: u32,
    revisions: Option<(i64, i64)>,
    /// Chores wait until the first poll has shown that Huntress answers, and a while after one failed.
    chores: Option<DateTime<Utc>>,
}

impl Poller {
    /// Polls until stopped.
    pub async fn run(self) {
        let mut waiter = self.pulse.waiter("poller");
        let mut turn = Turn::default();
        while !self.stop.is_cancelled() {
            waiter.look();
            let until = match self.turn(&mut turn).await {
                Ok(until) => until,
                Err(e) => {
                    tracing::error!(error = %e, "the poller could not use the store; trying again in 10 seconds");
                    Some(self.pulse.clock().now() + Duration::seconds(10))
                }
            };
            self.wait(&mut waiter, until).await;
        }
    }

    async fn wait(&self, waiter: &mut Waiter, until: Option<DateTime<Utc>>) {
        tokio::select! {
            () = waiter.rest(until) => {}
            () = self.stop.cancelled() => {}
        }
    }

    async fn turn(&self, turn: &mut Turn) -> Result<Option<DateTime<Utc>>, Error> {
        let now = self.pulse.clock().now();
        let (asked, interval, complete, revisions) = self
            .desk
            .db
            .read(|tx| {
                let ctx = Context::load(tx)?;
                let asked: Vec<RequestRow> = tx.waiting_requests()?.into_iter().filter(|r| r.kind == "poll").collect();
                let revisions = (tx.revision(Topic::Secrets)?, tx.revision(Topic::Configuration)?);
                Ok::<_, Error>((asked, ctx.config.routing.poll_interval_minutes, ctx.bound.is_some(), revisions))
            })
            .await?;
        let interval = Duration::minutes(i64::from(interval.clamp(1, 60)));
        // A new key or configuration is tried at once, also while refusals keep polling slow.
        let changed = turn.revisions.replace(revisions).is_some_and(|before| before != revisions);
        let poked = self.poke.wanted.swap(false, Ordering::SeqCst);
        // An appointment further away than the interval comes from a clock that was set back.
        let set_back = turn.refusals == 0 && turn.next.is_some_and(|n| n - now > interval);
        let due = set_back || turn.next.is_none_or(|n| n <= now);
        if asked.is_empty() && !complete {
            return Ok(None);
        }
        if !(due || poked || changed || !asked.is_empty()) {
            return self.chores(turn, now).await;
        }
        // So late that the machine may have slept, or set back: the watcher records that first and then asks for this
        // poll, or else the gap would begin after the read that ends it, and be polled for a second time.
        let late = asked.is_empty() && (set_back || turn.next.is_some_and(|n| now - n >= jump()));
        if late && !poked && !std::mem::replace(&mut turn.overslept, true) {
            return Ok(Some(now + Duration::seconds(1)));
        }
        turn.overslept = false;
        if poked {
            self.desk.db.write(sweep_soon).await?;
        }
        let scheduled = turn.next.filter(|n| due && *n <= now && now - *n < interval).unwrap_or(now);
        self.poll(turn, scheduled, interval, &asked).await
    }

    async fn poll(
        &self,
        turn: &mut Turn,
        scheduled: DateTime<Utc>,
        interval: Duration,
        asked: &[RequestRow],
    ) -> Result<Option<DateTime<Utc>>, Error> {
        let ids: Vec<i64> = asked.iter().map(|r| r.id).collect();
        if !ids.is_empty() {
            let ids = ids.clone();
            self.desk.db.write(move |tx| ids.iter().try_for_each(|id| tx.begin_request(*id))).await?;
        }
        let (report, failed) = self.shown().await;
        turn.refusals = match &failed {
            Some(PollError::Huntress(HuntressError::Refused { .. })) => turn.refusals + 1,
            _ => 0,
        };
        // A refused key is tried ever more rarely, so that no account is locked; a new one is tried at once.
        let factor = 1_i32 << turn.refusals.saturating_sub(1).min(6);
        let next = scheduled + (interval * factor).min(Duration::minutes(60).max(interval));
        turn.next = Some(next);
        let answer = serde_json::to_string(&report)?;
        let paused = report.paused;
        self.desk
            .db
            .write(move |tx| {
                tx.set_mark(Setting::NextPollAt, (!paused).then_some(next))?;
                ids.iter().try_for_each(|id| tx.answer_request(*id, &answer))
            })
            .await?;
        self.pulse.beat();
        turn.chores = report.ok.then_some(self.pulse.clock().now());
        if paused { Ok(None) } else { self.chores(turn, self.pulse.clock().now()).await }
    }

    /// One poll, of which others can see how far it is.
    async fn shown(&self) -> (PollReport, Option<PollError>) {
        let since = self.pulse.clock().now();
        self.running.send_replace(Some(Running { since, fetched: 0, created: 0 }));
        let (running, pulse) = (self.running.clone(), self.pulse.clone());
        let progress: Progress = Arc::new(move |counts| {
            running.send_replace(Some(Running { since, fetched: counts.fetched, created: counts.tickets_created }));
            // What a committed page queued leaves at once, and doesn't wait for the pages after it.
            if counts.new + counts.changed > 0 {
                pulse.beat();
            }
        });
        let polled = Desk { progress: Some(progress), ..self.desk.clone() }.poll().await;
        self.running.send_replace(None);
        polled
    }

    /// Does the chores that are due; answers when to look again.
    async fn chores(&self, turn: &mut Turn, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Error> {
        let Some(from) = turn.chores else { return Ok(turn.next) };
        let mut due = self.desk.db.read(move |tx| next_due(tx, now)).await?.max(from);
        if due <= now {
            self.desk.chores(&mut PollReport::default()).await;
            // What the sweep found is paged, and notices are told, at once and not with the next poll.
            self.pulse.beat();
            let after = self.pulse.clock().now();
            due = self.desk.db.read(move |tx| next_due(tx, after)).await?.max(after + CHORES_PAUSE);
            turn.chores = Some(after + CHORES_PAUSE);
        }
        Ok(Some(turn.next.map_or(due, |next| next.min(due))))
    }
}

fn jump() -> Duration {
    Duration::from_std(JUMP).unwrap_or(Duration::MAX)
}

/// After sleep or a clock jump Huntress's whole open list is compared again, not only what changed.
fn sweep_soon(tx: &Tx<'_>) -> Result<(), Error> {
    match tx.mark(Setting::LastSweepAt)? {
        Some(_) => tx.set_mark(Setting::LastSweepAt, Some(DateTime::UNIX_EPOCH)),
        None => Ok(()),
    }
}
