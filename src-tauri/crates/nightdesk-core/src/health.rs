//! What the tray and the status card may claim. Green needs evidence (ND-17): the state follows from the last proven
//! read, never from the absence of errors.

use crate::config::Watch;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// What the desk can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A recent read proves it.
    Watching,
    /// A read is overdue.
    Late,
    /// No proof for too long: incidents may be waiting unseen.
    Blind,
    /// Not polling, for a reason that a person must settle.
    Paused,
}

impl State {
    /// The word for it, as shown and stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Watching => "watching",
            Self::Late => "late",
            Self::Blind => "blind",
            Self::Paused => "paused",
        }
    }
}

/// What is known about the desk's sight.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// When Huntress's listing was last read to its boundary and stored.
    pub last_proven_read: Option<DateTime<Utc>>,
    /// Since when reads have followed one another without a gap.
    pub watching_since: Option<DateTime<Utc>>,
    /// Since when polling is paused, if it is.
    pub paused_since: Option<DateTime<Utc>>,
    /// Minutes between polls.
    pub interval_minutes: u32,
    /// The thresholds.
    pub watch: &'a Watch,
}

/// The verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// What may be claimed.
    pub state: State,
    /// Since when. For late and blind, the last proven read: from there on nothing is certain.
    pub since: Option<DateTime<Utc>>,
}

/// How old a read may be before the desk is late.
pub fn late_after(interval_minutes: u32, watch: &Watch) -> Duration {
    Duration::minutes(i64::from(interval_minutes.max(1)) * i64::from(watch.late_after_intervals.max(1)))
}

/// How old a read may be before the desk is blind: never less than late, or a long interval would be blind between polls.
pub fn blind_after(interval_minutes: u32, watch: &Watch) -> Duration {
    late_after(interval_minutes, watch).max(Duration::minutes(i64::from(watch.blind_after_minutes)))
}

/// How old a read may be before the alarm.
pub fn alarm_after(interval_minutes: u32, watch: &Watch) -> Duration {
    blind_after(interval_minutes, watch) + Duration::minutes(i64::from(watch.alarm_after_minutes))
}

/// Judges the evidence at `now`.
pub fn judge(evidence: &Evidence<'_>, now: DateTime<Utc>) -> Health {
    if let Some(since) = evidence.paused_since {
        return Health { state: State::Paused, since: Some(since) };
    }
    let Some(read) = evidence.last_proven_read else {
        return Health { state: State::Blind, since: None };
    };
    let age = now - read;
    let state = if age >= blind_after(evidence.interval_minutes, evidence.watch) {
        State::Blind
    } else if age > late_after(evidence.interval_minutes, evidence.watch) || age < Duration::seconds(-60) {
        // A read in the future means that the clock was set back: it proves nothing about now.
        State::Late
    } else {
        return Health { state: State::Watching, since: evidence.watching_since.or(Some(read)) };
    };
    Health { state, since: Some(read) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_767_000_000, 0).unwrap() + Duration::minutes(minute)
    }

    fn state(read: Option<i64>, interval: u32, now: i64) -> State {
        let watch = Watch::default();
        let evidence = Evidence {
            last_proven_read: read.map(t),
            watching_since: None,
            paused_since: None,
            interval_minutes: interval,
            watch: &watch,
        };
        judge(&evidence, t(now)).state
    }

    #[test]
    fn nd_17_without_a_proven_read_nothing_is_green() {
        assert_eq!(state(None, 5, 0), State::Blind);
        assert_eq!(state(Some(0), 1, 1), State::Watching);
        assert_eq!(state(Some(0), 1, 3), State::Late);
        assert_eq!(state(Some(0), 1, 10), State::Blind);
        assert_eq!(state(Some(0), 60, 90), State::Watching, "a long interval isn't blind between polls");
        assert_eq!(state(Some(0), 60, 121), State::Blind);
        assert_eq!(state(Some(60), 5, 0), State::Late, "a read in the future proves nothing");
    }

    #[test]
    fn blindness_dates_from_the_last_proven_read() {
        let watch = Watch::default();
        let mut evidence = Evidence {
            last_proven_read: Some(t(0)),
            watching_since: Some(t(-60)),
            paused_since: None,
            interval_minutes: 1,
            watch: &watch,
        };
        assert_eq!(judge(&evidence, t(30)), Health { state: State::Blind, since: Some(t(0)) });
        assert_eq!(judge(&evidence, t(1)).since, Some(t(-60)));
        evidence.paused_since = Some(t(5));
        assert_eq!(judge(&evidence, t(30)), Health { state: State::Paused, since: Some(t(5)) });
        assert_eq!(alarm_after(1, &watch), Duration::minutes(25));
    }
}
