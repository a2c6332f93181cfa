//! Reading answers leniently: a field of the wrong type is as good as none, and nothing is assumed.

use chrono::{DateTime, Utc};
use nightdesk_http::Response;
use serde_json::Value;

/// The answer's object, or what is wrong with it in words.
pub(super) fn object(response: &Response) -> Result<Value, String> {
    match serde_json::from_slice::<Value>(&response.body) {
        Ok(value) if value.is_object() => Ok(value),
        Ok(_) => Err("its answer is no JSON object".into()),
        Err(_) if response.body.is_empty() => Err("its answer is empty".into()),
        Err(_) => Err("its answer is not JSON; is something between this machine and the carrier?".into()),
    }
}

/// The rows of a list.
pub(super) fn rows<'a>(answer: &'a Value, name: &str) -> Result<&'a [Value], String> {
    answer.get(name).and_then(Value::as_array).map(Vec::as_slice).ok_or_else(|| format!("there is no list `{name}`"))
}

/// A text; an empty one is none.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// A whole number, as itself or as the text that Twilio often makes of it.
pub(super) fn number(value: &Value, name: &str) -> Option<u32> {
    match value.get(name)? {
        Value::Number(number) => u32::try_from(number.as_u64()?).ok(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A time in either form that Twilio has: RFC 2822 in the older interface, RFC 3339 in the newer.
pub(super) fn time(value: &Value, name: &str) -> Option<DateTime<Utc>> {
    let text = text(value, name)?;
    let parsed = DateTime::parse_from_rfc2822(text).or_else(|_| DateTime::parse_from_rfc3339(text)).ok()?;
    Some(parsed.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_of_the_wrong_type_are_none() {
        let value = json!({ "a": "x", "b": 1, "c": null, "d": "", "e": "12", "f": -1, "g": "1.5", "h": [1] });
        assert_eq!(text(&value, "a"), Some("x"));
        assert!(["b", "c", "d", "h", "z"].iter().all(|name| text(&value, name).is_none()));
        assert_eq!((number(&value, "b"), number(&value, "e")), (Some(1), Some(12)));
        assert!(["a", "c", "f", "g", "h", "z"].iter().all(|name| number(&value, name).is_none()));
    }

    #[test]
    fn times_of_both_interfaces() {
        let value = json!({ "a": "Sun, 01 Mar 2026 01:12:00 +0000", "b": "2026-03-01T01:12:00Z", "c": "soon" });
        assert_eq!(time(&value, "a"), time(&value, "b"));
        assert!(time(&value, "a").is_some() && time(&value, "c").is_none());
    }
}
