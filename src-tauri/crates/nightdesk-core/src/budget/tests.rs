use super::*;
use proptest::prelude::*;

const TEXT: Ask<'static> = Ask::Text { first: false };
const FIRST: Ask<'static> = Ask::Text { first: true };
const CALL: Ask<'static> = Ask::Call { to: "+15005550006" };
const OTHER: Ask<'static> = Ask::Call { to: "+15005550007" };

fn t(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_000_000 + seconds, 0).unwrap()
}

/// Sends as soon as it may, as often as asked, and tells when each left.
fn send(budget: &mut Budget, ask: Ask<'_>, times: usize, from: DateTime<Utc>) -> Vec<i64> {
    let mut now = from;
    (0..times)
        .map(|_| {
            while let Err(wait) = budget.check(ask, from, now) {
                assert!(wait.until > now);
                now = wait.until;
            }
            budget.spent(ask, now);
            (now - t(0)).num_seconds()
        })
        .collect()
}

#[test]
fn texts_leave_one_a_second() {
    assert_eq!(send(&mut Budget::default(), TEXT, 4, t(0)), [0, 1, 2, 3]);
}

#[test]
fn a_first_text_waits_a_minute_at_most() {
    let mut budget = Budget::default();
    let left = send(&mut budget, FIRST, 200, t(0));
    assert_eq!(left[60], 60);
    assert_eq!(left[199], 60, "all that still waited then leave together");
    let wait = budget.check(TEXT, t(0), t(60)).unwrap_err();
    assert_eq!(wait.reason, Reason::Texts, "any other text goes on waiting");
}

#[test]
fn the_seventh_call_to_a_number_waits_and_another_number_does_not() {
    let mut budget = Budget::default();
    assert_eq!(send(&mut budget, CALL, 6, t(0)), [0; 6]);
    let wait = budget.check(CALL, t(1), t(1)).unwrap_err();
    assert_eq!((wait.until, wait.reason), (t(900), Reason::CallsLately));
    assert!(wait.reason.to_string().contains("15 minutes"));
    assert_eq!(budget.check(OTHER, t(1), t(1)), Ok(()));
}

#[test]
fn the_thirteenth_call_within_the_hour_waits_for_the_hour() {
    let mut budget = Budget::default();
    assert_eq!(send(&mut budget, CALL, 13, t(0)), [0, 0, 0, 0, 0, 0, 900, 900, 900, 900, 900, 900, 3600]);
    let mut budget = Budget::default();
    send(&mut budget, CALL, 12, t(0));
    assert_eq!(budget.check(CALL, t(1_800), t(1_800)).unwrap_err().reason, Reason::CallsThisHour);
}

#[test]
fn calls_with_keys_are_limited_for_the_whole_account() {
    let mut budget = Budget::default();
    assert_eq!(send(&mut budget, Ask::Keys, 20, t(0)), [0; 20]);
    let wait = budget.check(Ask::Keys, t(0), t(0)).unwrap_err();
    assert_eq!((wait.until, wait.reason), (t(1), Reason::Flows));
    assert_eq!(budget.check(OTHER, t(0), t(0)), Ok(()));
}

#[test]
fn what_is_planned_for_later_counts_then() {
    let mut budget = Budget::default();
    send(&mut budget, CALL, 6, t(0));
    assert_eq!(budget.earliest(CALL, t(10)), t(900));
    for _ in 0..6 {
        budget.spent(CALL, t(900));
    }
    assert_eq!(budget.check(CALL, t(10), t(10)).unwrap_err().until, t(900));
    assert_eq!(budget.earliest(CALL, t(10)), t(3_600), "twelve within the hour by then");
    assert_eq!(budget.earliest(OTHER, t(10)), t(10));
}

#[test]
fn a_clock_set_back_holds_nothing() {
    let mut budget = Budget::default();
    send(&mut budget, CALL, 6, t(1_000_000));
    send(&mut budget, TEXT, 3, t(1_000_000));
    assert_eq!(budget.check(CALL, t(0), t(0)), Ok(()));
    assert_eq!(budget.check(TEXT, t(0), t(0)), Ok(()));
}

#[test]
fn what_is_an_hour_old_is_forgotten() {
    let mut budget = Budget::default();
    send(&mut budget, OTHER, 3, t(0));
    budget.spent(CALL, t(4_000));
    assert_eq!(budget.calls.len(), 1);
    budget.spent(TEXT, t(0));
    budget.spent(TEXT, t(4_000));
    assert_eq!(budget.texts, [t(4_000)]);
}

proptest! {
    #[test]
    fn no_span_ever_holds_more_calls_than_its_limit(gaps in proptest::collection::vec(0i64..1_200, 1..60)) {
        let mut budget = Budget::default();
        let (mut now, mut left) = (t(0), Vec::new());
        for gap in gaps {
            now += Duration::seconds(gap);
            left.extend(send(&mut budget, CALL, 1, now));
            now = now.max(t(*left.last().unwrap()));
        }
        for (most, span) in [(6, 900), (12, 3_600)] {
            for from in &left {
                prop_assert!(left.iter().filter(|at| *at >= from && **at < from + span).count() <= most);
            }
        }
    }

    #[test]
    fn the_wait_told_is_the_earliest_time(gaps in proptest::collection::vec(0i64..600, 0..20), ahead in 0i64..600) {
        let mut budget = Budget::default();
        let mut now = t(0);
        for gap in gaps {
            now += Duration::seconds(gap);
            budget.spent(CALL, now);
        }
        now += Duration::seconds(ahead);
        if let Err(wait) = budget.check(CALL, now, now) {
            prop_assert!(budget.check(CALL, now, wait.until).is_ok());
            prop_assert!(budget.check(CALL, now, wait.until - Duration::milliseconds(1)).is_err());
        }
    }
}
