//! Wordings that the desk's user may change: words of ours with named placeholders in braces.
//!
//! A part in square brackets is left out where one of its placeholders has nothing to say: `[ on {host}]`. That and
//! thirteen names are all there is, which is why no template engine is here.

mod kind;
mod render;
mod values;

pub use kind::{Kind, Placeholder};
pub use render::Rendered;
pub use values::Values;

use super::{has_link, plain, segments};

/// The most UTF-16 units that a text's wording has with its shortest values: two segments in any alphabet.
const TEXT_UNITS: usize = 134;

/// The most characters of a spoken wording itself.
const SPOKEN_WORDING: usize = 400;

/// Words that carriers act on themselves when they are all of a reply. Asking for one would stop our texts.
const CARRIER_WORDS: [&str; 15] = [
    "stop",
    "stopall",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "revoke",
    "optout",
    "start",
    "yes",
    "unstop",
    "help",
    "info",
    "join",
    "arret",
];

/// Why a wording can't be used. A closed set; each says what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// There is nothing in it.
    #[error("the wording is empty; reset it to have the one it came with")]
    Empty,
    /// A brace or bracket without its partner, or one within another.
    #[error("each {{ needs its }} and each [ its ], and neither stands within another of its kind")]
    Unbalanced,
    /// A name that this wording doesn't know.
    #[error("{{{name}}} is not known here; use {}", listed(*.kind))]
    Unknown {
        /// What is in the braces.
        name: String,
        /// The wording's kind.
        kind: Kind,
    },
    /// A name that this wording is useless without.
    #[error("{{{}}} is missing; without it the message is of no use", .0.word())]
    Missing(Placeholder),
    /// A text must not hold a link, nor anything that a handset takes for one.
    #[error("a message holds no link, address or file name: take out the dot, @ or // between words")]
    Link,
    /// Asks for a reply that the carrier keeps for itself.
    #[error("carriers act on the reply {0} themselves; ask for {{code}} instead")]
    CarrierWord(String),
    /// More than fits.
    #[error("the wording is {over} characters too long")]
    TooLong {
        /// How many must go.
        over: usize,
    },
}

fn listed(kind: Kind) -> String {
    let names: Vec<String> = kind.allowed().iter().map(|p| format!("{{{}}}", p.word())).collect();
    names.join(", ")
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Words(String),
    Value(Placeholder),
    Group(Vec<Piece>),
}

/// A wording that has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    kind: Kind,
    pieces: Vec<Piece>,
}

impl Template {
    /// Checks a wording.
    ///
    /// # Errors
    /// [`TemplateError`] says what to change.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, TemplateError> {
        let text = plain(text);
        if text.is_empty() {
            return Err(TemplateError::Empty);
        }
        let template = Self { kind, pieces: pieces(kind, &mut text.chars().peekable(), false)? };
        let used = template.placeholders();
        if let Some(missing) = kind.required().iter().find(|p| !used.contains(p)) {
            return Err(TemplateError::Missing(*missing));
        }
        // Values stand between words as something that neither makes a link nor keeps two words apart.
        let words = template.assemble(&|_| Some("x".into()));
        if has_link(&words) || has_link(&template.assemble(&|_| None)) {
            return Err(TemplateError::Link);
        }
        if let Some(word) = carrier_word(&words) {
            return Err(TemplateError::CarrierWord(word));
        }
        let over = if kind.is_spoken() {
            words.chars().count().saturating_sub(SPOKEN_WORDING)
        } else {
            let least = template.assemble(&|p| Some(Values::longest_of_least(p)));
            let doubled = segments(&least).units.max(least.encode_utf16().count());
            doubled.saturating_sub(TEXT_UNITS)
        };
        if over > 0 { Err(TemplateError::TooLong { over }) } else { Ok(template) }
    }

    /// The wording as it comes.
    pub fn shipped(kind: Kind) -> Self {
        Self::parse(kind, kind.wording()).unwrap_or(Self { kind, pieces: vec![Piece::Words(kind.wording().into())] })
    }

    /// What it is a wording of.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it still reads where a placeholder has nothing to say: each stands in a part that is left out then.
    pub fn reads_without(&self, placeholder: Placeholder) -> bool {
        !self.pieces.contains(&Piece::Value(placeholder))
    }

    /// The placeholders that it has.
    fn placeholders(&self) -> Vec<Placeholder> {
        fn within(pieces: &[Piece], found: &mut Vec<Placeholder>) {
            for piece in pieces {
                match piece {
                    Piece::Words(_) => {}
                    Piece::Value(p) => found.push(*p),
                    Piece::Group(inner) => within(inner, found),
                }
            }
        }
        let mut found = Vec::new();
        within(&self.pieces, &mut found);
        found
    }

    /// The words with values put in. A group with a value of none is left out; elsewhere none is nothing.
    pub(super) fn assemble(&self, value: &dyn Fn(Placeholder) -> Option<String>) -> String {
        fn within(pieces: &[Piece], value: &dyn Fn(Placeholder) -> Option<String>) -> (String, bool) {
            let (mut out, mut whole) = (String::new(), true);
            for piece in pieces {
                match piece {
                    Piece::Words(words) => out.push_str(words),
                    Piece::Value(p) => match value(*p) {
                        Some(v) => out.push_str(&v),
                        None => whole = false,
                    },
                    Piece::Group(inner) => {
                        if let (words, true) = within(inner, value) {
                            out.push_str(&words);
                        }
                    }
                }
            }
            (out, whole)
        }
        plain(&within(&self.pieces, value).0)
    }
}

fn pieces(
    kind: Kind,
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    in_group: bool,
) -> Result<Vec<Piece>, TemplateError> {
    let mut found = Vec::new();
    let mut words = String::new();
    let mut closed = !in_group;
    while let Some(c) = chars.next() {
        match c {
            '{' | '[' => {
                if !words.is_empty() {
                    found.push(Piece::Words(std::mem::take(&mut words)));
                }
                if c == '{' {
                    found.push(Piece::Value(placeholder(kind, chars)?));
                } else if in_group {
                    return Err(TemplateError::Unbalanced);
                } else {
                    found.push(Piece::Group(pieces(kind, chars, true)?));
                }
            }
            ']' if in_group => {
                closed = true;
                break;
            }
            ']' | '}' => return Err(TemplateError::Unbalanced),
            other => words.push(other),
        }
    }
    if !words.is_empty() {
        found.push(Piece::Words(words));
    }
    if closed { Ok(found) } else { Err(TemplateError::Unbalanced) }
}

fn placeholder(kind: Kind, chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Placeholder, TemplateError> {
    let mut name = String::new();
    loop {
        match chars.next() {
            Some('}') => break,
            None | Some('{') => return Err(TemplateError::Unbalanced),
            Some(c) => name.push(c),
        }
    }
    let known = Placeholder::ALL.into_iter().find(|p| p.word() == name.trim());
    known.filter(|p| kind.allowed().contains(p)).ok_or(TemplateError::Unknown { name, kind })
}

/// A word of the carrier's that the text is, or asks for.
fn carrier_word(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let kept = |word: &&&str| CARRIER_WORDS.contains(*word);
    let asked = words.iter().enumerate().find(|(i, word)| {
        let before = &words[i.saturating_sub(3)..*i];
        kept(word) && (words.len() == 1 || before.iter().any(|w| ["reply", "text", "send", "answer"].contains(w)))
    });
    asked.map(|(_, word)| word.to_uppercase())
}

#[cfg(test)]
mod tests;
