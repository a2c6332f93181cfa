//! A whole message, as it waits in the outbox.

use super::{Kind, Part, Template, Thread, Values, domain, message_id};
use crate::config::Email;
use crate::notice::NotificationType;
use chrono::{DateTime, Utc};
use minijinja::HtmlEscape;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a reader is told of a message that may have come before. It keeps its Message-ID, by which many mailboxes and
/// servers drop it.
const REPEAT: &str = "This message may have reached you before: the mail server's answer was lost.";

/// A message to one address: the payload of a delivery by mail. From and To are put in when it leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailOut {
    /// What it is about.
    pub kind: Kind,
    /// The type of notification; none of the desk's own.
    pub category: Option<NotificationType>,
    /// How bad its news are, in a word; nothing where that isn't known.
    #[serde(default)]
    pub severity: String,
    /// One line.
    pub subject: String,
    /// Plain.
    pub text: String,
    /// The inside of the HTML body.
    pub html: String,
    /// The same on each attempt.
    pub message_id: String,
    /// What it belongs to.
    pub in_reply_to: Option<String>,
    /// When its news was known, which is its date.
    pub at: DateTime<Utc>,
}

/// What a wording makes of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// One line.
    pub subject: String,
    /// Plain.
    pub text: String,
    /// The inside of the HTML body.
    pub html: String,
}

/// What the wordings in force make of values. One that can't be used with them is as shipped again: no message is lost
/// for its words.
pub fn write(templates: &BTreeMap<String, String>, kind: Kind, values: &Values) -> Written {
    let of = |part: Part| {
        let changed = templates.get(&kind.name(part)).and_then(|text| Template::parse(kind, part, text).ok());
        let made = changed.and_then(|t| t.render(values).ok()).filter(|m| !m.trim().is_empty());
        made.or_else(|| Template::shipped(kind, part).render(values).ok()).unwrap_or_else(|| values.subject())
    };
    Written { subject: of(Part::Subject), text: of(Part::Text), html: of(Part::Html) }
}

impl MailOut {
    /// A message. `marker` is the delivery's, which names the address too.
    pub fn new(
        email: &Email,
        kind: Kind,
        category: Option<NotificationType>,
        thread: &Thread,
        marker: &str,
        at: DateTime<Utc>,
        values: &Values,
    ) -> Self {
        let Written { subject, text, html } = write(&email.templates, kind, values);
        let domain = domain(&email.from);
        Self {
            kind,
            category,
            severity: values.severity.clone(),
            subject,
            text,
            html,
            message_id: message_id(thread, marker, &domain),
            in_reply_to: thread.root(&domain),
            at,
        }
    }

    /// The plain text as it leaves.
    pub fn body(&self, possible_repeat: bool) -> String {
        if possible_repeat { format!("{REPEAT}\n\n{}\n", self.text) } else { format!("{}\n", self.text) }
    }

    /// The HTML as it leaves. It loads nothing from anywhere.
    pub fn document(&self, possible_repeat: bool) -> String {
        let repeat = if possible_repeat { format!("<p><em>{REPEAT}</em></p>\n") } else { String::new() };
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n<body>\n{repeat}{}\n</body>\n</html>\n",
            HtmlEscape(&self.subject),
            self.html
        )
    }

    /// By what mail rules may file it (RFC 2919): the type, or the desk's own.
    pub fn list(&self) -> String {
        self.category.map_or_else(|| "desk".to_owned(), |c| c.word().replace('_', "-"))
    }
}
