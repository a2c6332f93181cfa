//! Lists: filters by date, pages, and the two forms of a page.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound as _, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;

use super::form::Form;
use super::refusal::Refusal;

const USUAL_SIZE: usize = 50;

/// The date form of the 2010 API, whole seconds.
pub(crate) fn mail_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// The date form of Studio.
pub(crate) fn iso_date(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What a date filter lets through: from the first moment, up to but not including the second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DateRange(DateTime<Utc>, DateTime<Utc>);

impl DateRange {
    /// The filters `Name`, `Name<` and `Name>` of a query; none when it has none. All three include their own date.
    pub(crate) fn of(query: &Form, name: &str) -> Result<Option<Self>, Refusal> {
        let mut range = Self(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
        let mut filtered = false;
        for (suffix, from, until) in [("", true, true), ("<", false, true), (">", true, false)] {
            let Some(value) = query.get(&format!("{name}{suffix}")) else { continue };
            let Self(first, last) =
                parse(value).ok_or_else(|| Refusal::parameter(format!("{name}{suffix} is not a date: {value}")))?;
            filtered = true;
            range.0 = if from { range.0.max(first) } else { range.0 };
            range.1 = if until { range.1.min(last) } else { range.1 };
        }
        Ok(filtered.then_some(range))
    }

    /// Whether a date passes. One that isn't known yet doesn't.
    pub(crate) fn holds(range: Option<Self>, at: Option<DateTime<Utc>>) -> bool {
        let Some(Self(from, until)) = range else { return true };
        at.is_some_and(|at| (from..until).contains(&at.trunc_subsecs(0)))
    }
}

fn parse(value: &str) -> Option<DateRange> {
    if let Ok(day) = value.parse::<NaiveDate>() {
        let start = day.and_hms_opt(0, 0, 0)?.and_utc();
        return Some(DateRange(start, start + TimeDelta::days(1)));
    }
    let at = match DateTime::parse_from_rfc3339(value) {
        Ok(at) => at.to_utc(),
        Err(_) => NaiveDateTime::parse_from_str(value, "%Y-%m-%dT%H:%M:%S").ok()?.and_utc(),
    };
    Some(DateRange(at.trunc_subsecs(0), at.trunc_subsecs(0) + TimeDelta::seconds(1)))
}

/// A page of a list that is sorted newest first.
pub(crate) struct Page {
    pub(crate) rows: Vec<Value>,
    size: usize,
    number: usize,
    start: usize,
    next: Option<String>,
    previous: Option<String>,
}

impl Page {
    /// Cuts the page that a query asks for out of the rows, each with its id. A token names the last row of the page
    /// before, so that new rows don't shift the pages.
    pub(crate) fn of(query: &Form, rows: Vec<(String, Value)>) -> Result<Self, Refusal> {
        let size = query.number("PageSize").unwrap_or(USUAL_SIZE);
        let number = query.number("Page").unwrap_or(0);
        let start = match query.get("PageToken") {
            None if number > 0 => return Err(Refusal::parameter("a later page needs its PageToken")),
            None => 0,
            Some(token) => {
                let last = token.strip_prefix("PA").unwrap_or_default();
                let at = rows.iter().position(|(sid, _)| sid == last);
                at.ok_or_else(|| Refusal::parameter("this PageToken is unknown"))? + 1
            }
        };
        let token = |at: usize| rows.get(at).map(|(sid, _)| format!("PA{sid}"));
        let end = (start + size).min(rows.len());
        let next = if end < rows.len() { token(end - 1) } else { None };
        let previous = if start > size { token(start - size - 1) } else { None };
        let rows = rows.into_iter().skip(start).take(size).map(|(_, row)| row).collect();
        Ok(Self { rows, size, number, start, next, previous })
    }

    fn address(&self, path: &str, query: &Form, number: usize, token: Option<&str>) -> String {
        let mut pairs = Serializer::new(String::new());
        for (name, value) in query.pairs().iter().filter(|(name, _)| !name.starts_with("Page")) {
            pairs.append_pair(name, value);
        }
        pairs.append_pair("PageSize", &self.size.to_string()).append_pair("Page", &number.to_string());
        if let Some(token) = token {
            pairs.append_pair("PageToken", token);
        }
        format!("{path}?{}", pairs.finish())
    }

    fn addresses(&self, path: &str, query: &Form) -> [Value; 4] {
        let next = self.next.as_deref().map(|token| self.address(path, query, self.number + 1, Some(token)));
        let before = self.number.checked_sub(1).map(|at| self.address(path, query, at, self.previous.as_deref()));
        let this = self.address(path, query, self.number, query.get("PageToken"));
        [json!(this), json!(self.address(path, query, 0, None)), json!(next), json!(before)]
    }

    /// The form of the 2010 API: relative addresses beside the rows.
    pub(crate) fn flat(self, path: &str, query: &Form, plural: &str) -> Value {
        let [this, first, next, previous] = self.addresses(path, query);
        let end = (self.start + self.rows.len()).saturating_sub(1);
        let mut body = Map::new();
        for (name, value) in [
            ("uri", this),
            ("first_page_uri", first),
            ("next_page_uri", next),
            ("previous_page_uri", previous),
            ("page", json!(self.number)),
            ("page_size", json!(self.size)),
            ("start", json!(self.start)),
            ("end", json!(end)),
            (plural, json!(self.rows)),
        ] {
            body.insert(name.to_owned(), value);
        }
        Value::Object(body)
    }

    /// Studio's form: whole addresses in a `meta`.
    pub(crate) fn with_meta(self, base: &str, path: &str, query: &Form, plural: &str) -> Value {
        let [this, first, next, previous] = self.addresses(&format!("{base}{path}"), query);
        json!({
            plural: self.rows,
            "meta": {
                "url": this,
                "first_page_url": first,
                "next_page_url": next,
                "previous_page_url": previous,
                "page": self.number,
                "page_size": self.size,
                "key": plural,
            },
        })
    }
}
