//! What can be made to go wrong.

use std::time::Duration;

use super::request::Request;

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Not done; this HTTP status, with the vendor's error code when it gives one.
    Status(u16, Option<u32>),
    /// Not done and never answered.
    Hang,
    /// **Done** and never answered.
    HangAfter,
    /// Done at once, but the answer comes so much later. The only fault that waits in real time.
    Slow(Duration),
    /// Not done; the connection is reset.
    CutBefore,
    /// **Done**; the connection is reset before a byte of the answer.
    ResponseLost,
    /// **Done**; the answer's JSON stops halfway.
    MalformedJson,
    /// Not done; the credentials are refused (401, 20003).
    AuthRefused,
}

/// A fault of this stand-in, of the kind that all stand-ins share.
pub type Fault = crate::fault::Fault<FaultKind, Request>;

/// The faults in force.
pub(crate) type FaultRules = crate::fault::FaultRules<FaultKind, Request>;

impl Fault {
    /// 429 with 20429: too many requests at a time.
    pub fn throttled() -> Self {
        Self::new(FaultKind::Status(429, Some(20_429)))
    }

    /// A status such as 500 or 503 with the vendor's code for it (20500, 20503).
    pub fn status(status: u16) -> Self {
        Self::new(FaultKind::Status(status, Some(20_000 + u32::from(status))))
    }

    /// The request is done, but its answer is lost.
    pub fn response_lost() -> Self {
        Self::new(FaultKind::ResponseLost)
    }
}
