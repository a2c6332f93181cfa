//! Whether an incident pages anybody, joins a page that runs, or is held back, and why.

use super::PageState;
use crate::config::Threshold;
use crate::incident::Severity;
use crate::routing::Alert;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// How long a page waits for a severity that is being asked for.
pub const SEVERITY_SECONDS: i64 = 10;

/// The newest page of the same entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    /// Its number.
    pub page: i64,
    /// Where it is.
    pub state: PageState,
    /// When the carrier took its first text or call; the window counts from there.
    pub accepted_at: Option<DateTime<Utc>>,
}

/// What a decision rests on.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The time.
    pub now: DateTime<Utc>,
    /// How bad it is.
    pub severity: &'a Severity,
    /// The severity is unknown and is being asked for at this moment.
    pub is_asked_for: bool,
    /// Why people are to be told.
    pub alert: Alert,
    /// Too old to wake anybody for.
    pub old_news: bool,
    /// From which severity on.
    pub threshold: Threshold,
    /// The window's length.
    pub window: Duration,
    /// There is a carrier, and paging was on before this incident came.
    pub is_armed: bool,
    /// At least one contact can be reached.
    pub reaches_somebody: bool,
    /// The entity's newest page.
    pub earlier: Option<Earlier>,
    /// A person wants it whatever the window says.
    pub forced: bool,
}

/// Why a page wasn't sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suppressed {
    /// The entity was paged already.
    Window,
    /// The report is old.
    OldNews,
    /// No contact can be reached.
    Nobody,
    /// Paging isn't set up.
    NotArmed,
    /// It was open already when paging was first armed.
    ArmedLater,
}

impl Suppressed {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Window, Self::OldNews, Self::Nobody, Self::NotArmed, Self::ArmedLater];

    /// The word for it, as stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::OldNews => "old_news",
            Self::Nobody => "nobody",
            Self::NotArmed => "not_armed",
            Self::ArmedLater => "armed_later",
        }
    }

    /// The inverse of [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.word() == word)
    }
}

/// What becomes of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Nobody is paged for incidents of this kind.
    None,
    /// A page begins, not before this moment.
    Page {
        /// Now, or once the severity had time to arrive.
        not_before: DateTime<Utc>,
    },
    /// It is part of a page that runs.
    Join {
        /// That page.
        page: i64,
    },
    /// It isn't sent, and the suppression ledger says so.
    Suppress {
        /// Why.
        reason: Suppressed,
        /// The page that it repeats.
        page: Option<i64>,
        /// Until when the reason holds by itself.
        until: Option<DateTime<Utc>>,
    },
}

/// Decides. The window begins when the carrier accepts and holds while that page runs or is acknowledged; a page that
/// ended otherwise gives its slot back, so that an unanswered first page can't silence the second attack.
pub fn decide(asked: &Asked<'_>) -> Decision {
    if !asked.forced && !asked.threshold.admits(asked.severity) {
        return Decision::None;
    }
    let suppress = |reason, page, until| Decision::Suppress { reason, page, until };
    if let Some(earlier) = asked.earlier.filter(|e| e.state.is_open()) {
        return Decision::Join { page: earlier.page };
    }
    if !asked.is_armed {
        return suppress(Suppressed::NotArmed, None, None);
    }
    if asked.old_news && !asked.forced {
        return suppress(Suppressed::OldNews, None, None);
    }
    if !asked.reaches_somebody {
        return suppress(Suppressed::Nobody, None, None);
    }
    let holds = asked.earlier.filter(|e| e.state == PageState::Acknowledged).and_then(|e| {
        let until = e.accepted_at? + asked.window;
        (asked.now < until).then_some((e.page, until))
    });
    match holds {
        Some((page, until)) if !asked.forced => suppress(Suppressed::Window, Some(page), Some(until)),
        _ if asked.is_asked_for && !asked.forced => {
            Decision::Page { not_before: asked.now + Duration::seconds(SEVERITY_SECONDS) }
        }
        _ => Decision::Page { not_before: asked.now },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::minutes(minutes)
    }

    fn asked(severity: &Severity) -> Asked<'_> {
        Asked {
            now: t(100),
            severity,
            is_asked_for: false,
            alert: Alert::New,
            old_news: false,
            threshold: Threshold::Critical,
            window: Duration::hours(24),
            is_armed: true,
            reaches_somebody: true,
            earlier: None,
            forced: false,
        }
    }

    fn earlier(state: PageState, accepted: Option<i64>) -> Option<Earlier> {
        Some(Earlier { page: 7, state, accepted_at: accepted.map(t) })
    }

    #[test]
    fn critical_pages_and_what_is_below_the_threshold_does_not() {
        let now = Decision::Page { not_before: t(100) };
        assert_eq!(decide(&asked(&Severity::Critical)), now);
        assert_eq!(decide(&asked(&Severity::High)), Decision::None);
        assert_eq!(decide(&Asked { threshold: Threshold::High, ..asked(&Severity::High) }), now);
        assert_eq!(decide(&Asked { forced: true, ..asked(&Severity::Low) }), now, "a person may page for anything");
        assert_eq!(decide(&asked(&Severity::Unknown(None))), now, "unknown counts as critical");
    }

    #[test]
    fn a_severity_that_is_being_asked_for_gets_ten_seconds() {
        let unknown = Severity::Unknown(None);
        let later = Decision::Page { not_before: t(100) + Duration::seconds(10) };
        assert_eq!(decide(&Asked { is_asked_for: true, ..asked(&unknown) }), later);
    }

    #[test]
    fn the_window_holds_while_the_page_runs_or_is_acknowledged_and_no_longer() {
        let critical = Severity::Critical;
        let with = |state, accepted| Asked { earlier: earlier(state, accepted), ..asked(&critical) };
        let page = Decision::Page { not_before: t(100) };
        let held =
            Decision::Suppress { reason: Suppressed::Window, page: Some(7), until: Some(t(90) + Duration::hours(24)) };
        for open in [PageState::Waiting, PageState::Running] {
            assert_eq!(decide(&with(open, None)), Decision::Join { page: 7 });
            assert_eq!(decide(&Asked { forced: true, ..with(open, None) }), Decision::Join { page: 7 });
        }
        assert_eq!(decide(&with(PageState::Acknowledged, Some(90))), held);
        assert_eq!(decide(&Asked { forced: true, ..with(PageState::Acknowledged, Some(90)) }), page);
        assert_eq!(decide(&with(PageState::Acknowledged, Some(100 - 24 * 60))), page, "the window is over");
        assert_eq!(decide(&with(PageState::Acknowledged, None)), page, "nothing had left when it was taken");
        for gone in [PageState::Exhausted, PageState::Ended] {
            assert_eq!(decide(&with(gone, Some(99))), page, "its slot is given back");
        }
    }

    #[test]
    fn what_is_not_sent_says_why() {
        let critical = Severity::Critical;
        let reason = |asked: Asked<'_>| match decide(&asked) {
            Decision::Suppress { reason, .. } => Some(reason),
            _ => None,
        };
        let base = asked(&critical);
        assert_eq!(reason(Asked { is_armed: false, ..base }), Some(Suppressed::NotArmed));
        assert_eq!(reason(Asked { is_armed: false, forced: true, ..base }), Some(Suppressed::NotArmed));
        assert_eq!(reason(Asked { old_news: true, ..base }), Some(Suppressed::OldNews));
        assert_eq!(reason(Asked { old_news: true, forced: true, ..base }), None);
        assert_eq!(reason(Asked { reaches_somebody: false, forced: true, ..base }), Some(Suppressed::Nobody));
        for reason in Suppressed::ALL {
            assert_eq!(Suppressed::parse(reason.word()), Some(reason));
        }
    }
}
