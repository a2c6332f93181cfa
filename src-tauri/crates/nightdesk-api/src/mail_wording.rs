//! The wordings of mail, and how changed ones would read. They are changed with the mail settings.

use crate::error::Error;
use crate::names;
use nightdesk_core::mail::{Kind, MailOut, Part, Template, Thread, Values, write};
use nightdesk_engine::context::Context;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// A message's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MailPart {
    /// The subject: one line.
    Subject,
    /// The plain text.
    Text,
    /// The inside of the HTML body.
    Html,
}

/// A wording of mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MailWording {
    /// Its name, as in `email.templates`.
    pub name: String,
    /// What the message is about.
    pub message: String,
    /// Which part of it.
    pub part: MailPart,
    /// As it comes.
    pub shipped: String,
    /// As it is in force.
    pub current: String,
    /// Whether the two differ.
    pub changed: bool,
}

/// Every wording of mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MailWordings {
    /// In the order in which they are shown.
    pub wordings: Vec<MailWording>,
    /// The names that they may use, in double braces.
    pub names: Vec<String>,
}

/// Wordings to try: what isn't among them is as it is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MailPreviewAsked {
    /// The message: `incident`, `resolved`, `older`, `notice`, `undelivered`, `desk` or `test`.
    pub message: String,
    /// Changed wordings by name; an empty one is as it comes.
    #[ts(type = "Record<string, string>")]
    pub templates: BTreeMap<String, String>,
}

/// How a message would read, with example values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MailPreview {
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The whole HTML document, to be shown in a frame without scripts and without a network. A part that can't be used is as it comes.
    pub html: String,
    /// Wordings that can't be used.
    pub problems: Vec<MailWordingProblem>,
}

/// Why a wording can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MailWordingProblem {
    /// Its name.
    pub name: String,
    /// What to change.
    pub problem: String,
}

fn part(of: Part) -> MailPart {
    match of {
        Part::Subject => MailPart::Subject,
        Part::Text => MailPart::Text,
        Part::Html => MailPart::Html,
    }
}

/// Every wording.
///
/// # Errors
/// The store's.
pub fn mail_wordings(tx: &Tx<'_>) -> Result<MailWordings, Error> {
    let templates = Context::load(tx)?.config.email.map(|e| e.templates).unwrap_or_default();
    let all = Kind::ALL.into_iter().flat_map(|k| Part::ALL.map(|p| (k, p)));
    let wording = |(kind, of): (Kind, Part)| {
        let (name, shipped) = (kind.name(of), kind.wording(of));
        let current = templates.get(&name).cloned().unwrap_or_else(|| shipped.to_owned());
        MailWording {
            name,
            message: kind.word().to_owned(),
            part: part(of),
            changed: current != shipped,
            shipped: shipped.to_owned(),
            current,
        }
    };
    Ok(MailWordings {
        wordings: all.map(wording).collect(),
        names: Values::NAMES.iter().map(|n| (*n).to_owned()).collect(),
    })
}

/// How a message would read; wordings that can't be used are an answer, not an error.
///
/// # Errors
/// `InvalidInput` for a message or wording that there isn't.
pub fn mail_preview(tx: &Tx<'_>, asked: &MailPreviewAsked) -> Result<MailPreview, Error> {
    let messages = || Kind::ALL.iter().map(|k| k.word().to_owned()).collect();
    let kind = Kind::ALL.into_iter().find(|k| k.word() == asked.message);
    let kind = kind.ok_or_else(|| names::unknown("message", &asked.message, messages()))?;
    let mut templates = Context::load(tx)?.config.email.map(|e| e.templates).unwrap_or_default();
    let mut problems = Vec::new();
    for (name, text) in &asked.templates {
        let known = || Part::ALL.map(|p| kind.name(p)).to_vec();
        let (of, which) = Kind::named(name).ok_or_else(|| names::unknown("wording", name, known()))?;
        templates.remove(name);
        if text.trim().is_empty() {
            continue;
        }
        match Template::parse(of, which, text) {
            Ok(_) => {
                templates.insert(name.clone(), text.clone());
            }
            Err(problem) => {
                problems.push(MailWordingProblem { name: name.clone(), problem: problem.to_string() });
            }
        }
    }
    let values = example(kind);
    let written = write(&templates, kind, &values);
    let mail = MailOut {
        kind,
        category: None,
        severity: String::new(),
        subject: written.subject,
        text: written.text,
        html: written.html,
        message_id: Thread::Alone.root("").unwrap_or_default(),
        in_reply_to: None,
        at: chrono::DateTime::UNIX_EPOCH,
    };
    Ok(MailPreview { html: mail.document(false), subject: mail.subject, text: mail.text, problems })
}

/// The example as a message of this kind has it.
fn example(kind: Kind) -> Values {
    let values = Values::example();
    let of = |what: &str, title: &str, news: &str| Values {
        what: what.to_owned(),
        title: title.to_owned(),
        news: news.to_owned(),
        ..values.clone()
    };
    let desk = |what: &str, title: &str| Values {
        product: String::new(),
        host: String::new(),
        organization: String::new(),
        ..of(what, title, "")
    };
    match kind {
        Kind::Incident => values,
        Kind::Resolved => of("Incident resolved", "Ransomware canary tripped", "The SOC has closed it."),
        Kind::Older => desk("Older news", "2 that were open for more than a day"),
        Kind::Notice => Values {
            product: String::new(),
            host: String::new(),
            severity: "high".to_owned(),
            ..of("Escalation", "Sign-in from an unexpected country", "A new escalation.")
        },
        Kind::Undelivered => desk("Undelivered", "2 deliveries"),
        Kind::Desk => desk("Desk alarm", "Nothing was read from Huntress for 25 minutes"),
        Kind::Test => Values { severity: String::new(), ..desk("Test", "incidents, by the default addresses") },
    }
}
