//! `Retry-After` (RFC 9110, 10.2.3): a number of seconds, or a date.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// The wait asked for, cut to `cap`. `None` for a negative number, a date that has passed, or anything unreadable: an
/// absurd header must neither stop the desk nor make it hammer, so the caller's own backoff applies then.
pub(crate) fn parse(value: &str, now: DateTime<Utc>, cap: Duration) -> Option<Duration> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Digits that overflow are still "very long", which is what the cap is for.
        return Some(value.parse().map_or(cap, Duration::from_secs).min(cap));
    }
    let until = DateTime::<Utc>::from(httpdate::parse_http_date(value).ok()?);
    (until - now).to_std().ok().map(|wait| wait.min(cap))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAP: Duration = Duration::from_secs(120);

    fn read(value: &str) -> Option<Duration> {
        let now = DateTime::parse_from_rfc3339("2026-03-01T01:12:00Z").unwrap().with_timezone(&Utc);
        parse(value, now, CAP)
    }

    #[test]
    fn seconds() {
        assert_eq!(read("0"), Some(Duration::ZERO));
        assert_eq!(read(" 7 "), Some(Duration::from_secs(7)));
        assert_eq!(read("121"), Some(CAP));
        assert_eq!(read("99999999999999999999999999"), Some(CAP));
    }

    #[test]
    fn dates_in_each_form_http_allows() {
        let thirty = Some(Duration::from_secs(30));
        assert_eq!(read("Sun, 01 Mar 2026 01:12:30 GMT"), thirty);
        assert_eq!(read("Sunday, 01-Mar-26 01:12:30 GMT"), thirty);
        assert_eq!(read("Sun Mar  1 01:12:30 2026"), thirty);
        assert_eq!(read("Fri, 01 Jan 2100 00:00:00 GMT"), Some(CAP));
    }

    #[test]
    fn nonsense_and_the_past_are_ignored() {
        for value in
            ["", "-1", "+5", "1.5", "soon", "5s", "Sun, 01 Mar 2026 01:11:59 GMT", "2026-03-01T02:00:00Z", "١٢"]
        {
            assert_eq!(read(value), None, "{value:?}");
        }
    }
}
