//! Text in the form in which it can be said, and TwiML around it.

/// The most characters that inline TwiML may have.
const MOST_TWIML: usize = 4_000;

/// The most characters of a text in a flow: well below what a `<Say>` takes, and minutes of speech.
const MOST_SPOKEN: usize = 1_500;

/// Said after a call that was to ask for keys and can't.
const NO_KEYS: &str = "Keys do not work on this call. Acknowledge by text message or in Nightdesk.";

/// The text without what is markup to anybody on the way: XML and SSML in TwiML, Liquid in a flow's fields. Replaced by
/// words rather than escaped, because one of them more or less would be read out.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => plain.push_str(" and "),
            '<' | '>' | '{' | '}' | '"' => plain.push(' '),
            // Noncharacters end a document as surely as control characters do.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => plain.push(' '),
            c => plain.push(c),
        }
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    shortened(&words.join(" "), MOST_SPOKEN).to_owned()
}

/// As many whole words as fit.
fn shortened(text: &str, most: usize) -> &str {
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let cut = &text[..end];
    cut.rsplit_once(' ').map_or(cut, |(whole, _)| whole)
}

/// A document that says the text twice and hangs up; `keys_missing` adds why no key is asked for.
pub(super) fn twice(text: &str, keys_missing: bool) -> String {
    let spoken = plain(text);
    let say = |words: &str| format!("<Say language=\"en-US\" voice=\"alice\">{words}</Say>");
    let tail = if keys_missing { say(NO_KEYS) } else { String::new() };
    let document = |words: &str| {
        let said = say(words);
        format!("<Response>{said}<Pause length=\"1\"/>{said}{tail}</Response>")
    };
    let spare = MOST_TWIML.saturating_sub(document("").chars().count()) / 2;
    document(shortened(&spoken, spare))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_becomes_words() {
        assert_eq!(plain("R&D <b>\"Bob's\"</b> {{flow.data.x}}\r\n\u{0}ok"), "R and D b Bob's /b flow.data.x ok");
    }

    #[test]
    fn it_is_said_twice_and_says_why_no_key_helps() {
        let document = twice("A & B", false);
        assert_eq!(document.matches("A and B").count(), 2);
        assert!(!document.contains("Keys do not work"));
        assert!(twice("A", true).contains("Keys do not work"));
    }

    proptest! {
        #[test]
        fn a_document_stays_one_and_short_enough(text in "\\PC{0,3000}", keys_missing: bool) {
            let document = twice(&text, keys_missing);
            prop_assert!(document.chars().count() <= MOST_TWIML);
            prop_assert_eq!(document.matches("<Say").count(), if keys_missing { 3 } else { 2 });
            prop_assert_eq!(document.matches('<').count(), document.matches('>').count());
            let markup = document.contains(['&', '{']);
            prop_assert!(!markup);
        }
    }
}
