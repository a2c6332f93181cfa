//! The body of a write, read field by field.

use serde_json::{Map, Value};
use url::Url;

use super::id::is_uuid;
use super::issue::Issues;
use super::refusal::Refusal;
use super::stamp::read_stamp;

/// A field that may be left out or be null.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given<T> {
    Absent,
    Null,
    Is(T),
}

impl<T> Given<T> {
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }
}

/// A JSON object under validation. Fields that nobody reads are the ones that the vendor silently drops.
#[derive(Debug)]
pub(crate) struct Submission {
    left: Map<String, Value>,
    pub(crate) issues: Issues,
}

impl Submission {
    pub(crate) fn of(body: &Value) -> Self {
        let mut issues = Issues::default();
        let left = body.as_object().cloned().unwrap_or_else(|| {
            issues.wrong_type("", "an object");
            Map::new()
        });
        Self { left, issues }
    }

    /// Whether a field is there at all.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.left.contains_key(field)
    }

    pub(crate) fn require(&mut self, field: &str) {
        if !self.has(field) {
            self.issues.missing(field);
        }
    }

    /// A text of so many UTF-16 units: the vendor's validator counts a text as JavaScript does.
    pub(crate) fn text(&mut self, field: &str, longest: usize) -> Option<String> {
        let text = self.string(field)?;
        let length = text.encode_utf16().count();
        if length == 0 {
            self.issues.add("too_small", field, "Must have at least 1 character");
        } else if length > longest {
            self.issues.add("too_big", field, format!("Must have at most {longest} characters"));
        }
        Some(text)
    }

    pub(crate) fn string(&mut self, field: &str) -> Option<String> {
        match self.left.remove(field)? {
            Value::String(text) => Some(text),
            _ => {
                self.issues.wrong_type(field, "a string");
                None
            }
        }
    }

    pub(crate) fn nullable_text(&mut self, field: &str) -> Option<String> {
        if self.take_null(field) { None } else { self.string(field) }
    }

    pub(crate) fn id(&mut self, field: &str) -> Option<String> {
        let id = self.string(field)?;
        if !is_uuid(&id) {
            self.issues.wrong_form(field, "a UUID");
        }
        Some(id)
    }

    pub(crate) fn nullable_id(&mut self, field: &str) -> Given<String> {
        if self.take_null(field) {
            return Given::Null;
        }
        self.id(field).map_or(Given::Absent, Given::Is)
    }

    pub(crate) fn url(&mut self, field: &str) -> Option<String> {
        let url = self.string(field)?;
        if Url::parse(&url).is_err() {
            self.issues.wrong_form(field, "a URL");
        }
        Some(url)
    }

    pub(crate) fn flag(&mut self, field: &str) -> Option<bool> {
        let value = self.left.remove(field)?;
        if !value.is_boolean() {
            self.issues.wrong_type(field, "a boolean");
        }
        value.as_bool()
    }

    pub(crate) fn number(&mut self, field: &str) -> Option<f64> {
        let value = self.left.remove(field)?;
        if !value.is_number() {
            self.issues.wrong_type(field, "a number");
        }
        value.as_f64()
    }

    pub(crate) fn moment(&mut self, field: &str) -> Option<chrono::DateTime<chrono::Utc>> {
        let at = read_stamp(&self.string(field)?);
        if at.is_none() {
            self.issues.wrong_form(field, "a UTC time that ends in Z");
        }
        at
    }

    pub(crate) fn object(&mut self, field: &str, nullable: bool) -> Given<Value> {
        if nullable && self.take_null(field) {
            return Given::Null;
        }
        match self.left.remove(field) {
            None => Given::Absent,
            Some(object @ Value::Object(_)) => Given::Is(object),
            Some(_) => {
                self.issues.wrong_type(field, "an object");
                Given::Absent
            }
        }
    }

    pub(crate) fn list(&mut self, field: &str) -> Option<Vec<Value>> {
        match self.left.remove(field)? {
            Value::Array(items) => Some(items),
            _ => {
                self.issues.wrong_type(field, "an array");
                None
            }
        }
    }

    /// The two flags that keep a write quiet; the second alone is refused.
    pub(crate) fn silence(&mut self) {
        let contact = self.flag("suppressContactNotifications") == Some(true);
        if self.flag("suppressInternalNotifications") == Some(true) && !contact {
            let field = "suppressInternalNotifications";
            self.issues.add("custom", field, "Needs suppressContactNotifications as well");
        }
    }

    /// The fields that were sent and not read.
    ///
    /// # Errors
    /// 400 when anything was wrong.
    pub(crate) fn settle(self) -> Result<Vec<String>, Refusal> {
        self.issues.settle()?;
        Ok(self.left.into_iter().map(|(field, _)| field).collect())
    }

    fn take_null(&mut self, field: &str) -> bool {
        let null = self.left.get(field) == Some(&Value::Null);
        if null {
            self.left.remove(field);
        }
        null
    }
}
