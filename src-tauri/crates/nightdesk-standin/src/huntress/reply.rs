//! An answer before it is put on the wire.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// Status and JSON body, with the two headers that some answers carry.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) retry_after: Option<String>,
    pub(crate) location: Option<String>,
}

impl Reply {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body, retry_after: None, location: None }
    }

    /// The document calls the error body JSON with a plain message and names no key.
    pub(crate) fn error(status: u16, message: &str) -> Self {
        Self { status, body: json!({ "error": message }), retry_after: None, location: None }
    }

    pub(crate) fn not_found() -> Self {
        Self::error(404, "The requested resource doesn't exist or isn't yours to see")
    }

    pub(crate) fn plain_status(status: u16) -> Self {
        let message = match status {
            429 => "Too many requests",
            500 => "Something went wrong on our side",
            502 => "Bad gateway",
            503 => "Down for maintenance",
            _ => "The request failed",
        };
        Self::error(status, message)
    }
}

/// The date form of HTTP headers.
pub(crate) fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
