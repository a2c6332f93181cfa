//! The query of a read, parameter by parameter.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::id::is_uuid;
use super::issue::Issues;
use super::refusal::Refusal;
use super::request::Request;
use super::stamp::read_stamp;

/// Parameters under validation. Those that nobody reads are the ones that the vendor silently drops.
#[derive(Debug)]
pub(crate) struct Query {
    left: Vec<(String, String)>,
    pub(crate) issues: Issues,
}

impl Query {
    pub(crate) fn of(request: &Request) -> Self {
        Self { left: request.query.clone(), issues: Issues::default() }
    }

    /// The first value under a name; the validator sees no other.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let found = self.left.iter().position(|(key, _)| key == name)?;
        let (_, value) = self.left.remove(found);
        self.left.retain(|(key, _)| key != name);
        Some(value)
    }

    pub(crate) fn number(&mut self, name: &str, least: usize, most: usize, unless_given: usize) -> usize {
        let Some(text) = self.text(name) else { return unless_given };
        let number = text.parse::<usize>();
        match number {
            Ok(number) if (least..=most).contains(&number) => return number,
            Ok(number) if number > most => self.issues.add("too_big", name, format!("Must be at most {most}")),
            Ok(_) => self.issues.add("too_small", name, format!("Must be at least {least}")),
            Err(_) => self.issues.wrong_type(name, "a number"),
        }
        unless_given
    }

    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        match self.text(name)?.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.issues.wrong_type(name, "true or false");
                None
            }
        }
    }

    /// One of a few words.
    pub(crate) fn choice(&mut self, name: &str, words: &[&'static str]) -> Option<&'static str> {
        let text = self.text(name)?;
        let word = words.iter().find(|word| **word == text).copied();
        if word.is_none() {
            self.issues.add("invalid_enum_value", name, format!("Must be one of {}", words.join(", ")));
        }
        word
    }

    pub(crate) fn id(&mut self, name: &str) -> Option<String> {
        let id = self.text(name)?;
        if !is_uuid(&id) {
            self.issues.wrong_form(name, "a UUID");
        }
        Some(id)
    }

    /// Several ids, separated by commas or as a JSON list.
    pub(crate) fn ids(&mut self, name: &str) -> Option<Vec<String>> {
        let text = self.text(name)?;
        let ids = match serde_json::from_str::<Value>(&text) {
            Ok(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => csv(&text),
        };
        if !ids.iter().all(|id| is_uuid(id)) {
            self.issues.wrong_form(name, "UUIDs");
        }
        Some(ids)
    }

    pub(crate) fn moment(&mut self, name: &str) -> Option<DateTime<Utc>> {
        let at = read_stamp(&self.text(name)?);
        if at.is_none() {
            self.issues.wrong_form(name, "a UTC time that ends in Z");
        }
        at
    }

    /// `true` for a falling order.
    pub(crate) fn descending(&mut self, name: &str, unless_given: bool) -> bool {
        self.choice(name, &["asc", "desc"]).map_or(unless_given, |order| order == "desc")
    }

    /// The parameters that were sent and not read.
    ///
    /// # Errors
    /// 400 when anything was wrong.
    pub(crate) fn settle(self) -> Result<Vec<String>, Refusal> {
        self.issues.settle()?;
        Ok(self.left.into_iter().map(|(name, _)| name).collect())
    }
}

/// The parts of a list that is separated by commas.
pub(crate) fn csv(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
