//! A delivery's life: what may follow what, when to try again, and what to do when nobody knows (ND-5, ND-7).

use crate::port::Obstacle;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// What kind of thing leaves the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Kind {
    Sms,
    Call,
    Email,
    Webhook,
    Native,
    PsaTicket,
    PsaUpdate,
    PsaNote,
}

/// A word for each variant, both ways: the database, the command line and the wire share them.
macro_rules! words {
    ($type:ident { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $type {
            /// Every variant.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it, as stored and shown.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The inverse of [`Self::word`].
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.word() == word)
            }
        }
    };
}

words!(Kind {
    Sms => "sms", Call => "call", Email => "email", Webhook => "webhook", Native => "native",
    PsaTicket => "psa_ticket", PsaUpdate => "psa_update", PsaNote => "psa_note",
});

/// Where a delivery is in its life. `SQL CHECK` in the store mirrors these words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for its time.
    Queued,
    /// Somebody holds the lease; nothing has left.
    Claimed,
    /// An attempt is written and its bytes may have left.
    Sending,
    /// The provider took it.
    Accepted,
    /// It reached the handset, mailbox or endpoint.
    Delivered,
    /// A person answered.
    Acknowledged,
    /// Failed for now; waits for another try.
    Retrying,
    /// Nobody knows whether the last attempt arrived.
    InDoubt,
    /// Only a person can decide or repair.
    NeedsHuman,
    /// The provider will never take it.
    Rejected,
    /// All tries used up.
    DeadLettered,
    /// Something newer replaced it.
    Superseded,
    /// Taken back before it left.
    Cancelled,
    /// Too late to be of use.
    Expired,
}

words!(State {
    Queued => "queued", Claimed => "claimed", Sending => "sending", Accepted => "accepted", Delivered => "delivered",
    Acknowledged => "acknowledged", Retrying => "retrying", InDoubt => "in_doubt", NeedsHuman => "needs_human",
    Rejected => "rejected", DeadLettered => "dead_lettered", Superseded => "superseded", Cancelled => "cancelled",
    Expired => "expired",
});

/// What can happen to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// Somebody took the lease.
    Claim,
    /// The attempt row is written; bytes may leave from now on.
    Begin,
    /// The lease ran out or its holder is gone.
    LeaseLost,
    /// The holder let go without sending.
    Release,
    /// The provider took it.
    Accept,
    /// It arrived.
    Deliver,
    /// A person answered.
    Acknowledge,
    /// A failure that may pass, with tries left.
    FailForNow,
    /// A failure that may pass, with no tries left.
    Exhaust,
    /// A failure that won't pass.
    Reject,
    /// A failure that a person must repair.
    Refer,
    /// No answer: the outcome is unknown.
    LoseSight,
    /// The provider was asked: it never arrived, so it is sent again.
    FoundAbsent,
    /// A person wants it sent again.
    Redrive,
    /// Something newer replaced it.
    Supersede,
    /// It is no longer wanted.
    Cancel,
    /// Its time is over.
    Expire,
}

impl Event {
    /// Every event, for tests over the whole table.
    pub const ALL: &'static [Self] = &[
        Self::Claim,
        Self::Begin,
        Self::LeaseLost,
        Self::Release,
        Self::Accept,
        Self::Deliver,
        Self::Acknowledge,
        Self::FailForNow,
        Self::Exhaust,
        Self::Reject,
        Self::Refer,
        Self::LoseSight,
        Self::FoundAbsent,
        Self::Redrive,
        Self::Supersede,
        Self::Cancel,
        Self::Expire,
    ];
}

/// The one place where a delivery's state changes (ND-7); `None` where the event doesn't belong to the state.
pub fn next(state: State, event: Event) -> Option<State> {
    use Event as E;
    use State as S;
    Some(match (state, event) {
        (S::Queued | S::Retrying, E::Claim) => S::Claimed,
        (S::Claimed, E::Begin) => S::Sending,
        (S::Claimed, E::Release | E::LeaseLost) => S::Queued,
        (S::Sending, E::LeaseLost | E::LoseSight) => S::InDoubt,
        (S::Sending | S::InDoubt, E::Accept) => S::Accepted,
        (S::Sending | S::InDoubt | S::Accepted, E::Deliver) => S::Delivered,
        (S::Sending | S::InDoubt | S::Accepted | S::Delivered, E::Acknowledge) => S::Acknowledged,
        (S::Sending, E::FailForNow) => S::Retrying,
        (S::InDoubt, E::FoundAbsent) => S::Retrying,
        (S::Sending | S::InDoubt, E::Exhaust) => S::DeadLettered,
        (S::Sending | S::Accepted, E::Reject) => S::Rejected,
        (S::Queued | S::Sending | S::InDoubt | S::Retrying, E::Refer) => S::NeedsHuman,
        (S::DeadLettered | S::Rejected | S::NeedsHuman | S::Expired | S::InDoubt, E::Redrive) => S::Queued,
        (S::Queued | S::Retrying | S::NeedsHuman, E::Supersede) => S::Superseded,
        (S::Queued | S::Retrying | S::NeedsHuman | S::DeadLettered | S::Rejected, E::Cancel) => S::Cancelled,
        (S::Queued | S::Retrying, E::Expire) => S::Expired,
        _ => return None,
    })
}

/// What a sender can promise about repeating itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Idempotency {
    /// The provider knows our key and ignores a repeat.
    Key,
    /// Repeating changes nothing, as with a status update.
    Natural,
    /// The provider can be asked whether it arrived.
    Lookup,
    /// Neither.
    None,
}

/// How one attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The provider took it.
    Accepted {
        /// The provider's own id for it.
        remote_ref: Option<String>,
    },
    /// It arrived: there is nothing left to follow.
    Delivered {
        /// The provider's own id for it.
        remote_ref: Option<String>,
    },
    /// Failed, certainly without effect, and may work later.
    Temporary {
        /// In words that a person can act on.
        error: String,
        /// When the provider wants to be asked again.
        retry_after: Option<std::time::Duration>,
    },
    /// Failed for good.
    Permanent {
        /// In words that a person can act on.
        error: String,
    },
    /// Failed for good, because of where it goes to: nothing else of this kind will get there either.
    OutOfReach {
        /// In words that a person can act on.
        error: String,
        /// What stands in the way.
        obstacle: Obstacle,
    },
    /// Failed because of a setting, a missing permission or a vanished name.
    NeedsHuman {
        /// What is to be repaired.
        error: String,
    },
    /// No answer that tells: it may have arrived.
    Unknown {
        /// What was seen.
        error: String,
    },
}

/// What to do about a delivery in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Repeat it: that is harmless.
    Repeat,
    /// Ask the provider first.
    Ask,
    /// Repeat it, marked as a possible repeat: a lost page is worse than a duplicate page.
    RepeatMarked,
    /// Leave it to a person: a duplicate ticket is worse than a late one.
    Person,
}

/// The one rule for InDoubt (ND-5): it follows from what the sender promises and what a loss would cost.
pub fn doubt(kind: Kind, idempotency: Idempotency) -> Doubt {
    match idempotency {
        Idempotency::Key | Idempotency::Natural => Doubt::Repeat,
        Idempotency::Lookup => Doubt::Ask,
        Idempotency::None => match doubt_unresolved(kind) {
            Doubt::Repeat if kind != Kind::PsaUpdate => Doubt::Person,
            other => other,
        },
    }
}

/// What follows when the provider was asked and the delivery is still not found there: it never arrived as far as
/// anyone can tell, so both a page and a ticket are sent again; a page is marked, since a text may still be on its way.
pub fn doubt_unresolved(kind: Kind) -> Doubt {
    match kind {
        Kind::Sms | Kind::Call | Kind::Email | Kind::Native | Kind::Webhook => Doubt::RepeatMarked,
        Kind::PsaTicket | Kind::PsaNote | Kind::PsaUpdate => Doubt::Repeat,
    }
}

/// When to look up a delivery in doubt, counted from the moment of doubt, in seconds.
pub const LOOK_UPS: [i64; 4] = [0, 5, 15, 30];

/// Delays between tries in seconds: at once, then growing.
pub const RETRY_SCHEDULE: [i64; 7] = [5, 30, 120, 300, 900, 1800, 3600];

/// The same for webhooks: Svix's, over 27 hours and a half, so that a consumer that is down for a night misses nothing.
pub const WEBHOOK_SCHEDULE: [i64; 7] = [5, 300, 1800, 7200, 18_000, 36_000, 36_000];

/// The same for texts and calls: the page's next step begins within minutes, and a late alert misleads.
pub const PAGING_SCHEDULE: [i64; 7] = [2, 5, 10, 20, 30, 60, 120];

/// How many attempts a delivery has before it is a dead letter: one more than a schedule has delays.
pub const MAX_ATTEMPTS: u32 = 8;

/// The same for mail, whose last delay comes again: two days, hourly at the end. A mail server may be away for as long (RFC
/// 5321, 4.5.4.1), and there is nothing else to fall back to.
pub const MAIL_ATTEMPTS: u32 = 54;

/// How many attempts a delivery of a kind has.
pub fn max_attempts(kind: Kind) -> u32 {
    if kind == Kind::Email { MAIL_ATTEMPTS } else { MAX_ATTEMPTS }
}

/// The delays between a kind's tries, and the longest wait that its provider may ask for, in seconds.
fn schedule(kind: Kind) -> (&'static [i64; 7], i64) {
    match kind {
        Kind::Webhook => (&WEBHOOK_SCHEDULE, 86_400),
        Kind::Sms | Kind::Call => (&PAGING_SCHEDULE, 3600),
        _ => (&RETRY_SCHEDULE, 3600),
    }
}

/// How long a claim holds; a sender's own timeout is well below it.
pub const LEASE_SECONDS: i64 = 120;

/// When to try again after attempt number `attempt` (from 1) failed at `now`; `None` when the tries are used up.
/// `jitter` is a random number in 0..=1 and spreads the delay by a fifth either way.
pub fn retry_at(
    kind: Kind,
    attempt: u32,
    now: DateTime<Utc>,
    retry_after: Option<std::time::Duration>,
    jitter: f64,
) -> Option<DateTime<Utc>> {
    if attempt >= max_attempts(kind) {
        return None;
    }
    let (delays, longest) = schedule(kind);
    let index = (attempt.max(1) as usize - 1).min(delays.len() - 1);
    let base = delays[index] * 1000;
    let spread = (base as f64 * 0.4 * (jitter.clamp(0.0, 1.0) - 0.5)) as i64;
    let asked = retry_after.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX).min(longest * 1000));
    Some(now + Duration::milliseconds((base + spread).max(asked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nd_7_every_event_either_moves_a_state_or_is_refused_and_ends_stay_ended() {
        for &state in State::ALL {
            for &event in Event::ALL {
                if let Some(after) = next(state, event) {
                    assert_ne!(after, state, "{state:?} {event:?} changes nothing");
                }
            }
        }
        for end in [State::Acknowledged, State::Superseded, State::Cancelled] {
            assert!(Event::ALL.iter().all(|e| next(end, *e).is_none()), "{end:?} is an end");
        }
    }

    #[test]
    fn nd_5_once_bytes_may_have_left_only_an_answer_or_a_look_up_leads_back_to_sending() {
        assert_eq!(next(State::Sending, Event::LeaseLost), Some(State::InDoubt));
        assert_eq!(next(State::Sending, Event::LoseSight), Some(State::InDoubt));
        assert_eq!(next(State::Sending, Event::Claim), None);
        assert_eq!(next(State::InDoubt, Event::Claim), None);
        assert_eq!(next(State::InDoubt, Event::FailForNow), None);
        assert_eq!(next(State::InDoubt, Event::FoundAbsent), Some(State::Retrying));
    }

    #[test]
    fn a_ticket_that_cannot_be_looked_up_waits_for_a_person_and_a_page_does_not() {
        assert_eq!(doubt(Kind::PsaTicket, Idempotency::None), Doubt::Person);
        assert_eq!(doubt(Kind::PsaTicket, Idempotency::Lookup), Doubt::Ask);
        assert_eq!(doubt_unresolved(Kind::PsaTicket), Doubt::Repeat, "asked for and absent: created once");
        assert_eq!(doubt(Kind::Sms, Idempotency::None), Doubt::RepeatMarked);
        assert_eq!(doubt(Kind::PsaUpdate, Idempotency::None), Doubt::Repeat);
    }

    #[test]
    fn words_are_unique_and_read_back() {
        for &s in State::ALL {
            assert_eq!(State::parse(s.word()), Some(s));
        }
        for &k in Kind::ALL {
            assert_eq!(Kind::parse(k.word()), Some(k));
        }
    }

    #[test]
    fn retries_grow_honour_retry_after_and_end() {
        let now = DateTime::from_timestamp(1_767_000_000, 0).unwrap();
        let of = |kind, n, ra: Option<u64>| {
            retry_at(kind, n, now, ra.map(std::time::Duration::from_secs), 0.5).map(|t| (t - now).num_seconds())
        };
        let after = |n, ra| of(Kind::PsaTicket, n, ra);
        assert_eq!(after(1, None), Some(5));
        assert_eq!(after(7, None), Some(3600));
        assert_eq!(after(8, None), None);
        assert_eq!(after(1, Some(60)), Some(60));
        assert_eq!(after(1, Some(90_000)), Some(3600));
        assert_eq!(after(3, Some(1)), Some(120));
        assert_eq!((of(Kind::Email, 8, None), of(Kind::Email, 53, None)), (Some(3600), Some(3600)));
        assert_eq!(of(Kind::Email, 54, None), None);
        let mail: i64 = (1..54).filter_map(|n| of(Kind::Email, n, None)).sum();
        assert_eq!(mail / 3600, 47, "a mail server may be away for two days");
        for kind in [Kind::Sms, Kind::Call] {
            let page: Vec<_> = (1..=8).filter_map(|n| of(kind, n, None)).collect();
            assert_eq!(page, [2, 5, 10, 20, 30, 60, 120], "before the next step begins");
            assert_eq!(of(kind, 1, Some(17)), Some(17));
        }
        let webhook: Vec<_> = (1..=8).map(|n| of(Kind::Webhook, n, None)).collect();
        let minutes = |n: i64| Some(n * 60);
        assert_eq!(
            webhook,
            [Some(5), minutes(5), minutes(30), minutes(120), minutes(300), minutes(600), minutes(600), None]
        );
        assert_eq!(of(Kind::Webhook, 1, Some(90_000)), Some(86_400), "a day at most");
    }
}
