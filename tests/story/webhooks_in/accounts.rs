//! Accounting: polling paused, webhooks that fell silent, what is forgotten.

use super::Posted;
use chrono::TimeDelta;
use nightdesk_core::clock::Clock as _;
use nightdesk_engine::inbox::silence;
use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::Scene;
use nightdesk_tests::configuration;
use serde_json::json;
use std::sync::Arc;

#[tokio::test]
async fn posts_are_stored_while_routing_is_incomplete_and_processed_when_it_is() {
    let mut scene = Scene::bare(Scene::account()).await;
    let url = scene.soc.base_url();
    scene.apply(&format!(
        "[huntress]\nbase_url = {url:?}\nrequests_per_minute = 6000\n[webhook_in]\nlisten = \"127.0.0.1:0\"\n"
    ));
    let endpoint =
        nightdesk_standin::WebhookEndpoint::new("127.0.0.1:1".parse().unwrap(), Arc::new(scene.clock.clone()));
    scene.signing.put(Some(&endpoint.secret()));
    scene.start().await;
    let posted = Posted { scene, endpoint };
    posted.find();
    let world = posted.scene.world().clone();
    let ids: Vec<i64> = (0..20).map(|_| world.publish(IncidentBuilder::high().organization(4))).collect();
    let came = posted.scene.clock.now();
    for id in &ids {
        posted.tell_of(*id, "incident_report.created").await;
    }
    posted.minutes(30).await;
    assert!(posted.scene.tickets().is_empty());
    assert_eq!(posted.scene.read(|tx| tx.webhooks_waiting().unwrap()), 20);
    let alarms = posted.scene.status().alarms;
    assert!(
        alarms.iter().any(|a| a.starts_with("20 webhooks of Huntress's wait, unseen, for routing: ")),
        "{alarms:?}"
    );
    let mut posted = posted;
    posted.scene.stop().await;
    // Neither a restart nor the wait loses any.
    posted.scene.apply(&configuration(&url));
    posted.scene.start().await;
    for id in &ids {
        posted.scene.ticket_of(*id);
    }
    let gaps = posted.scene.read(|tx| {
        let known = tx.known_incidents(nightdesk_core::ids::AccountId(5), &[nightdesk_core::ids::IncidentId(ids[0])]);
        known.unwrap()[0].posted_at
    });
    assert_eq!(gaps, Some(came), "the moment that it came, not that of its turn");
    assert_eq!(posted.scene.read(|tx| tx.webhooks_waiting().unwrap()), 0);
    posted.scene.stop().await;
}

#[tokio::test]
async fn webhooks_that_fell_silent_are_reported_within_the_day() {
    let mut posted = Posted::night().await;
    let world = posted.scene.world().clone();
    let said = |posted: &Posted| posted.scene.read(|tx| silence(tx).unwrap());
    // A quiet night isn't silence.
    posted.scene.sleep(TimeDelta::hours(26)).await;
    assert_eq!(said(&posted), None);
    // A poll that was quicker isn't, either.
    let id = world.publish(IncidentBuilder::high().organization(4));
    posted.minutes(5).await;
    assert_eq!(said(&posted).map(|s| s.incidents), Some(1));
    posted.tell_of(id, "incident_report.created").await;
    assert_eq!(said(&posted), None);
    // Polls find, webhooks don't bring.
    for _ in 0..3 {
        world.publish(IncidentBuilder::high().organization(4));
        posted.minutes(10).await;
    }
    posted.scene.sleep(TimeDelta::hours(11)).await;
    assert!(!said(&posted).unwrap().reported);
    posted.scene.sleep(TimeDelta::hours(1)).await;
    let silent = said(&posted).unwrap();
    assert_eq!((silent.incidents, silent.reported), (3, true));
    assert!(
        posted.scene.status().alarms.iter().any(|a| a.contains("fallen silent")),
        "{:?}",
        posted.scene.status().alarms
    );
    // One is heard again.
    let id = world.publish(IncidentBuilder::high().organization(4));
    posted.tell_of(id, "incident_report.created").await;
    assert_eq!(said(&posted), None);
    assert!(posted.scene.status().alarms.iter().all(|a| !a.contains("fallen silent")));
    posted.scene.stop().await;
}

#[tokio::test]
async fn a_desk_without_a_receiver_is_not_told_of_silence() {
    let mut scene = Scene::night().await;
    scene.world().publish(IncidentBuilder::high().organization(4));
    scene.pass(TimeDelta::minutes(6)).await;
    scene.sleep(TimeDelta::hours(20)).await;
    assert_eq!(scene.read(|tx| silence(tx).unwrap()), None);
    scene.stop().await;
}

#[tokio::test]
async fn bytes_are_kept_for_ninety_days_and_ids_for_longer() {
    let mut posted = Posted::night().await;
    posted.tell(&json!({ "event_type": "test" })).await;
    let number = posted.log()[0].number.unwrap();
    posted.sleep_days(89).await;
    assert!(posted.scene.read(|tx| tx.webhook_body(number).unwrap()).is_some());
    posted.sleep_days(2).await;
    assert!(posted.scene.read(|tx| tx.webhook_body(number).unwrap()).is_none());
    assert!(posted.scene.read(|tx| tx.webhook_line(number).unwrap()).is_some());
    posted.scene.stop().await;
}
