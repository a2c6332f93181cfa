//! The dispatcher: claims what is due, sends it and settles it. Nothing else may send.
//!
//! ND-5: the attempt's row is committed before a byte leaves, and an attempt whose outcome is unknown goes into doubt.
//! ND-9: each kind of delivery has places of its own, and so has each endpoint of webhooks, so that a slow provider holds
//! up nobody else.

mod attempt;
mod lanes;
mod pacing;
mod verdict;

pub(crate) use verdict::conclude;

use crate::db::Db;
use crate::faults;
use crate::hooks;
use crate::pulse::Pulse;
use attempt::Carrier;
use chrono::{DateTime, Duration, Utc};
use lanes::{Lane, Lanes, Open};
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::{Kind, LEASE_SECONDS};
use nightdesk_core::port::Sender;
use nightdesk_store::{Claimant, Claimed, Error};
use pacing::Pacing;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How many deliveries of one kind are under way at once.
pub const IN_FLIGHT: usize = 4;

/// How long to wait before looking again after the store failed.
const AFTER_STORE_ERROR: Duration = Duration::seconds(5);

/// What a dispatcher needs of the engine around it.
pub struct Surroundings {
    /// The store.
    pub db: Db,
    /// Wake-ups, and the clock.
    pub pulse: Pulse,
    /// The ways out, at most one of each kind.
    pub senders: Vec<Arc<dyn Sender>>,
    /// Who claims.
    pub owner: String,
    /// The epoch of the sender's duty: claims of earlier ones are void.
    pub epoch: i64,
    /// Ends the claiming; what is under way runs on.
    pub stop: CancellationToken,
    /// Where sends run, so that a stop can wait for them.
    pub tasks: TaskTracker,
}

/// The running dispatcher.
pub struct Dispatcher {
    around: Surroundings,
    lanes: Lanes,
    /// None until the first round, and after one that failed: it is read from the record then.
    pacing: Option<Pacing>,
}

impl Dispatcher {
    /// A dispatcher that claims nothing yet.
    pub fn new(around: Surroundings) -> Self {
        let lanes = Lanes::new(&around.senders);
        Self { around, lanes, pacing: None }
    }

    /// Runs until stopped. Afterwards no claim is made; what is under way ends by itself on the task tracker.
    pub async fn run(mut self) {
        let mut waiter = self.around.pulse.waiter("dispatcher");
        let mut first = true;
        loop {
            waiter.look();
            if self.around.stop.is_cancelled() {
                return;
            }
            let next = match self.round(first).await {
                Ok(next) => {
                    first = false;
                    next
                }
                Err(error) => {
                    tracing::warn!(%error, "the outbox could not be read");
                    Some(self.now() + AFTER_STORE_ERROR)
                }
            };
            tokio::select! {
                () = self.around.stop.cancelled() => return,
                () = waiter.rest(next) => {}
            }
        }
    }

    fn now(&self) -> DateTime<Utc> {
        self.around.pulse.clock().now()
    }

    /// Claims everything that is due, has a place and is not too much at a time, and says when there will be more. A
    /// round in which nothing is due only reads, so that an idle desk writes nothing.
    async fn round(&mut self, first: bool) -> Result<Option<DateTime<Utc>>, Error> {
        let now = self.now();
        let (open, held) = (self.open(now), self.held(now));
        let ((next, endpoints), is_ahead) =
            self.around.db.read(move |tx| Ok::<_, Error>((open.next(tx)?, tx.is_ahead_of_clock(now)?))).await?;
        self.lanes.follow(&endpoints);
        let next = next.into_iter().chain(held).min();
        if !first && !is_ahead && next.is_none_or(|at| at > now) {
            return Ok(next);
        }
        let places: Vec<_> = self.lanes.iter().map(|l| (l.sender.kind(), l.to.clone(), self.free(l, now))).collect();
        let (owner, epoch) = (self.around.owner.clone(), self.around.epoch);
        let pacing = self.pacing.take();
        let (claimed, pacing, has_expired) = self
            .around
            .db
            .write(move |tx| {
                let mut pacing = pacing.map_or_else(|| Pacing::on_record(tx), Ok)?;
                pacing.begin();
                let (waiting, doubtful) = tx.take_over(epoch, now)?;
                if waiting + doubtful > 0 {
                    tracing::info!(waiting, doubtful, "took over claims whose holder is gone");
                }
                tx.heed_clock(now)?;
                let has_expired = verdict::expire(tx, now)?;
                hooks::let_go_of_strays(tx, now)?;
                let mut claimed = Vec::new();
                for (lane, (kind, to, free)) in places.into_iter().enumerate().filter(|(_, (_, _, free))| *free > 0) {
                    let by = Claimant { owner: &owner, epoch, until: lease(now) };
                    let found = match to {
                        Some(to) => tx.claim_due_to(kind, &to, by, now, free)?,
                        None => tx.claim_due(kind, by, now, free, |due| pacing.admits(kind, due, now))?,
                    };
                    claimed.extend(found.into_iter().map(|c| (lane, c)));
                }
                Ok::<_, Error>((claimed, pacing, has_expired))
            })
            .await?;
        self.pacing = Some(pacing);
        if has_expired {
            // It is on its ticket's timeline, and a page may go on without it.
            self.around.pulse.beat();
        }
        if !claimed.is_empty() {
            faults::point("dispatch.claimed");
        }
        for (lane, claimed) in claimed {
            if let Some(lane) = self.lanes.get(lane) {
                self.set_off(lane, claimed);
            }
        }
        let (open, held) = (self.open(now), self.held(now));
        let (next, _) = self.around.db.read(move |tx| open.next(tx)).await?;
        Ok(next.into_iter().chain(held).min())
    }

    /// Where there is a place that may be taken now. What is due elsewhere waits for a settling, which beats the pulse,
    /// or for the carrier's pace.
    fn open(&self, now: DateTime<Utc>) -> Open {
        self.lanes.open(|kind| self.held_until(kind, now).is_none())
    }

    fn held_until(&self, kind: Kind, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let closed = self.lanes.iter().filter(|l| l.sender.kind() == kind).filter_map(|l| l.sender.closed_until());
        let paced = self.pacing.as_ref().and_then(|pacing| pacing.held(kind, now));
        closed.filter(|until| *until > now).chain(paced).max()
    }

    /// When the first of those that wait for the carrier's pace may go on.
    fn held(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.lanes.iter().filter_map(|l| self.held_until(l.sender.kind(), now)).min()
    }

    /// How many a lane takes now: none while its provider wants nothing more.
    fn free(&self, lane: &Lane, now: DateTime<Utc>) -> u32 {
        let is_closed = lane.sender.closed_until().is_some_and(|until| until > now);
        if is_closed { 0 } else { lane.free() }
    }

    fn set_off(&self, lane: &Lane, claimed: Claimed) {
        // Without a place, which can't be, the lease simply runs out.
        let Some(place) = lane.place() else { return };
        let carrier = Carrier {
            db: self.around.db.clone(),
            clock: self.around.pulse.clock().clone(),
            sender: lane.sender.clone(),
            tasks: self.around.tasks.clone(),
            stop: self.around.stop.clone(),
        };
        let pulse = self.around.pulse.clone();
        self.around.tasks.spawn(carry(carrier, claimed, place, pulse));
    }
}

async fn carry(carrier: Carrier, claimed: Claimed, place: OwnedSemaphorePermit, pulse: Pulse) {
    carrier.carry(claimed).await;
    // The place is free before the beat, or the dispatcher would look, see none and rest.
    drop(place);
    pulse.beat();
}

fn lease(now: DateTime<Utc>) -> DateTime<Utc> {
    now + Duration::seconds(LEASE_SECONDS)
}

/// What a command without an engine delivered of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Attempts made.
    pub attempted: u32,
    /// Of those, how many ended well.
    pub arrived: u32,
}

/// One attempt each for what `cause` queued, for a command that runs without an engine. What is then still unsettled
/// waits for one. The caller holds the directory's lock and has taken the duty, which `epoch` proves.
pub async fn once(
    db: &Db,
    clock: &Arc<dyn Clock>,
    senders: &[Arc<dyn Sender>],
    owner: &str,
    epoch: i64,
    cause: &str,
) -> Result<Delivered, Error> {
    let begun = clock.now();
    let tasks = TaskTracker::new();
    db.write(move |tx| tx.take_over(epoch, begun)).await?;
    let lanes: Vec<_> = senders
        .iter()
        .map(|sender| {
            let carrier = Carrier {
                db: db.clone(),
                clock: clock.clone(),
                sender: sender.clone(),
                tasks: tasks.clone(),
                stop: CancellationToken::new(),
            };
            tasks.spawn(drain(carrier, owner.to_owned(), epoch, cause.to_owned(), begun))
        })
        .collect();
    let mut sum = Delivered::default();
    for lane in lanes {
        let part = lane.await.map_err(|e| Error::Io(format!("a sender's task ended early: {e}")))??;
        sum.attempted += part.attempted;
        sum.arrived += part.arrived;
    }
    Ok(sum)
}

/// Sends one kind's share, a few at a time, so that no lease runs out while it waits its turn. Only what was due when
/// the command began: a retry is always later than that.
async fn drain(
    carrier: Carrier,
    owner: String,
    epoch: i64,
    cause: String,
    begun: DateTime<Utc>,
) -> Result<Delivered, Error> {
    let mut sum = Delivered::default();
    let carrier = Arc::new(carrier);
    let mut pacing = carrier.db.read(Pacing::on_record).await?;
    loop {
        let (owner, cause, kind) = (owner.clone(), cause.clone(), carrier.sender.kind());
        let now = carrier.clock.now();
        pacing.begin();
        let (claimed, paced) = carrier
            .db
            .write(move |tx| {
                let by = Claimant { owner: &owner, epoch, until: lease(now) };
                let admits = |due: &_| pacing.admits(kind, due, now);
                let claimed = tx.claim_caused(&cause, kind, by, begun, IN_FLIGHT as u32, admits)?;
                Ok::<_, Error>((claimed, pacing))
            })
            .await?;
        pacing = paced;
        if claimed.is_empty() {
            let Some(until) = pacing.held(kind, now) else { return Ok(sum) };
            carrier.clock.wait_until(until).await;
            continue;
        }
        faults::point("dispatch.claimed");
        let sends: Vec<_> = claimed
            .into_iter()
            .map(|c| {
                let carrier = carrier.clone();
                carrier.tasks.clone().spawn(async move { carrier.carry(c).await })
            })
            .collect();
        for send in sends {
            sum.attempted += 1;
            if matches!(send.await, Ok(Some(state)) if verdict::is_well(state)) {
                sum.arrived += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests;
