//! The code of a page, and how a reply says it.

use super::plain;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a person sends back to take a page: four digits, so that it is typed quickly and never one of the words that
/// carriers act on themselves (STOP, HELP, YES, START and their kind).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Code(u16);

impl Code {
    /// How many there are.
    pub const COUNT: u16 = 9_000;

    /// The code at a place below [`Code::COUNT`]; larger numbers begin again. The first digit is never a zero, which a
    /// voice swallows.
    pub fn at(place: u16) -> Self {
        Self(1_000 + place % Self::COUNT)
    }

    /// The code with these digits, where there is one.
    pub fn from_digits(digits: &str) -> Option<Self> {
        let whole = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse().ok().filter(|n| whole && *n >= 1_000).map(Self)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl From<Code> for u16 {
    fn from(code: Code) -> Self {
        code.0
    }
}

impl TryFrom<u16> for Code {
    type Error = &'static str;

    fn try_from(number: u16) -> Result<Self, Self::Error> {
        Self::from_digits(&number.to_string()).ok_or("a code has four digits, the first not zero")
    }
}

/// Words with which a reply says that its sender does not take the page.
const REFUSALS: [&str; 17] = [
    "no", "not", "stop", "cancel", "can't", "cant", "cannot", "couldn't", "don't", "dont", "won't", "wont", "wrong",
    "pass", "decline", "unable", "nope",
];

/// The code that a reply says, in whatever case and company: `4821`, `ack 4821`, `4821 thanks`, `48 21`. None where it
/// says two different ones, or where it refuses: a page acknowledged by mistake is silent, one asked for again is not.
pub fn reply_code(text: &str) -> Option<Code> {
    let text = plain(text).to_lowercase();
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|w| w.trim_matches('\''))
        .filter(|w| !w.is_empty())
        .collect();
    let agrees = |next: Option<&&str>| matches!(next, Some(&("problem" | "problems" | "worries" | "prob")));
    if (0..words.len()).any(|i| REFUSALS.contains(&words[i]) && !(words[i] == "no" && agrees(words.get(i + 1)))) {
        return None;
    }
    let mut said: Vec<Code> = words.iter().filter_map(|w| Code::from_digits(unglued(w))).collect();
    if said.is_empty() {
        // Spelled apart, with nothing else in figures that it could be mixed up with.
        let digits: String = words.iter().filter(|w| w.bytes().all(|b| b.is_ascii_digit())).copied().collect();
        let together =
            words.split(|w| !w.bytes().all(|b| b.is_ascii_digit())).filter(|run| !run.is_empty()).count() == 1;
        said.extend(Code::from_digits(&digits).filter(|_| together));
    }
    said.dedup();
    said.first().copied().filter(|first| said.iter().all(|code| code == first))
}

/// Whether a reply is one of the words with which the carrier lets texts through again after STOP. It acts on them only
/// where they are all of a reply.
pub fn starts_again(text: &str) -> bool {
    let text = plain(text).to_lowercase();
    ["start", "yes", "unstop"].contains(&text.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// Without the word that is typed against it.
fn unglued(word: &str) -> &str {
    ["acknowledged", "acknowledge", "ack", "code", "ok"].iter().find_map(|w| word.strip_prefix(w)).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_in_any_company() {
        for text in [
            "4821",
            " 4821 ",
            "ack 4821",
            "ACK4821",
            "Ack: #4821!",
            "4821 thanks",
            "got it, 4821, on my way",
            "48 21",
            "4-8-2-1",
            "4821 4821",
            "４８２１",
            "4821\u{200b}",
            "ok.4821.",
            "no problem, 4821",
            "'4821'",
            "> Nightdesk CRITICAL on SRV2019. Reply 4821\nack 4821",
        ] {
            assert_eq!(reply_code(text).map(|c| c.to_string()), Some("4821".into()), "{text}");
        }
    }

    #[test]
    fn nothing_or_two_things_is_no_code() {
        for text in [
            "",
            "ack",
            "STOP",
            "482",
            "48210",
            "0482",
            "4821 4822",
            "4821 or 4822",
            "on it",
            "SRV4821",
            "48 21 12",
            "+15554821000",
            "48 hours 21",
            "not me 4821",
            "can't take 4821",
            "stop 4821",
            "no 4821",
            "4,821,000",
            "٤٨٢١",
        ] {
            assert_eq!(reply_code(text), None, "{text}");
        }
    }

    #[test]
    fn start_alone_lets_texts_through_again() {
        for text in ["START", " start ", "Start.", "UNSTOP", "yes"] {
            assert!(starts_again(text), "{text}");
        }
        for text in ["", "STOP", "start 4821", "don't start", "restart", "yes please"] {
            assert!(!starts_again(text), "{text}");
        }
    }

    #[test]
    fn codes_have_four_digits() {
        assert_eq!(Code::at(0).to_string(), "1000");
        assert_eq!(Code::at(8_999).to_string(), "9999");
        assert_eq!(Code::at(9_000), Code::at(0));
        assert_eq!(Code::from_digits("0999"), None);
        assert!(Code::try_from(999).is_err() && Code::try_from(10_000).is_err());
        assert_eq!(serde_json::from_str::<Code>("4821").unwrap(), Code::at(3_821));
        assert!(serde_json::from_str::<Code>("1").is_err());
    }

    proptest! {
        #[test]
        fn every_code_reads_back(place in any::<u16>(), before in "(ack |ok |)", after in "( thanks| on it|!|)") {
            let code = Code::at(place);
            prop_assert_eq!(reply_code(&format!("{before}{code}{after}")), Some(code));
        }

        #[test]
        fn two_different_codes_are_never_one(a in 0u16..9_000, b in 0u16..9_000, between in "[ ,/-]([ a-z,/-]{0,6}[ ,/-])?") {
            prop_assume!(a != b);
            prop_assert_eq!(reply_code(&format!("{}{between}{}", Code::at(a), Code::at(b))), None);
        }

        #[test]
        fn any_reply_can_be_read(text in "\\PC*") {
            reply_code(&text);
        }
    }
}
