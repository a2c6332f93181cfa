//! What the PSA says when it won't, and what a person can do about it.

use std::time::Duration;

use nightdesk_core::content::line;
use nightdesk_http::Response;
use serde_json::Value;

use super::json;

/// The longest part of the PSA's words that is kept, in characters.
const LONGEST: usize = 400;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Errand {
    /// In words that complete "may not …".
    pub to: &'static str,
    /// The permission that it needs there, as far as the vendor's source tells.
    pub permission: Option<&'static str>,
}

impl Errand {
    pub const fn new(to: &'static str, permission: &'static str) -> Self {
        Self { to, permission: Some(permission) }
    }
}

/// A refusal, which had no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub status: u16,
    /// The PSA's own code; `None` where something else answered in its place.
    pub code: Option<String>,
    message: Option<String>,
    /// Field and words.
    details: Vec<(String, String)>,
    pub retry_after: Option<Duration>,
    errand: Errand,
}

impl Refusal {
    /// Of an answer that is no success.
    pub fn read(response: &Response, errand: Errand) -> Self {
        let body = serde_json::from_slice::<Value>(&response.body).unwrap_or_default();
        let error = body.get("error").unwrap_or(&Value::Null);
        let said = |value: &Value, name: &str| json::text(value, name).map(shortened).filter(|s| !s.is_empty());
        let rows = error.get("details").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let details = rows.iter().filter_map(|row| Some((path(row), said(row, "message")?))).take(8).collect();
        let asked = error.pointer("/details/retry_after_ms").and_then(Value::as_u64).map(Duration::from_millis);
        Self {
            status: response.status,
            code: json::text(error, "code").map(str::to_owned),
            message: said(error, "message"),
            details,
            retry_after: response.retry_after.or(asked),
            errand,
        }
    }

    /// Of an answer that was cut off after its status.
    pub fn bare(status: u16, errand: Errand) -> Self {
        Self { status, code: None, message: None, details: Vec::new(), retry_after: None, errand }
    }

    /// Whether the PSA itself says that there is no such thing. An unknown path answers with the same status, and so does a
    /// proxy that has lost its way: neither may pass for a ticket that was deleted.
    pub fn is_gone(&self) -> bool {
        self.status == 404 && self.code.as_deref() == Some("NOT_FOUND")
    }

    /// The PSA's own words, a field's behind its name.
    pub fn said(&self) -> Option<String> {
        if self.details.is_empty() {
            return self.message.clone();
        }
        let each: Vec<String> = self
            .details
            .iter()
            .map(|(field, words)| if field.is_empty() { words.clone() } else { format!("{field}: {words}") })
            .collect();
        Some(shortened(&each.join("; ")))
    }

    /// Why the key is of no use, for whoever says himself what to do about that. `None` where it isn't the key.
    pub fn of_key(&self) -> Option<String> {
        let said = self.said().map_or_else(String::new, |said| format!(" AlgaPSA says: \"{said}\"."));
        match (self.status, self.code.as_deref()) {
            (401, _) => Some(format!("HTTP 401.{said} It is wrong, expired, used up or revoked")),
            (403, Some("PRODUCT_ACCESS_DENIED")) => Some(self.sentence()),
            (403, Some(_)) => {
                let needs = self.errand.permission.map_or_else(String::new, |p| format!(", which needs {p}"));
                let said = said.trim_end_matches('.');
                Some(format!("its user may not {}{needs} (HTTP 403).{said}", self.errand.to))
            }
            _ => None,
        }
    }

    /// The whole of it, with what to do.
    pub fn sentence(&self) -> String {
        let said = self.said().map_or_else(String::new, |said| format!(" AlgaPSA says: \"{said}\"."));
        let to = self.errand.to;
        match (self.status, self.code.as_deref()) {
            (401, _) => format!(
                "AlgaPSA refuses the API key (HTTP 401).{said} It is wrong, expired, used up or revoked: make one in your AlgaPSA profile and enter it with `nightdesk secret set ALGAPSA_API_KEY`"
            ),
            (403, Some("PRODUCT_ACCESS_DENIED")) => format!(
                "AlgaPSA's product or plan doesn't let the API key {to} (HTTP 403, PRODUCT_ACCESS_DENIED).{said} Ask whoever administers AlgaPSA"
            ),
            (403, Some(_)) => {
                let needs = self.errand.permission.map_or_else(String::new, |p| format!(", which needs {p}"));
                format!(
                    "the API key's user may not {to}{needs} (HTTP 403).{said} Give a role of that user the permission in AlgaPSA, then `nightdesk psa sync` or Read now in Settings sends what waited"
                )
            }
            (403, None) => "something in front of AlgaPSA refuses the request (HTTP 403): check desk.base_url, and the proxy or firewall there".into(),
            (404, Some("NOT_FOUND")) => format!("AlgaPSA lacks what it needs to {to} (HTTP 404).{said} {}", self.remedy()),
            (404, _) => "there is no AlgaPSA API at that address (HTTP 404): check desk.base_url".into(),
            (300..=399, _) => {
                format!("AlgaPSA's address answers with a redirect (HTTP {}), which is not followed: check desk.base_url", self.status)
            }
            (409, _) => format!("AlgaPSA says that this conflicts with something else (HTTP 409).{said} Nightdesk tries again by itself"),
            (429, _) => "AlgaPSA says that the key's request limit is used up (HTTP 429): Nightdesk goes on by itself".into(),
            (status, _) => format!("AlgaPSA won't {to} (HTTP {status}).{said} {}", self.remedy()),
        }
    }

    /// What to do about a refusal of what was asked.
    fn remedy(&self) -> &'static str {
        let names = |word: &str| {
            self.details.iter().any(|(field, words)| field.contains(word) || words.to_lowercase().contains(word))
                || self.message.as_deref().is_some_and(|m| m.to_lowercase().contains(word))
        };
        // Both a status of another board and an unmet close rule are told of the status, the rule in words of its own.
        let is_change = self.errand.permission == Some("ticket:update");
        if is_change && (names("clos") || (names("status") && !names("board"))) {
            "The board's close rules stand in the way: meet them on the ticket there or relax them on the board, then send it again from the outbox"
        } else if self.code.as_deref() == Some("BAD_REQUEST") && names("reference") {
            "A client, board, status, category or priority that it names was deleted there: choose another under routing or on the ticket, then send it again from the outbox"
        } else if names("status") {
            "The status isn't one of that board's any more: look at the board's statuses in AlgaPSA, sync the catalogue, then send it again from the outbox"
        } else if names("title") {
            "Its title is too long or empty for AlgaPSA: shorten it and send it again from the outbox"
        } else {
            "Correct what it names in AlgaPSA or under routing, then send it again from the outbox"
        }
    }
}

fn path(row: &Value) -> String {
    let parts = row.get("path").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let words = parts.iter().map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned));
    line(&words.collect::<Vec<_>>().join("."))
}

fn shortened(text: &str) -> String {
    let text = line(text);
    if text.chars().count() <= LONGEST {
        return text;
    }
    let kept: String = text.chars().take(LONGEST - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests;
