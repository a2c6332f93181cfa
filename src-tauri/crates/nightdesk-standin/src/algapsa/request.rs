//! The log of what was asked.

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::fault::Struck;

/// One request as the stand-in saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// When it came in, by the stand-in's clock.
    pub at: DateTime<Utc>,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path without the query, such as `/api/v1/tickets`.
    pub path: String,
    /// The query's pairs, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The body; `null` when there is none, an empty object when it isn't JSON, because the vendor takes it for that.
    pub body: Value,
    /// Whether it carried the key that was valid when it came in.
    pub authorized: bool,
    /// The status of the answer; `None` when none left the stand-in (a hang, a reset, a lost answer), or not yet.
    pub status: Option<u16>,
}

impl Struck for Request {
    fn method(&self) -> &str {
        &self.method
    }

    fn path(&self) -> &str {
        &self.path
    }
}

impl Request {
    /// The first value of a query parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Something that no careful client does: a request that the desk refused as wrong, or one of which it silently took
/// only a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// What was wrong or ignored.
    pub what: String,
}

impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.method, self.path, self.what)
    }
}

/// Entries carry a number, because a request may still be under way when the log is taken and emptied.
#[derive(Default)]
pub(crate) struct RequestLog {
    next: u64,
    entries: Vec<(u64, Request)>,
    slips: Vec<Slip>,
}

impl RequestLog {
    pub(crate) fn push(&mut self, request: Request) -> u64 {
        self.next += 1;
        self.entries.push((self.next, request));
        self.next
    }

    pub(crate) fn settle(&mut self, number: u64, status: u16) {
        if let Some((_, request)) = self.entries.iter_mut().rev().find(|(at, _)| *at == number) {
            request.status = Some(status);
        }
    }

    pub(crate) fn slipped(&mut self, request: &Request, what: String) {
        self.slips.push(Slip { method: request.method.clone(), path: request.path.clone(), what });
    }

    pub(crate) fn snapshot(&self) -> Vec<Request> {
        self.entries.iter().map(|(_, request)| request.clone()).collect()
    }

    pub(crate) fn take(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.entries).into_iter().map(|(_, request)| request).collect()
    }

    pub(crate) fn slips(&self) -> Vec<Slip> {
        self.slips.clone()
    }

    pub(crate) fn take_slips(&mut self) -> Vec<Slip> {
        std::mem::take(&mut self.slips)
    }
}
