//! Words for a voice: names that can be said, figures one by one, and text that no markup can hide in.

use super::plain;

/// The most characters that one reading has: about 40 seconds, after which nobody listens.
pub const SPOKEN_MAX: usize = 600;

/// A name or a sentence of a vendor as it can be spoken: words joined by case, figures or punctuation come apart, forms
/// of companies are written out, and what only machines read is cut short. Braces and markup have no place in it.
pub fn sayable(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    for chunk in plain(text).split(' ') {
        let chunk = chunk.replace("[.]", ".").replace("[at]", "@");
        if is_uuid(&chunk) {
            push(&mut out, &short(&chunk));
            continue;
        }
        let mut parts = chunk.split_inclusive(is_parting).peekable();
        let mut after_dot = false;
        while let Some(part) = parts.next() {
            let (word, mark) = split_mark(part);
            let goes_on = parts.peek().is_some_and(|next| next.starts_with(char::is_alphanumeric));
            // `co` in `acme.co.uk` is a part of a name and no company's form.
            let in_name = after_dot || goes_on && mark == Some('.');
            for token in word.split(['-', '_', '\\', '/', '+', '~', '*', '#', '=', '^', '`']) {
                say_token(&mut out, token, in_name);
            }
            after_dot = goes_on && mark == Some('.');
            match mark {
                Some('.') if goes_on => push(&mut out, "dot"),
                Some('.') if written_out(word).is_some() => {}
                mark => finish(&mut out, mark),
            }
        }
    }
    let line = out.join(" ");
    clipped(&line, SPOKEN_MAX)
}

/// Figures to be heard one by one: `4, 8, 2, 1`.
pub fn digits(figures: &str) -> String {
    let each: Vec<String> = figures.chars().filter(|c| c.is_ascii_alphanumeric()).map(String::from).collect();
    each.join(", ")
}

/// The message and, after a pause, the message again: who picks up a phone at night misses the beginning.
pub fn twice(message: &str) -> String {
    format!("{message} I repeat. {message}")
}

/// Text for TwiML, SSML and Studio's Liquid: markup is escaped, and Liquid's braces, which no escape holds, are gone.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '{' | '}' => {}
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // XML 1.0 has no place for the rest of the controls, escaped or not.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// A text's beginning, to the last whole word that fits, with an ellipsis.
pub(super) fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(3)).collect();
    let whole = kept.rfind(' ').filter(|i| *i > kept.len() / 2).map_or(kept.as_str(), |i| &kept[..i]);
    format!("{}...", whole.trim_end_matches([' ', ',', '.', '-']))
}

fn is_parting(c: char) -> bool {
    ".,;:!?@&()[]{}<>\"%|".contains(c)
}

fn split_mark(part: &str) -> (&str, Option<char>) {
    match part.chars().next_back().filter(|c| is_parting(*c)) {
        Some(mark) => (&part[..part.len() - mark.len_utf8()], Some(mark)),
        None => (part, None),
    }
}

/// What a mark sounds like. One that ends a chunk is a pause; within a name it is a word.
fn finish(out: &mut Vec<String>, mark: Option<char>) {
    let pause = match mark {
        Some('@') => return push(out, "at"),
        Some('&') => return push(out, "and"),
        Some('%') => return push(out, "percent"),
        Some('.') => '.',
        Some('!' | '?') => '.',
        Some(',' | ';' | ':' | '(' | ')' | '|') => ',',
        _ => return,
    };
    if let Some(last) = out.last_mut().filter(|l| !l.ends_with([',', '.'])) {
        last.push(pause);
    }
}

fn push(out: &mut Vec<String>, word: &str) {
    if !word.is_empty() {
        out.push(word.to_owned());
    }
}

/// The forms of companies that a voice would spell.
fn written_out(token: &str) -> Option<&'static str> {
    match token.to_lowercase().as_str() {
        "co" => Some("Company"),
        "ltd" => Some("Limited"),
        "inc" => Some("Incorporated"),
        "corp" => Some("Corporation"),
        _ => None,
    }
}

fn say_token(out: &mut Vec<String>, token: &str, in_name: bool) {
    if let Some(whole) = written_out(token).filter(|_| !in_name) {
        push(out, whole);
        return;
    }
    let pieces = pieces(token);
    if is_blob(token, pieces.len()) {
        push(out, &short(token));
        return;
    }
    for piece in pieces {
        // A long number is no quantity.
        if piece.len() > 4 && piece.bytes().all(|b| b.is_ascii_digit()) {
            push(out, &digits(&piece).replace(',', ""));
        } else {
            push(out, &piece);
        }
    }
}

/// A token at its changes between letters and figures and between words in camel case.
fn pieces(token: &str) -> Vec<String> {
    let chars: Vec<char> = token.chars().collect();
    let mut pieces = vec![String::new()];
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|j| chars[j]);
        let starts = before.is_some_and(|b| {
            let lower_next = chars.get(i + 1).is_some_and(|n| n.is_lowercase());
            b.is_ascii_digit() != c.is_ascii_digit() && b != '\'' && c != '\''
                || c.is_uppercase() && lower_next && (b.is_lowercase() || b.is_uppercase())
        });
        if starts {
            pieces.push(String::new());
        }
        if let Some(last) = pieces.last_mut() {
            last.push(c);
        }
    }
    pieces
}

fn is_uuid(chunk: &str) -> bool {
    let core = chunk.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    core.len() == 36 && core.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

/// What only machines read: long hexadecimal, or letters and figures in a jumble.
fn is_blob(token: &str, pieces: usize) -> bool {
    let plain = token.bytes().all(|b| b.is_ascii_alphanumeric());
    let figures = token.bytes().any(|b| b.is_ascii_digit());
    let hex =
        token.len() >= 10 && token.bytes().all(|b| b.is_ascii_hexdigit()) && !token.bytes().all(|b| b.is_ascii_digit());
    plain && figures && (hex || pieces >= 4)
}

/// A blob's first four characters one by one, which tell two apart.
fn short(token: &str) -> String {
    let first: Vec<String> = token.chars().filter(char::is_ascii_alphanumeric).take(4).map(String::from).collect();
    format!("{}...", first.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_can_be_said() {
        for (name, expected) in [
            ("AcmeCorp", "Acme Corp"),
            ("SRV01", "SRV 01"),
            ("SQLProd2", "SQL Prod 2"),
            ("web-server_03.acme.local", "web server 03 dot acme dot local"),
            ("Sakura Co.,Ltd", "Sakura Company, Limited"),
            ("Acme, Inc.", "Acme, Incorporated"),
            ("mail.acme.co.uk", "mail dot acme dot co dot uk"),
            ("acme.co", "acme dot co"),
            ("Acme Co. on dc.acme.inc", "Acme Company on dc dot acme dot inc"),
            ("O'Brien & Sons GmbH", "O'Brien and Sons GmbH"),
            ("ACME\\jsmith", "ACME jsmith"),
            ("j.smith@acme.com", "j dot smith at acme dot com"),
            ("DESKTOP-4F2A9C1", "DESKTOP 4 F 2 A..."),
            ("host-9f8a7b6c5d4e3f", "host 9 f 8 a..."),
            ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", "3 f 2 5..."),
            ("CRITICAL - Incident on SRV01 (Acme)", "CRITICAL Incident on SRV 01, Acme,"),
            ("Ticket 123456", "Ticket 1 2 3 4 5 6"),
            ("{{flow.data}} {% raw %}<b>x</b>", "flow dot data percent raw percent b x b"),
            ("株式会社サクラ", "株式会社サクラ"),
        ] {
            assert_eq!(sayable(name), expected, "{name}");
        }
    }

    #[test]
    fn figures_one_by_one_and_everything_twice() {
        assert_eq!(digits("4821"), "4, 8, 2, 1");
        assert_eq!(digits("48 21"), "4, 8, 2, 1");
        assert_eq!(twice("Fire."), "Fire. I repeat. Fire.");
    }

    #[test]
    fn markup_and_liquid_are_only_text() {
        assert_eq!(escaped("a<b>&\"c'\u{0}\n"), "a&lt;b&gt;&amp;&quot;c&apos;  ");
        assert_eq!(escaped("{{x}} {%y%} }}"), "x %y% ");
    }

    #[test]
    fn what_is_too_long_ends_at_a_word() {
        assert_eq!(clipped("one two three", 13), "one two three");
        assert_eq!(clipped("one two three", 12), "one two...");
        assert_eq!(clipped("onetwothree", 8), "onetw...");
    }

    proptest! {
        #[test]
        fn anything_can_be_said(text in "\\PC*|([a-zA-Z0-9._@{}<>%&-]{1,30} ?)*") {
            let said = sayable(&text);
            prop_assert!(said.chars().count() <= SPOKEN_MAX);
            let markup: &[char] = &['{', '}', '<', '>', '&', '"'];
            prop_assert!(!said.contains(markup), "{}", said);
            let escaped = escaped(&text);
            let bare = escaped.contains(&markup[..4]) || escaped.contains('"') || escaped.contains(char::is_control);
            prop_assert!(!bare, "{}", escaped);
        }
    }
}
