//! The real clock. Nothing outside this file reads one (ND-11).
#![allow(clippy::disallowed_methods)]

use chrono::{DateTime, Utc};
use nightdesk_core::clock::{Clock, Reading};
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

/// Long waits are cut into pieces, because a timer that slept with the machine would wake late.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// The machine's clocks.
#[derive(Debug)]
pub struct SystemClock {
    start: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn awake(&self) -> Duration {
        self.start.elapsed()
    }

    #[cfg(target_os = "linux")]
    fn since_boot(&self) -> Option<Duration> {
        let t = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        Some(Duration::new(u64::try_from(t.tv_sec).ok()?, u32::try_from(t.tv_nsec).ok()?))
    }

    #[cfg(not(target_os = "linux"))]
    fn since_boot(&self) -> Option<Duration> {
        None
    }

    fn wait_until(&self, deadline: DateTime<Utc>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let left = (deadline - self.now()).to_std().unwrap_or(Duration::ZERO).min(LONGEST_WAIT);
        Box::pin(tokio::time::sleep(left))
    }
}

/// One look at all of a clock's faces.
pub fn reading(clock: &dyn Clock) -> Reading {
    Reading { wall: clock.now(), awake: clock.awake(), boot: clock.since_boot() }
}

/// A clock that starts at the present and runs faster, for the demo's night. Waits shorten by the same factor.
#[derive(Debug)]
pub struct FastClock {
    start: Instant,
    began: DateTime<Utc>,
    factor: u32,
}

impl FastClock {
    /// A clock that runs `factor` times as fast; 0 counts as 1.
    pub fn new(factor: u32) -> Self {
        Self { start: Instant::now(), began: Utc::now(), factor: factor.max(1) }
    }

    /// When it was started, which is the same on every clock.
    pub fn began(&self) -> DateTime<Utc> {
        self.began
    }
}

impl Clock for FastClock {
    fn now(&self) -> DateTime<Utc> {
        self.began + self.awake()
    }

    fn awake(&self) -> Duration {
        self.start.elapsed() * self.factor
    }

    fn since_boot(&self) -> Option<Duration> {
        None
    }

    fn wait_until(&self, deadline: DateTime<Utc>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let left = (deadline - self.now()).to_std().unwrap_or(Duration::ZERO) / self.factor;
        Box::pin(tokio::time::sleep(left.min(LONGEST_WAIT)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_fast_clock_waits_less_and_counts_more() {
        let clock = FastClock::new(600);
        let before = Instant::now();
        let deadline = clock.began() + Duration::from_secs(30);
        while clock.now() < deadline {
            clock.wait_until(deadline).await;
        }
        assert!(before.elapsed() < Duration::from_secs(10));
        assert!(clock.awake() >= Duration::from_secs(30));
    }
}
