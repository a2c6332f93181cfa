//! What is rightly signed and yet can't be taken at its word.

use super::Posted;
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::clock::Clock as _;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::consumer::Consumer;
use nightdesk_standin::mail::MailServer;
use nightdesk_tests::{Screen, hook_secret, hooks};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

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

/// Posts one critical report with each of these ids and accounts, told of by the posts alone.
async fn unreadable(posted: &Posted, changes: &[(&str, Value)]) {
    let id = posted.scene.world().publish(IncidentBuilder::critical().organization(4));
    let event = posted.scene.world().incident_event(id, "incident_report.created").unwrap();
    assert!(posted.scene.world().set_status(id, "closed"));
    for (field, value) in changes {
        let mut event = event.clone();
        event[*field] = value.clone();
        assert_eq!(posted.tell(&event).await.status, Some(200));
    }
}

#[tokio::test]
async fn nd_4_each_record_that_cannot_be_filed_as_it_is_alerts_whatever_came_before() {
    let (mut posted, screen) = watched().await;
    let changes = [
        ("account", json!({ "id": 9999, "name": "x" })),
        ("id", Value::Null),
        ("id", json!("x y")),
        ("id", json!(-3)),
        // The same once more, by another delivery.
        ("id", json!(-3)),
    ];
    unreadable(&posted, &changes).await;
    assert_eq!(posted.scene.status().ledger.quarantined, 4);
    let tickets = posted.scene.tickets();
    assert_eq!(tickets.iter().filter(|t| t.title.contains("[Unreadable]")).count(), 4);
    let sent = screen.sent();
    assert!(sent.iter().all(|o| o.payload["severity"] == "critical" && o.payload["ticket_id"].is_number()), "{sent:?}");
    let told = screen.take();
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told.iter().all(|t| t.starts_with("desk Huntress sent a record that can't be filed")), "{told:?}");
    posted.scene.stop().await;
}

#[tokio::test]
async fn unreadable_records_in_a_storm_are_mailed_together_after_the_first() {
    let mut posted = Posted::open().await;
    posted.scene.mail = Some(MailServer::start(Arc::new(posted.scene.clock.clone())).await.unwrap());
    posted.scene.apply(&posted.scene.mail_server().toml(&["soc@example.com"]));
    posted.start().await;
    let changes: Vec<_> = (1..=60).map(|n| ("id", json!(-n))).collect();
    unreadable(&posted, &changes).await;
    let first = posted.scene.mailed().await;
    assert_eq!(first.len(), 1, "{first:?}");
    assert!(
        first[0].subject().contains("Huntress sent a record that can't be filed as it is"),
        "{}",
        first[0].subject()
    );
    posted.scene.pass(TimeDelta::seconds(31)).await;
    let rest = posted.scene.mailed().await;
    assert_eq!(rest.len(), 1, "{rest:?}");
    for mail in [&first[0], &rest[0]] {
        let said = mail.raw.replace("=\r\n", "").replace("\r\n", " ");
        assert!(said.contains("Look at their tickets and find them in the Huntress portal"), "what to do next: {said}");
    }
    let subject = rest[0].subject();
    assert!(
        subject.starts_with("Nightdesk CRITICAL Desk alarm | Huntress sent 59 records that can't be filed"),
        "{subject}"
    );
    assert!(rest[0].raw.contains("and 9 more: see the boards"), "{}", rest[0].raw);
    posted.scene.stop().await;
}

#[tokio::test]
async fn an_escalation_whose_id_cannot_be_read_is_listed_told_and_mailed() {
    let screen = Screen::new();
    let mut posted = Posted::open().await;
    posted.scene.senders = vec![screen.clone()];
    posted.scene.mail = Some(MailServer::start(Arc::new(posted.scene.clock.clone())).await.unwrap());
    posted.scene.apply(&posted.scene.mail_server().toml(&["soc@example.com"]));
    posted.start().await;
    let now = posted.scene.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let of = |id: Value, status: &str, event: &str| {
        let mut escalation = escalation(7, 5, status, event);
        escalation["id"] = id;
        escalation["severity"] = "critical".into();
        (escalation["created_at"], escalation["updated_at"]) = (json!(now), json!(now));
        escalation
    };
    for _twice in 0..2 {
        assert_eq!(posted.tell(&of(json!("abc"), "open", "created")).await.status, Some(200));
    }
    assert_eq!(posted.tell(&of(Value::Null, "open", "created")).await.status, Some(200));
    assert_eq!(screen.take(), ["notice Escalation: Unexpected country"; 2]);
    let mail = posted.scene.mailed().await;
    assert_eq!(mail.len(), 2, "{mail:?}");
    assert!(
        mail[0].subject().starts_with("Nightdesk CRITICAL Escalation | Unexpected country"),
        "{}",
        mail[0].subject()
    );
    assert!(mail[0].raw.contains("no number that can be read"), "{}", mail[0].raw);
    let lines = notices(&posted);
    assert!(lines.len() == 2 && lines.iter().all(|l| l.is_open && l.id < 0), "{lines:?}");
    // Its end finds it by what stayed the same.
    assert_eq!(posted.tell(&of(json!("abc"), "resolved", "closed")).await.status, Some(200));
    assert_eq!(notices(&posted).iter().filter(|l| l.is_open).count(), 1);
    assert!(screen.take().is_empty());
    let over = posted.scene.mailed().await;
    assert!(over.len() == 1 && over[0].subject().contains("Escalation resolved"), "{over:?}");
    posted.scene.stop().await;
}

#[tokio::test]
async fn a_number_used_for_another_message_of_the_same_second_is_told_everywhere() {
    let screen = Screen::new();
    let mut posted = Posted::open().await;
    let consumer = Consumer::start(Arc::new(posted.scene.clock.clone())).await.unwrap();
    consumer.trust([hook_secret(&consumer.url(), 1)]);
    posted.scene.senders = vec![screen.clone(), hooks(&posted.scene.clock)];
    posted.scene.mail = Some(MailServer::start(Arc::new(posted.scene.clock.clone())).await.unwrap());
    posted.scene.apply(&posted.scene.mail_server().toml(&["soc@example.com"]));
    posted.scene.apply(&format!("[[webhook_out]]\nurl = {:?}\nallow_private = true\n", consumer.url()));
    posted.start().await;
    for kind in ["account_notice.notification", "platform_action.notification"] {
        // Each comes by two of Huntress's endpoints.
        for subject in ["A", "A", "B", "B"] {
            let message = posted.scene.world().one_time_event(3, kind, subject, "the same text");
            assert_eq!(posted.tell(&message).await.status, Some(200));
        }
        let title = if kind.starts_with("account") { "Account notice" } else { "Platform action" };
        assert_eq!(screen.take(), [format!("notice {title}: A"), format!("notice {title}: B")]);
        let mail: Vec<String> = posted.scene.mailed().await.iter().map(|m| m.subject()).collect();
        assert_eq!(mail, [format!("Nightdesk {title} | A"), format!("Nightdesk {title} | B")]);
        tokio::time::timeout(Duration::from_secs(20), consumer.posted(2)).await.expect("two posts");
        let posts: Vec<Value> = consumer.take_posts().iter().map(|p| p.json()["data"]["subject"].clone()).collect();
        assert_eq!(posts, ["A", "B"]);
    }
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
async fn a_notice_of_another_account_is_mailed_without_saying_that_the_desk_is_blind() {
    let mut posted = Posted::open().await;
    posted.scene.mail = Some(MailServer::start(Arc::new(posted.scene.clock.clone())).await.unwrap());
    posted.scene.apply(&posted.scene.mail_server().toml(&["soc@example.com"]));
    posted.start().await;
    assert_eq!(posted.tell(&escalation(1, 9999, "open", "created")).await.status, Some(200));
    let mail = posted.scene.mailed().await;
    assert_eq!(mail.len(), 1, "{mail:?}");
    let text = mail[0].raw.replace("=\r\n", "");
    assert!(text.contains("account 9999") && text.contains("goes on watching its own account"), "{text}");
    assert!(!text.contains("do not count on it"), "{text}");
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

#[tokio::test]
async fn an_overdue_escalation_says_so_with_all_whom_it_concerns_and_where_it_is_answered() {
    let mut posted = Posted::open().await;
    posted.scene.mail = Some(MailServer::start(Arc::new(posted.scene.clock.clone())).await.unwrap());
    posted.scene.apply(&posted.scene.mail_server().toml(&["soc@example.com"]));
    posted.start().await;
    let account = posted.scene.read(|tx| nightdesk_engine::context::Context::load(tx).unwrap().account_id());
    let waiting = |posted: &Posted| posted.scene.read(|tx| tx.notices_waiting(account).unwrap());
    let now = posted.scene.clock.now();
    let stamp = |seconds: i64| {
        let at = now + TimeDelta::seconds(seconds);
        json!(at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
    };
    let of = |status: &str, event: &str, seconds: i64| {
        let mut escalation = escalation(7, account.0, status, event);
        escalation["total_organizations_impacted"] = 12.into();
        (escalation["created_at"], escalation["updated_at"]) = (stamp(0), stamp(seconds));
        escalation
    };
    assert_eq!(waiting(&posted), (0, 0));
    posted.tell(&of("open", "created", 0)).await;
    let line = notices(&posted).remove(0);
    assert_eq!((line.is_open, line.overdue_since, line.more_organizations), (true, None, 11));
    assert_eq!(waiting(&posted), (1, 0));
    let mail = posted.scene.mailed().await;
    let whose = "Unexpected country (Acme Incorporated and 11 more organizations)";
    assert_eq!(mail.len(), 1, "{mail:?}");
    assert_eq!(mail[0].subject(), format!("Nightdesk HIGH Escalation | {whose}"));
    let link = line.portal_url.unwrap();
    assert!(link.starts_with("https://") && link.ends_with(".huntress.io/org/4/escalations/7"), "{link}");
    assert!(mail[0].raw.contains(&link), "{}", mail[0].raw);

    posted.minutes(1).await;
    posted.tell(&of("open", "overdue", 0)).await;
    let line = notices(&posted).remove(0);
    assert_eq!((line.is_open, line.overdue_since), (true, Some(now)));
    assert_eq!(waiting(&posted), (1, 1));
    let mail = posted.scene.mailed().await;
    assert_eq!(mail.len(), 1, "{mail:?}");
    assert_eq!(mail[0].subject(), format!("Nightdesk HIGH Escalation overdue | {whose}"));
    // What the card of window and tray shows beside Notices.
    let at = api::rpc::At { now, actor: "story".into(), polling: None };
    let counts = posted.scene.read(|tx| api::status_card::card(tx, &at).unwrap().counts);
    assert_eq!((counts.notices_open, counts.notices_overdue), (1, 1));

    posted.tell(&of("resolved", "closed", 30)).await;
    let line = notices(&posted).remove(0);
    assert_eq!((line.is_open, line.overdue_since), (false, None));
    assert_eq!(waiting(&posted), (0, 0));
    assert_eq!(posted.scene.mailed().await.len(), 1);
    posted.scene.stop().await;
}
