//! The log of what was asked.

use chrono::{DateTime, Utc};

use crate::fault::Struck;

/// One request as the stand-in saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// When it came in, by the stand-in's clock.
    pub at: DateTime<Utc>,
    /// `GET` or `POST`.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The query's pairs, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The form's pairs, decoded, in order.
    pub form: Vec<(String, String)>,
    /// Whether it carried the account's credentials.
    pub authorized: bool,
    /// The status of the answer; `None` when none left the stand-in (a hang, a cut, a lost answer), or not yet.
    pub status: Option<u16>,
    /// What was wrong with the request itself, when no correct client would make it: an unknown path, method or
    /// parameter, a parameter of the wrong type, a body that isn't a form.
    pub slip: Option<String>,
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
    /// The first value of a form field.
    pub fn field(&self, name: &str) -> Option<&str> {
        first(&self.form, name)
    }

    /// The first value of a query parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Entries carry a number, because a request may still be under way when the log is taken and emptied.
#[derive(Default)]
pub(crate) struct RequestLog {
    next: u64,
    entries: Vec<(u64, Request)>,
    slips: Vec<String>,
}

impl RequestLog {
    pub(crate) fn push(&mut self, request: Request) -> u64 {
        self.next += 1;
        self.entries.push((self.next, request));
        self.next
    }

    pub(crate) fn slipped(&mut self, number: u64, what: &str) {
        if let Some((_, request)) = self.entries.iter_mut().rev().find(|(at, _)| *at == number) {
            request.slip = Some(what.to_owned());
            self.slips.push(format!("{} {}: {what}", request.method, request.path));
        }
    }

    pub(crate) fn settle(&mut self, number: u64, status: u16) {
        if let Some((_, request)) = self.entries.iter_mut().rev().find(|(at, _)| *at == number) {
            request.status = Some(status);
        }
    }

    pub(crate) fn snapshot(&self) -> Vec<Request> {
        self.entries.iter().map(|(_, request)| request.clone()).collect()
    }

    pub(crate) fn take(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.entries).into_iter().map(|(_, request)| request).collect()
    }

    pub(crate) fn slips(&self) -> Vec<String> {
        self.slips.clone()
    }

    pub(crate) fn take_slips(&mut self) -> Vec<String> {
        std::mem::take(&mut self.slips)
    }
}
