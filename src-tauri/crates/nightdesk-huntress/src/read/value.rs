//! One JSON value, looked at one level at a time.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde_json::value::RawValue;

use super::object::Object;

/// Longest piece of a value that a reason quotes, in characters.
const QUOTED: usize = 40;

/// A value that may be absent, kept as its JSON text. Nothing below it is parsed before it is asked for, so that one
/// unreadable field (too deep, a number out of range) doesn't cost the fields beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Value<'a>(Option<&'a str>);

/// What a value is, by its first character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Missing,
    Null,
    Flag,
    Number,
    Text,
    List,
    Object,
}

impl<'a> Value<'a> {
    pub const MISSING: Self = Self(None);

    /// The value that is the whole of `text`; `None` if that isn't JSON.
    pub fn parse(text: &'a str) -> Option<Self> {
        serde_json::from_str::<&RawValue>(text).ok().map(Self::from)
    }

    /// The same for text that is known to be JSON, without looking through all of it again.
    pub fn known(text: &'a str) -> Self {
        Self(Some(text.trim_matches([' ', '\t', '\n', '\r'])))
    }

    /// Its JSON text as it came; empty if missing.
    pub fn raw(self) -> &'a str {
        self.0.unwrap_or_default()
    }

    pub fn kind(self) -> Kind {
        match self.0.and_then(|raw| raw.bytes().next()) {
            None => Kind::Missing,
            Some(b'n') => Kind::Null,
            Some(b't' | b'f') => Kind::Flag,
            Some(b'"') => Kind::Text,
            Some(b'[') => Kind::List,
            Some(b'{') => Kind::Object,
            Some(_) => Kind::Number,
        }
    }

    pub fn is_absent(self) -> bool {
        matches!(self.kind(), Kind::Missing | Kind::Null)
    }

    /// The text of a JSON string, and of nothing else.
    pub fn string(self) -> Option<String> {
        match self.kind() {
            Kind::Text => serde_json::from_str::<Lossy>(self.raw()).ok().map(|text| clean(&text.0)),
            _ => None,
        }
    }

    /// Text for people, whatever the value is: numbers as written, lists and objects as compact JSON.
    pub fn text(self) -> Option<String> {
        match self.kind() {
            Kind::Missing | Kind::Null => None,
            Kind::Text => self.string(),
            _ => Some(clean(&compact(self.raw()))),
        }
    }

    /// [`Self::text`] without blank ends, cut to `most` characters; `None` if nothing is left.
    pub fn word(self, most: usize) -> Option<String> {
        let text = self.text()?;
        Some(cut(text.trim(), most)).filter(|word| !word.is_empty())
    }

    /// A whole number: an integer, a float without a fraction, or a string that holds an integer.
    pub fn whole(self) -> Option<i64> {
        /// Beyond this a float no longer tells neighbouring integers apart, and the wrong id would be read.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match self.kind() {
            Kind::Number => self.raw().parse().ok().or_else(|| {
                let float: f64 = self.raw().parse().ok()?;
                #[allow(clippy::cast_possible_truncation, reason = "no fraction, and within ±2^53")]
                (float.fract() == 0.0 && float.abs() < EXACT).then_some(float as i64)
            }),
            Kind::Text => self.string()?.trim().parse().ok(),
            _ => None,
        }
    }

    /// A number that something is called by: whole and above zero.
    pub fn id(self) -> Option<i64> {
        self.whole().filter(|id| *id > 0)
    }

    /// Whether it says yes: `true`, a number other than zero, or those as text.
    pub fn is_yes(self) -> bool {
        match self.kind() {
            Kind::Flag => self.raw() == "true",
            Kind::Number => self.whole() != Some(0),
            Kind::Text => self.string().is_some_and(|text| matches!(text.trim(), "true" | "1")),
            _ => false,
        }
    }

    /// The items of a list; none for anything else.
    pub fn items(self) -> Vec<Value<'a>> {
        match self.kind() {
            Kind::List => serde_json::from_str::<Vec<&RawValue>>(self.raw())
                .map(|items| items.into_iter().map(Self::from).collect())
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// The fields, if it is an object.
    pub fn object(self) -> Option<Object<'a>> {
        match self.kind() {
            Kind::Object => serde_json::from_str(self.raw()).ok(),
            _ => None,
        }
    }
}

impl<'a> From<&'a RawValue> for Value<'a> {
    fn from(raw: &'a RawValue) -> Self {
        Self(Some(raw.get()))
    }
}

/// The value as a reason names it: `a number (3)`.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            Kind::Missing => f.write_str("missing"),
            Kind::Null => f.write_str("empty (null)"),
            Kind::Flag => write!(f, "a yes/no value ({})", self.raw()),
            Kind::Number => write!(f, "a number ({})", cut(self.raw(), QUOTED)),
            Kind::Text => {
                let text = self.string().unwrap_or_default();
                let shown = cut(&text.replace(['\n', '\t'], " "), QUOTED);
                write!(f, "text (\"{shown}{}\")", if shown.len() < text.len() { "…" } else { "" })
            }
            Kind::List => f.write_str("a list"),
            Kind::Object => f.write_str("an object"),
        }
    }
}

/// A JSON string that may escape half a surrogate pair, which JSON's grammar allows and Rust's strings don't: such a half
/// becomes U+FFFD instead of an error.
pub(crate) struct Lossy(pub String);

impl<'de> Deserialize<'de> for Lossy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Lossy;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Lossy, E> {
                Ok(Lossy(text.to_owned()))
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Lossy, E> {
                Ok(Lossy(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// The first `most` characters.
pub(crate) fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Without control characters, which have no place in a subject, a text message or a log; line breaks and tabs stay.
pub(crate) fn clean(text: &str) -> String {
    let belongs = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    // Nearly always there are none, and looking is much quicker than copying one by one.
    if text.chars().all(belongs) { text.to_owned() } else { text.chars().filter(|c| belongs(*c)).collect() }
}

/// Valid JSON without the blanks between its tokens. Done on the text, because it must also work on what is nested too
/// deeply to be parsed.
fn compact(json: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    json.chars()
        .filter(|c| {
            let keep = quoted || !c.is_ascii_whitespace();
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = quoted,
                '"' => quoted = !quoted,
                _ => {}
            }
            keep
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value<'_> {
        Value::parse(json).unwrap()
    }

    #[test]
    fn whole_numbers_in_every_spelling() {
        for (json, expected) in [
            ("12", Some(12)),
            ("12.0", Some(12)),
            ("1.2e1", Some(12)),
            ("\" 12 \"", Some(12)),
            ("-3", Some(-3)),
            ("0", Some(0)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("1e999", None),
            ("12.5", None),
            ("\"12.5\"", None),
            ("\"twelve\"", None),
            ("\"\"", None),
            ("true", None),
            ("[12]", None),
            ("null", None),
        ] {
            assert_eq!(value(json).whole(), expected, "{json}");
        }
        assert_eq!(value("0").id(), None);
        assert_eq!(value("-3").id(), None);
    }

    #[test]
    fn text_of_anything() {
        assert_eq!(value(r#""a\u0000b\u001b[31m\nc\td""#).text().unwrap(), "ab[31m\nc\td");
        assert_eq!(value(r#""half \ud83d pair""#).text().unwrap(), "half \u{fffd}\u{fffd}\u{fffd} pair");
        assert_eq!(value("3").text().unwrap(), "3");
        assert_eq!(value("true").text().unwrap(), "true");
        assert_eq!(value(r#"{ "a b" : [ 1, "x \" y" ] }"#).text().unwrap(), r#"{"a b":[1,"x \" y"]}"#);
        assert_eq!(value("null").text(), None);
        assert_eq!(Value::MISSING.text(), None);
    }

    #[test]
    fn deep_nesting_costs_nothing_but_itself() {
        let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
        let json = format!(r#"{{"id":7,"body":{deep}}}"#);
        let object = value(&json).object().unwrap();
        assert_eq!(object.get("id").id(), Some(7));
        assert_eq!(object.get("body").text().unwrap(), deep);
    }

    #[test]
    fn reasons_name_what_was_found() {
        assert_eq!(value("3").to_string(), "a number (3)");
        assert_eq!(value("[]").to_string(), "a list");
        assert_eq!(value("null").to_string(), "empty (null)");
        assert_eq!(Value::MISSING.to_string(), "missing");
        assert_eq!(value("\"soon\"").to_string(), "text (\"soon\")");
        assert!(value(&format!("\"{}\"", "x".repeat(90))).to_string().ends_with("x…\")"));
    }
}
