//! Reading answers leniently: a field of the wrong type is as good as none, and nothing is assumed.

use chrono::{DateTime, Utc};
use serde_json::Value;

/// A text; an empty one is none.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// A text, or the number that some columns hold in its stead.
pub(super) fn word(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether it says yes; anything else is no.
pub(super) fn is(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool) == Some(true)
}

/// A number for ordering; what has none comes last.
pub(super) fn order(value: &Value, name: &str) -> f64 {
    let number = match value.get(name) {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|n: &f64| n.is_finite()).unwrap_or(f64::MAX)
}

/// A count.
pub(super) fn count(value: &Value, name: &str) -> Option<usize> {
    value.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok())
}

/// A time.
pub(super) fn time(value: &Value, name: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text(value, name)?).ok().map(|at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_of_the_wrong_type_are_none() {
        let value =
            json!({ "a": "x", "b": 7, "c": null, "d": "", "e": true, "f": "2.5", "g": "2026-03-01T01:12:00.5Z" });
        assert_eq!((text(&value, "a"), text(&value, "b"), text(&value, "d")), (Some("x"), None, None));
        assert_eq!((word(&value, "b").as_deref(), word(&value, "c")), (Some("7"), None));
        assert!(is(&value, "e") && !is(&value, "a") && !is(&value, "z"));
        assert_eq!((order(&value, "b"), order(&value, "f"), order(&value, "a")), (7.0, 2.5, f64::MAX));
        assert_eq!((count(&value, "b"), count(&value, "f")), (Some(7), None));
        assert!(time(&value, "g").is_some() && time(&value, "a").is_none());
    }
}
