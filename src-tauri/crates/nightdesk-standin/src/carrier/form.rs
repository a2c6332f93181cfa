//! Fields of a form or a query, checked against what the vendor documents.

use super::parameters::{Kind, Parameter};
use super::refusal::Refusal;

/// Decoded pairs in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn of(encoded: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(encoded).into_owned().collect())
    }

    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A field that counts as absent when it is empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }

    /// Refuses what the vendor doesn't document, what comes twice and what is of the wrong type.
    pub(crate) fn check(&self, known: &[Parameter]) -> Result<(), Refusal> {
        for (at, (name, value)) in self.0.iter().enumerate() {
            let Some((_, kind)) = known.iter().find(|(known, _)| known == name) else {
                return Err(Refusal::parameter(format!("The stand-in knows no parameter {name} here")));
            };
            if self.0[..at].iter().any(|(before, _)| before == name) {
                return Err(Refusal::parameter(format!("{name} is given twice")));
            }
            if !fits(*kind, value) {
                return Err(Refusal::parameter(format!("{name} can't be {value:?}")));
            }
        }
        Ok(())
    }
}

fn fits(kind: Kind, value: &str) -> bool {
    match kind {
        Kind::Text => true,
        Kind::Flag => matches!(value, "true" | "false"),
        Kind::Whole(least, most) => value.parse::<i64>().is_ok_and(|number| (least..=most).contains(&number)),
        Kind::Decimal => value.parse::<f64>().is_ok_and(f64::is_finite),
        Kind::OneOf(values) => values.contains(&value),
        Kind::Address => url::Url::parse(value).is_ok(),
        Kind::Object => serde_json::from_str::<serde_json::Value>(value).is_ok_and(|value| value.is_object()),
    }
}

/// Whether this is a phone number in E.164.
pub(crate) fn is_number(value: &str) -> bool {
    value.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}
