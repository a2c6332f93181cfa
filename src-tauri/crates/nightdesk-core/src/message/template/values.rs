//! What is put into a wording.

use super::super::{Code, defang, plain, speech};
use super::kind::Placeholder;

/// The values of one message, as they are known: made plain, safe and short by rendering. An empty one is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// Whether an earlier attempt may have arrived.
    pub repeat: bool,
    /// The severity's word.
    pub severity: String,
    /// The client's or the organization's name.
    pub client: String,
    /// The host's name.
    pub host: String,
    /// The incident in words.
    pub title: String,
    /// What to reply; none where a reply doesn't come back.
    pub code: Option<Code>,
    /// How many incidents.
    pub count: Option<u32>,
    /// The PIN's figures.
    pub pin: String,
    /// Who is reached.
    pub contact: String,
    /// Who took it.
    pub by: String,
    /// Since when nothing is watched.
    pub since: String,
    /// Why nothing is.
    pub reason: String,
    /// How many other pages, of which the reader was told, nobody has yet.
    pub open: u32,
}

/// What has been made shorter first: the title says least, then the host, then the client.
pub(super) const SHORTENED: [(Placeholder, usize); 8] = [
    (Placeholder::Title, 24),
    (Placeholder::Reason, 16),
    (Placeholder::Host, 15),
    (Placeholder::Client, 15),
    (Placeholder::Contact, 12),
    (Placeholder::By, 12),
    (Placeholder::Since, 12),
    (Placeholder::Severity, 8),
];

/// What whoever reads that somebody has it hears, where nothing else waits for an answer.
const DONE: &str = "Nothing is left for you to do";

impl Values {
    /// Values for a preview.
    pub fn example() -> Self {
        Self {
            repeat: false,
            severity: "critical".into(),
            client: "Contoso Dental".into(),
            host: "DC01".into(),
            title: "Ransomware canary tripped".into(),
            code: Some(Code::at(3_821)),
            count: Some(12),
            pin: "482163".into(),
            contact: "Dana".into(),
            by: "Sam".into(),
            since: "02:14".into(),
            reason: "Huntress refuses the key".into(),
            open: 0,
        }
    }

    /// A value as it is spoken or read, at most so many characters long.
    pub(super) fn put(&self, placeholder: Placeholder, spoken: bool, most: usize) -> Option<String> {
        let named = |text: &str| {
            let clean = if spoken { speech::sayable(text) } else { plain(text) };
            let clean = clean.trim_end_matches(['.', ' ', ',']);
            let short = speech::clipped(clean, most);
            Some(if spoken { short } else { defang(&short) }).filter(|t| !t.is_empty())
        };
        let figures = |text: String| Some(if spoken { speech::digits(&text) } else { text }).filter(|t| !t.is_empty());
        match placeholder {
            Placeholder::Repeat if !self.repeat => Some(String::new()),
            Placeholder::Repeat => Some(if spoken { "Possibly again: " } else { "possible repeat: " }.into()),
            Placeholder::Severity if spoken => named(&self.severity),
            Placeholder::Severity => named(&self.severity.to_uppercase()),
            Placeholder::Client => named(&self.client).or_else(|| Some("a client".into())),
            Placeholder::Host => named(&self.host),
            Placeholder::Title => named(&self.title).or_else(|| Some("incident".into())),
            Placeholder::Code => self.code.and_then(|code| figures(code.to_string())),
            Placeholder::Count => self.count.map(|n| n.to_string()),
            Placeholder::Pin => figures(self.pin.chars().filter(char::is_ascii_digit).take(10).collect()),
            Placeholder::Contact => named(&self.contact),
            Placeholder::By => named(&self.by).or_else(|| Some("somebody".into())),
            Placeholder::Since => named(&self.since),
            Placeholder::Reason => named(&self.reason),
            Placeholder::Open if self.open == 0 => Some(DONE.into()),
            Placeholder::Open => Some(format!("Still open: {}", self.open)),
        }
    }

    /// What a placeholder takes at least, however long its value is.
    pub(super) fn longest_of_least(placeholder: Placeholder) -> String {
        match placeholder {
            Placeholder::Repeat => "possible repeat: ".into(),
            Placeholder::Code => "1000".into(),
            Placeholder::Count => u32::MAX.to_string(),
            Placeholder::Pin => "1234567890".into(),
            Placeholder::Client => "a client".into(),
            Placeholder::Title => "incident".into(),
            Placeholder::By => "somebody".into(),
            Placeholder::Open => DONE.into(),
            _ => "...".into(),
        }
    }
}
