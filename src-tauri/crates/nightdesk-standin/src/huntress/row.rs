//! One stored record: what goes over the wire, and what the service knows beside it.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

/// A record. The times beside the wire form are the service's own, so that a record whose wire form is malformed
/// still has its place in a sorted list.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    /// Escalations and platform actions only.
    pub(crate) due_at: Option<DateTime<Utc>>,
    /// The record as a list gives it.
    pub(crate) wire: Value,
    /// What only the single read or a sub-list gives: usages, entities, remediations.
    pub(crate) detail: Value,
}

impl Row {
    pub(crate) fn new(at: DateTime<Utc>, wire: Value) -> Self {
        Self { created_at: at, updated_at: at, due_at: None, wire, detail: Value::Null }
    }

    /// Sets a field of the wire form, unless that isn't even an object.
    pub(crate) fn set(&mut self, field: &str, value: impl Into<Value>) {
        if let Some(fields) = self.wire.as_object_mut() {
            fields.insert(field.to_owned(), value.into());
        }
    }

    /// Marks it as changed, on the wire too.
    pub(crate) fn touch(&mut self, at: DateTime<Utc>) {
        self.updated_at = at;
        self.set("updated_at", stamp(at));
    }

    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.wire.get(field).and_then(Value::as_str)
    }

    pub(crate) fn integer(&self, field: &str) -> Option<i64> {
        self.wire.get(field).and_then(Value::as_i64)
    }
}

pub(crate) type Table = BTreeMap<i64, Row>;

/// A time as the vendor's examples write it: UTC, whole seconds, `Z`.
pub(crate) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Times reach the wire in whole seconds; the service sorts by what it shows.
pub(crate) fn whole_seconds(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at)
}

/// The time in a wire value, if it holds one.
pub(crate) fn parse_stamp(value: &Value) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|at| at.to_utc())
}
