//! The token bucket that every Huntress request of a data directory draws from.

use chrono::{DateTime, Duration, Utc};

/// Tokens that may be spent at once.
pub const BURST: u32 = 20;

/// Requests that Huntress takes from an account in a minute.
const WHOLE_LIMIT: u32 = 60;

/// Tokens that look-ups leave for more urgent work, so that a poll never waits for them.
pub const LOOK_UP_RESERVE: u32 = 8;

/// One token, in the unit that is stored.
const UNIT: i64 = 60_000;

/// The bucket's content, as stored. The unit is 1/60000 token: one request a minute refills one unit a millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// Units left at `at`.
    pub units: i64,
    /// When they were counted.
    pub at: DateTime<Utc>,
    /// Nothing leaves before this: set by a 429.
    pub closed_until: Option<DateTime<Utc>>,
}

impl Bucket {
    /// A full bucket.
    pub fn full(now: DateTime<Utc>) -> Self {
        Self { units: i64::from(BURST) * UNIT, at: now, closed_until: None }
    }

    /// Refills to `now`. A clock that was set back earns nothing and doesn't stall the bucket.
    fn refilled(self, now: DateTime<Utc>, per_minute: u32) -> Self {
        let elapsed = (now - self.at).num_milliseconds().max(0);
        let units = self.units.saturating_add(elapsed.saturating_mul(i64::from(per_minute.max(1))));
        // A closure further away than any Retry-After that we honour comes from before a clock change.
        let closed_until = self.closed_until.filter(|t| *t > now && *t - now <= Duration::minutes(5));
        // More than the account's whole limit is only ever allowed to loopback, where a burst hurts nobody.
        let most = if per_minute > WHOLE_LIMIT { per_minute } else { BURST };
        Self { units: units.min(i64::from(most) * UNIT), at: now, closed_until }
    }

    /// Takes a token, leaving at least `reserve` behind; or says when to ask again.
    pub fn take(self, now: DateTime<Utc>, per_minute: u32, reserve: u32) -> (Self, Result<(), DateTime<Utc>>) {
        let bucket = self.refilled(now, per_minute);
        if let Some(until) = bucket.closed_until {
            return (bucket, Err(until));
        }
        let needed = (1 + i64::from(reserve)) * UNIT - bucket.units;
        if needed <= 0 {
            return (Self { units: bucket.units - UNIT, ..bucket }, Ok(()));
        }
        let wait = (needed + i64::from(per_minute.max(1)) - 1) / i64::from(per_minute.max(1));
        (bucket, Err(now + Duration::milliseconds(wait)))
    }

    /// Empties it and keeps it closed: Huntress said 429.
    pub fn throttled(self, now: DateTime<Utc>, retry_after: std::time::Duration) -> Self {
        let wait = Duration::from_std(retry_after).unwrap_or(Duration::minutes(2)).min(Duration::minutes(2));
        Self { units: 0, at: now, closed_until: Some(now + wait) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_767_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_burst_then_the_steady_rate() {
        let mut bucket = Bucket::full(t(0));
        for _ in 0..BURST {
            let (next, got) = bucket.take(t(0), 30, 0);
            assert!(got.is_ok());
            bucket = next;
        }
        let (bucket, got) = bucket.take(t(0), 30, 0);
        assert_eq!(got, Err(t(2)), "30 a minute is one every two seconds");
        assert!(bucket.take(t(2), 30, 0).1.is_ok());
    }

    #[test]
    fn a_rested_bucket_holds_the_burst_and_no_more() {
        let mut bucket = Bucket::full(t(0));
        let mut taken = 0;
        while let (next, Ok(())) = bucket.take(t(3600), 30, 0) {
            bucket = next;
            taken += 1;
        }
        assert_eq!(taken, BURST, "or an hour of rest would double what a minute may ask");
    }

    #[test]
    fn look_ups_leave_a_reserve() {
        let mut bucket = Bucket::full(t(0));
        let mut taken = 0;
        while let (next, Ok(())) = bucket.take(t(0), 30, LOOK_UP_RESERVE) {
            bucket = next;
            taken += 1;
        }
        assert_eq!(taken, BURST - LOOK_UP_RESERVE);
        assert!(bucket.take(t(0), 30, 0).1.is_ok(), "a poll still finds tokens");
    }

    #[test]
    fn a_429_closes_it_for_everyone_and_a_clock_change_does_not_close_it_for_good() {
        let bucket = Bucket::full(t(0)).throttled(t(0), std::time::Duration::from_secs(10));
        assert_eq!(bucket.take(t(1), 30, 0).1, Err(t(10)));
        assert!(bucket.take(t(12), 30, 0).1.is_ok());
        assert_eq!(bucket.take(t(-86_400), 30, 0).0.closed_until, None);
    }
}
