//! The dispatcher: claims what is due, sends it and settles it. Nothing else may send.
//!
//! ND-5: the attempt's row is committed before a byte leaves, and an attempt whose outcome is unknown goes into doubt.
//! ND-9: each kind of delivery has places of its own, so that a slow provider holds up nobody else.

mod attempt;
mod verdict;

use crate::db::Db;
use crate::faults;
use crate::pulse::Pulse;
use attempt::Carrier;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::{Kind, LEASE_SECONDS};
use nightdesk_core::port::Sender;
use nightdesk_store::{Claimed, Error};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How many deliveries of one kind are under way at once.
pub const IN_FLIGHT: usize = 4;

/// How long to wait before looking again after the store failed.
const AFTER_STORE_ERROR: Duration = Duration::seconds(5);

/// Where a failed delivery's news goes instead (ND-8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fallback {
    /// By what way.
    pub kind: Kind,
    /// To whom, in that sender's notation.
    pub destination: String,
}

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
    lanes: Vec<Lane>,
    fallback: Option<Fallback>,
}

/// One kind's way out and its places.
struct Lane {
    sender: Arc<dyn Sender>,
    places: Arc<Semaphore>,
}

impl Lane {
    fn free(&self) -> u32 {
        u32::try_from(self.places.available_permits()).unwrap_or(u32::MAX)
    }
}

impl Dispatcher {
    /// A dispatcher that claims nothing yet.
    pub fn new(around: Surroundings, fallback: Option<Fallback>) -> Self {
        let lanes = around
            .senders
            .iter()
            .map(|sender| Lane { sender: sender.clone(), places: Arc::new(Semaphore::new(IN_FLIGHT)) })
            .collect();
        Self { around, lanes, fallback }
    }

    /// Runs until stopped. Afterwards no claim is made; what is under way ends by itself on the task tracker.
    pub async fn run(self) {
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

    /// Claims everything that is due and has a place, and says when there will be more. A round in which nothing is
    /// due only reads, so that an idle desk writes nothing.
    async fn round(&self, first: bool) -> Result<Option<DateTime<Utc>>, Error> {
        let now = self.now();
        let open = self.open();
        let next = self.around.db.read(move |tx| tx.next_due(&open)).await?;
        if !first && next.is_none_or(|at| at > now) {
            return Ok(next);
        }
        let places: Vec<(Kind, u32)> = self.lanes.iter().map(|l| (l.sender.kind(), l.free())).collect();
        let (owner, epoch) = (self.around.owner.clone(), self.around.epoch);
        let claimed = self
            .around
            .db
            .write(move |tx| {
                let (waiting, doubtful) = tx.take_over(epoch, now)?;
                if waiting + doubtful > 0 {
                    tracing::info!(waiting, doubtful, "took over claims whose holder is gone");
                }
                verdict::expire(tx, now)?;
                let mut claimed = Vec::new();
                for (lane, (kind, free)) in places.into_iter().enumerate() {
                    if free > 0 {
                        let of_kind = tx.claim_due(kind, &owner, epoch, now, lease(now), free)?;
                        claimed.extend(of_kind.into_iter().map(|c| (lane, c)));
                    }
                }
                Ok::<_, Error>(claimed)
            })
            .await?;
        if !claimed.is_empty() {
            faults::point("dispatch.claimed");
        }
        for (lane, claimed) in claimed {
            self.set_off(&self.lanes[lane], claimed);
        }
        let open = self.open();
        self.around.db.read(move |tx| tx.next_due(&open)).await
    }

    /// Kinds with a free place. What is due of the others waits for a settling, which beats the pulse.
    fn open(&self) -> Vec<Kind> {
        self.lanes.iter().filter(|l| l.free() > 0).map(|l| l.sender.kind()).collect()
    }

    fn set_off(&self, lane: &Lane, claimed: Claimed) {
        // Only this task takes places and it counted them, so one is free; without one the lease simply runs out.
        let Ok(place) = lane.places.clone().try_acquire_owned() else { return };
        let carrier = Carrier {
            db: self.around.db.clone(),
            clock: self.around.pulse.clock().clone(),
            sender: lane.sender.clone(),
            tasks: self.around.tasks.clone(),
            stop: self.around.stop.clone(),
            fallback: self.fallback.clone(),
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
                fallback: None,
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
    loop {
        let (owner, cause, kind) = (owner.clone(), cause.clone(), carrier.sender.kind());
        let until = lease(carrier.clock.now());
        let claimed = carrier
            .db
            .write(move |tx| tx.claim_caused(&cause, kind, &owner, epoch, begun, until, IN_FLIGHT as u32))
            .await?;
        if claimed.is_empty() {
            return Ok(sum);
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
