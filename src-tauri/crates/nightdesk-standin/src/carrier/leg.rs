//! The whole life of one call, as it was and as it will be unless somebody meddles.

use chrono::{DateTime, Utc};

use super::conversation::{Answerer, Conversation, Spoken};
use super::hand::Key;

/// What came from outside while the call was under way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meddling {
    /// Keys pressed by the test or by a person at the demo.
    pub(crate) pressed: Vec<(DateTime<Utc>, char)>,
    /// Somebody, at either end, hung up.
    pub(crate) hung_up: Option<DateTime<Utc>>,
}

/// A call's time line.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    pub(crate) placed: DateTime<Utc>,
    pub(crate) rings: DateTime<Utc>,
    pub(crate) answered: Option<DateTime<Utc>>,
    pub(crate) ended: DateTime<Utc>,
    /// The last status.
    pub(crate) outcome: &'static str,
    /// What answering machine detection found, and when.
    pub(crate) detected: Option<(DateTime<Utc>, &'static str)>,
    pub(crate) answerer: Answerer,
    /// Digits sent right after the answer.
    pub(crate) sent_digits: Option<String>,
    pub(crate) spoken: Vec<Spoken>,
    pub(crate) keys: Vec<Key>,
}

impl Leg {
    /// A call that nobody answered.
    pub(crate) fn unanswered(
        placed: DateTime<Utc>,
        rings: DateTime<Utc>,
        ended: DateTime<Utc>,
        outcome: &'static str,
    ) -> Self {
        Self {
            placed,
            rings: rings.min(ended),
            answered: None,
            ended,
            outcome,
            detected: None,
            answerer: Answerer::Nobody,
            sent_digits: None,
            spoken: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// The call is over: the script has come to its end or the phone has gone.
    #[must_use]
    pub(crate) fn closed(mut self, conversation: Conversation) -> Self {
        self.ended = conversation.now();
        self.outcome = "completed";
        self.detected = self.detected.filter(|(at, _)| *at <= self.ended);
        (self.spoken, self.keys) = conversation.into_parts();
        self
    }

    pub(crate) fn status(&self, now: DateTime<Utc>) -> &'static str {
        if now >= self.ended {
            self.outcome
        } else if self.answered.is_some_and(|at| now >= at) {
            "in-progress"
        } else if now >= self.rings {
            "ringing"
        } else {
            "queued"
        }
    }

    pub(crate) fn is_over(&self, now: DateTime<Utc>) -> bool {
        now >= self.ended
    }

    pub(crate) fn answered_by(&self, now: DateTime<Utc>) -> Option<&'static str> {
        self.detected.filter(|(at, _)| now >= *at).map(|(_, what)| what)
    }

    /// Whole seconds from answer to end, once it has ended.
    pub(crate) fn duration(&self, now: DateTime<Utc>) -> Option<i64> {
        let answered = self.answered.filter(|_| self.is_over(now))?;
        Some((self.ended - answered).num_seconds())
    }
}
