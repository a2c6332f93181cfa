//! Requests that didn't bring what was asked for, and what that is to a sender, to a look-up and to a reader.

use std::time::Duration;

use nightdesk_core::delivery::Outcome;
use nightdesk_core::port::{Found, PsaError};
use nightdesk_core::psa::GONE;
use nightdesk_http::Error as HttpError;

use super::refusal::{Errand, Refusal};

/// Why there is no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Miss {
    /// There is no key. Nothing was sent.
    NoKey(PsaError),
    /// Nothing left this machine, and something here must be set right.
    Unsendable(String),
    /// Nothing left this machine; it may work later.
    Unreachable(String),
    /// Nothing left this machine, because the request budget is used up for so long.
    Full(Duration),
    /// The PSA answered that it won't.
    Refused(Box<Refusal>),
    /// The PSA, or what stands in front of it, failed; it may have acted before.
    Fault(u16),
    /// The request left and no answer came back that tells.
    Lost(String),
    /// A success that can't be read.
    Unreadable(String),
}

impl Miss {
    /// Of a request without a complete answer.
    pub fn without_answer(error: &HttpError, errand: Errand) -> Self {
        let words = error.to_string();
        match (error, error.status()) {
            (HttpError::Connect { .. } | HttpError::Stopped, _) => Self::Unreachable(words),
            _ if error.never_sent() => Self::Unsendable(words),
            (HttpError::Redirect { status, .. }, _) => Self::Refused(Box::new(Refusal::bare(*status, errand))),
            (_, Some(200..=299)) => Self::Unreadable(words),
            // Cut off, but it had begun to say no.
            (_, Some(status @ 400..=499)) => Self::Refused(Box::new(Refusal::bare(status, errand))),
            (_, Some(status @ 500..)) => Self::Fault(status),
            _ => Self::Lost(words),
        }
    }

    /// Of an answer that is no success.
    pub fn of_refusal(refusal: Refusal) -> Self {
        match refusal.status {
            500.. => Self::Fault(refusal.status),
            // Given up waiting for the request's end, or for a gateway: nobody knows how far it came.
            408 => Self::Lost("AlgaPSA gave up on the request (HTTP 408)".into()),
            _ => Self::Refused(Box::new(refusal)),
        }
    }

    /// Whether the ticket that was asked for isn't there any more.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.is_gone())
    }

    /// Whether the PSA rejected what was asked, in itself.
    pub fn is_rejected(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == 400)
    }

    /// What follows for a write that may have left. A refusal had no effect; anything else may have had.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Fault(status) => Outcome::Unknown { error: fault(status) },
            Self::Lost(error) | Self::Unreadable(error) => Outcome::Unknown { error },
            other => other.before_the_write(),
        }
    }

    /// What follows for a send of which only reads have left.
    pub fn before_the_write(self) -> Outcome {
        let temporary = |error: String, retry_after| Outcome::Temporary { error, retry_after };
        match self {
            Self::NoKey(error) => Outcome::NeedsHuman { error: error.to_string() },
            Self::Unsendable(error) => Outcome::NeedsHuman { error },
            Self::Unreachable(error) | Self::Lost(error) | Self::Unreadable(error) => temporary(error, None),
            Self::Fault(status) => temporary(fault(status), None),
            Self::Full(wait) => {
                temporary("AlgaPSA's request limit is used up for now: Nightdesk goes on by itself".into(), Some(wait))
            }
            Self::Refused(refusal) => {
                let error = refusal.sentence();
                match refusal.status {
                    409 | 425 | 429 => temporary(error, refusal.retry_after),
                    404 if refusal.is_gone() => Outcome::Permanent { error },
                    401 | 403 | 404 | 405 | 300..=399 => Outcome::NeedsHuman { error },
                    _ => Outcome::Permanent { error },
                }
            }
        }
    }

    /// What follows for a send to a ticket that isn't there any more.
    pub fn gone() -> Outcome {
        Outcome::Permanent { error: format!("{GONE}; it stays so, and Nightdesk follows the incident here alone") }
    }

    /// What follows for a look-up.
    pub fn found(self) -> Found {
        match PsaError::from(self) {
            PsaError::RateLimited { .. } => Found::Unknown("AlgaPSA's request limit is used up for now".into()),
            error => Found::Unknown(error.to_string()),
        }
    }
}

impl From<Miss> for PsaError {
    fn from(miss: Miss) -> Self {
        match miss {
            Miss::NoKey(error) => error,
            Miss::Unsendable(error) => Self::Refused(error),
            Miss::Unreachable(error) | Miss::Lost(error) => Self::Unreachable(error),
            Miss::Full(wait) => Self::RateLimited { retry_after: Some(wait) },
            Miss::Fault(status) => Self::BadAnswer(fault(status)),
            Miss::Unreadable(error) => Self::BadAnswer(error),
            Miss::Refused(refusal) if refusal.status == 429 => Self::RateLimited { retry_after: refusal.retry_after },
            Miss::Refused(refusal) => match refusal.of_key() {
                Some(why) => Self::Refused(why),
                None => Self::BadAnswer(refusal.sentence()),
            },
        }
    }
}

fn fault(status: u16) -> String {
    format!("AlgaPSA has a fault of its own (HTTP {status})")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Errand = Errand::new("open tickets", "ticket:create");

    fn refused(status: u16) -> Miss {
        Miss::of_refusal(Refusal::bare(status, OPEN))
    }

    #[test]
    fn only_what_certainly_had_no_effect_is_no_doubt() {
        let unknown = |miss: Miss| matches!(miss.outcome(), Outcome::Unknown { .. });
        for miss in [refused(500), refused(502), refused(408), Miss::Lost("x".into()), Miss::Unreadable("x".into())] {
            assert!(unknown(miss.clone()), "{miss:?}");
            assert!(matches!(miss.clone().before_the_write(), Outcome::Temporary { .. }), "{miss:?}");
        }
        assert!(matches!(Miss::Unreachable("x".into()).outcome(), Outcome::Temporary { .. }));
        assert!(matches!(refused(400).outcome(), Outcome::Permanent { .. }));
        for status in [301, 401, 403, 404] {
            assert!(matches!(refused(status).outcome(), Outcome::NeedsHuman { .. }), "{status}");
        }
        for status in [409, 429] {
            assert!(matches!(refused(status).outcome(), Outcome::Temporary { .. }), "{status}");
        }
    }

    #[test]
    fn an_answer_that_broke_off_is_what_it_had_begun_to_be() {
        let reset = |status| HttpError::Reset { host: "h".into(), status };
        let of = |status| Miss::without_answer(&reset(status), OPEN);
        assert!(matches!(of(None), Miss::Lost(_)) && matches!(of(Some(201)), Miss::Unreadable(_)));
        assert!(of(Some(400)).is_rejected() && matches!(of(Some(503)), Miss::Fault(503)));
    }

    #[test]
    fn to_a_reader() {
        let limited = Miss::Full(Duration::from_secs(7));
        assert_eq!(PsaError::from(limited), PsaError::RateLimited { retry_after: Some(Duration::from_secs(7)) });
        assert!(matches!(PsaError::from(refused(401)), PsaError::Refused(_)));
        assert!(matches!(PsaError::from(refused(404)), PsaError::BadAnswer(_)));
        assert!(matches!(refused(503).found(), Found::Unknown(_)));
    }
}
