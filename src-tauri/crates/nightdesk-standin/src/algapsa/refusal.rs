//! What goes back: the vendor's answers and its error shape.

use serde_json::{Map, Value, json};

/// A successful answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// `None` for 204.
    pub(crate) body: Option<Value>,
}

/// What a request comes to.
pub(crate) type Outcome = Result<Reply, Refusal>;

impl Reply {
    pub(crate) fn data(data: Value) -> Self {
        Self { status: 200, body: Some(json!({ "data": data })) }
    }

    pub(crate) fn created(data: Value) -> Self {
        Self { status: 201, ..Self::data(data) }
    }

    pub(crate) fn gone() -> Self {
        Self { status: 204, body: None }
    }
}

/// An error answer.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    code: &'static str,
    message: String,
    details: Option<Value>,
}

impl Refusal {
    fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), details: None }
    }

    /// 400 with one detail (`{code, path, message}`) for each thing that is wrong.
    pub(crate) fn invalid(details: Vec<Value>) -> Self {
        Self { details: Some(Value::Array(details)), ..Self::new(400, "VALIDATION_ERROR", "Validation failed") }
    }

    /// 400 about one field, of a rule that no validator of shapes could know.
    pub(crate) fn unfit(field: &str, message: &str) -> Self {
        Self::invalid(vec![json!({ "code": "custom", "path": [field], "message": message })])
    }

    /// A foreign key that leads nowhere; the answer doesn't say which.
    pub(crate) fn bad_reference() -> Self {
        Self::new(400, "BAD_REQUEST", "Invalid reference")
    }

    pub(crate) fn bad_request(message: &str) -> Self {
        Self::new(400, "BAD_REQUEST", message)
    }

    pub(crate) fn unauthorized(message: &str) -> Self {
        Self::new(401, "UNAUTHORIZED", message)
    }

    pub(crate) fn forbidden(permission: &str) -> Self {
        Self::new(403, "FORBIDDEN", format!("The key's user lacks {permission}"))
    }

    pub(crate) fn product_denied() -> Self {
        Self::new(403, "PRODUCT_ACCESS_DENIED", "The tenant's product doesn't include this")
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(404, "NOT_FOUND", format!("{what} not found"))
    }

    /// The token bucket is empty; the next token comes after so many milliseconds.
    pub(crate) fn rate_limited(retry_after_ms: i64) -> Self {
        let details = json!({ "retry_after_ms": retry_after_ms, "remaining": 0 });
        Self { details: Some(details), ..Self::new(429, "RATE_LIMITED", "Too many requests") }
    }

    pub(crate) fn internal() -> Self {
        Self::new(500, "INTERNAL_ERROR", "The server failed")
    }

    /// The answer of a fault: what the vendor, or something in front of it, says with this status.
    pub(crate) fn of_status(status: u16) -> Self {
        match status {
            401 => Self::unauthorized("The key was refused"),
            403 => Self::new(403, "FORBIDDEN", "Not allowed"),
            404 => Self::new(404, "NOT_FOUND", "Not found"),
            429 => Self::new(429, "RATE_LIMITED", "Too many requests"),
            _ => Self::new(status, "INTERNAL_ERROR", "The server failed"),
        }
    }

    /// One line for the log of what went wrong.
    pub(crate) fn line(&self) -> String {
        let details = self.details.as_ref().map(|details| format!(" {details}")).unwrap_or_default();
        format!("{} {}: {}{details}", self.status, self.code, self.message)
    }

    pub(crate) fn body(&self) -> Value {
        let mut error = Map::new();
        error.insert("code".to_owned(), self.code.into());
        error.insert("message".to_owned(), self.message.clone().into());
        if let Some(details) = &self.details {
            error.insert("details".to_owned(), details.clone());
        }
        json!({ "error": error })
    }
}
