//! A vendor's text made safe to store and show as text. Nothing is interpreted and no word is taken out.

use chrono::{DateTime, Utc};

/// One line: line breaks, control characters and runs of blanks become single spaces.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || is_control(c)).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Several lines: every kind of line break becomes `\n`, other control characters a space, and blank edges go.
pub fn block(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let clean: String = text.chars().map(|c| if is_control(c) && c != '\n' && c != '\t' { ' ' } else { c }).collect();
    clean.trim_matches('\n').trim_end().to_owned()
}

/// Characters that act on a screen instead of standing on it. The direction marks are among them because they can make
/// a subject read as something else (`exe.fdp` as `pdf.exe`).
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A field's text, where it says anything.
pub(super) fn said(text: Option<&str>) -> Option<String> {
    text.map(line).filter(|t| !t.is_empty())
}

/// A time as a ticket shows it.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// At most so many UTF-16 units, with an ellipsis where something went.
pub fn shortened(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(1);
    let kept: String = text
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= left;
            left = left.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    if most == 0 { String::new() } else { format!("{}…", kept.trim_end()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_and_blocks() {
        assert_eq!(line(" a\r\n\tb\u{0}c\u{1b}[31m \u{2028}d "), "a b c [31m d");
        assert_eq!(block("\r\n a\rb\r\n\r\n\tc\u{7}\u{202e}\n\n"), " a\nb\n\n\tc");
        assert_eq!(block("<b>&amp;</b> [x](y)"), "<b>&amp;</b> [x](y)", "markup is text");
    }

    proptest! {
        #[test]
        fn no_control_character_survives(text in "\\PC*|[\\x00-\\x{ff}]*") {
            prop_assert!(!line(&text).chars().any(is_control));
            prop_assert!(!block(&text).chars().any(|c| is_control(c) && c != '\n' && c != '\t'));
        }
    }
}
