//! The built program as Huntress's endpoint: it listens by the time that it is `ready`, and says what came.

use crate::command::Office;
use nightdesk_core::clock::Clock;
use nightdesk_engine::clock::SystemClock;
use nightdesk_standin::{IncidentBuilder, WebhookEndpoint};
use std::sync::Arc;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn webhooks_are_taken_from_ready_on_and_are_listed() {
    let mut office = Office::open().await;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let endpoint = WebhookEndpoint::new(address, clock);
    office.signing_secret = Some(endpoint.secret());
    let file = office.configuration("receiver", |text| format!("{text}\n[webhook_in]\nlisten = \"{address}\"\n"));
    let applied = office.run(&["config", "apply", &file]).await.well();
    assert!(applied.out.contains("webhook_in.listen"), "{applied:?}");
    let shown = office.run(&["config", "show"]).await.well().json();
    assert!(shown["toml"].as_str().unwrap().contains(&format!("listen = \"{address}\"")), "{shown}");

    let engine = office.engine().await;
    let id = office.world().publish(IncidentBuilder::critical().organization(4));
    let message = endpoint.message(&office.world().incident_event(id, "incident_report.created").unwrap());
    // No waiting and no second try: ready means bound.
    assert_eq!(endpoint.post(&message).await.status, Some(200));
    let forged = endpoint.sign(&message).with("-id", Some("msg_forged"));
    assert_eq!(endpoint.send("msg_forged", &forged).await.status, Some(401));

    let mut lines = serde_json::Value::Null;
    for _ in 0..100 {
        lines = office.run(&["webhooks", "received", "--limit", "5"]).await.well().json();
        if lines.as_array().unwrap().len() == 2 && lines[1]["outcome"].is_string() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let of = |id: &str| {
        let all = lines.as_array().unwrap();
        all.iter().find(|l| l["id"] == id).unwrap_or_else(|| panic!("{lines}")).clone()
    };
    let (taken, refused) = (of(&message.id), of("msg_forged"));
    assert_eq!((&taken["accepted"], &taken["incident_id"]), (&true.into(), &id.into()), "{taken}");
    assert_eq!(taken["event_type"], "incident_report.created");
    assert_eq!(refused["accepted"], false);
    assert!(refused["reason"].as_str().unwrap().contains("signature"), "{refused}");
    let found = office.run(&["webhooks", "received", "--id", &message.id]).await.well().json();
    assert_eq!(found.as_array().unwrap().len(), 1);
    let status = office.run(&["status"]).await.well().json();
    assert_eq!((&status["webhooks"]["received"], &status["webhooks"]["refused"]), (&1.into(), &1.into()), "{status}");
    assert!(status["webhooks"]["last_at"].is_string());
    let ticket = office.tickets().await.into_iter().find(|t| t["incident_id"] == id).unwrap();
    let full = office.run(&["ticket", &ticket["id"].to_string()]).await.well().json();
    assert!(full["first_seen"]["posted_at"].is_string(), "{full}");

    // A port that another engine holds is said, and doesn't keep this one from working.
    let mut other = Office::open().await;
    other.signing_secret = Some(endpoint.secret());
    let file = other.configuration("same port", |text| format!("{text}\n[webhook_in]\nlisten = \"{address}\"\n"));
    other.run(&["config", "apply", &file]).await.well();
    let beside = other.engine().await;
    let alarms = other.run(&["status"]).await.well().json()["alarms"].to_string();
    assert!(alarms.contains("in use by another program"), "{alarms}");
    other.end(beside).await;
    office.end(engine).await;
    office.assert_sound().await;
}
