//! Webhooks out by the program itself: every command of theirs, without an engine and beside one.

use crate::command::Office;
use nightdesk_engine::clock::SystemClock;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::consumer::{Consumer, Reaction};
use std::sync::Arc;
use std::time::Duration;

/// An office with an endpoint that verifies by the secret which the program shows.
async fn with_endpoint() -> (Office, Consumer, String) {
    let office = Office::open().await;
    let consumer = Consumer::start(Arc::new(SystemClock::default())).await.unwrap();
    let url = consumer.url();
    let section =
        format!("\n[[webhook_out]]\nurl = {url:?}\ncategories = [\"incident_reports\"]\nallow_private = true\n");
    let file = office.configuration("hooks", |text| text + &section);
    office.run(&["config", "apply", &file]).await.well();
    let shown = office.run(&["webhooks", "secret", &url]).await.well().json();
    let secret = shown["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"), "{shown}");
    consumer.trust([secret.to_owned()]);
    (office, consumer, url)
}

fn one_genuine(consumer: &Consumer) -> (String, String) {
    let posts = consumer.take_posts();
    assert!(posts.len() == 1 && posts[0].verdict.is_genuine(), "{posts:?}");
    (posts[0].event_type.clone(), posts[0].id.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_endpoint_is_tried_without_an_engine_and_beside_one() {
    let (office, consumer, url) = with_endpoint().await;
    let tested = office.run(&["webhooks", "test", &url]).await.well().json();
    assert_eq!((&tested["ok"], &tested["status"]), (&true.into(), &204.into()), "{tested}");
    assert_eq!(one_genuine(&consumer).0, "webhook.test");
    let listed = office.run(&["webhooks"]).await.well().json();
    assert_eq!((&listed[0]["url"], &listed[0]["enabled"]), (&url.as_str().into(), &true.into()), "{listed}");
    assert_eq!((&listed[0]["last_status"], &listed[0]["categories"][0]), (&204.into(), &"incident_reports".into()));

    consumer.script([Reaction::Status(500)]);
    let failed = office.run(&["webhooks", "test", &url]).await;
    assert_eq!(failed.code, Some(1));
    assert!(failed.err.contains("HTTP 500"), "{failed:?}");
    consumer.take_posts();
    let tries = office.run(&["webhooks", "attempts", &url]).await.well().json();
    assert_eq!((&tries[0]["status"], &tries[1]["status"]), (&500.into(), &204.into()), "{tries}");
    assert_eq!(tries[0]["event_type"], "webhook.test");
    assert!(tries[0]["request"]["body"].as_str().unwrap().contains("webhook.test"));
    assert_eq!(tries[0]["response"]["body"], "status 500");
    assert!(tries[0]["duration_ms"].is_number() && tries[0]["message_id"].as_str().unwrap().starts_with("msg_"));

    let engine = office.engine().await;
    let tested = office.run(&["webhooks", "test", &url]).await.well().json();
    assert_eq!(tested["ok"], true);
    one_genuine(&consumer);
    office.run(&["webhooks", "rotate", &url]).await.well();
    let new = office.run(&["webhooks", "secret", &url]).await.well().json();
    consumer.trust([new["secret"].as_str().unwrap().to_owned()]);
    office.run(&["webhooks", "test", &url]).await.well();
    one_genuine(&consumer);
    office.end(engine).await;

    let unknown = office.run(&["webhooks", "secret", "https://nowhere.example/"]).await;
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.err.contains(&url), "it names those there are: {unknown:?}");
    let schema = office.run(&["webhooks", "schema"]).await.well().json();
    assert!(schema["properties"]["type"]["enum"].as_array().unwrap().contains(&"incident_report.created".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn news_is_posted_by_whoever_finds_it_and_sent_again_by_hand() {
    let (office, consumer, url) = with_endpoint().await;
    office.world().publish(IncidentBuilder::high().organization(4));
    office.run(&["poll"]).await.well();
    assert_eq!(one_genuine(&consumer).0, "incident_report.created");

    let engine = office.engine().await;
    office.world().publish(IncidentBuilder::high().organization(4));
    office.run(&["poll"]).await.well();
    for _ in 0..200 {
        if !consumer.posts().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (event, id) = one_genuine(&consumer);
    assert_eq!(event, "incident_report.created");
    let again = office.run(&["webhooks", "resend", &id]).await.well().json();
    assert_eq!((&again["ok"], &again["message_id"]), (&true.into(), &id.as_str().into()));
    assert_eq!(one_genuine(&consumer).1, id, "the consumer knows it");
    let outbox = office.run(&["outbox"]).await.well().json();
    assert_eq!((&outbox[0]["kind"], &outbox[0]["state"]), (&"webhook".into(), &"delivered".into()), "{outbox}");

    // It says goodbye, is enabled again, and is deleted.
    consumer.script([Reaction::Gone]);
    office.run(&["webhooks", "test", &url]).await;
    let listed = office.run(&["webhooks"]).await.well().json();
    assert_eq!((&listed[0]["enabled"], &listed[0]["last_status"]), (&false.into(), &410.into()), "{listed}");
    assert_eq!(office.run(&["webhooks", "test", &url]).await.code, Some(1));
    office.run(&["webhooks", "enable", &url]).await.well();
    office.run(&["webhooks", "test", &url]).await.well();
    let left = office.run(&["webhooks", "delete", &url]).await.well().json();
    assert_eq!(left, serde_json::json!([]));
    office.end(engine).await;
    office.assert_sound().await;
}
