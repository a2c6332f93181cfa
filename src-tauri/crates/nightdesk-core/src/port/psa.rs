//! The PSA, as the engine and its connectors meet it.
//!
//! **To write a connector**: implement [`Psa`], and for a PSA that holds tickets itself the senders of
//! [`Kind::PsaTicket`](crate::delivery::Kind::PsaTicket), [`PsaUpdate`](crate::delivery::Kind::PsaUpdate) and
//! [`PsaNote`](crate::delivery::Kind::PsaNote), whose payloads are [`crate::psa`]'s. The engine needs no change: it plans, orders,
//! retries, looks up and settles by the outbox's rules. `tests/psa_contract` holds what every connector must do, and runs it
//! against the connector's own stand-in.
//!
//! What the engine rests on:
//! - A ticket's creation ends in [`Outcome::Delivered`](crate::delivery::Outcome::Delivered) with a
//!   [`Reference`](crate::psa::Reference) as its `remote_ref`; so does an update. A note's `remote_ref` is the PSA's id for it.
//! - Whether a creation or a note whose answer was lost arrived is found by [`Sender::look_up`](super::Sender::look_up), by
//!   exact comparison of the marker; a further attempt looks by itself before it creates anything.
//! - An update states what the ticket was and shall be. What a person changed meanwhile is left as they left it.
//! - What the PSA will never take is [`Outcome::Permanent`](crate::delivery::Outcome::Permanent), with the PSA's reason and what
//!   to do about it; a missing permission or a refused key is `NeedsHuman`.
//! - Requests keep within the PSA's rate by themselves, the urgent before the routine.

use super::PortFuture;
use crate::catalogue::Listed;
use crate::psa::Seen;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Why a PSA couldn't be read. A closed set: each has its own remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PsaError {
    /// It couldn't be reached; the cached catalogue goes on serving.
    #[error("the PSA could not be reached: {0}")]
    Unreachable(String),
    /// It refused the credentials, or what they may do isn't enough.
    #[error("the PSA refused the API key: {0}")]
    Refused(String),
    /// No API key is stored.
    #[error("no API key for the PSA is stored; enter it with `nightdesk secret set {0}`")]
    NoCredentials(&'static str),
    /// The keychain couldn't be read.
    #[error("the keychain could not be read: {0}")]
    Keychain(String),
    /// It asked us to wait.
    #[error("the PSA says that its request limit is used up (HTTP 429)")]
    RateLimited {
        /// How long it asked us to wait.
        retry_after: Option<Duration>,
    },
    /// It has a fault of its own, or answered what can't be read.
    #[error("the PSA answered something that could not be used: {0}")]
    BadAnswer(String),
}

/// One thing that the desk needs the API key's right for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    /// What the key would do, in words: "open tickets".
    pub to: String,
    /// The PSA's own name for the permission, where it has one: "ticket:create".
    pub permission: Option<String>,
    /// Whether it may; `None` where the PSA couldn't be asked.
    pub granted: Option<bool>,
    /// What the PSA said, where it refused.
    pub said: Option<String>,
    /// Without it the desk can't work at all; otherwise something is missing, which `to` says.
    pub is_needed: bool,
}

/// What a key may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Every right that the desk uses.
    pub rights: Vec<Right>,
}

impl Access {
    /// The rights that the key lacks.
    pub fn lacking(&self) -> impl Iterator<Item = &Right> {
        self.rights.iter().filter(|r| r.granted == Some(false))
    }
}

/// One page of what changed in the PSA.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The tickets, oldest change first.
    pub tickets: Vec<Seen>,
    /// Whether there is a further page.
    pub has_more: bool,
}

/// A PSA connector. Tickets travel through the outbox as deliveries; what is read is read here.
pub trait Psa: Send + Sync {
    /// Whether tickets live there. A connector that says no is never asked for any, and no delivery is planned for it.
    fn holds_tickets(&self) -> bool;

    /// Whether it is the desk of this name (its kind and address). One that follows a changed configuration may be a moment
    /// behind it, and one desk's answer must never be taken for another's.
    fn serves(&self, desk: &str) -> bool {
        let _one_desk_for_good = desk;
        true
    }

    /// Everything that tickets can be filed under, in the PSA's order. Inactive entries are left out.
    fn catalogue(&self) -> PortFuture<'_, Result<Vec<Listed>, PsaError>>;

    /// What the key may do. Changes nothing there.
    fn access(&self) -> PortFuture<'_, Result<Access, PsaError>>;

    /// Tickets changed at or after `since`, oldest change first; `page` counts from 1.
    fn changes(&self, since: DateTime<Utc>, page: u32) -> PortFuture<'_, Result<Changes, PsaError>>;

    /// The ids of all open tickets, to notice those that are gone; `page` counts from 1. `true` where there are more.
    fn open_tickets(&self, page: u32) -> PortFuture<'_, Result<(Vec<String>, bool), PsaError>>;

    /// One ticket as it is; `None` where it was deleted.
    fn ticket<'a>(&'a self, id: &'a str) -> PortFuture<'a, Result<Option<Seen>, PsaError>>;
}
