//! What the engine needs of the world outside, as traits. Adapters implement them; the engine sees nothing else.

mod carrier;
mod exchange;
mod psa;
mod webhook_in;

pub use carrier::{
    AnsweredBy, CallOut, CallStage, CallStatus, Carrier, CarrierError, Obstacle, Reply, TextOut, TextState,
};
pub use exchange::{Answer, Exchange};
pub use psa::{Access, Changes, Psa, PsaError, Right};
pub use webhook_in::{
    About, OWN_TEST, Post, Refusal, SecretError, Signed, TOLERANCE_SECONDS, Verified, Verifier, WebhookIn,
};

use crate::delivery::{Idempotency, Kind, Outcome};
use crate::ids::{AccountId, AgentId, DeliveryId, IncidentId, OrganizationId};
use crate::incident::Record;
use crate::notice::{Notice, NoticeKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// A future that a port returns.
pub type PortFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a Huntress request is for, most urgent first: the order in which waiting requests get tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// The poll's walk (and the account check that it rests on).
    Walk,
    /// The open sweep.
    Sweep,
    /// One incident by its id.
    ById,
    /// Escalations, platform actions, organizations.
    Notices,
    /// Host details and other look-ups that nobody waits for.
    LookUp,
}

/// The engine's hold on a Huntress request: called before every attempt, retries included, so that each one costs a
/// token of the shared bucket.
pub trait Pace: Send + Sync {
    /// Completes when the attempt may leave; an error when the work is being stopped.
    fn pass(&self, urgency: Urgency) -> PortFuture<'_, Result<(), Stopped>>;

    /// Told of every answer with status 429, so that everyone sharing the bucket waits too.
    fn throttled(&self, retry_after: Option<Duration>) -> PortFuture<'_, ()>;

    /// The time, for reading `Retry-After` dates.
    fn now(&self) -> DateTime<Utc>;
}

/// The work was stopped before the request left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped")]
pub struct Stopped;

/// Why Huntress couldn't be read. A closed set: each has its own remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HuntressError {
    /// 401 or 403: the key is wrong, revoked or lacks a right. Never retried at once.
    #[error(
        "Huntress refused the API key (HTTP {status}); make a new one at <your-account>.huntress.io under API Credentials and enter it with `nightdesk secret set HUNTRESS_API_KEY` and `nightdesk secret set HUNTRESS_API_SECRET`"
    )]
    Refused {
        /// The status that was answered.
        status: u16,
    },
    /// No key or secret is stored.
    #[error("no Huntress API key is stored ({name} is missing); enter it with `nightdesk secret set {name}`")]
    NoCredentials {
        /// The secret that is missing.
        name: &'static str,
    },
    /// The keychain couldn't be read.
    #[error("the keychain could not be read: {0}")]
    Keychain(String),
    /// 429, after waiting.
    #[error("Huntress says that the account's request limit is used up (HTTP 429); other integrations share it")]
    RateLimited {
        /// How long it asked us to wait.
        retry_after: Option<Duration>,
    },
    /// 404: gone, or not ours to see.
    #[error("Huntress has no such record (HTTP 404)")]
    NotFound,
    /// Another 4xx.
    #[error("Huntress rejected the request (HTTP {status}): {detail}")]
    Rejected {
        /// The status that was answered.
        status: u16,
        /// The start of the answer, as text.
        detail: String,
    },
    /// 5xx, after retries.
    #[error("Huntress has a fault of its own (HTTP {status}); see huntressstatus.statuspage.io")]
    Fault {
        /// The status that was answered.
        status: u16,
    },
    /// No answer: DNS, connection, TLS, timeout, reset.
    #[error("Huntress could not be reached: {0}")]
    Unreachable(String),
    /// An answer that isn't what the document promises: truncated, not JSON, no list where one belongs.
    #[error("Huntress answered something that could not be read: {0}")]
    BadAnswer(String),
    /// A redirect, which credentials must not follow.
    #[error(
        "Huntress answered with a redirect (HTTP {status}), which is not followed with credentials; check huntress.base_url"
    )]
    Redirect {
        /// The status that was answered.
        status: u16,
    },
    /// The work was stopped.
    #[error("stopped before Huntress answered")]
    Stopped,
}

/// The account that a key belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its number.
    pub id: AccountId,
    /// The MSP's name.
    pub name: String,
    /// For portal links.
    pub subdomain: Option<String>,
}

/// An organization as Huntress lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedOrganization {
    /// Its number.
    pub id: OrganizationId,
    /// Its present name.
    pub name: String,
    /// Huntress's short key for it.
    pub key: Option<String>,
}

/// Host details of an agent, as far as Huntress knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Host {
    /// Hostname.
    pub hostname: Option<String>,
    /// Operating system.
    pub os: Option<String>,
    /// Internal IPv4 address.
    pub ipv4_address: Option<String>,
    /// The address it is seen from.
    pub external_ip: Option<String>,
    /// Serial number.
    pub serial_number: Option<String>,
    /// When it last called Huntress.
    pub last_callback_at: Option<DateTime<Utc>>,
}

/// The two kinds of notice that can be listed; the others come by webhook only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoticeListing {
    /// Escalations.
    Escalations,
    /// Platform actions.
    PlatformActions,
}

impl NoticeListing {
    /// The kind of its rows.
    pub fn kind(self) -> NoticeKind {
        match self {
            Self::Escalations => NoticeKind::Escalation,
            Self::PlatformActions => NoticeKind::PlatformAction,
        }
    }
}

/// One page of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in the order listed.
    pub rows: Vec<T>,
    /// The token of the next page; `None` ends the walk.
    pub next: Option<String>,
    /// The server's own time, from the `Date` header.
    pub date: Option<DateTime<Utc>>,
}

/// What to list of the incident reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listing {
    /// Newest change first: `sort_field=updated_at&sort_direction=desc`.
    Changes,
    /// All with one status, in the lasting order of their ids: `status=…&sort_field=id&sort_direction=desc`.
    WithStatus(&'static str),
}

/// An account, with the server's own time.
pub type DatedAccount = (Account, Option<DateTime<Utc>>);

/// Huntress, as the engine reads it. Every method is one request (and its retries); paging is the caller's.
pub trait Huntress: Send + Sync {
    /// Fingerprint of the key in use (never the key itself), so that a changed key is noticed.
    fn key_fingerprint(&self) -> Result<String, HuntressError>;

    /// The account that the key belongs to.
    fn account<'a>(&'a self, pace: &'a dyn Pace) -> PortFuture<'a, Result<DatedAccount, HuntressError>>;

    /// One page of incident reports. `limit` is 1 to 500.
    fn incidents<'a>(
        &'a self,
        pace: &'a dyn Pace,
        urgency: Urgency,
        listing: &'a Listing,
        limit: u32,
        token: Option<&'a str>,
    ) -> PortFuture<'a, Result<Page<Record>, HuntressError>>;

    /// One incident report; `None` for a 404.
    fn incident<'a>(
        &'a self,
        pace: &'a dyn Pace,
        id: IncidentId,
    ) -> PortFuture<'a, Result<Option<Record>, HuntressError>>;

    /// One page of organizations.
    fn organizations<'a>(
        &'a self,
        pace: &'a dyn Pace,
        token: Option<&'a str>,
    ) -> PortFuture<'a, Result<Page<ListedOrganization>, HuntressError>>;

    /// One page of escalations or platform actions, newest change first.
    fn notices<'a>(
        &'a self,
        pace: &'a dyn Pace,
        listing: NoticeListing,
        token: Option<&'a str>,
    ) -> PortFuture<'a, Result<Page<Notice>, HuntressError>>;

    /// An agent's host details; `None` for a 404 (the agent was removed).
    fn agent<'a>(&'a self, pace: &'a dyn Pace, id: AgentId) -> PortFuture<'a, Result<Option<Host>, HuntressError>>;
}

/// A delivery as a sender gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Which delivery.
    pub id: DeliveryId,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// The same on every attempt of a delivery: the idempotency key, or the marker to look up.
    pub marker: String,
    /// Where it goes, in the sender's own notation.
    pub destination: String,
    /// What is sent, in the sender's own form.
    pub payload: serde_json::Value,
    /// Set when an earlier attempt may already have arrived: a person should be told.
    pub possible_repeat: bool,
    /// When its last attempt on record began; without one, when it was queued. What the provider has from before isn't it,
    /// though its mark or its number may be the same: a store brought back from a backup counts on from there.
    pub since: DateTime<Utc>,
}

/// What a look-up at the provider found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It arrived there, under this id of theirs.
    Yes {
        /// The provider's own id for it.
        remote_ref: Option<String>,
    },
    /// It isn't there (yet).
    No,
    /// The provider couldn't be asked.
    Unknown(String),
}

/// One way out of the machine. Everything leaves through the outbox and a sender (ND-5).
pub trait Sender: Send + Sync {
    /// The kind of delivery it serves.
    fn kind(&self) -> Kind;

    /// What may be done when an attempt's outcome is unknown.
    fn idempotency(&self) -> Idempotency;

    /// Sends once. Never retries by itself.
    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome>;

    /// [`Self::send`], with what went over the wire where a person may want to look at it.
    fn send_and_show<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, (Outcome, Option<Exchange>)> {
        Box::pin(async move { (self.send(outgoing).await, None) })
    }

    /// Asks the provider whether an attempt arrived; only called for [`Idempotency::Lookup`].
    fn look_up<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Found>;

    /// Until when the provider wants nothing more, whichever delivery it is: none is claimed before, so that none spends an
    /// attempt on hearing it again.
    fn closed_until(&self) -> Option<DateTime<Utc>> {
        None
    }
}
