//! Texts and calls by Twilio, or by a provider of the same shape at another address.
//!
//! Everything is asked for and nothing is pushed, because a desktop has no public address: statuses, replies and keys are
//! polled. Keys take a Studio flow, which is made in the account once ([`TwilioClient`]'s `keys`); without it a call only
//! speaks. Twilio has no idempotency key, so both senders are [`Idempotency::Lookup`].
//!
//! Facts about the interface are Twilio's own documents (OpenAPI 2.6.7 and the pages under twilio.com/docs) unless a
//! comment says otherwise. No error, log line or debug print holds a number, a text or a secret: Twilio's own sentences
//! repeat numbers, so of its errors only the code is kept.
//!
//! [`Idempotency::Lookup`]: nightdesk_core::delivery::Idempotency::Lookup

mod address;
mod call;
mod codes;
mod credentials;
mod exchange;
mod execution;
mod extension;
mod flow;
mod json;
mod miss;
mod port;
mod reference;
mod replies;
mod seal;
mod settings;
mod speech;
mod stage;
mod text;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use nightdesk_http::Limits;
use url::Url;

pub use call::Calls;
pub use credentials::Credentials;
pub use flow::NAME as FLOW_NAME;
pub use settings::{Error, Settings};
pub use text::Texts;

/// How Nightdesk names itself to Twilio.
const USER_AGENT: &str = concat!("nightdesk/", env!("CARGO_PKG_VERSION"));

/// A page mustn't hang on one request, and a sender's requests together stay below the lease of a claim.
const LIMITS: fn() -> Limits = || Limits {
    connect_timeout: Duration::from_secs(5),
    total_timeout: Duration::from_secs(10),
    max_body: 8 * 1024 * 1024,
    retries: 1,
    ..Limits::default()
};

/// Twilio over HTTPS, with one account and one number of ours. A client is tied to its settings; changed ones make a new
/// client. Clones share everything.
#[derive(Clone)]
pub struct TwilioClient {
    inner: Arc<Inner>,
}

struct Inner {
    /// Ends in `/2010-04-01/Accounts/{account}`.
    account: Url,
    /// Ends in `/v2`.
    studio: Url,
    account_sid: String,
    from: String,
    /// The flow that asks for keys, while one is known.
    keys: RwLock<Option<String>>,
    /// Whether the carrier was asked for it, whatever came of that. Held while it is being asked, so that two who ask at
    /// once don't make two flows.
    asked: tokio::sync::Mutex<bool>,
    credentials: Arc<dyn Credentials>,
    http: nightdesk_http::Client,
}

impl TwilioClient {
    /// A client for one account and number.
    ///
    /// # Errors
    /// [`Error`] for settings that can't work, in words for the user.
    pub fn new(
        settings: Settings,
        credentials: Arc<dyn Credentials>,
        http: nightdesk_http::Client,
    ) -> Result<Self, Error> {
        let checked = settings::check(settings)?;
        Ok(Self {
            inner: Arc::new(Inner {
                account: checked.account,
                studio: checked.studio,
                account_sid: checked.account_sid,
                from: checked.from,
                keys: RwLock::new(checked.keys),
                asked: tokio::sync::Mutex::new(false),
                credentials,
                http,
            }),
        })
    }

    /// [`Self::new`] with connections of its own, for a caller that has no use for HTTP itself.
    ///
    /// # Errors
    /// As there; [`Error::Setup`] if there can be no HTTP client at all.
    pub fn connect(settings: Settings, credentials: Arc<dyn Credentials>) -> Result<Self, Error> {
        let http =
            nightdesk_http::Client::new(LIMITS(), USER_AGENT).map_err(|error| Error::Setup(error.to_string()))?;
        Self::new(settings, credentials, http)
    }

    /// The sender of kind `sms`.
    pub fn texts(&self) -> Texts {
        Texts(self.clone())
    }

    /// The sender of kind `call`.
    pub fn calls(&self) -> Calls {
        Calls(self.clone())
    }

    /// The flow that calls with keys use; none where they only speak.
    pub fn keys_in_use(&self) -> Option<String> {
        // An id is replaced whole, so even one behind a poisoned lock is whole.
        self.inner.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets the flow that calls with keys use from now on.
    pub fn set_keys(&self, flow: Option<String>) {
        *self.inner.keys.write().unwrap_or_else(PoisonError::into_inner) = flow;
    }
}

impl std::fmt::Debug for TwilioClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let host = |url: &Url| url.host_str().unwrap_or_default().to_owned();
        f.debug_struct("TwilioClient")
            .field("host", &host(&self.inner.account))
            .field("studio", &host(&self.inner.studio))
            .finish_non_exhaustive()
    }
}
