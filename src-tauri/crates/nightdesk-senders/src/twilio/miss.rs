//! Requests that didn't bring what was asked for, and what that is to a sender and to the engine.

use std::time::Duration;

use nightdesk_core::delivery::Outcome;
use nightdesk_core::port::{CarrierError, Obstacle};
use nightdesk_http::Error as HttpError;

use super::codes::{self, Class};

/// Why there is no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Miss {
    /// There is no secret. Nothing was sent.
    NoSecret(CarrierError),
    /// Nothing left this machine, and something here must be set right.
    Unsendable(String),
    /// Nothing left this machine; it may work later.
    Unreachable(String),
    /// Twilio answered that it won't.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Its own code, where its answer holds one.
        code: Option<u32>,
        /// How long it asks us to wait.
        retry_after: Option<Duration>,
    },
    /// The request left and no answer came back that tells.
    Lost(String),
    /// A success that can't be read.
    Unreadable(String),
}

impl Miss {
    /// Of a request without a complete answer.
    pub fn without_answer(error: &HttpError) -> Self {
        let words = error.to_string();
        match (error, error.status()) {
            (HttpError::Redirect { status, .. }, _) => Self::Refused { status: *status, code: None, retry_after: None },
            (HttpError::Connect { .. } | HttpError::Stopped, _) => Self::Unreachable(words),
            _ if error.never_sent() => Self::Unsendable(words),
            (_, Some(200..=299)) => Self::Unreadable(words),
            // Cut off, but it had begun to say no.
            (_, Some(status @ 400..=499)) => Self::Refused { status, code: None, retry_after: None },
            _ => Self::Lost(words),
        }
    }

    /// Whether it is the thing asked for that isn't to be had, rather than the number or the text that was at fault. Certainly
    /// without effect.
    pub fn is_denied(&self) -> bool {
        match self {
            Self::Refused { status: 401 | 403 | 404, .. } => true,
            Self::Refused { status: 400, code, .. } => code.and_then(codes::known).is_none(),
            _ => false,
        }
    }

    /// What follows for a text or call that was to be sent. A refusal had no effect; anything else may have had.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::NoSecret(error) => Outcome::NeedsHuman { error: error.to_string() },
            Self::Unsendable(error) => Outcome::NeedsHuman { error },
            Self::Unreachable(error) => Outcome::Temporary { error, retry_after: None },
            Self::Lost(error) | Self::Unreadable(error) => Outcome::Unknown { error },
            Self::Refused { status, code, retry_after } => {
                let error = sentence(status, code);
                let obstacle = code.and_then(codes::known).map(|code| code.obstacle);
                match class(status, code) {
                    Some(Class::Temporary) => Outcome::Temporary { error, retry_after },
                    Some(Class::Permanent) => match obstacle {
                        Some(obstacle @ (Obstacle::NoTexts | Obstacle::OptedOut | Obstacle::BadNumber)) => {
                            Outcome::OutOfReach { error, obstacle }
                        }
                        _ => Outcome::Permanent { error },
                    },
                    Some(Class::NeedsHuman) => Outcome::NeedsHuman { error },
                    None => Outcome::Unknown { error },
                }
            }
        }
    }
}

impl From<Miss> for CarrierError {
    fn from(miss: Miss) -> Self {
        match miss {
            Miss::NoSecret(error) => error,
            Miss::Unsendable(error) => Self::Refused(error),
            Miss::Unreachable(error) | Miss::Lost(error) => Self::Unreachable(error),
            Miss::Unreadable(error) => Self::BadAnswer(error),
            Miss::Refused { status, code, retry_after } => match (status, class(status, code)) {
                (404, _) => Self::NotFound,
                (429, _) => Self::Busy { retry_after },
                (500.., _) | (_, None) => Self::Unreachable(sentence(status, code)),
                (_, Some(Class::Temporary)) => Self::Busy { retry_after },
                _ => Self::Refused(sentence(status, code)),
            },
        }
    }
}

/// By the code where the table has it, else by the status; `None` where the request may have had an effect: a carrier that
/// fails doesn't know how far it came, whatever code it gives.
fn class(status: u16, code: Option<u32>) -> Option<Class> {
    match (code.and_then(codes::known), status) {
        // A request limit holds whatever the code says: it was never looked at.
        (_, 429) => Some(Class::Temporary),
        (_, 500..) | (None, 408) => None,
        (Some(code), _) => Some(code.class),
        (None, 409 | 425) => Some(Class::Temporary),
        (None, 401 | 402 | 403 | 404 | 405 | 300..=399) => Some(Class::NeedsHuman),
        (None, _) => Some(Class::Permanent),
    }
}

fn sentence(status: u16, code: Option<u32>) -> String {
    if let Some(number) = code {
        return codes::known(number).map_or_else(|| codes::unlisted(number), codes::Code::sentence);
    }
    let advice = match status {
        401 | 403 => {
            "Twilio refuses the account or its secret: check paging.account_sid and `nightdesk secret set TWILIO_AUTH_TOKEN`"
        }
        402 => "Twilio wants to be paid: see Billing in the Twilio console",
        404 => "there is no such account or resource at that address: check paging.account_sid and the base addresses",
        300..=399 => {
            "the carrier answers with a redirect, which is not followed: check the base addresses under paging"
        }
        409 => {
            "the carrier is still busy with an earlier call or request for the same: Nightdesk tries again by itself"
        }
        429 => "too many requests at once from this account: Nightdesk tries again by itself",
        500.. => "the carrier has a fault of its own: see status.twilio.com",
        _ => "the carrier rejects it and gives no reason: check the address under paging.base_url",
    };
    format!("{advice} (HTTP {status})")
}

/// What follows for a text or call that was accepted and then came to nothing.
pub(super) fn obstacle(code: Option<u32>) -> (Obstacle, String) {
    match code.map(|number| (number, codes::known(number))) {
        Some((_, Some(code))) => (code.obstacle, code.sentence()),
        Some((number, None)) => (Obstacle::Unknown, codes::unlisted(number)),
        None => (
            Obstacle::Unknown,
            "the carrier gives no reason: try the contact's other channel, and see Monitor, Logs in the Twilio console"
                .into(),
        ),
    }
}

#[cfg(test)]
mod tests;
