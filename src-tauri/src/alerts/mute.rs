//! Quiet for a while. Every mute ends, and critical alerts pierce it.

use super::alert::Rank;
use chrono::{DateTime, Duration, FixedOffset, Utc};

/// The longest mute: a forgotten one must not last into the next night.
const LONGEST: Duration = Duration::hours(24);

/// The hour at which a night's mute ends.
const MORNING: u32 = 7;

/// How long a person wants quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// So many minutes.
    Minutes(i64),
    /// Until seven in the morning, here.
    Morning,
}

impl Span {
    /// Those that the menu offers, with their words.
    pub const OFFERED: [(Self, &'static str); 4] = [
        (Self::Minutes(15), "15 minutes"),
        (Self::Minutes(60), "1 hour"),
        (Self::Minutes(240), "4 hours"),
        (Self::Morning, "Until 07:00"),
    ];

    /// When it ends, if it begins now. Never more than a day ahead.
    pub fn end(self, now: DateTime<Utc>, zone: FixedOffset) -> DateTime<Utc> {
        match self {
            Self::Minutes(minutes) => now + Duration::minutes(minutes.clamp(1, LONGEST.num_minutes())),
            Self::Morning => morning(now, zone),
        }
    }
}

/// The next seven o'clock, by the zone as it is now: a change of the clocks in the night moves it by an hour.
fn morning(now: DateTime<Utc>, zone: FixedOffset) -> DateTime<Utc> {
    let here = now.with_timezone(&zone);
    let today = here.date_naive().and_hms_opt(MORNING, 0, 0).and_then(|t| t.and_local_timezone(zone).single());
    let today = today.map_or(now + Duration::hours(8), |t| t.with_timezone(&Utc));
    if today > now { today } else { today + Duration::days(1) }
}

/// Whether alerts are muted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mute {
    until: Option<DateTime<Utc>>,
}

impl Mute {
    /// Muted until then; `None` for no mute.
    pub fn until(until: Option<DateTime<Utc>>) -> Self {
        Self { until }
    }

    /// Until when it lasts, if it lasts. A clock that was set back can't make it longer than the longest.
    pub fn lasts(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.until.filter(|until| *until > now && *until - now <= LONGEST)
    }

    /// Whether an alert of this rank is held back.
    pub fn holds(self, now: DateTime<Utc>, rank: Rank) -> bool {
        rank != Rank::Critical && self.lasts(now).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn critical_pierces_and_every_mute_ends() {
        let now = at("2026-11-21T02:00:00Z");
        let mute = Mute::until(Some(now + Duration::minutes(15)));
        assert!(mute.holds(now, Rank::High) && mute.holds(now, Rank::Low));
        assert!(!mute.holds(now, Rank::Critical));
        assert!(!mute.holds(now + Duration::minutes(15), Rank::Low));
        assert!(!mute.holds(now - Duration::days(2), Rank::Low), "a clock set back");
        assert!(!Mute::default().holds(now, Rank::Low));
    }

    #[test]
    fn until_seven_is_the_next_seven_here() {
        let zone = FixedOffset::east_opt(3600).unwrap();
        let end = |now: &str| Span::Morning.end(at(now), zone);
        assert_eq!(end("2026-11-21T02:00:00Z"), at("2026-11-21T06:00:00Z"));
        assert_eq!(end("2026-11-21T06:00:00Z"), at("2026-11-22T06:00:00Z"));
        assert_eq!(end("2026-11-21T23:30:00Z"), at("2026-11-22T06:00:00Z"));
        assert_eq!(Span::Minutes(60).end(at("2026-11-21T02:00:00Z"), zone), at("2026-11-21T03:00:00Z"));
        assert_eq!(Span::Minutes(100_000).end(at("2026-11-21T02:00:00Z"), zone), at("2026-11-22T02:00:00Z"));
    }
}
