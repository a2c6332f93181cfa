//! The wordings there are.

use serde::{Deserialize, Serialize};

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An incident is new, was raised or reopened.
    Incident,
    /// An incident, or a notice, is over.
    Resolved,
    /// Incidents that are old already when they are first seen, in one message.
    Older,
    /// An escalation, a platform action or an account notice.
    Notice,
    /// What could not be delivered in another way.
    Undelivered,
    /// The desk itself is in trouble.
    Desk,
    /// Somebody tries whether mail arrives.
    Test,
}

/// A message's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The subject.
    Subject,
    /// The plain text.
    Text,
    /// The inside of the HTML body.
    Html,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Subject, Self::Text, Self::Html];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Text => "text",
            Self::Html => "html",
        }
    }
}

impl Kind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] =
        [Self::Incident, Self::Resolved, Self::Older, Self::Notice, Self::Undelivered, Self::Desk, Self::Test];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Resolved => "resolved",
            Self::Older => "older",
            Self::Notice => "notice",
            Self::Undelivered => "undelivered",
            Self::Desk => "desk",
            Self::Test => "test",
        }
    }

    /// A wording's name in the configuration, as `incident_subject`.
    pub fn name(self, part: Part) -> String {
        format!("{}_{}", self.word(), part.word())
    }

    /// The wording of this name.
    pub fn named(name: &str) -> Option<(Self, Part)> {
        let all = Self::ALL.into_iter().flat_map(|k| Part::ALL.map(|p| (k, p)));
        all.into_iter().find(|(k, p)| k.name(*p) == name)
    }

    /// The wording as it comes. A subject is the documented one: mail rules rest on it.
    pub fn wording(self, part: Part) -> &'static str {
        match (self, part) {
            (_, Part::Subject) => "{{ subject }}",
            (Self::Incident, Part::Text) => include_str!("shipped/incident.txt"),
            (Self::Incident, Part::Html) => include_str!("shipped/incident.html"),
            (Self::Resolved, Part::Text) => include_str!("shipped/resolved.txt"),
            (Self::Resolved, Part::Html) => include_str!("shipped/resolved.html"),
            (Self::Older, Part::Text) => include_str!("shipped/older.txt"),
            (Self::Older, Part::Html) => include_str!("shipped/older.html"),
            (Self::Notice, Part::Text) => include_str!("shipped/notice.txt"),
            (Self::Notice, Part::Html) => include_str!("shipped/notice.html"),
            (Self::Undelivered, Part::Text) => include_str!("shipped/undelivered.txt"),
            (Self::Undelivered, Part::Html) => include_str!("shipped/undelivered.html"),
            (Self::Desk, Part::Text) => include_str!("shipped/desk.txt"),
            (Self::Desk, Part::Html) => include_str!("shipped/desk.html"),
            (Self::Test, Part::Text) => include_str!("shipped/test.txt"),
            (Self::Test, Part::Html) => include_str!("shipped/test.html"),
        }
    }
}
