//! How fast a PSA may be asked: a token for every request, a few saved up.

use chrono::{DateTime, Duration, Utc};

/// Tokens that may be spent at once (AlgaPSA's default for one key, facts of August 2026; other PSAs take more).
pub const BURST: u32 = 120;

/// Tokens that come back in a minute (as above).
pub const PER_MINUTE: u32 = 60;

/// One token, in milliseconds of refilling.
const TOKEN: i64 = 60_000 / PER_MINUTE as i64;

/// A closure further away than this comes from before a clock change: no wait that we honour is longer.
const LONGEST: Duration = Duration::hours(1);

/// The tokens left, and when there will be more. Kept in memory: a desk that starts anew begins with a full one, and is told
/// by the first answers how much is really left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// Milliseconds of refilling that are saved up.
    saved: i64,
    at: DateTime<Utc>,
    closed_until: Option<DateTime<Utc>>,
}

impl Bucket {
    /// A full one.
    pub fn full(now: DateTime<Utc>) -> Self {
        Self { saved: i64::from(BURST) * TOKEN, at: now, closed_until: None }
    }

    /// Takes a token, or says when to ask again.
    pub fn take(&mut self, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        self.refill(now);
        let at = self.opens(0);
        if at > now {
            return Err(at);
        }
        self.saved -= TOKEN;
        Ok(())
    }

    /// When somebody will get a token behind so many others that wait already.
    pub fn opens_behind(&mut self, now: DateTime<Utc>, others: usize) -> DateTime<Utc> {
        self.refill(now);
        self.opens(i64::try_from(others).unwrap_or(i64::MAX))
    }

    /// Until when nothing may leave, because the PSA said so.
    pub fn closed_until(&mut self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.refill(now);
        self.closed_until
    }

    /// The PSA says how many are left. Only ever downwards: an answer may be older than what has left since, and other
    /// programs may use the same key.
    pub fn follow(&mut self, now: DateTime<Utc>, remaining: u32) {
        self.refill(now);
        if self.closed_until.is_none() {
            self.saved = self.saved.min(i64::from(remaining) * TOKEN);
        }
    }

    /// The PSA refused, and asks for this wait. One token is there when it is over, since nobody says that there are more.
    pub fn close(&mut self, now: DateTime<Utc>, wait: std::time::Duration) {
        self.refill(now);
        let until = now + Duration::from_std(wait).unwrap_or(LONGEST).min(LONGEST);
        *self = Self { saved: TOKEN, at: until.max(self.at), closed_until: Some(until.max(self.at)) };
    }

    fn opens(&self, others: i64) -> DateTime<Utc> {
        let needed = others.saturating_add(1).saturating_mul(TOKEN).saturating_sub(self.saved).max(0);
        let start = self.closed_until.unwrap_or(self.at);
        start.checked_add_signed(Duration::milliseconds(needed)).unwrap_or(start)
    }

    /// A clock that was set back earns nothing and doesn't stall the bucket.
    fn refill(&mut self, now: DateTime<Utc>) {
        match self.closed_until {
            Some(until) if now < until && until - now <= LONGEST => return,
            Some(until) if now < until => self.at = now,
            _ => {}
        }
        self.closed_until = None;
        let elapsed = (now - self.at).num_milliseconds().max(0);
        self.saved = self.saved.saturating_add(elapsed).min(i64::from(BURST) * TOKEN);
        self.at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn t(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_767_000_000_000 + milliseconds).unwrap()
    }

    fn seconds(n: u64) -> std::time::Duration {
        std::time::Duration::from_secs(n)
    }

    #[test]
    fn a_burst_then_one_a_second() {
        let mut bucket = Bucket::full(t(0));
        assert!((0..BURST).all(|_| bucket.take(t(0)).is_ok()));
        assert_eq!(bucket.take(t(0)), Err(t(1000)));
        assert_eq!(bucket.opens_behind(t(0), 3), t(4000));
        assert_eq!(bucket.take(t(999)), Err(t(1000)));
        assert_eq!(bucket.take(t(1000)), Ok(()));
    }

    #[test]
    fn a_rested_bucket_holds_the_burst_and_no_more() {
        let mut bucket = Bucket::full(t(0));
        let taken = (0..1000).filter(|_| bucket.take(t(3_600_000)).is_ok()).count();
        assert_eq!(taken, 120);
    }

    #[test]
    fn it_follows_what_is_left_downwards() {
        let mut bucket = Bucket::full(t(0));
        bucket.follow(t(0), 1);
        bucket.follow(t(0), 100);
        assert_eq!(bucket.take(t(0)), Ok(()));
        assert_eq!(bucket.take(t(0)), Err(t(1000)));
    }

    #[test]
    fn a_refusal_closes_it_and_nothing_is_saved_up_meanwhile() {
        let mut bucket = Bucket::full(t(0));
        bucket.close(t(0), seconds(30));
        bucket.follow(t(10), 120);
        assert_eq!((bucket.take(t(29_999)), bucket.closed_until(t(29_999))), (Err(t(30_000)), Some(t(30_000))));
        assert_eq!(bucket.opens_behind(t(29_999), 1), t(31_000));
        assert_eq!(bucket.closed_until(t(30_000)), None);
        assert_eq!(bucket.take(t(30_000)), Ok(()));
        assert_eq!(bucket.take(t(30_000)), Err(t(31_000)));
        bucket.close(t(40_000), seconds(30));
        bucket.close(t(41_000), seconds(5));
        assert_eq!(bucket.take(t(46_000)), Err(t(70_000)), "a shorter wait doesn't end a longer one");
    }

    #[test]
    fn a_clock_change_does_not_close_it_for_good() {
        let mut bucket = Bucket::full(t(0));
        bucket.close(t(0), seconds(30));
        assert_eq!(bucket.take(t(-86_400_000)), Ok(()));
        let mut empty = Bucket::full(t(0));
        while empty.take(t(0)).is_ok() {}
        assert_eq!(empty.take(t(-60_000)), Err(t(-59_000)));
    }

    proptest! {
        /// Whatever happens, no stretch of time sees more requests than the PSA's own bucket has tokens for.
        #[test]
        fn never_more_than_the_psa_has(steps in proptest::collection::vec((0_i64..5_000, 0_u8..12), 1..400)) {
            let mut bucket = Bucket::full(t(0));
            let (mut now, mut theirs) = (0, i64::from(BURST) * TOKEN);
            for (pause, what) in steps {
                now += pause;
                theirs = (theirs + pause).min(i64::from(BURST) * TOKEN);
                match what {
                    0 => bucket.close(t(now), seconds(2)),
                    1 => bucket.follow(t(now), u32::try_from(theirs / TOKEN).unwrap()),
                    _ => {
                        while bucket.take(t(now)).is_ok() {
                            theirs -= TOKEN;
                            prop_assert!(theirs >= 0);
                        }
                    }
                }
            }
        }
    }
}
