//! Who isn't let in, and what is kept of it.

use super::Posted;
use nightdesk_core::clock::Clock as _;
use nightdesk_core::port::OWN_TEST;
use nightdesk_standin::{HeaderFamily, IncidentBuilder, SCHEDULE};
use nightdesk_store::NewWebhook;
use serde_json::json;

#[tokio::test]
async fn forged_tampered_stale_and_oversized_posts_are_refused_and_counted() {
    let mut posted = Posted::night().await;
    let id = posted.scene.world().publish(IncidentBuilder::critical().organization(4));
    let message = posted.endpoint.message(&posted.scene.world().incident_event(id, "incident_report.created").unwrap());
    let (endpoint, now) = (&posted.endpoint, posted.scene.clock.now());
    let signed = endpoint.sign(&message);
    let mut tampered = signed.clone();
    tampered.body[0] = b' ';
    let mut huge = endpoint.message(&json!({ "event_type": "incident_report.created", "id": 1 }));
    huge.body.resize(256 * 1024 + 1, b' ');
    let mut large = endpoint.message(&json!({ "event_type": "test" }));
    large.body.resize(256 * 1024, b' ');
    for (what, post, status) in [
        ("tampered", tampered, 401),
        ("unsigned", signed.clone().with("-signature", None), 401),
        ("without id", signed.clone().with("-id", None), 401),
        ("another id", signed.clone().with("-id", Some("msg_other")), 401),
        ("odd id", signed.clone().with("-id", Some("../x")), 401),
        ("odd time", signed.clone().with("-timestamp", Some("soon")), 401),
        ("ed25519", signed.clone().with("-signature", Some("v1a,AAAA")), 401),
        ("too old", endpoint.sign_at(&message, now - chrono::TimeDelta::seconds(301)), 401),
        ("too early", endpoint.sign_at(&message, now + chrono::TimeDelta::seconds(301)), 401),
        ("too large", endpoint.sign(&huge), 413),
        ("just small enough", endpoint.sign(&large), 200),
    ] {
        let attempt = endpoint.send(&message.id, &post).await;
        assert_eq!(attempt.status, Some(status), "{what}: {}", attempt.answer);
    }
    assert_eq!(posted.counts(10).await, (1, 10));
    assert!(posted.scene.tickets().is_empty());
    let log = posted.log();
    assert_eq!(log.iter().filter(|l| l.status.is_some()).count(), 10);
    // Those whose id has the right form can be searched for.
    assert!(log.iter().any(|l| l.delivery_id.as_deref() == Some("msg_other")));
    assert!(log.iter().all(|l| l.delivery_id.as_deref() != Some("../x")));
    posted.scene.stop().await;
}

#[tokio::test]
async fn what_is_signed_and_unknown_is_kept_and_answered_with_200() {
    let mut posted = Posted::night().await;
    for payload in
        [json!({ "event_type": "test" }), json!({ "event_type": "incident_report.reopened", "id": 7 }), json!([1])]
    {
        assert_eq!(posted.tell(&payload).await.status, Some(200), "{payload}");
    }
    let log = posted.log();
    assert_eq!(log.len(), 3);
    assert!(log.iter().all(|l| l.words.as_deref().is_some_and(|w| w.starts_with("kept: "))), "{log:?}");
    posted.scene.stop().await;
}

#[tokio::test]
async fn both_families_of_headers() {
    let mut posted = Posted::night().await;
    posted.endpoint.speak(HeaderFamily::Standard);
    assert_eq!(posted.tell(&json!({ "event_type": "test" })).await.status, Some(200));
    posted.scene.stop().await;
}

#[tokio::test]
async fn a_delivery_id_counts_once_beyond_the_retry_schedule_and_for_one_body() {
    let mut posted = Posted::night().await;
    let id = posted.scene.world().publish(IncidentBuilder::critical().organization(4));
    let payload = posted.scene.world().incident_event(id, "incident_report.created").unwrap();
    let message = posted.endpoint.message(&payload);
    for wait in SCHEDULE {
        posted.scene.sleep(wait).await;
        assert_eq!(posted.endpoint.post(&message).await.status, Some(200));
    }
    posted.sleep_days(7).await;
    assert_eq!(posted.endpoint.post(&message).await.status, Some(200));
    posted.scene.settle().await;
    assert_eq!(posted.scene.status().webhooks.received, 1);
    assert_eq!(posted.log()[0].repeats, 8);
    posted.scene.ticket_of(id);
    // The same id with other bytes, rightly signed: refused, and on record as such.
    let mut other = message;
    other.body.push(b' ');
    assert_eq!(posted.endpoint.post(&other).await.status, Some(409));
    assert_eq!(posted.counts(1).await, (1, 1));
    assert_eq!(posted.log()[0].status, Some(409));
    posted.scene.stop().await;
}

#[tokio::test]
async fn secrets_are_rotated_without_losing_a_post() {
    let mut posted = Posted::night().await;
    let ping = json!({ "event_type": "test" });
    let old = posted.endpoint.secret();
    let new = posted.endpoint.rotate();
    assert_eq!(posted.tell(&ping).await.status, Some(200), "signed by both");
    posted.secret(Some(&format!("{new} {old}"))).await;
    assert_eq!(posted.tell(&ping).await.status, Some(200));
    posted.endpoint.end_rotation();
    assert_eq!(posted.tell(&ping).await.status, Some(200));
    posted.secret(Some(&new)).await;
    assert_eq!(posted.tell(&ping).await.status, Some(200));
    posted.secret(Some(&old)).await;
    assert_eq!(posted.tell(&ping).await.status, Some(401));
    posted.scene.stop().await;
}

#[tokio::test]
async fn posts_by_another_secret_raise_the_alarm_until_one_is_accepted_or_the_secret_changes() {
    let mut posted = Posted::night().await;
    let ping = json!({ "event_type": "test" });
    let alarm = |posted: &Posted| {
        let alarms = posted.scene.status().alarms;
        alarms.into_iter().find(|a| a.contains("WEBHOOK_SIGNING_SECRET is not the endpoint's"))
    };
    assert_eq!(posted.tell(&ping).await.status, Some(200));
    let old = posted.endpoint.secret();
    posted.minutes(1).await;
    // Rotated at Huntress, and nobody told the desk.
    let new = posted.endpoint.rotate();
    posted.endpoint.end_rotation();
    for _ in 0..10 {
        assert_eq!(posted.tell(&ping).await.status, Some(401));
    }
    assert_eq!(posted.counts(10).await, (1, 10));
    let said = alarm(&posted).unwrap();
    assert!(said.contains(": 10 posts since "), "{said}");
    posted.scene.stop().await;
    posted.scene.start().await;
    posted.find();
    assert!(alarm(&posted).is_some(), "another start proves nothing");
    // The desk's own tests are signed by its own secret, right or wrong.
    posted.minutes(1).await;
    posted.scene.write(|tx| {
        let new = NewWebhook {
            delivery_id: format!("{OWN_TEST}1"),
            signed_at: posted.scene.clock.now(),
            digest: [0; 32],
            body: b"{}".to_vec(),
            event_type: None,
            incident: None,
        };
        tx.keep_webhook(posted.scene.clock.now(), &new).unwrap();
    });
    posted.scene.settle().await;
    assert!(alarm(&posted).is_some());

    posted.secret(Some(&new)).await;
    assert_eq!(alarm(&posted), None, "it is looked at anew");
    posted.minutes(1).await;
    posted.secret(Some(&old)).await;
    posted.minutes(1).await;
    assert_eq!(posted.tell(&ping).await.status, Some(401));
    posted.counts(11).await;
    assert!(alarm(&posted).unwrap().contains(": 1 post since "));
    posted.minutes(1).await;
    posted.secret(Some(&format!("{new} {old}"))).await;
    assert_eq!(posted.tell(&ping).await.status, Some(200));
    assert_eq!(alarm(&posted), None);
    posted.scene.stop().await;
}

#[tokio::test]
async fn without_a_secret_nothing_is_taken_and_the_desk_says_so() {
    let mut posted = Posted::night().await;
    posted.secret(None).await;
    let attempt = posted.tell(&json!({ "event_type": "test" })).await;
    assert_eq!(attempt.status, Some(503), "Huntress is to try again, for it may be entered soon");
    assert!(posted.state().secret_error.is_some());
    // A keychain that is unlocked later is noticed without anybody's word.
    posted.scene.signing.put(Some(&posted.endpoint.secret()));
    posted.minutes(1).await;
    assert_eq!(posted.tell(&json!({ "event_type": "test" })).await.status, Some(200));
    assert_eq!(posted.state().secret_error, None);
    posted.scene.stop().await;
}
