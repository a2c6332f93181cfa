//! The body of a successful answer.

use std::borrow::Cow;

use nightdesk_core::port::HuntressError;
use serde_json::value::RawValue;

use super::object::Object;
use super::record::masked;
use super::value::Value;

/// A body that is JSON as a whole, and the bytes that it came as.
#[derive(Debug)]
pub(crate) struct Answer<'b> {
    bytes: &'b [u8],
    /// As long as `bytes`, so that a place in one is the same place in the other.
    text: Cow<'b, str>,
}

impl<'b> Answer<'b> {
    /// # Errors
    /// [`HuntressError::BadAnswer`], if it isn't JSON even with stray bytes blotted out.
    pub fn read(bytes: &'b [u8]) -> Result<Self, HuntressError> {
        // Not allowed in JSON, but proxies and files on disk add it.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if let Ok(text) = std::str::from_utf8(bytes)
            && Value::parse(text).is_some()
        {
            return Ok(Self { bytes, text: Cow::Borrowed(text) });
        }
        let text = masked(bytes);
        match serde_json::from_str::<&RawValue>(&text) {
            Ok(_) => {
                tracing::warn!("an answer of Huntress holds bytes that are no JSON; they were passed over");
                Ok(Self { bytes, text: Cow::Owned(text) })
            }
            Err(error) => Err(HuntressError::BadAnswer(why_not(&text, &error))),
        }
    }

    /// The fields of the answer.
    ///
    /// # Errors
    /// [`HuntressError::BadAnswer`], if it is JSON but no object.
    pub fn object(&self) -> Result<Object<'_>, HuntressError> {
        let value = self.value();
        value.object().ok_or_else(|| HuntressError::BadAnswer(format!("{value} where an object belongs")))
    }

    /// The whole of it, without blank ends.
    pub fn value(&self) -> Value<'_> {
        Value::known(&self.text)
    }

    /// The bytes as which a part of this answer came; empty for what isn't part of it.
    pub fn bytes_of(&self, part: Value<'_>) -> &'b [u8] {
        let part = part.raw();
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        self.bytes.get(start..start.saturating_add(part.len())).unwrap_or_default()
    }
}

fn why_not(text: &str, error: &serde_json::Error) -> String {
    let start = text.trim_start();
    if start.is_empty() {
        "an empty answer".to_owned()
    } else if start.starts_with('<') {
        "a web page instead of JSON; is a proxy or captive portal in between?".to_owned()
    } else if error.is_eof() {
        "the answer breaks off in the middle".to_owned()
    } else {
        format!("it is not JSON (line {}, column {})", error.line(), error.column())
    }
}

/// The start of an answer as one line of plain text, for an error message.
pub(crate) fn start_of(bytes: &[u8], most: usize) -> String {
    let text = String::from_utf8_lossy(bytes.get(..most * 8).unwrap_or(bytes));
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    if line.is_empty() { "it gave no reason".to_owned() } else { line.chars().take(most).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(bytes: &[u8]) -> String {
        match Answer::read(bytes) {
            Err(HuntressError::BadAnswer(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn says_what_came_instead_of_json() {
        assert_eq!(refusal(b""), "an empty answer");
        assert!(refusal(b"\n<!DOCTYPE html><html>").contains("captive portal"));
        assert_eq!(refusal(br#"{"incident_reports":[{"id":1"#), "the answer breaks off in the middle");
        assert_eq!(refusal(br#"{"a":1} trailing"#), "it is not JSON (line 1, column 9)");
        assert!(Answer::read(b"\xef\xbb\xbf{}").is_ok());
    }

    #[test]
    fn parts_keep_the_bytes_they_came_as() {
        let bytes = b" {\"a\" : {\"x\":\"caf\xe9\tbar\"} , \"b\":\"\xc3\xa9\"}";
        let answer = Answer::read(bytes).unwrap();
        let object = answer.object().unwrap();
        assert_eq!(answer.bytes_of(object.get("a")), b"{\"x\":\"caf\xe9\tbar\"}");
        assert_eq!(answer.bytes_of(object.get("b")), b"\"\xc3\xa9\"");
        assert_eq!(answer.bytes_of(Value::MISSING), b"");
    }

    #[test]
    fn a_start_is_one_clean_line() {
        assert_eq!(start_of(b"{\"error\":\n  \"bad\x07 limit\"}", 200), "{\"error\": \"bad limit\"}");
        assert_eq!(start_of(&[b'x'; 5_000], 200).len(), 200);
        assert_eq!(start_of(b" \r\n", 200), "it gave no reason");
        assert_eq!(start_of("é".repeat(500).as_bytes(), 200).chars().count(), 200);
    }
}
