//! The machine's clock, which a test can move on.

use chrono::{DateTime, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_host::SystemClock;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::watch;

/// Real time, and what a test has added to it. To the desk it is as if that time had passed awake.
pub struct MovedClock {
    real: SystemClock,
    added: watch::Sender<Duration>,
}

impl Default for MovedClock {
    fn default() -> Self {
        Self { real: SystemClock::default(), added: watch::channel(Duration::ZERO).0 }
    }
}

impl MovedClock {
    /// So much time passes at once.
    pub fn advance(&self, by: Duration) {
        self.added.send_modify(|added| *added += by);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> DateTime<Utc> {
        self.real.now() + *self.added.borrow()
    }

    fn awake(&self) -> Duration {
        self.real.awake() + *self.added.borrow()
    }

    fn since_boot(&self) -> Option<Duration> {
        Some(self.real.since_boot()? + *self.added.borrow())
    }

    fn wait_until(&self, deadline: DateTime<Utc>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut added = self.added.subscribe();
        let real = deadline - *added.borrow_and_update();
        Box::pin(async move {
            tokio::select! {
                () = self.real.wait_until(real) => {}
                _ = added.changed() => {}
            }
        })
    }
}
