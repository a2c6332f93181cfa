//! How often the carrier may be asked, so that it doesn't take our number for a spammer's and block it.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Seconds that the first text of a page is held at most, whatever was sent before it.
pub const FIRST_TEXT_HOLD: i64 = 60;

/// What is about to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask<'a> {
    /// A text.
    Text {
        /// Whether it is the first that a page sends.
        first: bool,
    },
    /// A call to a number.
    Call {
        /// The number, in E.164.
        to: &'a str,
    },
    /// A call that asks for a key, to whatever number: that takes a run of the account's flow at the carrier.
    Keys,
}

/// Why something waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Too many texts from our number.
    #[error("one text a second: that is all that a caller number of the usual kind may send")]
    Texts,
    /// Too many calls to one number within minutes.
    #[error("6 calls to this number within 15 minutes: with more, carriers block the caller number as spam")]
    CallsLately,
    /// Too many calls to one number within the hour.
    #[error("12 calls to this number within the hour: with more, carriers block the caller number as spam")]
    CallsThisHour,
    /// Too many calls with keys from our account.
    #[error("20 calls with keys a second: more are not taken from one account")]
    Flows,
}

/// Until when something waits, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// The earliest time it may leave; always later than the time it was asked at.
    pub until: DateTime<Utc>,
    /// The limit that holds it longest.
    pub reason: Reason,
}

/// At most so many within a span.
struct Limit {
    most: usize,
    millis: i64,
    reason: Reason,
}

/// A long code sends one segment a second, by Twilio's page on its limits; what is more queues up there, out of our sight.
const TEXTS: [Limit; 1] = [Limit { most: 1, millis: 1_000, reason: Reason::Texts }];

/// Ours: no carrier publishes the numbers from which on a caller is labelled as spam.
const CALLS: [Limit; 2] = [
    Limit { most: 6, millis: 15 * 60_000, reason: Reason::CallsLately },
    Limit { most: 12, millis: 60 * 60_000, reason: Reason::CallsThisHour },
];

/// Studio takes 20 executions a second from an account, by Twilio's REST document.
const FLOWS: [Limit; 1] = [Limit { most: 20, millis: 1_000, reason: Reason::Flows }];

/// Nothing older than the longest span matters.
const KEPT_MILLIS: i64 = 60 * 60_000;

/// What left lately. The engine refills it from the attempts on record when it starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Budget {
    texts: Vec<DateTime<Utc>>,
    flows: Vec<DateTime<Utc>>,
    calls: BTreeMap<String, Vec<DateTime<Utc>>>,
}

impl Budget {
    /// Whether it may leave at `now`, or how long it waits. `due` is when it could first have left. Several that wait are
    /// told the same time: ask again for each once one of them has left, in the order of their urgency.
    ///
    /// # Errors
    /// The wait. A limit that isn't reached any more at `now` holds nothing, and a clock that was set back neither.
    pub fn check(&self, ask: Ask<'_>, due: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Wait> {
        let wait = match ask {
            Ask::Text { .. } => longest(&TEXTS, &self.texts, now),
            Ask::Call { to } => longest(&CALLS, self.calls.get(to).map_or(&[][..], Vec::as_slice), now),
            Ask::Keys => longest(&FLOWS, &self.flows, now),
        };
        let Some(mut wait) = wait else { return Ok(()) };
        if ask == (Ask::Text { first: true }) {
            // A first text may be the only thing that reaches somebody: rather the carrier's queue than ours.
            wait.until = wait.until.min(due + Duration::seconds(FIRST_TEXT_HOLD));
        }
        if wait.until > now { Err(wait) } else { Ok(()) }
    }

    /// The earliest time from `now` on at which it may leave, those noted for later counted too.
    pub fn earliest(&self, ask: Ask<'_>, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut at = now;
        while let Err(wait) = self.check(ask, at, at) {
            at = wait.until;
        }
        at
    }

    /// Notes that it leaves at `at`, whatever comes of it.
    pub fn spent(&mut self, ask: Ask<'_>, at: DateTime<Utc>) {
        match ask {
            Ask::Text { .. } => note(&mut self.texts, at),
            Ask::Call { to } => {
                // Numbers that were not called for an hour are forgotten, so that the map doesn't grow for good.
                self.calls.retain(|_, times| times.iter().any(|time| lies_within(*time, at, KEPT_MILLIS)));
                note(self.calls.entry(to.to_owned()).or_default(), at);
            }
            Ask::Keys => note(&mut self.flows, at),
        }
    }
}

fn note(times: &mut Vec<DateTime<Utc>>, at: DateTime<Utc>) {
    times.retain(|time| lies_within(*time, at, KEPT_MILLIS));
    times.push(at);
    times.sort_unstable();
}

/// A time after `now` comes from before the clock was set back and counts for nothing.
fn lies_within(time: DateTime<Utc>, now: DateTime<Utc>, millis: i64) -> bool {
    time <= now && (now - time).num_milliseconds() < millis
}

fn longest(limits: &[Limit], times: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<Wait> {
    limits.iter().filter_map(|limit| limit.wait(times, now)).max_by_key(|wait| wait.until)
}

impl Limit {
    fn wait(&self, times: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<Wait> {
        let recent: Vec<_> = times.iter().filter(|time| lies_within(**time, now, self.millis)).collect();
        // It fits again once all but `most - 1` of them have left the span.
        let blocking = recent.len().checked_sub(self.most)?;
        let until = **recent.get(blocking)? + Duration::milliseconds(self.millis);
        Some(Wait { until, reason: self.reason })
    }
}

#[cfg(test)]
mod tests;
