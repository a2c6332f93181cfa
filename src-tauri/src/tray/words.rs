//! Numbers, times and other people's text as the tray says them.

use chrono::{DateTime, FixedOffset, Utc};
use nightdesk_core::content;

/// The longest quotation of somebody else's text, in characters: a menu line must fit on a screen.
const LONGEST: usize = 120;

/// A number with its noun.
pub fn count(n: i64, one: &str, several: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {several}") }
}

/// The time of day on the wall here.
pub fn clock(at: DateTime<Utc>, zone: FixedOffset) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

/// One line, not too long.
pub fn line(text: &str) -> String {
    let line = content::line(text);
    if line.chars().count() <= LONGEST {
        return line;
    }
    let kept: String = line.chars().take(LONGEST - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_and_short_ones_stay() {
        assert_eq!(line("a\n b"), "a b");
        let long = line(&"word ".repeat(60));
        assert!(long.chars().count() <= LONGEST && long.ends_with('…'), "{long}");
        assert_eq!(count(1, "ticket", "tickets"), "1 ticket");
        assert_eq!(count(0, "ticket", "tickets"), "0 tickets");
    }
}
