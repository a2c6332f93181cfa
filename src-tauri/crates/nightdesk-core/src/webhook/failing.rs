//! When an endpoint that keeps failing is given up.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// How long an endpoint may go on failing.
const DAYS: i64 = 5;

/// The failures that begin the count lie within this.
const WINDOW_HOURS: i64 = 24;

/// And the first and the last of them are at least so far apart.
const SPREAD_HOURS: i64 = 12;

/// Longer than a poll takes, from its time to its end.
const POLL_TAKES: Duration = Duration::minutes(1);

/// What is known of an endpoint that has failed and not succeeded since. The rule is Svix's: the five days count only
/// once several deliveries failed within 24 hours with 12 hours between the first and the last, so that a desk that was
/// asleep in between blames nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// The first failure of the present window, or the one that the count runs from.
    pub since: DateTime<Utc>,
    /// Whether the count runs.
    pub counts: bool,
}

impl Failing {
    /// After a failure at `now`.
    pub fn after(before: Option<Self>, now: DateTime<Utc>) -> Self {
        let Some(before) = before.filter(|b| b.since <= now) else { return Self { since: now, counts: false } };
        if before.counts {
            return before;
        }
        match now - before.since {
            passed if passed > Duration::hours(WINDOW_HOURS) => Self { since: now, counts: false },
            passed => Self { counts: passed >= Duration::hours(SPREAD_HOURS), ..before },
        }
    }

    /// Whether it is given up.
    pub fn is_too_long(&self, now: DateTime<Utc>) -> bool {
        self.counts && now - self.since >= Duration::days(DAYS)
    }
}

/// Whether an attempt that came to nothing at `now` counts against its endpoint. Where no way led there (`is_unfound`) the
/// desk itself may be offline, and an offline desk blames nobody: such an attempt counts only if something else outside
/// was reached at the same time. `reached` is when the last poll ended, if it was answered; polls follow one another by
/// `interval`.
pub fn counts(is_unfound: bool, reached: Option<DateTime<Utc>>, interval: Duration, now: DateTime<Utc>) -> bool {
    !is_unfound || reached.is_some_and(|at| at <= now && now - at <= interval + POLL_TAKES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_767_000_000 + hours * 3600, 0).unwrap()
    }

    fn after(hours: &[i64]) -> Failing {
        let mut failing = None;
        for hour in hours {
            failing = Some(Failing::after(failing, at(*hour)));
        }
        failing.unwrap()
    }

    #[test]
    fn five_days_of_failures_are_too_long_and_four_are_not() {
        let failing = after(&[0, 1, 3, 8, 18, 28, 60, 119]);
        assert!(failing.counts && !failing.is_too_long(at(119)));
        assert!(failing.is_too_long(at(120)));
    }

    #[test]
    fn single_failures_far_apart_and_bursts_do_not_count() {
        assert_eq!(after(&[0, 200]), Failing { since: at(200), counts: false });
        assert!(!after(&[0, 1, 2]).is_too_long(at(500)));
        assert!(after(&[0, 30, 43]).counts, "a new window");
        assert_eq!(after(&[0, 30, 43]).since, at(30));
    }

    #[test]
    fn what_no_way_leads_to_counts_only_while_the_desk_itself_is_not_offline() {
        let t = |minutes: i64| at(0) + Duration::minutes(minutes);
        let five = Duration::minutes(5);
        for (is_unfound, reached, counted) in [
            (false, None, true),
            (false, Some(t(-600)), true),
            (true, None, false),
            (true, Some(t(0)), true),
            (true, Some(t(-6)), true),
            (true, Some(t(-7)), false),
            (true, Some(t(-600)), false),
            (true, Some(t(1)), false),
        ] {
            assert_eq!(counts(is_unfound, reached, five, t(0)), counted, "{is_unfound} {reached:?}");
        }
        assert!(counts(true, Some(t(-50)), Duration::minutes(60), t(0)), "a desk that polls hourly");
    }

    #[test]
    fn a_clock_that_was_set_back_begins_anew() {
        let failing = Failing { since: at(100), counts: true };
        assert_eq!(Failing::after(Some(failing), at(0)), Failing { since: at(0), counts: false });
    }
}
