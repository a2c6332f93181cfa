//! Time that passes, and the engine coming to rest.

use super::{PATIENCE, Scene};
use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::State;
use std::time::Duration;

/// A mail server is spoken to over a real connection, which a busy machine may hold up.
const CONVERSATION_ENDS_WITHIN: Duration = Duration::from_secs(3);

/// How long a task may sleep on though there is something for it to do.
const WAKES_WITHIN: Duration = Duration::from_secs(5);

/// How long the engine may stand still in real time before a wait for its own request budget is cut short.
const STANDSTILL: Duration = Duration::from_millis(40);

impl Scene {
    /// Waits until the engine rests: nothing more happens until the clock moves or somebody acts.
    pub async fn settle(&self) {
        let Some(engine) = &self.engine else { return };
        let quiet = async {
            let mut stood = 0;
            while !engine.is_quiet() {
                tokio::time::sleep(Duration::from_millis(1)).await;
                stood += 1;
                // Twenty requests at one moment use up the burst; the next token is milliseconds away.
                let token = self.clock.next_deadline().map(|d| d - self.clock.now());
                if stood > STANDSTILL.as_millis()
                    && let Some(wait) = token.filter(|w| *w > TimeDelta::zero() && *w < self.token_wait)
                {
                    self.clock.pass(wait.to_std().unwrap());
                    stood = 0;
                }
            }
        };
        // Thousands of tickets take their time to be filed one by one.
        let patience = if self.is_retold { PATIENCE * 4 } else { PATIENCE };
        tokio::time::timeout(patience, quiet).await.expect("the engine comes to rest");
        // What is being sent settles on a task of its own; in some stories it never does.
        let conversation = if self.mail.is_some() { CONVERSATION_ENDS_WITHIN } else { Duration::ZERO };
        let within = self.sends_end_within.max(conversation);
        for _ in 0..within.as_millis() {
            let counts = self.read(|tx| tx.outbox_counts().unwrap());
            let is_sending = counts.iter().any(|(s, n)| *n > 0 && matches!(s, State::Claimed | State::Sending));
            if engine.is_quiet() && !is_sending && !self.is_to_be_compared() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let woken = async {
            while engine.is_quiet() && self.is_to_be_compared() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        // What settles a delivery commits a moment before it wakes anybody.
        tokio::time::timeout(WAKES_WITHIN, woken).await.expect("whoever changes a ticket wakes the planner");
    }

    /// Whether tickets changed that nobody has compared with the PSA: an engine at rest has none.
    fn is_to_be_compared(&self) -> bool {
        self.psa.is_some() && self.read(|tx| tx.is_psa_due().unwrap())
    }

    /// Lets time pass, stopping at every moment that something waits for.
    pub async fn pass(&self, by: TimeDelta) {
        let end = self.clock.now() + by;
        self.settle().await;
        while let Some(next) = self.clock.next_deadline().filter(|d| *d <= end) {
            self.clock.pass((next - self.clock.now()).to_std().unwrap_or_default());
            self.settle().await;
        }
        self.clock.pass((end - self.clock.now()).to_std().unwrap_or_default());
        self.settle().await;
    }

    /// The machine sleeps and wakes; the next look at the clocks notices.
    pub async fn sleep(&self, by: TimeDelta) {
        self.settle().await;
        self.clock.sleep(by.to_std().unwrap());
        self.settle().await;
        self.pass(TimeDelta::seconds(20)).await;
    }

    /// Somebody sets the clock.
    pub async fn set_clock(&self, wall: DateTime<Utc>) {
        self.settle().await;
        self.clock.set(wall);
        // Every deadline may lie in the future now, so that the engine looks at rest before it has woken.
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.settle().await;
        self.pass(TimeDelta::seconds(20)).await;
    }

    /// Lets time pass in seconds without waiting for the engine to rest, which it doesn't while Huntress makes it wait.
    pub async fn pass_waiting(&self, by: TimeDelta) {
        for _ in 0..by.num_seconds() {
            self.clock.pass(Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(8)).await;
        }
    }
}
