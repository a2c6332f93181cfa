//! The fields of a report that decide something, and what was wrong with them.

use chrono::{DateTime, Utc};
use nightdesk_core::incident::{Severity, Status};

use super::date::date;
use super::object::Object;
use super::value::{Kind, Value, cut};

/// Longest word kept of a status, severity or platform, in characters.
pub(super) const WORD: usize = 100;

/// Reads deciding fields one after the other, and collects a sentence for each that can't be understood: a record with
/// any goes to quarantine with the rest of it read (ND-4).
pub(super) struct Fields<'r, 'a> {
    row: &'r Object<'a>,
    complaints: Vec<String>,
}

impl<'r, 'a> Fields<'r, 'a> {
    pub fn new(row: &'r Object<'a>) -> Self {
        Self { row, complaints: Vec::new() }
    }

    /// What was wrong, as one text; `None` if nothing was.
    pub fn complaint(self) -> Option<String> {
        (!self.complaints.is_empty()).then(|| self.complaints.join("; "))
    }

    fn deciding(&mut self, name: &str) -> Value<'a> {
        if self.row.is_contradictory(name) {
            self.complaints.push(format!("{name} is given twice, with different values"));
        }
        self.row.get(name)
    }

    /// Notes a complaint of the caller's own.
    pub fn complain(&mut self, complaint: String) {
        self.complaints.push(complaint);
    }

    /// The record's own number, without which it has no name.
    pub fn own_id(&mut self) -> Option<i64> {
        self.deciding("id").id()
    }

    /// The number of something the record belongs to. Where the plain field `…_id` is absent, an object `…` with an `id`
    /// is looked at, as webhooks have it.
    pub fn owner_id(&mut self, plain: &str, object: Option<&str>) -> Option<i64> {
        let value = self.deciding(plain);
        if !value.is_absent() {
            return self.id_or_complain(plain, value);
        }
        let name = object?;
        let value = self.deciding(name);
        match value.object() {
            Some(fields) => {
                let id = fields.get("id");
                if id.is_absent() { None } else { self.id_or_complain(&format!("{name}.id"), id) }
            }
            None if value.is_absent() => None,
            None => self.id_or_complain(name, value),
        }
    }

    fn id_or_complain(&mut self, name: &str, value: Value<'a>) -> Option<i64> {
        let id = value.id();
        if id.is_none() {
            self.complaints.push(format!("{name} is {value}, expected a whole number above zero"));
        }
        id
    }

    /// A date; null and missing are fine.
    pub fn date(&mut self, name: &str) -> Option<DateTime<Utc>> {
        let value = self.deciding(name);
        date(value).unwrap_or_else(|_| {
            self.complaints.push(format!("{name} is {value}, expected a date and time"));
            None
        })
    }

    /// A status that can't be read is empty, which counts as open: it must not hide an attack (ND-1). The documented
    /// words are recognised in any case; others are kept as they came.
    pub fn status(&mut self) -> Status {
        const KNOWN: [&str; 6] = ["sent", "closed", "dismissed", "auto_remediating", "deleting", "partner_dismissed"];
        let word = self.level_word("status").unwrap_or_default();
        let known = KNOWN.iter().find(|known| known.eq_ignore_ascii_case(&word));
        Status(known.map_or(word, |known| (*known).to_owned()))
    }

    /// A severity that can't be read is unknown, which counts as critical.
    pub fn severity(&mut self) -> Severity {
        Severity::parse(self.level_word("severity").as_deref())
    }

    fn level_word(&mut self, name: &str) -> Option<String> {
        let value = self.deciding(name);
        match value.kind() {
            Kind::Missing | Kind::Null => None,
            Kind::Text => value.string().map(|word| cut(word.trim(), WORD)),
            _ => {
                self.complaints.push(format!("{name} is {value}, expected a word"));
                None
            }
        }
    }
}
