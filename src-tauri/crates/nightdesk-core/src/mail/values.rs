//! What is put into a wording.

use crate::content::{block, line, shortened};
use minijinja::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::{Subject, subject};

/// The longest of a value that is one line, and of one that has several, in UTF-16 units: a subject of megabytes is
/// somebody's mischief, and the ticket has the whole report.
const LINE: usize = 400;
const BLOCK: usize = 20_000;

/// As many lines of a bundle as are listed; how many there are is said anyway.
pub(super) const LISTED: usize = 50;

/// As many of them with all that they say, and how much of that, in UTF-16 units: however many fail at once, the message
/// stays one that a server takes.
const WHOLE: usize = 10;
const WHOLE_TEXT: usize = 3_000;

/// One matter of a message about several.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What it is: `ticket`, `text`, `Incident`, …
    pub what: String,
    /// What happened, or what was to be said.
    pub title: String,
    /// The severity's word.
    pub severity: String,
    /// On which host.
    pub host: String,
    /// Whose.
    pub organization: String,
    /// The ticket's number.
    pub ticket: String,
    /// Where it should have gone.
    pub destination: String,
    /// Why it didn't.
    pub reason: String,
    /// All that it was to say, where that is more than the title.
    #[serde(default)]
    pub text: String,
}

/// The values of one message as they are known; an empty one is unknown. They are made plain and short on their way
/// into a wording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// What it is about: `Incident`, `Escalation`, …
    pub what: String,
    /// The product, see [`super::product`].
    pub product: String,
    /// The severity's word.
    pub severity: String,
    /// What happened.
    pub title: String,
    /// On which host or for which identity.
    pub host: String,
    /// The organization's name.
    pub organization: String,
    /// The client that the ticket is filed under.
    pub client: String,
    /// The ticket's board.
    pub board: String,
    /// The ticket's number.
    pub ticket: String,
    /// The number at Huntress.
    pub id: String,
    /// What is new about it, a sentence.
    pub news: String,
    /// The status at Huntress.
    pub status: String,
    /// When it was reported.
    pub reported: String,
    /// The analyst's words.
    pub summary: String,
    /// The report's text.
    pub report: String,
    /// What is to be done.
    pub remediations: Vec<String>,
    /// Where it can be read at Huntress.
    pub link: String,
    /// Since when.
    pub since: String,
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub advice: String,
    /// The mail server.
    pub server: String,
    /// How many matters there are, which may be more than [`Self::items`].
    pub count: usize,
    /// The matters of a message about several.
    pub items: Vec<Item>,
}

impl Values {
    /// The names by which a wording uses them, in the order in which they are shown.
    pub const NAMES: [&'static str; 24] = [
        "subject",
        "what",
        "product",
        "severity",
        "title",
        "host",
        "organization",
        "client",
        "board",
        "ticket",
        "id",
        "news",
        "status",
        "reported",
        "summary",
        "report",
        "remediations",
        "link",
        "since",
        "reason",
        "advice",
        "server",
        "count",
        "items",
    ];

    /// Values for a preview.
    pub fn example() -> Self {
        let item = |severity: &str, title: &str, host: &str, organization: &str, ticket: &str| Item {
            what: "ticket".into(),
            title: title.into(),
            severity: severity.into(),
            host: host.into(),
            organization: organization.into(),
            ticket: ticket.into(),
            destination: "the PSA".into(),
            reason: "the PSA could not be reached".into(),
            text: String::new(),
        };
        Self {
            what: "Incident".into(),
            product: "EDR".into(),
            severity: "critical".into(),
            title: "Ransomware canary tripped".into(),
            host: "DC01".into(),
            organization: "Contoso Dental".into(),
            client: "Contoso Dental Group".into(),
            board: "Security".into(),
            ticket: "1042".into(),
            id: "90211".into(),
            news: "A new incident.".into(),
            status: "sent".into(),
            reported: "2026-03-01 02:14:00 UTC".into(),
            summary: "A canary file on DC01 was changed by an unsigned process. The host was isolated.".into(),
            report: "Process: C:\\Users\\Public\\svc.exe\nParent: explorer.exe".into(),
            remediations: vec!["Isolate host: completed".into(), "Delete C:\\Users\\Public\\svc.exe: approved".into()],
            link: "https://contoso.huntress.io/org/7/incident_reports/90211".into(),
            since: "2026-03-01 02:14:00 UTC".into(),
            reason: "Huntress refused the API key".into(),
            advice: "Watch the Huntress portal yourself.".into(),
            server: "mail.example.com:587".into(),
            count: 2,
            items: vec![
                item("critical", "Ransomware canary tripped", "DC01", "Contoso Dental", "1042"),
                item("low", "Unwanted program", "LAPTOP-7", "Globex", "1043"),
            ],
        }
    }

    /// The subject in the documented form.
    pub fn subject(&self) -> String {
        subject(&Subject {
            product: &self.product,
            severity: &self.severity,
            what: &self.what,
            details: &self.title,
            host: &self.host,
            organization: &self.organization,
        })
    }

    /// As the engine of wordings takes them.
    pub(super) fn to_value(&self) -> Value {
        let one = |text: &str| Value::from(shortened(&line(text), LINE));
        let many = |text: &str| Value::from(shortened(&block(text), BLOCK));
        let lines = |list: &[String]| list.iter().take(LISTED).map(|text| one(text)).collect::<Vec<Value>>();
        let items = self.items.iter().take(LISTED).enumerate().map(|(at, item)| {
            let text = if at < WHOLE { shortened(&block(&item.text), WHOLE_TEXT) } else { String::new() };
            Value::from(BTreeMap::from([
                ("what", one(&item.what)),
                ("title", one(&item.title)),
                ("severity", one(&item.severity)),
                ("host", one(&item.host)),
                ("organization", one(&item.organization)),
                ("ticket", one(&item.ticket)),
                ("destination", one(&item.destination)),
                ("reason", one(&item.reason)),
                ("text", Value::from(text)),
            ]))
        });
        Value::from(BTreeMap::from([
            ("subject", Value::from(self.subject())),
            ("what", one(&self.what)),
            ("product", one(&self.product)),
            ("severity", one(&self.severity)),
            ("title", one(&self.title)),
            ("host", one(&self.host)),
            ("organization", one(&self.organization)),
            ("client", one(&self.client)),
            ("board", one(&self.board)),
            ("ticket", one(&self.ticket)),
            ("id", one(&self.id)),
            ("news", one(&self.news)),
            ("status", one(&self.status)),
            ("reported", one(&self.reported)),
            ("summary", many(&self.summary)),
            ("report", many(&self.report)),
            ("remediations", Value::from(lines(&self.remediations))),
            ("link", one(&self.link)),
            ("since", one(&self.since)),
            ("reason", one(&self.reason)),
            ("advice", one(&self.advice)),
            ("server", one(&self.server)),
            ("count", Value::from(self.count.max(self.items.len()))),
            ("items", Value::from(items.collect::<Vec<Value>>())),
        ]))
    }
}
