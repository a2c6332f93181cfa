//! Events in the shapes of Huntress's document, and in none.

use nightdesk_core::ids::{AccountId, IncidentId, OrganizationId};
use nightdesk_core::incident::{Incident, Reading, Severity, Status};
use nightdesk_core::notice::{Event, NoticeKind};
use nightdesk_core::port::About;
use nightdesk_huntress::webhook::read;
use nightdesk_standin::{Account, IncidentBuilder, Notice, World};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

fn world() -> World {
    let now = "2026-03-02T01:00:00Z".parse().unwrap();
    World::new(Account::new(5, "Harbour IT").organization(4, "Acme"), Arc::new(move || now))
}

fn incident(payload: &Value) -> (Incident, Option<String>) {
    match read(payload.to_string().as_bytes()).about {
        About::Incident { record, comment } => match record.reading {
            Reading::Whole(incident) => {
                assert_eq!(record.raw, payload.to_string().as_bytes());
                (incident, comment)
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_incident_as_if_it_were_listed() {
    let world = world();
    let id = world.publish(IncidentBuilder::critical().organization(4).entity("SRV01"));
    let (read, comment) = incident(&world.incident_event(id, "incident_report.created").unwrap());
    assert_eq!(
        (read.id, read.account, read.organization),
        (IncidentId(id), Some(AccountId(5)), Some(OrganizationId(4)))
    );
    assert_eq!((read.organization_name.as_deref(), &read.severity), (Some("Acme"), &Severity::Critical));
    assert!(read.status.is_open() && read.updated_at.is_some() && read.sent_at.is_some() && comment.is_none());
    assert!(read.indicator_types.is_empty() && read.remediations.items.is_empty(), "webhooks don't have them");
    assert!(!read.indicator_counts.is_empty());
}

#[test]
fn nulls_are_fine_and_the_events_name_counts() {
    let world = world();
    let id = world.publish(IncidentBuilder::critical().organization(4));
    let mut payload = world.incident_event(id, "incident_report.closed").unwrap();
    for field in ["severity", "status", "subject", "summary", "sent_at", "status_updated_at", "closed_at", "agent_id"] {
        payload[field] = Value::Null;
    }
    payload["organization"] = json!({ "id": null, "name": null });
    payload["account"] = json!({ "id": null, "name": null });
    let (read, _) = incident(&payload);
    assert_eq!(read.status, Status("closed".into()), "the event says it");
    assert_eq!((read.severity, read.organization, read.account), (Severity::Unknown(None), None, None));
    payload["event_type"] = json!("incident_report.created");
    assert_eq!(incident(&payload).0.status, Status(String::new()), "nothing is closed for want of a field");
}

#[test]
fn a_comment_comes_with_its_incident() {
    let world = world();
    let id = world.publish(IncidentBuilder::low().organization(4));
    let (read, comment) = incident(&world.comment_event(id, " Reset the <b>password</b>, please.\u{7}\n").unwrap());
    assert_eq!((read.id, comment.as_deref()), (IncidentId(id), Some("Reset the <b>password</b>, please.")));
}

#[test]
fn notices_with_what_happened_to_them() {
    let world = world();
    let escalation = world.add_escalation(Notice::new("Sign-in from an unexpected country").organization(4));
    let action = world.add_platform_action(Notice::new("Defender disabled"));
    let notice = |payload: Value| match read(payload.to_string().as_bytes()).about {
        About::Notice { notice, said } => (notice, said),
        other => panic!("{other:?}"),
    };
    for (word, event) in [("created", Event::Created), ("closed", Event::Closed), ("overdue", Event::Overdue)] {
        let (read, said) = notice(world.escalation_event(escalation, &format!("escalation.{word}")).unwrap());
        assert_eq!((read.id, read.kind, said), (escalation, NoticeKind::Escalation, event));
        assert_eq!(read.organizations, [OrganizationId(4)]);
        assert_eq!(read.body.is_some(), event == Event::Overdue);
        let (read, said) = notice(world.platform_action_event(action, &format!("platform_action.{word}")).unwrap());
        assert_eq!((read.id, read.kind, said), (action, NoticeKind::PlatformAction, event));
    }
    let (read, said) = notice(world.one_time_event(3, "account_notice.notification", "New address", "From June on …"));
    assert_eq!((read.kind, said, read.severity), (NoticeKind::AccountNotice, Event::Notification, None));
    assert_eq!((read.subject.as_deref(), read.body.as_deref()), (Some("New address"), Some("From June on …")));
    let (read, _) = notice(world.one_time_event(action, "platform_action.notification", "x", "y"));
    assert_eq!(read.kind, NoticeKind::PlatformNotification, "its numbers aren't those of the actions that are listed");
}

#[test]
fn a_notice_whose_id_cannot_be_read_is_a_notice() {
    let bodies = [r#""id":null"#, r#""id":"abc""#, r#""id":0"#, r#""about":7"#];
    for id in bodies {
        let body = format!(r#"{{"event_type":"escalation.created","severity":"critical","subject":"Now",{id}}}"#);
        match read(body.as_bytes()).about {
            About::Notice { notice, said } => {
                assert_eq!((said, notice.kind, notice.has_number()), (Event::Created, NoticeKind::Escalation, false));
                assert_eq!((notice.severity.as_deref(), notice.subject.as_deref()), (Some("critical"), Some("Now")));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_is_unknown_is_told_from_what_is_broken() {
    let unknown = |body: &[u8]| matches!(read(body).about, About::Unknown(_));
    assert!(unknown(br#"{"event_type":"test"}"#));
    assert!(unknown(br#"{"event_type":"incident_report.reopened","id":7}"#));
    assert!(unknown(br#"{"event_type":7}"#) && unknown(b"{}") && unknown(b"") && unknown(b"ping") && unknown(b"[1]"));
    assert_eq!(read(br#"{"event_type":"test"}"#).event_type.as_deref(), Some("test"));
    // An incident is at stake: quarantined, with its bytes (ND-4).
    for body in [
        &br#"{"event_type":"incident_report.created","id":"?","subject":"CRITICAL"}"#[..],
        br#"{"event_type":"incident_report.created","id":7,"subject":"CRIT"#,
        br#"{"event_type":"incident_report.closed"}"#,
    ] {
        match read(body).about {
            About::Incident { record, .. } => {
                assert!(matches!(record.reading, Reading::Unkeyed { .. }));
                assert_eq!(record.raw, body);
            }
            other => panic!("{other:?}"),
        }
    }
    // A stray byte costs itself and no more.
    let stray = b"{\"event_type\":\"incident_report.created\",\"id\":7,\"updated_at\":\"2026-03-02T01:00:00Z\",\"subject\":\"caf\xe9\"}";
    match read(stray).about {
        About::Incident { record, .. } => assert!(matches!(record.reading, Reading::Whole(_)), "{:?}", record.reading),
        other => panic!("{other:?}"),
    }
}

/// Every event of the vendor's document is known, and the stand-in's payloads have what the document requires.
#[test]
fn the_vendors_document_where_it_is_present() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(4).unwrap();
    let Ok(text) = std::fs::read(folder.join("shared/contracts/huntress-webhooks.openapi.json")) else { return };
    let document: Value = serde_json::from_slice(&text).unwrap();
    let world = world();
    let report = world.publish(IncidentBuilder::critical().organization(4));
    let escalation = world.add_escalation(Notice::new("a").organization(4));
    let action = world.add_platform_action(Notice::new("b"));
    for event in document["webhooks"].as_object().unwrap().keys() {
        let (category, what) = event.split_once('.').unwrap();
        let payload = match (category, what) {
            ("incident_report", "comment_added") => world.comment_event(report, "c").unwrap(),
            ("incident_report", _) => world.incident_event(report, event).unwrap(),
            ("escalation", _) => world.escalation_event(escalation, event).unwrap(),
            (_, "notification") => world.one_time_event(1, event, "s", "b"),
            _ => world.platform_action_event(action, event).unwrap(),
        };
        assert!(!matches!(read(payload.to_string().as_bytes()).about, About::Unknown(_)), "{event}");
        let name: String = event.split(['.', '_']).map(|w| w[..1].to_uppercase() + &w[1..]).collect();
        let mut required = Vec::new();
        for part in document["components"]["schemas"][&name]["allOf"].as_array().unwrap() {
            let part = match part["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
                Some(name) => &document["components"]["schemas"][name],
                None => part,
            };
            required.extend(part["required"].as_array().into_iter().flatten().map(|r| r.as_str().unwrap().to_owned()));
        }
        assert!(required.len() > 5, "{name}");
        for field in required {
            assert!(payload.get(&field).is_some(), "{event} lacks {field}");
        }
    }
}

proptest! {
    /// Whatever is posted, it is read.
    #[test]
    fn reading_never_fails(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        read(&body);
    }

    #[test]
    fn nor_with_an_event_type(
        event in "(incident_report|escalation|platform_action|account_notice)\\.(created|closed|overdue|notification|comment_added)",
        id in "(7|null|\"7\"|-1|\\{\\}|1e400)",
        rest in "\\PC{0,100}",
    ) {
        read(format!(r#"{{"event_type":"{event}","id":{id},"comment":{id},"body":{}}}"#, json!(rest)).as_bytes());
        read(format!(r#"{{"event_type":"{event}","id":{id},{rest}"#).as_bytes());
    }
}
