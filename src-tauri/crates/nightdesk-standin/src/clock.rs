//! A clock that stands still until a test moves it. What waits on it takes no real time. It is only for tests, and here
//! because every crate that has to do with time has some.

use chrono::{DateTime, Utc};
use nightdesk_core::clock::Clock;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// A wall clock and the time awake, each as the test has set it.
#[derive(Debug)]
pub struct ManualClock(watch::Sender<(DateTime<Utc>, Duration)>);

impl ManualClock {
    /// Stands at this time, and has been awake for none.
    pub fn at(wall: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self(watch::channel((wall, Duration::ZERO)).0))
    }

    /// Time passes, or the wall clock is set back.
    pub fn advance(&self, seconds: i64) {
        self.0.send_modify(|(wall, awake)| {
            *wall += chrono::Duration::seconds(seconds);
            *awake += Duration::from_secs(seconds.try_into().unwrap_or(0));
        });
    }

    /// The wall clock shows something else, and so long was passed awake since the beginning.
    pub fn set(&self, wall: DateTime<Utc>, awake: Duration) {
        self.0.send_replace((wall, awake));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.borrow().0
    }

    fn awake(&self) -> Duration {
        self.0.borrow().1
    }

    fn since_boot(&self) -> Option<Duration> {
        None
    }

    fn wait_until(&self, deadline: DateTime<Utc>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut moved = self.0.subscribe();
        Box::pin(async move {
            // It can't end meanwhile: this borrows it.
            let _ = moved.wait_for(|(wall, _)| *wall >= deadline).await;
        })
    }
}
