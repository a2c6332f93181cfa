//! What is rightly signed and yet can't be taken at its word.

use super::Posted;
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::clock::Clock as _;
use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::Screen;
use serde_json::{Value, json};
use std::sync::Arc;

async fn watched() -> (Posted, Arc<Screen>) {
    let screen = Screen::new();
    let mut posted = Posted::open().await;
    posted.scene.senders = vec![screen.clone()];
    posted.start().await;
    (posted, screen)
}

fn notices(posted: &Posted) -> Vec<api::NoticeLine> {
    posted.scene.read(|tx| api::notices(tx, &api::NoticesAsked::default())).unwrap()
}

fn escalation(id: i64, account: i64, status: &str, event: &str) -> Value {
    let resolved = (status == "resolved").then_some("2026-03-01T02:00:00Z");
    json!({
        "event_type": format!("escalation.{event}"), "id": id, "account": { "id": account, "name": "x" },
        "organizations": [{ "id": 4, "name": "Acme" }], "total_organizations_impacted": 99, "severity": "high",
        "status": status, "subject": "Unexpected country", "type": "Environmental Issue", "api_url": "https://x",
        "created_at": "2026-03-01T01:00:00Z", "updated_at": "2026-03-01T02:00:00Z", "resolved_at": resolved,
    })
}

#[tokio::test]
async fn a_time_of_change_in_the_future_does_not_freeze_an_incident() {
    let (mut posted, _screen) = watched().await;
    let world = posted.scene.world().clone();
    let id = world.publish(IncidentBuilder::high().organization(4));
    let mut event = world.incident_event(id, "incident_report.created").unwrap();
    event["updated_at"] = "2099-01-01T00:00:00Z".into();
    assert_eq!(posted.tell(&event).await.status, Some(200));
    assert!(posted.scene.ticket_of(id).is_open);
    world.set_status(id, "closed");
    posted.minutes(6).await;
    assert!(!posted.scene.ticket_of(id).is_open, "the poll knows better");
    posted.scene.stop().await;
}

#[tokio::test]
async fn a_record_that_cannot_be_filed_as_it_is_alerts_once_an_hour() {
    let (mut posted, screen) = watched().await;
    let id = posted.scene.world().publish(IncidentBuilder::critical().organization(4));
    let mut event = posted.scene.world().incident_event(id, "incident_report.created").unwrap();
    assert!(posted.scene.world().set_status(id, "closed"), "so that only the posts tell of it");
    for number in [-3, -4] {
        event["id"] = number.into();
        assert_eq!(posted.tell(&event).await.status, Some(200));
    }
    let told = screen.take();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("desk Huntress sent a record that can't be filed"), "{told:?}");
    assert_eq!(posted.scene.status().ledger.quarantined, 2);
    posted.scene.stop().await;
}

#[tokio::test]
async fn a_notice_of_another_account_is_not_mixed_in_and_not_passed_over() {
    let (mut posted, screen) = watched().await;
    for id in [1, 2] {
        assert_eq!(posted.tell(&escalation(id, 9999, "open", "created")).await.status, Some(200));
    }
    assert!(notices(&posted).is_empty());
    let told = screen.take();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("account 9999"), "{told:?}");
    let outcome = posted.log()[0].words.clone();
    assert!(outcome.as_deref().is_some_and(|o| o.contains("9999")), "{outcome:?}");
    posted.scene.stop().await;
}

#[tokio::test]
async fn an_escalation_closed_before_it_was_created_in_one_second_stays_closed() {
    let (mut posted, screen) = watched().await;
    let account = posted.scene.read(|tx| nightdesk_engine::context::Context::load(tx).unwrap().account_id().0);
    let now = posted.scene.clock.now();
    let moved = |mut event: Value| {
        for key in ["created_at", "updated_at"] {
            event[key] = now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true).into();
        }
        event
    };
    posted.tell(&moved(escalation(7, account, "resolved", "closed"))).await;
    posted.tell(&moved(escalation(7, account, "open", "created"))).await;
    let lines = notices(&posted);
    assert_eq!((lines.len(), lines[0].is_open), (1, false), "{lines:?}");
    assert!(screen.take().is_empty(), "what was over before it was heard of calls for nobody");
    posted.minutes(TimeDelta::minutes(6).num_minutes()).await;
    posted.scene.stop().await;
}
