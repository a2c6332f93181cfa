//! Why something can't be done with an endpoint.

use crate::desk::Listed;
use chrono::{DateTime, Utc};
use nightdesk_core::webhook::{MOST_EARLIER, OVERLAP_HOURS};

fn these(urls: &Listed) -> String {
    if urls.0.is_empty() { "none is configured; add one as [[webhook_out]]".into() } else { format!("there is {urls}") }
}

/// Why nothing was done. `Display` is a sentence for a person that says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No endpoint of this address.
    #[error("there is no endpoint {url:?}: {}", these(.known))]
    Unknown {
        /// As it was given.
        url: String,
        /// The addresses there are.
        known: Listed,
    },
    /// No message of this id, or of none of the endpoints that are left.
    #[error("there is no message {0:?}; `nightdesk webhooks attempts URL` lists those there are")]
    NoMessage(String),
    /// Its endpoint isn't there any more.
    #[error("the endpoint of {message} was deleted: {url}")]
    Deleted {
        /// The message's id.
        message: String,
        /// Where it went.
        url: String,
    },
    /// It was given up.
    #[error(
        "{url} was disabled at {}, and nothing is sent to it: enable it first with `nightdesk webhooks enable {url}`",
        .since.format("%Y-%m-%d %H:%M UTC")
    )]
    Disabled {
        /// Its address.
        url: String,
        /// Since when.
        since: DateTime<Utc>,
    },
    /// As many secrets sign already as a consumer can be expected to read.
    #[error(
        "the secret of {url} was rotated {MOST_EARLIER} times within {OVERLAP_HOURS} hours, and all of them still sign: \
         wait until the first one's time is over, or delete the endpoint and add it again, which ends them all"
    )]
    Rotated {
        /// Its address.
        url: String,
    },
    /// It is under way, so that sending it again would only repeat it.
    #[error("{0} is being sent just now; look again in a moment")]
    Leaving(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] nightdesk_store::Error),
}
