//! What an event says of its subject, in the fields of Huntress's own webhook payloads, so that what reads those reads
//! these. Fields that Huntress promises and this desk can't know are null.

use super::event::{Event, EventType};
use crate::ids::{AccountId, OrganizationId, TicketId};
use crate::incident::Incident;
use crate::notice::{self, Notice, NoticeKind};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

/// A thing of Huntress's with its name, where that is known.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a, T> {
    /// Its number.
    pub id: T,
    /// What it is called.
    pub name: Option<&'a str>,
}

/// The ticket that an incident has here.
#[derive(Debug, Clone, Copy)]
pub struct TicketRef<'a> {
    /// Its number in the desk's own lists.
    pub id: TicketId,
    /// As people call it.
    pub number: &'a str,
    /// Whom it is filed under.
    pub client: &'a str,
    /// Where it stands.
    pub board: &'a str,
    /// It waits for its organization to be mapped.
    pub unmapped: bool,
}

/// What an event of an incident is made from.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct IncidentEvent<'a> {
    pub account: Named<'a, AccountId>,
    pub incident: &'a Incident,
    pub organization_name: Option<&'a str>,
    /// The incident's address at Huntress's API.
    pub api_url: &'a str,
    /// And where a person reads it.
    pub portal_url: &'a str,
    pub ticket: Option<TicketRef<'a>>,
    /// What the SOC wrote, for [`EventType::IncidentCommentAdded`].
    pub comment: Option<&'a str>,
}

impl IncidentEvent<'_> {
    /// The event of this type, learnt at `at`.
    pub fn event(&self, event_type: EventType, at: DateTime<Utc>) -> Event {
        let i = self.incident;
        let counts: Map<String, Value> =
            i.indicator_counts.iter().map(|(kind, n)| (kind.clone(), (*n).into())).collect();
        let mut data = json!({
            "account": named(Some(self.account.id.0), self.account.name),
            "organization": named(
                i.organization.map(|o| o.0),
                self.organization_name.or(i.organization_name.as_deref()),
            ),
            "id": i.id,
            "agent_id": i.agent,
            "api_url": self.api_url,
            "portal_url": self.portal_url,
            "subject": i.subject,
            "summary": i.summary,
            "body": i.body,
            "severity": i.severity.word(),
            "status": Some(&i.status.0).filter(|s| !s.is_empty()),
            "platform": i.platform,
            "indicator_counts": counts,
            "indicator_types": i.indicator_types,
            // Required of Huntress's own; an incident that was stored before it was read has the nearest there is.
            "created_at": time(i.created_at.or(i.sent_at).or(i.updated_at)),
            "sent_at": time(i.sent_at),
            "closed_at": time(i.closed_at),
            "status_updated_at": time(i.status_updated_at),
            "updated_at": time(i.updated_at),
            "ticket": self.ticket.map(|t| json!({
                "id": t.id, "number": t.number, "client": t.client, "board": t.board, "unmapped": t.unmapped,
            })),
        });
        if event_type == EventType::IncidentCommentAdded {
            data["comment"] = self.comment.into();
        }
        Event::new(event_type, at, data)
    }
}

/// What an event of an escalation, platform action or account notice is made from.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct NoticeEvent<'a> {
    pub account: Named<'a, AccountId>,
    pub notice: &'a Notice,
    pub organizations: &'a [Named<'a, OrganizationId>],
    /// The notice's address at Huntress's API; one-time messages have none.
    pub api_url: Option<&'a str>,
}

impl NoticeEvent<'_> {
    /// The name of what happened; `None` for what a kind of notice can't do, and Huntress has no name for.
    pub fn event_type(kind: NoticeKind, event: notice::Event) -> Option<EventType> {
        use notice::Event as E;
        Some(match (kind, event) {
            (NoticeKind::Escalation, E::Created) => EventType::EscalationCreated,
            (NoticeKind::Escalation, E::Closed) => EventType::EscalationClosed,
            (NoticeKind::Escalation, E::Overdue) => EventType::EscalationOverdue,
            (NoticeKind::PlatformAction, E::Created) => EventType::PlatformActionCreated,
            (NoticeKind::PlatformAction, E::Closed) => EventType::PlatformActionClosed,
            (NoticeKind::PlatformAction, E::Overdue) => EventType::PlatformActionOverdue,
            (NoticeKind::PlatformAction, E::Notification)
            | (NoticeKind::PlatformNotification, E::Created | E::Notification) => EventType::PlatformActionNotification,
            (NoticeKind::AccountNotice, E::Created | E::Notification) => EventType::AccountNotice,
            _ => return None,
        })
    }

    /// The event of this type, learnt at `at`.
    pub fn event(&self, event_type: EventType, at: DateTime<Utc>) -> Event {
        let n = self.notice;
        let mut data = json!({
            "account": named(Some(self.account.id.0), self.account.name),
            "id": n.id,
            "subject": n.subject,
            "created_at": time(n.created_at),
        });
        let once = matches!(event_type, EventType::PlatformActionNotification | EventType::AccountNotice);
        if once {
            data["body"] = n.body.as_deref().into();
        } else {
            let organizations: Vec<Value> = self.organizations.iter().map(|o| named(Some(o.id.0), o.name)).collect();
            data["api_url"] = self.api_url.into();
            data["total_organizations_impacted"] = n
                .total_organizations
                .map_or(organizations.len(), |total| usize::try_from(total).unwrap_or(usize::MAX))
                .into();
            data["organizations"] = organizations.into();
            data["severity"] = n.severity.as_deref().into();
            data["status"] = n.status.as_deref().into();
            data["type"] = n.about.as_deref().into();
            data["updated_at"] = time(n.updated_at).into();
            data["resolved_at"] = time(n.resolved_at).into();
        }
        if matches!(event_type, EventType::EscalationOverdue | EventType::PlatformActionOverdue) {
            data["message"] = n.body.as_deref().into();
        }
        Event::new(event_type, at, data)
    }
}

/// What a test says. It names no incident, so that nothing at the consumer can take it for one.
pub fn test_data(url: &str) -> Value {
    json!({
        "message": "This is a test of the webhook. Nothing has happened.",
        "endpoint": url,
    })
}

fn named(id: Option<i64>, name: Option<&str>) -> Value {
    json!({ "id": id, "name": name })
}

fn time(at: Option<DateTime<Utc>>) -> Option<String> {
    at.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}
