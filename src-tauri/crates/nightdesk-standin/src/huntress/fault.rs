//! What can be made to go wrong.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::reply::http_date;
use super::request::Request;

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultKind {
    /// An error status, with or without a `Retry-After`.
    Status(u16, Option<RetryAfter>),
    /// The request is read and never answered.
    Hang,
    /// The answer comes late. The only fault that waits in real time.
    Delay(Duration),
    /// The connection is reset before a byte of the answer.
    ResetBefore,
    /// The head and half the body arrive, then the connection is reset.
    ResetMidBody,
    /// A whole answer whose JSON stops halfway.
    TruncatedJson,
    /// 200 with a body that isn't JSON.
    NotJson,
    /// 200 with this JSON instead of the answer (`null`, a bare list, …).
    Body(Value),
    /// Every list at the top of the answer becomes an object keyed by position.
    ListAsObject,
    /// 302 to this address.
    Redirect(String),
    /// The next page's token is the one this page was asked with (a first page is answered as usual).
    RepeatPageToken,
    /// The right body under another content type.
    ContentType(String),
    /// 200 with a JSON body of at least so many bytes.
    HugeBody(usize),
}

/// A `Retry-After` header in one of its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// Whole seconds.
    Seconds(u64),
    /// An HTTP-date so far from the stand-in's `Date`.
    DateIn(TimeDelta),
    /// Anything, such as nonsense.
    Text(String),
}

impl RetryAfter {
    pub(crate) fn header(&self, date: DateTime<Utc>) -> String {
        match self {
            Self::Seconds(seconds) => seconds.to_string(),
            Self::DateIn(delta) => http_date(date + *delta),
            Self::Text(text) => text.clone(),
        }
    }
}

/// A fault of this stand-in, of the kind that all stand-ins share.
pub type Fault = crate::fault::Fault<FaultKind, Request>;

/// The faults in force.
pub(crate) type FaultRules = crate::fault::FaultRules<FaultKind, Request>;

impl Fault {
    /// An error status without `Retry-After`.
    pub fn status(code: u16) -> Self {
        Self::new(FaultKind::Status(code, None))
    }

    /// An error status with `Retry-After`.
    pub fn status_with(code: u16, retry_after: RetryAfter) -> Self {
        Self::new(FaultKind::Status(code, Some(retry_after)))
    }
}
