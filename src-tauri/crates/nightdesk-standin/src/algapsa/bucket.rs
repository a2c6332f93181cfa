//! The rate limit: a bucket of tokens that fills by the clock.

use chrono::{DateTime, TimeDelta, Utc};

/// A token in the bucket's unit. With a refill per minute, whole milliseconds then give whole units.
const TOKEN: i64 = 60_000;

/// The bucket of the tenant's key.
#[derive(Debug)]
pub(crate) struct Bucket {
    burst: u32,
    per_minute: u32,
    enforced: bool,
    filled: i64,
    at: Option<DateTime<Utc>>,
}

/// What the headers of a metered answer tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    pub(crate) limit: u32,
    pub(crate) remaining: i64,
    /// How long until the next token, when this request got none.
    pub(crate) wait: Option<TimeDelta>,
}

impl Bucket {
    pub(crate) fn new(burst: u32, per_minute: u32) -> Self {
        Self { burst, per_minute, enforced: true, filled: i64::from(burst) * TOKEN, at: None }
    }

    /// Counts on without refusing anything: what the vendor does where the operator hasn't set the limit.
    pub(crate) fn observe_only(&mut self) {
        self.enforced = false;
    }

    pub(crate) fn take(&mut self, now: DateTime<Utc>) -> Level {
        let passed = self.at.map_or(0, |at| (now - at).num_milliseconds().max(0));
        self.at = Some(self.at.map_or(now, |at| at.max(now)));
        let full = i64::from(self.burst) * TOKEN;
        self.filled = passed.saturating_mul(i64::from(self.per_minute)).saturating_add(self.filled).min(full);
        let limit = self.burst;
        if self.filled >= TOKEN {
            self.filled -= TOKEN;
            return Level { limit, remaining: self.filled / TOKEN, wait: None };
        }
        let rate = i64::from(self.per_minute.max(1));
        let missing = (TOKEN - self.filled + rate - 1) / rate;
        Level { limit, remaining: 0, wait: self.enforced.then(|| TimeDelta::milliseconds(missing)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_and_then_one_by_one() {
        let start = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
        let mut bucket = Bucket::new(3, 60);
        let remaining: Vec<i64> = (0..3).map(|_| bucket.take(start).remaining).collect();
        assert_eq!(remaining, [2, 1, 0]);
        assert_eq!(bucket.take(start).wait, Some(TimeDelta::seconds(1)));
        let soon = start + TimeDelta::milliseconds(400);
        assert_eq!(bucket.take(soon).wait, Some(TimeDelta::milliseconds(600)));
        let later = start + TimeDelta::seconds(1);
        assert_eq!((bucket.take(later).wait, bucket.take(later).wait.is_some()), (None, true));
        let much_later = start + TimeDelta::hours(1);
        assert_eq!(bucket.take(much_later).remaining, 2, "never more than the burst");
        assert!(bucket.take(start).wait.is_none(), "a clock that goes back gives nothing and takes nothing");
    }

    #[test]
    fn observing_refuses_nothing() {
        let mut bucket = Bucket::new(1, 60);
        bucket.observe_only();
        let start = DateTime::UNIX_EPOCH;
        assert!((0..5).all(|_| bucket.take(start).wait.is_none()));
    }
}
