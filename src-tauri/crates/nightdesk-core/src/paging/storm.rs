//! When a run may begin, where many pages come at once: the first one dials at once, what follows is bundled.

use chrono::{DateTime, Duration, Utc};

/// How long after a run began what arrives is bundled into the next.
pub const HOLD_SECONDS: i64 = 30;

/// The longest that a bundle is held, however long a phone rings: no budget holds a page's first text for longer.
pub const LONGEST_HOLD_SECONDS: i64 = 60;

/// How long a call goes on after a key, to say thanks.
const THANKS_SECONDS: i64 = 6;

/// When a line is free for what was opened at `opened`, after a key was pressed on it at `pressed`. A clock that was set
/// back holds nothing.
pub fn free_after(opened: DateTime<Utc>, pressed: DateTime<Utc>) -> DateTime<Utc> {
    if pressed > opened { opened } else { opened.max(pressed + Duration::seconds(THANKS_SECONDS)) }
}

/// When a bundle that was opened at `opened` begins: once the run before it is `HOLD_SECONDS` old and no longer rings
/// its contact, and after `LONGEST_HOLD_SECONDS` in any case.
pub fn begins(opened: DateTime<Utc>, before: DateTime<Utc>, still_rings: bool) -> DateTime<Utc> {
    let longest = opened + Duration::seconds(LONGEST_HOLD_SECONDS);
    if still_rings {
        return longest;
    }
    opened.max(before + Duration::seconds(HOLD_SECONDS)).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_waits_for_the_hold_and_the_ringing_but_never_longer_than_a_minute() {
        let t = |s: i64| DateTime::UNIX_EPOCH + Duration::seconds(s);
        assert_eq!(begins(t(5), t(0), false), t(30));
        assert_eq!(begins(t(40), t(0), false), t(40), "nobody rings any more");
        assert_eq!(begins(t(40), t(0), true), t(100));
        assert_eq!(begins(t(5), t(0), true), t(65));
        assert_eq!(begins(t(0), t(900), false), t(60), "a clock that was set back holds nothing longer");
    }

    #[test]
    fn a_line_is_free_once_thanks_were_said() {
        let t = |s: i64| DateTime::UNIX_EPOCH + Duration::seconds(s);
        assert_eq!(free_after(t(5), t(4)), t(10));
        assert_eq!(free_after(t(50), t(4)), t(50));
        assert_eq!(free_after(t(5), t(900)), t(5));
    }
}
