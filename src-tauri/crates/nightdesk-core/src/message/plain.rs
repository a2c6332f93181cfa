//! Vendor text as one line of letters that a handset shows as they are meant, in GSM-7 where a letter is near.

use super::letters::{gsm_units, is_unseen, near};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// One line: compatibility forms unified, unseen characters out, blanks collapsed, and letters that GSM-7 lacks spelled
/// with their near ones, so that one `ç` doesn't halve what a text holds. Letters with no near one stay. Applying it
/// again changes nothing.
pub fn plain(text: &str) -> String {
    let mut line = once(text);
    // What was taken out can have kept two characters apart that are one together.
    for _ in 0..4 {
        let again = once(&line);
        if again == line {
            break;
        }
        line = again;
    }
    line
}

fn once(text: &str) -> String {
    // NFKC would write these as a blank with an accent.
    let spelled = text.chars().filter(|c| !is_unseen(*c)).map(|c| match c {
        '\u{b4}' | '\u{1fef}' | '\u{1ffd}' | '\u{2018}' | '\u{2019}' => '\'',
        other => other,
    });
    let mut out = String::with_capacity(text.len());
    for c in spelled.nfkc().filter(|c| !is_unseen(*c)) {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if is_combining_mark(c) {
            if out.chars().next_back().is_some_and(|before| gsm_units(before).is_none()) {
                out.push(c);
            }
        } else {
            push_near(&mut out, c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn push_near(out: &mut String, c: char) {
    if gsm_units(c).is_some() {
        out.push(c);
    } else if let Some(spelled) = near(c) {
        out.push_str(spelled);
    } else {
        let mut parts = Vec::new();
        decompose_canonical(c, |part| parts.push(part));
        match parts.split_first() {
            Some((base, marks)) if !marks.is_empty() && marks.iter().all(|m| is_combining_mark(*m)) => {
                match near(*base) {
                    Some(spelled) => out.push_str(spelled),
                    None if gsm_units(*base).is_some() => out.push(*base),
                    None => out.push(c),
                }
            }
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Encoding, segments};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_line_without_what_is_not_seen() {
        assert_eq!(plain("  a\r\n\tb\u{0}c\u{1b}[31m\u{2028}d\u{a0}\u{2003}e "), "a bc[31m d e");
        assert_eq!(plain("e\u{200b}vil\u{202e}\u{feff}\u{ad}x\u{e0041}"), "evilx");
        assert_eq!(plain("ＡＣＭＥ　㈱"), "ACME (株)");
        assert_eq!(plain("ﬁle．com＠x"), "file.com@x");
    }

    #[test]
    fn quotes_dashes_and_dots() {
        assert_eq!(plain("“It’s” ‘here’ – now—or… never ´x` «y»"), "\"It's\" 'here' - now-or... never 'x' \"y\"");
        assert_eq!(plain("a·b • c → d"), "a-b - c -> d");
    }

    #[test]
    fn letters_that_gsm_lacks_get_a_near_one() {
        for (text, expected) in [
            ("Façade", "Facade"),
            ("ÇA", "ÇA"),
            ("Łódź", "Lódz"),
            ("Škoda Žižkov", "Skoda Zizkov"),
            ("São João", "Sao Joao"),
            ("Ærø Åse Größe naïve", "Ærø Åse Größe naive"),
            ("Crème brûlée", "Crème brulée"),
            ("İstanbul ığdır", "Istanbul igdir"),
            ("Þór Œuvre Đorđe", "Thór OEuvre Dorde"),
            ("e\u{301} c\u{327} x\u{301}", "é c x"),
            ("Việt Nam", "Viet Nam"),
        ] {
            let text = plain(text);
            assert_eq!(text, expected.replace('ó', "o"), "{text}");
            assert_eq!(segments(&text).encoding, Encoding::Gsm7);
        }
        assert_eq!(plain("Ångström òù"), "Ångström òù");
    }

    #[test]
    fn other_scripts_stay() {
        for text in ["株式会社サクラ", "ООО Ромашка", "شركة النور", "हिन्दी सेवा", "Ελλάδα", "a 😀"]
        {
            assert_eq!(plain(text), text);
        }
    }

    proptest! {
        #[test]
        fn again_changes_nothing(text in "\\PC*|[\\x00-\\x{2fff}]*|[a-z\\x{300}-\\x{330}\\x{200b}ᄀ-ᇿ\u{3164}ŁłÇç…]*") {
            let line = plain(&text);
            prop_assert_eq!(&plain(&line), &line);
            prop_assert!(!line.chars().any(|c| is_unseen(c) || c.is_control()));
            prop_assert!(!line.starts_with(' ') && !line.ends_with(' ') && !line.contains("  "));
        }
    }
}
