//! What came back.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::retry_after;

/// Headers that say something about the answer or the budget. The rest (cookies, challenges) is dropped on arrival: what
/// is not kept cannot leak.
const KEPT: [&str; 14] = [
    "content-type",
    "date",
    "retry-after",
    "server",
    "request-id",
    "x-request-id",
    "twilio-request-id",
    "webhook-delivery",
    "x-huntress-api-call-limit",
    "x-huntress-api-call-remaining",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-ms-request-id",
];

/// A complete answer that is no redirect. Its status may be any other, 4xx and 5xx included: what they mean is the
/// adapter's business. The debug print shows the body's length, not the body.
#[derive(Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The whole body, at most [`Limits::max_body`](crate::Limits) bytes.
    pub body: Bytes,
    /// The server's `Date`, for cursor and clock skew; `None` if absent or unreadable.
    pub date: Option<DateTime<Utc>>,
    /// The wait the server asked for, capped; `None` if absent, negative or unreadable.
    pub retry_after: Option<Duration>,
    /// Whether the body went on and was cut; see [`Limits::cut_body`](crate::Limits).
    pub is_cut: bool,
    /// HTTP requests this answer took, all of them paced.
    pub attempts: u32,
    headers: Vec<(&'static str, String)>,
}

impl Response {
    pub(crate) fn new(status: u16, headers: &HeaderMap, now: DateTime<Utc>, retry_after_cap: Duration) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            status,
            body: Bytes::new(),
            date: text("date").and_then(|value| httpdate::parse_http_date(value).ok()).map(DateTime::from),
            retry_after: text(RETRY_AFTER.as_str()).and_then(|value| retry_after::parse(value, now, retry_after_cap)),
            is_cut: false,
            attempts: 0,
            headers: KEPT.iter().filter_map(|name| Some((*name, text(name)?.to_owned()))).collect(),
        }
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The headers that are kept, by lower-case name.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.headers.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// A header of the answer, if it is one of the few that are kept; `name` in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(kept, _)| kept.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .field("date", &self.date)
            .field("retry_after", &self.retry_after)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
