//! Time as a port. Only the engine implements it on the real clock (ND-11).

use chrono::{DateTime, Utc};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// Where the time comes from. Deadlines are wall-clock times and are compared again after every wait, so that sleep
/// and clock jumps can only make something early or late, never lost.
pub trait Clock: Send + Sync + 'static {
    /// Wall-clock time.
    fn now(&self) -> DateTime<Utc>;

    /// Time since some fixed moment, not counting suspend; never goes backwards.
    fn awake(&self) -> Duration;

    /// Time since some fixed moment, counting suspend; `None` where the platform can't tell the two apart.
    fn since_boot(&self) -> Option<Duration>;

    /// Completes when the wall clock may have reached `deadline`; may complete early, so the caller looks again.
    fn wait_until(&self, deadline: DateTime<Utc>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// What two looks at the clocks say about the time between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lapse {
    /// Nothing odd.
    Normal,
    /// The machine slept.
    Slept(Duration),
    /// The wall clock was set forward (or the machine slept where that can't be told).
    Forward(Duration),
    /// The wall clock was set back.
    Back(Duration),
}

/// One look at all clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// [`Clock::now`].
    pub wall: DateTime<Utc>,
    /// [`Clock::awake`].
    pub awake: Duration,
    /// [`Clock::since_boot`].
    pub boot: Option<Duration>,
}

/// Below this a difference is scheduling noise or a clock being slewed.
pub const JUMP: Duration = Duration::from_secs(30);

/// Judges the time between two readings.
pub fn lapse(before: Reading, after: Reading) -> Lapse {
    let awake = after.awake.saturating_sub(before.awake);
    let wall = after.wall - before.wall;
    let slept = match (before.boot, after.boot) {
        (Some(b), Some(a)) => a.saturating_sub(b).saturating_sub(awake),
        _ => Duration::ZERO,
    };
    let expected = chrono::Duration::from_std(awake + slept).unwrap_or(chrono::Duration::MAX);
    let jump = chrono::Duration::from_std(JUMP).unwrap_or(chrono::Duration::MAX);
    if wall < expected - jump {
        Lapse::Back((expected - wall).to_std().unwrap_or_default())
    } else if slept >= JUMP {
        Lapse::Slept(slept)
    } else if wall > expected + jump {
        Lapse::Forward((wall - expected).to_std().unwrap_or_default())
    } else {
        Lapse::Normal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(wall: i64, awake: u64, boot: Option<u64>) -> Reading {
        Reading {
            wall: DateTime::from_timestamp(1_700_000_000 + wall, 0).unwrap(),
            awake: Duration::from_secs(awake),
            boot: boot.map(Duration::from_secs),
        }
    }

    #[test]
    fn sleep_forward_and_back_are_told_apart() {
        let start = at(0, 0, Some(0));
        assert_eq!(lapse(start, at(60, 60, Some(60))), Lapse::Normal);
        assert_eq!(lapse(start, at(3600, 5, Some(3600))), Lapse::Slept(Duration::from_secs(3595)));
        assert_eq!(lapse(start, at(3600, 5, Some(5))), Lapse::Forward(Duration::from_secs(3595)));
        assert_eq!(lapse(start, at(-600, 5, Some(5))), Lapse::Back(Duration::from_secs(605)));
        assert_eq!(lapse(at(0, 0, None), at(3600, 5, None)), Lapse::Forward(Duration::from_secs(3595)));
        assert_eq!(lapse(start, at(20, 5, Some(5))), Lapse::Normal, "small steps are slewing");
    }
}
