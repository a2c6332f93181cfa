//! The schema and what is sent, held to each other.

use super::*;
use crate::config::Category;
use crate::ids::{AccountId, AgentId, IncidentId, OrganizationId, TicketId};
use crate::incident::{Incident, Remediations, Severity, Status};
use crate::notice::{self, Notice, NoticeKind};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_000_000, 0).unwrap()
}

fn incident(id: i64) -> Incident {
    Incident {
        id: IncidentId(id),
        account: None,
        organization: None,
        organization_name: None,
        agent: None,
        platform: Some("windows".into()),
        status: Status("sent".into()),
        severity: Severity::Critical,
        subject: Some("CRITICAL - Incident on SRV01".into()),
        summary: Some("A foothold was found.".into()),
        body: Some("<p>The whole report</p>".into()),
        indicator_types: vec!["footholds".into()],
        indicator_counts: Vec::new(),
        remediations: Remediations::default(),
        sent_at: None,
        closed_at: None,
        status_updated_at: None,
        created_at: None,
        updated_at: None,
    }
}

fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

fn problems(body: &Value) -> Vec<String> {
    schema().iter_errors(body).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

fn of_incident(incident: &Incident, comment: Option<&str>, event_type: EventType) -> Value {
    let event = IncidentEvent {
        account: Named { id: AccountId(1), name: Some("Cascade MSP") },
        incident,
        organization_name: Some("Acme"),
        api_url: "https://api.huntress.io/v1/incident_reports/42",
        portal_url: "https://cascade.huntress.io/org/7/incident_reports/42",
        ticket: Some(TicketRef { id: TicketId(3), number: "T-3", client: "Acme", board: "Security", unmapped: false }),
        comment,
    };
    serde_json::from_str(&event.event(event_type, now()).body()).unwrap()
}

fn of_notice(notice: &Notice, event_type: EventType) -> Value {
    let event = NoticeEvent {
        account: Named { id: AccountId(1), name: None },
        notice,
        organizations: &[
            Named { id: OrganizationId(7), name: Some("Acme") },
            Named { id: OrganizationId(8), name: None },
        ],
        api_url: Some("https://api.huntress.io/v1/escalations/9"),
    };
    serde_json::from_str(&event.event(event_type, now()).body()).unwrap()
}

fn bare_notice() -> Notice {
    Notice {
        account: None,
        total_organizations: None,
        id: 9,
        kind: NoticeKind::Escalation,
        severity: None,
        subject: None,
        status: None,
        about: None,
        body: None,
        organizations: Vec::new(),
        created_at: None,
        updated_at: None,
        resolved_at: None,
        overdue_since: None,
    }
}

/// One body of every type, from a subject that says everything and from one that says nothing.
fn every_body() -> Vec<(EventType, Value)> {
    let full = Incident {
        agent: Some(AgentId(5)),
        organization: Some(OrganizationId(7)),
        indicator_counts: vec![("footholds".into(), 2), ("ransomware_canaries".into(), 0)],
        sent_at: Some(now()),
        closed_at: Some(now()),
        ..incident(42)
    };
    let bare = Incident {
        organization: None,
        subject: None,
        summary: None,
        body: None,
        platform: None,
        severity: Severity::Unknown(None),
        status: Status(String::new()),
        ..incident(42)
    };
    let told = Notice {
        severity: Some("high".into()),
        subject: Some("Sign-in from an unexpected country".into()),
        body: Some("It waits.".into()),
        created_at: Some(now()),
        ..bare_notice()
    };
    let mut bodies = Vec::new();
    for event_type in EventType::ALL {
        match event_type.category() {
            Some(Category::IncidentReports) => {
                bodies.push((event_type, of_incident(&full, Some("Isolated."), event_type)));
                bodies.push((event_type, of_incident(&bare, None, event_type)));
            }
            Some(_) => {
                bodies.push((event_type, of_notice(&told, event_type)));
                bodies.push((event_type, of_notice(&bare_notice(), event_type)));
            }
            None => {
                let body = Event::new(event_type, now(), test_data("https://siem.example.com/in")).body();
                bodies.push((event_type, serde_json::from_str(&body).unwrap()));
            }
        }
    }
    bodies
}

#[test]
fn every_body_fits_the_schema() {
    for (event_type, body) in every_body() {
        assert_eq!(problems(&body), Vec::<String>::new(), "{} {body:#}", event_type.name());
    }
}

#[test]
fn every_field_that_is_sent_is_described() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    for (event_type, body) in every_body() {
        let described = |field: &str| {
            ["incident_report", "notice", "one_time_message", "test"]
                .iter()
                .any(|def| schema["$defs"][def]["properties"].get(field).is_some())
        };
        for field in body["data"].as_object().unwrap().keys() {
            assert!(described(field), "{} {field}", event_type.name());
        }
    }
}

#[test]
fn a_body_of_another_shape_does_not_fit() {
    let sound = of_incident(&incident(42), None, EventType::IncidentCreated);
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut body = sound.clone();
        change(&mut body);
        problems(&body).is_empty()
    };
    assert!(changed(&|_| ()));
    assert!(!changed(&|b| b["type"] = "incident_report.exploded".into()));
    assert!(!changed(&|b| b["type"] = "escalation.created".into()), "the data is another type's");
    assert!(!changed(&|b| b["timestamp"] = "yesterday".into()));
    assert!(!changed(&|b| b["data"]["id"] = "42".into()));
    assert!(!changed(&|b| b["data"]["updated_at"] = 7.into()));
    assert!(!changed(&|b| b["data"] = json!({})));
    assert!(!changed(&|b| drop(b.as_object_mut().unwrap().remove("timestamp"))));
}

#[test]
fn what_a_notice_cannot_do_has_no_name() {
    use notice::Event as E;
    let name = |kind, event| NoticeEvent::event_type(kind, event).map(EventType::name);
    assert_eq!(name(NoticeKind::Escalation, E::Overdue), Some("escalation.overdue"));
    assert_eq!(name(NoticeKind::PlatformNotification, E::Notification), Some("platform_action.notification"));
    assert_eq!(name(NoticeKind::AccountNotice, E::Notification), Some("account_notice.notification"));
    assert_eq!(name(NoticeKind::AccountNotice, E::Closed), None);
    assert_eq!(name(NoticeKind::Escalation, E::Notification), None);
}
