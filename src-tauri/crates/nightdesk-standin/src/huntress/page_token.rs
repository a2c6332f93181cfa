//! Page tokens: opaque to the client, a place in a sorted list to us.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A row's place in one order of one list. Numbers and times sort as numbers, names as text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SortValue {
    Number(i64),
    Text(String),
}

/// The last row of the page before, by its sort value and id: a keyset, so that rows which arrive, move or vanish
/// between two pages don't shift the others, and the page size may change on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageToken {
    /// The list and order it was made for; it is refused by any other.
    pub(crate) order: String,
    pub(crate) value: SortValue,
    pub(crate) id: i64,
}

impl PageToken {
    pub(crate) fn encode(&self) -> String {
        let value = match &self.value {
            SortValue::Number(number) => json!(number),
            SortValue::Text(text) => json!(text),
        };
        URL_SAFE_NO_PAD.encode(json!([self.order, value, self.id]).to_string())
    }

    pub(crate) fn decode(text: &str) -> Option<Self> {
        let parts: (String, Value, i64) = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let value = match parts.1 {
            Value::Number(number) => SortValue::Number(number.as_i64()?),
            Value::String(text) => SortValue::Text(text),
            _ => return None,
        };
        Some(Self { order: parts.0, value, id: parts.2 })
    }
}
