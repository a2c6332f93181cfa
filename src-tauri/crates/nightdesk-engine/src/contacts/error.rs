//! Why a contact can't be verified.

use crate::desk::Listed;
use chrono::{DateTime, Utc};
use nightdesk_core::pin::{SENDS, SENDS_MINUTES};
use nightdesk_core::port::CarrierError;

fn these(names: &Listed) -> String {
    if names.0.is_empty() {
        "the call tree is empty; add the contact first".into()
    } else {
        format!("there is {names}")
    }
}

/// Why nothing was done. `Display` is a sentence for a person that says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No contact of this name.
    #[error("there is no contact {name:?}: {}", these(.known))]
    Unknown {
        /// As it was given.
        name: String,
        /// The names there are, quoted.
        known: Listed,
    },
    /// The number can't take what was asked for.
    #[error("{name}'s number takes no texts: have the PIN told by a call")]
    NoTexts {
        /// The contact's name.
        name: String,
    },
    /// Nor a call.
    #[error("{name}'s number can't be called: have the PIN sent as a text")]
    NoCalls {
        /// The contact's name.
        name: String,
    },
    /// Each one costs money, and rings a phone that may be a stranger's.
    #[error(
        "{SENDS} PINs were sent to this number within {SENDS_MINUTES} minutes; the next can be sent at {}",
        .next.format("%H:%M:%S UTC")
    )]
    TooMany {
        /// When the next may be sent.
        next: DateTime<Utc>,
    },
    /// What was typed is no PIN. It doesn't count as a try.
    #[error("a PIN has six digits")]
    NotAPin,
    /// The configuration changed between the question and the act.
    #[error("the number of {name} was just changed: verify the new one")]
    Changed {
        /// The contact's name.
        name: String,
    },
    /// Nobody waits any more.
    #[error("the engine came to it too late; ask again")]
    TooLate,
    /// A newer program asked.
    #[error("the request could not be read: {0}")]
    Unreadable(String),
    /// There is no carrier, or no secret for it.
    #[error(transparent)]
    Carrier(#[from] CarrierError),
    /// The store.
    #[error(transparent)]
    Store(#[from] nightdesk_store::Error),
}
