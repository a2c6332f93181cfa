//! Events and their names.

use super::Post;
use crate::config::Category;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt;

/// What happened, by Huntress's names (its webhooks document, 2026) and one of our own for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum EventType {
    IncidentCreated,
    IncidentClosed,
    IncidentCommentAdded,
    EscalationCreated,
    EscalationClosed,
    EscalationOverdue,
    PlatformActionCreated,
    PlatformActionClosed,
    PlatformActionOverdue,
    PlatformActionNotification,
    AccountNotice,
    Test,
}

impl EventType {
    /// Every event.
    pub const ALL: [Self; 12] = [
        Self::IncidentCreated,
        Self::IncidentClosed,
        Self::IncidentCommentAdded,
        Self::EscalationCreated,
        Self::EscalationClosed,
        Self::EscalationOverdue,
        Self::PlatformActionCreated,
        Self::PlatformActionClosed,
        Self::PlatformActionOverdue,
        Self::PlatformActionNotification,
        Self::AccountNotice,
        Self::Test,
    ];

    /// Its name in a body.
    pub fn name(self) -> &'static str {
        match self {
            Self::IncidentCreated => "incident_report.created",
            Self::IncidentClosed => "incident_report.closed",
            Self::IncidentCommentAdded => "incident_report.comment_added",
            Self::EscalationCreated => "escalation.created",
            Self::EscalationClosed => "escalation.closed",
            Self::EscalationOverdue => "escalation.overdue",
            Self::PlatformActionCreated => "platform_action.created",
            Self::PlatformActionClosed => "platform_action.closed",
            Self::PlatformActionOverdue => "platform_action.overdue",
            Self::PlatformActionNotification => "platform_action.notification",
            Self::AccountNotice => "account_notice.notification",
            Self::Test => "webhook.test",
        }
    }

    /// The inverse of [`Self::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.name() == name)
    }

    /// What an endpoint must subscribe to in order to hear of it; `None` for a test, which goes where it is asked to go.
    pub fn category(self) -> Option<Category> {
        Some(match self {
            Self::IncidentCreated | Self::IncidentClosed | Self::IncidentCommentAdded => Category::IncidentReports,
            Self::EscalationCreated | Self::EscalationClosed | Self::EscalationOverdue => Category::Escalations,
            Self::PlatformActionCreated
            | Self::PlatformActionClosed
            | Self::PlatformActionOverdue
            | Self::PlatformActionNotification => Category::PlatformActions,
            Self::AccountNotice => Category::AccountNotices,
            Self::Test => return None,
        })
    }
}

/// A message's id, in the form that Svix's have: a consumer that knows one knows all repeats of the message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// The id of the message that brings this news, by its unique mark, to this endpoint. It follows from them alone, so
    /// that a store brought back from a backup tells the same news under the same id.
    pub fn of(marker: &str, url: &str) -> Self {
        let mut hash = Sha256::new();
        // A length first: no mark and address together are the same text as two others.
        hash.update((marker.len() as u64).to_be_bytes());
        hash.update(marker);
        hash.update(url);
        Self(format!("msg_{}", hex::encode(&hash.finalize()[..14])))
    }

    /// As it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something to tell endpoints of.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What happened.
    pub event_type: EventType,
    /// When it was learnt here.
    pub at: DateTime<Utc>,
    /// What is known of it: an object.
    pub data: Value,
}

impl Event {
    /// An event; `data` gets its name too, as Huntress's own payloads have it, so that what reads those reads these.
    pub fn new(event_type: EventType, at: DateTime<Utc>, mut data: Value) -> Self {
        if let Value::Object(fields) = &mut data {
            fields.insert("event_type".to_owned(), event_type.name().into());
        }
        Self { event_type, at, data }
    }

    /// The body as it is sent.
    pub fn body(&self) -> String {
        json!({
            "type": self.event_type.name(),
            "timestamp": self.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "data": self.data,
        })
        .to_string()
    }

    /// What a delivery of it to this endpoint carries.
    pub fn outgoing(&self, marker: &str, url: &str) -> Post {
        Post {
            id: MessageId::of(marker, url).0,
            event_type: self.event_type.name().to_owned(),
            body: self.body(),
            terms: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_read_back() {
        for event in EventType::ALL {
            assert_eq!(EventType::parse(event.name()), Some(event));
        }
        let subscribed = |e: &EventType| e.category().is_some();
        assert_eq!(EventType::ALL.iter().filter(|e| !subscribed(e)).count(), 1, "only a test has no category");
    }

    #[test]
    fn an_id_is_of_one_message_to_one_endpoint() {
        let id = |marker: &str, url: &str| MessageId::of(marker, url).to_string();
        assert_eq!(id("incident:1:2", "https://a.example/"), id("incident:1:2", "https://a.example/"));
        assert_ne!(id("incident:1:2", "https://a.example/"), id("incident:1:2", "https://b.example/"));
        assert_ne!(id("ab", "c"), id("a", "bc"));
        let one = id("m", "u");
        assert!(one.len() == 32 && one.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'), "{one}");
    }

    #[test]
    fn a_body_has_type_timestamp_and_data() {
        let at = DateTime::from_timestamp_millis(1_767_000_000_250).unwrap();
        let body = Event::new(EventType::EscalationCreated, at, json!({ "id": 7 })).body();
        let read: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(
            read,
            json!({
                "type": "escalation.created",
                "timestamp": "2025-12-29T09:20:00.250Z",
                "data": { "id": 7, "event_type": "escalation.created" },
            })
        );
    }
}
