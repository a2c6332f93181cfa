//! Asking Huntress.

mod address;
mod credentials;
mod exchange;
mod port;

use std::sync::Arc;

use url::Url;

pub use credentials::Credentials;

/// Why a client can't be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The base address is none that a key may be sent to.
    #[error("huntress.base_url: {reason}")]
    BaseUrl {
        /// What is wrong with it, in words for the user.
        reason: String,
    },
    /// The means to make a request couldn't be set up.
    #[error("no connection to Huntress can be set up: {0}")]
    Setup(String),
}

/// How Nightdesk names itself to Huntress.
pub(crate) const USER_AGENT: &str = concat!("nightdesk/", env!("CARGO_PKG_VERSION"));

/// Huntress over HTTPS, with an API key. A client is tied to its base address; a changed configuration makes a new one.
/// Clones share the connections.
#[derive(Clone)]
pub struct HuntressClient {
    /// Ends in `/v1`.
    root: Url,
    credentials: Arc<dyn Credentials>,
    http: nightdesk_http::Client,
}

impl HuntressClient {
    /// A client for the account whose key `credentials` gives. `base_url` is `https://api.huntress.io` outside of tests;
    /// a path below the host is kept, and a `/v1` at its end is the same as none.
    ///
    /// # Errors
    /// [`Error::BaseUrl`], unless it is https, or http to this machine, without a query.
    pub fn new(base_url: &str, credentials: Arc<dyn Credentials>, http: nightdesk_http::Client) -> Result<Self, Error> {
        Ok(Self { root: address::root(base_url)?, credentials, http })
    }
}

impl HuntressClient {
    /// [`Self::new`] with connections of its own under the usual limits, for a caller that has no use for HTTP itself.
    ///
    /// # Errors
    /// [`Error::BaseUrl`] as there; [`Error::Setup`] if there can be no HTTP client at all.
    pub fn connect(base_url: &str, credentials: Arc<dyn Credentials>) -> Result<Self, Error> {
        let http = nightdesk_http::Client::new(nightdesk_http::Limits::default(), USER_AGENT)
            .map_err(|error| Error::Setup(error.to_string()))?;
        Self::new(base_url, credentials, http)
    }
}

impl std::fmt::Debug for HuntressClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HuntressClient").field("root", &self.root.as_str()).finish_non_exhaustive()
    }
}
