//! Escalations and platform actions: the same shape, two lists.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::row::{Row, stamp};

/// An escalation or a platform action.
#[derive(Clone, Debug)]
pub struct Notice {
    pub(crate) id: Option<i64>,
    pub(crate) organizations: Vec<i64>,
    severity: String,
    status: String,
    subject: String,
    kind: String,
    subtype: Option<String>,
    created_ago: TimeDelta,
    due_after: TimeDelta,
    entity: Option<(i64, String)>,
}

impl Notice {
    /// A notice of low severity with status `sent`, just created, about the account as a whole, due in 24 hours.
    pub fn new(subject: &str) -> Self {
        Self {
            id: None,
            organizations: Vec::new(),
            severity: "low".to_owned(),
            status: "sent".to_owned(),
            subject: subject.to_owned(),
            kind: "Environmental Issue".to_owned(),
            subtype: None,
            created_ago: TimeDelta::zero(),
            due_after: TimeDelta::hours(24),
            entity: None,
        }
    }

    /// With this id instead of the next free one.
    #[must_use]
    pub fn id(mut self, id: i64) -> Self {
        self.id = Some(id);
        self
    }

    /// About one more organization.
    #[must_use]
    pub fn organization(mut self, id: i64) -> Self {
        self.organizations.push(id);
        self
    }

    /// `low`, `high` or `critical`.
    #[must_use]
    pub fn severity(mut self, severity: &str) -> Self {
        severity.clone_into(&mut self.severity);
        self
    }

    /// `open`, `sent` or `resolved`.
    #[must_use]
    pub fn status(mut self, status: &str) -> Self {
        status.clone_into(&mut self.status);
        self
    }

    /// The type in words, and the subtype, whose meaning depends on it.
    #[must_use]
    pub fn of_type(mut self, kind: &str, subtype: Option<&str>) -> Self {
        kind.clone_into(&mut self.kind);
        self.subtype = subtype.map(str::to_owned);
        self
    }

    /// Created so long before it is added.
    #[must_use]
    pub fn created_ago(mut self, ago: TimeDelta) -> Self {
        self.created_ago = ago;
        self
    }

    /// Due so long after its creation.
    #[must_use]
    pub fn due_after(mut self, time: TimeDelta) -> Self {
        self.due_after = time;
        self
    }

    /// With an agent as its entity.
    #[must_use]
    pub fn about_agent(mut self, id: i64, hostname: &str) -> Self {
        self.entity = Some((id, hostname.to_owned()));
        self
    }

    /// `account` and `organizations` are the small objects that the wire form embeds.
    pub(crate) fn row(&self, id: i64, account: &Value, organizations: &[Value], now: DateTime<Utc>) -> Row {
        let created = now - self.created_ago;
        let resolved = (self.status == "resolved").then(|| stamp(now));
        let mut row = Row::new(
            created,
            json!({
                "id": id,
                "account": account,
                "organizations": organizations,
                "created_at": stamp(created),
                "resolved_at": resolved,
                "severity": self.severity,
                "status": self.status,
                "subject": self.subject,
                "subtype": self.subtype,
                "type": self.kind,
                "updated_at": stamp(if self.status == "resolved" { now } else { created }),
            }),
        );
        if self.status == "resolved" {
            row.updated_at = now;
        }
        row.due_at = Some(created + self.due_after);
        let items: Vec<Value> = self
            .entity
            .iter()
            .map(|(id, hostname)| {
                json!({ "id": id, "type": "Agent", "details": {
                    "hostname": hostname, "platform": "windows", "os": "Windows 11 Pro",
                    "last_callback_at": stamp(now)
                }})
            })
            .collect();
        row.detail = json!({ "total_count": items.len(), "has_more": false, "items": items });
        row
    }
}
