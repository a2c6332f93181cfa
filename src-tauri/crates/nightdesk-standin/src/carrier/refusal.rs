//! Answers and refusals.

use serde_json::{Map, Value, json};

/// An answer before it is put on the wire.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body }
    }

    pub(crate) fn created(body: Value) -> Self {
        Self { status: 201, body }
    }
}

/// Why a request isn't done.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: Option<u32>,
    pub(crate) message: String,
    pub(crate) details: Option<Value>,
    /// Whether the request itself was malformed: the client's programming error, which a story must not overlook.
    pub(crate) is_slip: bool,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self { status, code: Some(code), message: message.into(), details: None, is_slip: false }
    }

    /// A request that no correct client makes.
    pub(crate) fn slip(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self { is_slip: true, ..Self::new(status, code, message) }
    }

    pub(crate) fn parameter(message: impl Into<String>) -> Self {
        Self::slip(400, 20_001, message)
    }

    pub(crate) fn not_found(path: &str) -> Self {
        Self::new(404, 20_404, format!("The requested resource {path} was not found"))
    }

    pub(crate) fn credentials() -> Self {
        Self::new(401, 20_003, "Authenticate")
    }

    pub(crate) fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("code".to_owned(), json!(self.code));
        body.insert("message".to_owned(), json!(self.message));
        if let Some(code) = self.code {
            body.insert("more_info".to_owned(), json!(format!("https://www.twilio.com/docs/errors/{code}")));
        }
        body.insert("status".to_owned(), json!(self.status));
        if let Some(details) = &self.details {
            body.insert("details".to_owned(), details.clone());
        }
        Value::Object(body)
    }
}

/// What a request comes to.
pub(crate) type Outcome = Result<Reply, Refusal>;
