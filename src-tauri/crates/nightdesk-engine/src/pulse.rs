//! Wake-ups. A pulse counts; a waiter that has seen the count can't miss a pulse, whenever it looks.

use chrono::{DateTime, Utc};
use nightdesk_core::clock::Clock;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// What all tasks of an engine wait on: something changed, or their time has come.
#[derive(Clone)]
pub struct Pulse {
    clock: Arc<dyn Clock>,
    count: Arc<watch::Sender<u64>>,
    own: Arc<Mutex<BTreeMap<&'static str, watch::Sender<u64>>>>,
    resting: Arc<Mutex<BTreeMap<&'static str, Rest>>>,
    /// Counts the times that a task went to rest.
    rested: Arc<watch::Sender<u64>>,
}

/// A task at rest: what it has seen, and until when it waits.
#[derive(Debug, Clone, Copy)]
struct Rest {
    seen: u64,
    own: u64,
    until: Option<DateTime<Utc>>,
}

/// One task's place in the pulse.
pub struct Waiter {
    name: &'static str,
    seen: watch::Receiver<u64>,
    own: watch::Receiver<u64>,
    pulse: Pulse,
}

impl Pulse {
    /// A pulse on this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let (count, rested) = (Arc::new(watch::channel(0).0), Arc::new(watch::channel(0).0));
        Self { clock, count, own: Arc::default(), resting: Arc::default(), rested }
    }

    /// Wakes everyone.
    pub fn beat(&self) {
        self.count.send_modify(|n| *n += 1);
    }

    /// Wakes the task of this name alone, for what happens too often to wake everyone.
    pub fn wake(&self, name: &'static str) {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        own.entry(name).or_insert_with(|| watch::channel(0).0).send_modify(|n| *n += 1);
    }

    /// A place for a task of this name.
    pub fn waiter(&self, name: &'static str) -> Waiter {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let own = own.entry(name).or_insert_with(|| watch::channel(0).0).subscribe();
        Waiter { name, seen: self.count.subscribe(), own, pulse: self.clone() }
    }

    /// The clock that deadlines are compared with.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Whether each of `tasks` is at rest, has seen the last pulse and waits for a time to come: nothing will happen
    /// until the clock moves or somebody acts. This is what lets a test with a simulated clock go on without guessing.
    pub fn is_quiet(&self, tasks: &[&str]) -> bool {
        let now = self.clock.now();
        let count = *self.count.borrow();
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.iter().all(|t| {
            let own = own.get(t).map_or(0, |own| *own.borrow());
            resting.get(t).is_some_and(|r| r.seen == count && r.own == own && r.until.is_none_or(|u| u > now))
        })
    }

    /// Completes when [`Self::is_quiet`] holds for these tasks.
    pub async fn quiet(&self, tasks: &[&str]) {
        // The pulse holds the sender, so that the channel never closes.
        let mut rested = self.rested.subscribe();
        while !self.is_quiet(tasks) {
            let _open = rested.changed().await;
        }
    }
}

impl Waiter {
    /// Marks what has happened so far as seen. Called before looking for work, so that what comes while looking wakes
    /// the next wait at once.
    pub fn look(&mut self) {
        self.seen.mark_unchanged();
        self.own.mark_unchanged();
    }

    /// Rests until the pulse beats or the clock reaches `until`; with `None`, only for a beat.
    pub async fn rest(&mut self, until: Option<DateTime<Utc>>) {
        let (seen, own) = (*self.seen.borrow(), *self.own.borrow());
        let changed = self.seen.has_changed().unwrap_or(true) || self.own.has_changed().unwrap_or(true);
        if !changed {
            self.set(Some(Rest { seen, own, until }));
        }
        let clock = self.pulse.clock.clone();
        let time = async move {
            match until {
                Some(until) => clock.wait_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.seen.changed() => {}
            _ = self.own.changed() => {}
            () = time => {}
        }
        self.set(None);
    }

    fn set(&self, rest: Option<Rest>) {
        let mut resting = self.pulse.resting.lock().unwrap_or_else(PoisonError::into_inner);
        match rest {
            Some(rest) => {
                resting.insert(self.name, rest);
                self.pulse.rested.send_modify(|n| *n += 1);
            }
            None => {
                resting.remove(self.name);
            }
        }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.set(None);
    }
}
