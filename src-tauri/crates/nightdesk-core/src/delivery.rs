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

impl Kind {
    /// What leaves, within a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Sms => "text",
            Self::Call => "call",
            Self::Email => "mail",
            Self::Webhook => "webhook",
            Self::Native => "alert",
            Self::PsaTicket => "ticket",
            Self::PsaUpdate => "ticket update",
            Self::PsaNote => "ticket note",
        }
    }

    /// Whether it goes to the PSA.
    pub fn is_for_psa(self) -> bool {
        matches!(self, Self::PsaTicket | Self::PsaUpdate | Self::PsaNote)
    }
}

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
        (S::Sending | S::Accepted, E::FailForNow) => S::Retrying,
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
mod tests;
