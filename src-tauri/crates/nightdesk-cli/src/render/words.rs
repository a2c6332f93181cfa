//! Small wordings.

use chrono::{DateTime, TimeDelta, Utc};
pub use nightdesk_core::content::{block, line};

/// A missing value.
pub const NONE: &str = "-";

/// How long ago, in the largest unit that says enough.
pub fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let past = now - at;
    if past < TimeDelta::seconds(-1) { format!("in {}", span(-past)) } else { format!("{} ago", span(past)) }
}

/// A stretch of time.
pub fn span(length: TimeDelta) -> String {
    let seconds = length.num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// A moment, to the second, in UTC.
pub fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A moment as it stands in a list.
pub fn brief(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

/// `1 ticket`, `2 tickets`.
pub fn count(n: impl TryInto<u64>, one: &str, many: &str) -> String {
    match n.try_into() {
        Ok(1) => format!("1 {one}"),
        Ok(n) => format!("{n} {many}"),
        Err(_) => format!("? {many}"),
    }
}

/// Ids in a row.
pub fn ids<T: ToString>(ids: &[T]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A value, or the sign for none.
pub fn or_none(value: Option<&str>) -> &str {
    value.filter(|v| !v.is_empty()).unwrap_or(NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_told_in_units_that_say_enough() {
        let now = DateTime::from_timestamp(1_767_000_000, 0).unwrap();
        let told = |seconds| ago(now - TimeDelta::seconds(seconds), now);
        assert_eq!(told(0), "0 s ago");
        assert_eq!(told(90), "1 min ago");
        assert_eq!(told(7_200), "2 h ago");
        assert_eq!(told(400 * 86_400), "400 days ago");
        assert_eq!(told(-300), "in 5 min");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(count(1_i64, "ticket", "tickets"), "1 ticket");
        assert_eq!(count(0_usize, "ticket", "tickets"), "0 tickets");
    }
}
