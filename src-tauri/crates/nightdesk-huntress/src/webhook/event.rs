//! What a post tells of: the payload is flat, and its `event_type` says which of three shapes it has (Huntress's OpenAPI
//! document of webhooks). Reading is as lenient as that of a listing.

use crate::read::{self, Value};
use nightdesk_core::incident::{Reading, Record, Status};
use nightdesk_core::notice::{Event, NoticeKind};
use nightdesk_core::port::{About, Post};

/// Longest event type kept, in characters.
const WORD: usize = 100;

/// Longest comment kept, in characters.
const COMMENT: usize = 20_000;

/// What every event of an incident report begins with; in a body that isn't JSON it tells that an incident is at stake.
const INCIDENT: &str = "incident_report.";

/// Reads a post's body. Never fails: a body that can't be read but speaks of an incident is a record for quarantine (ND-4),
/// any other is [`About::Unknown`].
pub fn read(body: &[u8]) -> Post {
    let text = read::masked(body);
    let Some(fields) = Value::parse(&text).and_then(Value::object) else {
        let about = if text.contains(INCIDENT) {
            About::Incident { record: Box::new(read::record(body)), comment: None }
        } else {
            About::Unknown("the body is not a JSON object".into())
        };
        return Post { event_type: None, about };
    };
    let event_type = fields.get("event_type").string().map(|word| read::cut(word.trim(), WORD));
    let about = match event_type.as_deref() {
        Some("incident_report.created") => incident(body, Stage::Open, None),
        Some("incident_report.closed") => incident(body, Stage::Closed, None),
        Some("incident_report.comment_added") => {
            incident(body, Stage::Open, fields.get("comment").text().map(|text| read::cut(text.trim(), COMMENT)))
        }
        Some("escalation.created") => notice(NoticeKind::Escalation, Event::Created, &text),
        Some("escalation.closed") => notice(NoticeKind::Escalation, Event::Closed, &text),
        Some("escalation.overdue") => notice(NoticeKind::Escalation, Event::Overdue, &text),
        Some("platform_action.created") => notice(NoticeKind::PlatformAction, Event::Created, &text),
        Some("platform_action.closed") => notice(NoticeKind::PlatformAction, Event::Closed, &text),
        Some("platform_action.overdue") => notice(NoticeKind::PlatformAction, Event::Overdue, &text),
        Some("platform_action.notification") => notice(NoticeKind::PlatformNotification, Event::Notification, &text),
        Some("account_notice.notification") => notice(NoticeKind::AccountNotice, Event::Notification, &text),
        Some(other) => About::Unknown(format!("this version knows no event {other:?}")),
        None => About::Unknown("it names no event_type".into()),
    };
    Post { event_type, about }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    Closed,
}

fn incident(body: &[u8], stage: Stage, comment: Option<String>) -> About {
    let mut record: Record = read::record(body);
    // `status` may be null, and the event's own name then says as much.
    if stage == Stage::Closed
        && let Reading::Whole(incident) | Reading::Partial { incident, .. } = &mut record.reading
        && incident.status.0.is_empty()
    {
        incident.status = Status("closed".into());
    }
    About::Incident { record: Box::new(record), comment: comment.filter(|text| !text.is_empty()) }
}

fn notice(kind: NoticeKind, said: Event, text: &str) -> About {
    match Value::parse(text).and_then(|row| read::notice(kind, row)) {
        Some(mut notice) => {
            // As with incidents: the event's name says it where the field doesn't.
            if said == Event::Closed && notice.status.is_none() {
                notice.status = Some("resolved".into());
            }
            About::Notice { notice: Box::new(notice), said }
        }
        None => About::Unknown("the body is not a JSON object".into()),
    }
}
