//! Dates as Huntress writes them.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::value::{Kind, Value};

/// Longer than any date; what is longer isn't tried.
const LONGEST: usize = 40;

/// A value that isn't a date.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoDate;

/// A point in time: `None` for null, missing and empty text.
///
/// The documented examples are `2022-03-01T21:00:00Z`, but nothing promises that fractions and offsets never come, so all
/// of RFC 3339 is read. `2026-01-22 01:07:08 UTC` is the documented form of memberships.
pub(crate) fn date(value: Value<'_>) -> Result<Option<DateTime<Utc>>, NoDate> {
    if value.is_absent() {
        return Ok(None);
    }
    if value.kind() != Kind::Text {
        return Err(NoDate);
    }
    let text = value.string().unwrap_or_default();
    match text.trim() {
        "" => Ok(None),
        text if text.len() > LONGEST => Err(NoDate),
        text => parse(text).map(Some).ok_or(NoDate),
    }
}

/// A date that decides nothing: unreadable is the same as absent.
pub(crate) fn any_date(value: Value<'_>) -> Option<DateTime<Utc>> {
    date(value).ok().flatten()
}

fn parse(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        return Some(date.to_utc());
    }
    NaiveDateTime::parse_from_str(text.strip_suffix(" UTC")?, "%Y-%m-%d %H:%M:%S%.f").ok().map(|date| date.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Option<DateTime<Utc>>, NoDate> {
        date(Value::parse(json).unwrap())
    }

    #[test]
    fn every_form_of_one_moment() {
        let moment = DateTime::from_timestamp(1_646_168_400, 0);
        for json in [
            "\"2022-03-01T21:00:00Z\"",
            "\"2022-03-01T21:00:00.000Z\"",
            "\"2022-03-01T21:00:00.000000000+00:00\"",
            "\"2022-03-01T16:00:00-05:00\"",
            "\"2022-03-01t21:00:00z\"",
            "\"2022-03-01 21:00:00 UTC\"",
            "\" 2022-03-01T21:00:00Z\\n\"",
        ] {
            assert_eq!(read(json), Ok(moment), "{json}");
        }
        let fraction = read("\"2022-03-01T21:00:00.25Z\"").unwrap().unwrap();
        assert_eq!(fraction.timestamp_subsec_millis(), 250);
    }

    #[test]
    fn nothing_is_no_date() {
        assert_eq!(date(Value::MISSING), Ok(None));
        assert_eq!(read("null"), Ok(None));
        assert_eq!(read("\"\""), Ok(None));
    }

    #[test]
    fn everything_else_is_unfit() {
        for json in ["1646168400", "true", "[]", "{}", "\"yesterday\"", "\"2022-13-01T00:00:00Z\"", "\"2022-03-01\""] {
            assert_eq!(read(json), Err(NoDate), "{json}");
        }
        assert_eq!(read(&format!("\"2022-03-01T21:00:00.{}Z\"", "0".repeat(100_000))), Err(NoDate));
    }
}
