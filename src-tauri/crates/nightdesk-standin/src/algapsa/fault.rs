//! What can be made to go wrong.

use std::time::Duration;

use super::request::Request;
use crate::huntress::RetryAfter;

/// What goes wrong with a request. Each says whether the desk had acted by then, because that is what a client can't
/// know and must find out.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultKind {
    /// Not done; this status, with or without a `Retry-After`.
    Status(u16, Option<RetryAfter>),
    /// **Done**; this status all the same, such as a 502 of something in front of the desk.
    StatusAfter(u16),
    /// Not done and never answered.
    Hang,
    /// **Done** and never answered.
    HangAfter,
    /// Done, but only after this long. The only fault that waits in real time.
    Delay(Duration),
    /// Not done; the connection is reset.
    ResetBefore,
    /// **Done**; the connection is reset before a byte of the answer.
    LostAnswer,
    /// **Done**; the head and half the body arrive, then the connection is reset.
    ResetMidBody,
    /// **Done**; a whole answer whose JSON stops halfway.
    Truncated,
    /// Not done; 200 with a page of HTML, as something in front of the desk would send it.
    NotJson,
    /// **Done**; the answer's data lies under another name.
    WrongShape,
}

/// A fault of this stand-in, of the kind that all stand-ins share.
pub type Fault = crate::fault::Fault<FaultKind, Request>;

/// The faults in force.
pub(crate) type FaultRules = crate::fault::FaultRules<FaultKind, Request>;

impl FaultKind {
    /// Whether the desk does what it is asked for.
    pub(crate) fn acts(&self) -> bool {
        !matches!(self, Self::Status(..) | Self::Hang | Self::ResetBefore | Self::NotJson)
    }
}

impl Fault {
    /// An error status without `Retry-After`; nothing is done.
    pub fn status(code: u16) -> Self {
        Self::new(FaultKind::Status(code, None))
    }

    /// An error status with `Retry-After`; nothing is done.
    pub fn status_with(code: u16, retry_after: RetryAfter) -> Self {
        Self::new(FaultKind::Status(code, Some(retry_after)))
    }

    /// The request is done, but its answer is lost.
    pub fn lost_answer() -> Self {
        Self::new(FaultKind::LostAnswer)
    }
}
