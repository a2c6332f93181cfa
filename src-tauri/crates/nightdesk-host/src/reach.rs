//! How a program with a screen reaches the engine that it runs.

use chrono::{DateTime, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_engine::Engine;
use nightdesk_engine::pulse::{Pulse, Waiter};
use std::sync::Arc;
use tokio::sync::{Notify, watch};

/// The name of an outside follower's place in the pulse.
const PLACE: &str = "program";

/// A hold on the engine that [`crate::run_with`] runs, for the program around it. It outlives a recovery, in which one
/// engine ends and the next begins, and holds nothing that would keep an engine from stopping.
#[derive(Clone, Default)]
pub struct Reach {
    poll: Arc<Notify>,
    pulse: Arc<watch::Sender<Option<Pulse>>>,
}

impl Reach {
    /// Asks for a poll and a whole sweep now: after sleep, or when the network changed. Without an engine it is kept
    /// for the next one.
    pub fn poll_now(&self) {
        self.poll.notify_one();
    }

    /// Whether an engine runs.
    pub fn is_running(&self) -> bool {
        self.pulse.borrow().is_some()
    }

    /// Follows the pulse of whatever engine runs.
    pub fn beats(&self) -> Beats {
        Beats { pulse: self.pulse.subscribe(), place: None }
    }

    /// Serves until it is dropped, which must be before the engine is stopped.
    pub(crate) async fn serve(&self, engine: &Engine) {
        let _while_it_runs = Shown::new(&self.pulse, engine.pulse().clone());
        loop {
            self.poll.notified().await;
            engine.poll_now();
        }
    }
}

/// An engine's pulse, shown for as long as the engine runs.
struct Shown<'a>(&'a watch::Sender<Option<Pulse>>);

impl<'a> Shown<'a> {
    fn new(at: &'a watch::Sender<Option<Pulse>>, pulse: Pulse) -> Self {
        at.send_replace(Some(pulse));
        Self(at)
    }
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        self.0.send_replace(None);
    }
}

/// Beats of the engine: something may have changed, in this process or by a command beside it.
pub struct Beats {
    pulse: watch::Receiver<Option<Pulse>>,
    place: Option<Waiter>,
}

impl Beats {
    /// Completes at the next beat, when another engine begins or the present one ends, and at the latest when `clock`
    /// reaches `until`. What happens while the caller then looks around completes the next call at once.
    pub async fn next(&mut self, clock: &dyn Clock, until: Option<DateTime<Utc>>) {
        if self.place.is_none() {
            let pulse = self.pulse.borrow_and_update().clone();
            if let Some(pulse) = pulse {
                self.place = Some(pulse.waiter(PLACE));
                return;
            }
        }
        let ended = tokio::select! {
            changed = self.pulse.changed() => match changed {
                Ok(()) => true,
                // Nobody will ever run an engine here again.
                Err(_) => std::future::pending().await,
            },
            () = beat(&mut self.place) => false,
            () = reach(clock, until) => false,
        };
        if ended {
            self.place = None;
        } else if let Some(place) = &mut self.place {
            place.look();
        }
    }
}

async fn beat(place: &mut Option<Waiter>) {
    match place {
        Some(place) => place.rest(None).await,
        None => std::future::pending().await,
    }
}

async fn reach(clock: &dyn Clock, until: Option<DateTime<Utc>>) {
    let Some(until) = until else { return std::future::pending().await };
    while clock.now() < until {
        clock.wait_until(until).await;
    }
}
