//! Whose turn it is: one bucket for every request, and the urgent first.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_core::psa::Bucket;
use tokio::sync::watch;

/// What a request is for, most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    /// A critical ticket.
    UrgentCreation,
    /// Another ticket.
    Creation,
    /// A change of a critical ticket.
    UrgentUpdate,
    /// A change of another.
    Update,
    /// A note.
    Note,
    /// What people changed.
    Changes,
    /// The catalogue, and what the key may do.
    Catalogue,
}

/// Who sets the pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// We do: never faster than the vendor's default takes.
    Documented,
    /// The host does, and refuses what is too much; for tests that are about something else.
    Hosts,
}

/// The longest that a send waits for its turn, in seconds: the engine gives it a minute as a whole.
const SEND_WAITS: i64 = 20;

/// The same for reads, which nobody's claim hangs on.
const READ_WAITS: i64 = 120;

/// A read that has waited so long goes before everything that comes after: a storm of tickets lasts a quarter of an hour, and
/// what people do there meanwhile has to be seen.
const READ_IS_PATIENT: i64 = 30;

/// Somebody's place before the gate, for all requests of one errand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    urgency: Urgency,
    /// Waits no longer than this in all.
    until: DateTime<Utc>,
    /// From then on it is as urgent as anything.
    pressing: Option<DateTime<Utc>>,
}

impl Turn {
    /// Whether it is a send's, which the outbox repeats by itself.
    pub fn is_send(&self) -> bool {
        self.urgency <= Urgency::Note
    }
}

/// The gate that every request passes.
pub(super) struct Gate {
    clock: Arc<dyn Clock>,
    pace: Pace,
    queue: Mutex<Queue>,
    /// Says that somebody left the queue, or that the bucket changed.
    moved: watch::Sender<u64>,
}

struct Queue {
    bucket: Bucket,
    waiting: BTreeSet<(Urgency, u64)>,
    next: u64,
}

impl Gate {
    pub fn new(clock: Arc<dyn Clock>, pace: Pace) -> Self {
        let queue = Queue { bucket: Bucket::full(clock.now()), waiting: BTreeSet::new(), next: 0 };
        Self { clock, pace, queue: Mutex::new(queue), moved: watch::channel(0).0 }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A place for an errand that begins now.
    pub fn turn(&self, urgency: Urgency) -> Turn {
        let (now, seconds) = (self.now(), chrono::Duration::seconds);
        if urgency <= Urgency::Note {
            return Turn { urgency, until: now + seconds(SEND_WAITS), pressing: None };
        }
        Turn { urgency, until: now + seconds(READ_WAITS), pressing: Some(now + seconds(READ_IS_PATIENT)) }
    }

    /// Completes when a request may leave; an error, without waiting it out, when that would be too late for the errand: when
    /// to come again.
    pub async fn pass(&self, turn: Turn) -> Result<(), DateTime<Utc>> {
        let mut moved = self.moved.subscribe();
        let mut place = Place::take(self, turn.urgency);
        let mut pressing = turn.pressing;
        loop {
            let now = self.now();
            if pressing.is_some_and(|at| at <= now) {
                pressing = None;
                place = Place::take(self, Urgency::UrgentCreation);
            }
            let at = {
                let mut queue = self.queue();
                let ahead = queue.waiting.range(..place.id).count();
                if self.pace == Pace::Hosts && queue.bucket.closed_until(now).is_none() {
                    return Ok(());
                }
                if ahead == 0 {
                    match queue.bucket.take(now) {
                        Ok(()) => return Ok(()),
                        Err(at) => at,
                    }
                } else {
                    queue.bucket.opens_behind(now, ahead)
                }
            };
            if at > turn.until {
                return Err(at);
            }
            let at = pressing.map_or(at, |pressing| at.min(pressing));
            tokio::select! {
                // Not before there can be a token, and never in a busy loop where the ones ahead are slow to take theirs.
                () = self.clock.wait_until(at.max(now + chrono::Duration::milliseconds(10))) => {}
                _gone = moved.changed() => {}
            }
        }
    }

    /// Until when it makes no sense to claim a send of this urgency, since it would wait too long for its turn.
    pub fn closed_until(&self, urgency: Urgency) -> Option<DateTime<Utc>> {
        let now = self.now();
        let mut queue = self.queue();
        if let Some(until) = queue.bucket.closed_until(now) {
            return Some(until);
        }
        if self.pace == Pace::Hosts {
            return None;
        }
        let ahead = queue.waiting.range(..(urgency, u64::MAX)).count();
        let latest = queue.bucket.opens_behind(now, ahead) - chrono::Duration::seconds(SEND_WAITS);
        (latest > now).then_some(latest)
    }

    /// What an answer says of the budget.
    pub fn follow(&self, remaining: u32) {
        self.queue().bucket.follow(self.clock.now(), remaining);
    }

    /// An answer said that there were too many.
    pub fn close(&self, wait: Duration) {
        self.queue().bucket.close(self.clock.now(), wait);
        self.moved.send_modify(|n| *n = n.wrapping_add(1));
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Each change is one assignment, so even what is behind a poisoned lock is whole.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody in the queue. Leaves it however the waiting ends, a send that is stopped included.
struct Place<'a> {
    gate: &'a Gate,
    id: (Urgency, u64),
}

impl<'a> Place<'a> {
    fn take(gate: &'a Gate, urgency: Urgency) -> Self {
        let mut queue = gate.queue();
        queue.next += 1;
        let id = (urgency, queue.next);
        queue.waiting.insert(id);
        Self { gate, id }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.gate.queue().waiting.remove(&self.id);
        self.gate.moved.send_modify(|n| *n = n.wrapping_add(1));
    }
}

#[cfg(test)]
mod tests;
