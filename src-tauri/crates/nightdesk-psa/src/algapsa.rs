//! AlgaPSA by its public REST API (`/api/v1`), as an outside client with one user's API key.
//!
//! Nothing is pushed, because a desktop has no public address: what people change there is read by asking for what changed.
//! The interface knows no idempotency key. A creation carries a marker at its title's end and in its `attributes`, a note one
//! in its `metadata`, and both are looked for before anything is sent a second time; an update compares what is there with what
//! was there, so that repeating it changes nothing and nobody's work is overwritten.
//!
//! Facts about the interface were read from the vendor's public source as of 2026-08-22, since its published document is wrong
//! in several places; a comment says so where a fact is unconfirmed.

mod access;
mod address;
mod catalogue;
mod create;
mod credentials;
mod exchange;
mod find;
mod gate;
mod json;
mod list;
mod miss;
mod note;
mod people;
mod port;
mod reading;
mod refusal;
mod rich_text;
mod row;
mod update;

use std::sync::Arc;
use std::time::Duration;

use nightdesk_core::clock::Clock;
use nightdesk_core::port::{PsaError, Sender};
use nightdesk_http::Limits;
use url::Url;

pub use credentials::Credentials;

use gate::Gate;
pub use gate::Pace;
use people::People;

/// How Nightdesk names itself to the PSA.
const USER_AGENT: &str = concat!("nightdesk/", env!("CARGO_PKG_VERSION"));

/// A page of a list may take so much longer than one thing: the vendor looks up a logo for each client of it (its public
/// source, 2026), and nobody's claim hangs on a read.
const LISTS_TAKE: u32 = 3;

/// The engine gives a send a minute: up to 20 s for its turns, and then it makes four requests as a rule.
const LIMITS: fn() -> Limits = || Limits {
    connect_timeout: Duration::from_secs(5),
    total_timeout: Duration::from_secs(8),
    retries: 1,
    ..Limits::default()
};

/// AlgaPSA at one address. Clones share everything: connections, the request budget, and what was learned of people's names.
#[derive(Clone)]
pub struct AlgaPsa {
    inner: Arc<Inner>,
}

struct Inner {
    /// Ends in `/api/v1`.
    api: Url,
    credentials: Arc<dyn Credentials>,
    /// For what is read for its own sake: a failed read is repeated.
    patient: nightdesk_http::Client,
    /// For what a send needs: nothing is repeated, because the outbox does that.
    once: nightdesk_http::Client,
    gate: Gate,
    people: People,
}

impl AlgaPsa {
    /// A connector for the host at `base_url` (`https://algapsa.com`, or the customer's own; plain http to loopback alone).
    ///
    /// # Errors
    /// [`PsaError::Unreachable`], in words for the user, for an address that can't be asked.
    pub fn new(base_url: &str, credentials: Arc<dyn Credentials>, clock: Arc<dyn Clock>) -> Result<Self, PsaError> {
        Self::limited(base_url, credentials, clock, LIMITS(), Pace::Documented)
    }

    /// [`Self::new`] with other bounds on a request or another pace, for tests.
    ///
    /// # Errors
    /// As there.
    pub fn limited(
        base_url: &str,
        credentials: Arc<dyn Credentials>,
        clock: Arc<dyn Clock>,
        limits: Limits,
        pace: Pace,
    ) -> Result<Self, PsaError> {
        let api = address::api(base_url)?;
        let client = |limits| {
            nightdesk_http::Client::new(limits, USER_AGENT).map_err(|error| PsaError::Unreachable(error.to_string()))
        };
        // A refused send goes back to the outbox with however long a wait the PSA asks for; a read waits that long itself.
        let once = Limits { retries: 0, retry_after_cap: Duration::from_secs(3600), ..limits };
        let patient = Limits {
            total_timeout: limits.total_timeout * LISTS_TAKE,
            retry_after_cap: limits.retry_after_cap.min(Duration::from_secs(30)),
            ..limits
        };
        let (patient, once) = (client(patient)?, client(once)?);
        let inner = Inner { api, credentials, patient, once, gate: Gate::new(clock, pace), people: People::default() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The senders of tickets, updates and notes.
    pub fn senders(&self) -> Vec<Arc<dyn Sender>> {
        vec![
            Arc::new(create::Tickets(self.clone())),
            Arc::new(update::Updates(self.clone())),
            Arc::new(note::Notes(self.clone())),
        ]
    }

    /// The ticket's page for people, at the host whose API is at `base_url`; `None` where either is nonsense. The path is the
    /// one that the vendor's own notices link to (public source, 2026); not tried on a running server.
    pub fn link(base_url: &str, ticket_id: &str) -> Option<String> {
        let root = address::root(base_url).ok()?;
        (!ticket_id.is_empty()).then(|| address::below(&root, &["msp", "tickets", ticket_id], &[]).to_string())
    }
}

impl std::fmt::Debug for AlgaPsa {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AlgaPsa").field("host", &self.inner.api.host_str()).finish_non_exhaustive()
    }
}
