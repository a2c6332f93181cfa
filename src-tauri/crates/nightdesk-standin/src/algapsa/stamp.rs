//! Times as the vendor writes and reads them.

use chrono::{DateTime, SecondsFormat, Utc};

/// A time on the wire: UTC with milliseconds and `Z`, as JavaScript writes it.
pub(crate) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A time in a filter or a body. Only UTC with a `Z`: the validators refuse every numeric offset, `+00:00` too.
pub(crate) fn read_stamp(text: &str) -> Option<DateTime<Utc>> {
    let shaped = text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T');
    DateTime::parse_from_rfc3339(text).ok().filter(|_| shaped).map(|at| at.to_utc())
}

/// Whole milliseconds, so that what is sorted and filtered by is what is shown.
pub(crate) fn whole_millis(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at.timestamp_millis()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_utc_with_a_z_is_read() {
        let at = read_stamp("2026-01-02T03:04:05.678Z").unwrap();
        assert_eq!(stamp(at), "2026-01-02T03:04:05.678Z");
        assert_eq!(stamp(read_stamp("2026-01-02T03:04:05Z").unwrap()), "2026-01-02T03:04:05.000Z");
        for wrong in ["2026-01-02T03:04:05+00:00", "2026-01-02 03:04:05Z", "2026-01-02", "", "2026-01-02T03:04:05z"] {
            assert!(read_stamp(wrong).is_none(), "{wrong}");
        }
    }
}
