//! What is wrong with the fields of a request, all of it at once, as the vendor's validator tells it.

use serde_json::{Value, json};

use super::refusal::Refusal;

/// The details of a `VALIDATION_ERROR`, gathered field by field.
#[derive(Debug, Default)]
pub(crate) struct Issues(Vec<Value>);

impl Issues {
    pub(crate) fn add(&mut self, code: &str, field: &str, message: impl Into<String>) {
        let path: Vec<&str> = if field.is_empty() { Vec::new() } else { field.split('.').collect() };
        self.0.push(json!({ "code": code, "path": path, "message": message.into() }));
    }

    pub(crate) fn missing(&mut self, field: &str) {
        self.add("invalid_type", field, "Required");
    }

    pub(crate) fn wrong_type(&mut self, field: &str, expected: &str) {
        self.add("invalid_type", field, format!("Must be {expected}"));
    }

    pub(crate) fn wrong_form(&mut self, field: &str, expected: &str) {
        self.add("invalid_string", field, format!("Must be {expected}"));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// # Errors
    /// 400 when anything was wrong.
    pub(crate) fn settle(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::invalid(self.0)) }
    }
}
