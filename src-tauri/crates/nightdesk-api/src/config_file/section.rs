//! Reading typed values out of a table, with a problem for each that is of the wrong kind.

use super::findings::Findings;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

/// A table of the document and the key that leads to it.
pub(super) struct Section<'a, 't> {
    pub(super) path: String,
    pub(super) table: &'a DeTable<'t>,
}

impl<'a, 't> Section<'a, 't> {
    pub(super) fn root(table: &'a DeTable<'t>) -> Self {
        Self { path: String::new(), table }
    }

    pub(super) fn key(&self, key: &str) -> String {
        format!("{}.{key}", self.path)
    }

    /// Reports every key that isn't among these.
    pub(super) fn only(&self, known: &[&str], findings: &mut Findings) {
        for (key, _) in self.table.iter() {
            let word = key.get_ref().as_ref();
            if !known.contains(&word) {
                let path = self.key(word);
                findings.place(&path, key.span().start);
                findings.unknown(&path, word, known, "key");
            }
        }
    }

    /// The value of a key, whose place is remembered.
    pub(super) fn get(&self, key: &str, findings: &mut Findings) -> Option<&'a Spanned<DeValue<'t>>> {
        let (_, value) = self.table.iter().find(|(k, _)| k.get_ref() == key)?;
        findings.place(&self.key(key), value.span().start);
        Some(value)
    }

    /// A text; one that is empty counts as unset.
    pub(super) fn text(&self, key: &str, expected: &str, findings: &mut Findings) -> Option<String> {
        match self.get(key, findings)?.get_ref() {
            DeValue::String(text) => Some(text.as_ref().to_owned()).filter(|t| !t.trim().is_empty()),
            other => {
                findings.report(&self.key(key), format!("is {}", shown(other)), expected);
                None
            }
        }
    }

    /// A whole number within bounds.
    pub(super) fn whole(&self, key: &str, range: RangeInclusive<u32>, findings: &mut Findings) -> Option<u32> {
        let value = self.get(key, findings)?.get_ref();
        let number = value.as_integer().and_then(integer).and_then(|n| u32::try_from(n).ok());
        let fits = number.filter(|n| range.contains(n));
        if fits.is_none() {
            let expected = format!("a whole number from {} to {}", range.start(), range.end());
            findings.report(&self.key(key), format!("is {}", shown(value)), expected);
        }
        fits
    }

    /// True or false.
    pub(super) fn flag(&self, key: &str, findings: &mut Findings) -> Option<bool> {
        let value = self.get(key, findings)?.get_ref();
        let flag = value.as_bool();
        if flag.is_none() {
            findings.report(&self.key(key), format!("is {}", shown(value)), "true or false");
        }
        flag
    }
}

pub(super) fn integer(number: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// A value as a message shows it.
pub(super) fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if text.chars().count() > 60 => {
            format!("{:?}…", text.chars().take(60).collect::<String>())
        }
        DeValue::String(text) => format!("{text:?}"),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(at) => at.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
