//! What went over the wire in one attempt.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One request and what came back, for a person to look at. It holds no secret: signatures are none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The request's headers, by lower-case name. Its body is the delivery's.
    pub request_headers: Vec<(String, String)>,
    /// What was answered; `None` where nothing was.
    pub answer: Option<Answer>,
    /// From the first byte that left until the outcome was known.
    pub duration: Duration,
    /// Whoever answers wants no more from us, ever.
    pub is_farewell: bool,
    /// Nothing left, since no way led there: its name wasn't found, or no network. That may be the destination's fault or
    /// this machine's own.
    #[serde(default)]
    pub is_unfound: bool,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Those headers that say something about the answer, by lower-case name.
    pub headers: Vec<(String, String)>,
    /// The body as text, cut.
    pub body: String,
    /// Whether the body went on.
    pub is_cut: bool,
}
