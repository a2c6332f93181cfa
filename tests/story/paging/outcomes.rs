//! What the outbox, the card and the contacts know of texts and calls after the carrier took or refused them.

use super::{DANA, FIVE, KIM, critical, on_call, pages, take};
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::delivery::{Kind, State};
use nightdesk_standin::carrier::{Fault, OnCall, OnText};
use nightdesk_store::{DeliveryFilter, DeliveryRow, TextObstacle};
use nightdesk_tests::Scene;
use std::time::Duration;

/// The deliveries to a number, oldest first.
fn left(scene: &Scene, phone: &str) -> Vec<DeliveryRow> {
    let mut rows = scene.read(|tx| tx.deliveries(&DeliveryFilter::default()).unwrap());
    rows.retain(|row| row.destination == phone && row.marker.starts_with("step:"));
    rows.reverse();
    rows
}

fn state(scene: &Scene, phone: &str, kind: Kind) -> State {
    left(scene, phone).iter().find(|row| row.kind == kind).unwrap().state
}

fn stands(scene: &Scene) -> api::paging_status::PagingStatus {
    scene.read(|tx| api::paging_status(tx).unwrap())
}

#[tokio::test]
async fn nd_7_the_outbox_follows_a_text_to_the_handset_and_a_call_to_its_key() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE).await;
    assert_eq!(pages(&scene)[0].acknowledged_by.as_deref(), Some("Dana"));
    assert_eq!(state(&scene, DANA, Kind::Call), State::Acknowledged);
    assert_eq!(state(&scene, DANA, Kind::Sms), State::Delivered, "the key answered the call");
    scene.phones().take_texts();
    scene.phones().take_calls();
    scene.stop().await;
}

#[tokio::test]
async fn nd_7_a_reply_answers_its_text_and_a_click_all_that_was_told() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_text(OnText::ReplyWithCode { after: Duration::from_secs(5) });
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE).await;
    assert_eq!(state(&scene, DANA, Kind::Sms), State::Acknowledged);
    assert_ne!(state(&scene, DANA, Kind::Call), State::Acknowledged);
    scene.phones().phone(DANA).on_text(OnText::Delivered { after: Duration::from_secs(2) });
    let before = left(&scene, DANA).len();
    let id = scene.world().publish(critical(5, 91));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(20)).await;
    take(&scene, id);
    assert_eq!(left(&scene, DANA)[before].state, State::Acknowledged);
    scene.pass(FIVE).await;
    scene.phones().take_texts();
    scene.phones().take_calls();
    scene.stop().await;
}

#[tokio::test]
async fn nd_8_a_text_that_fails_after_all_is_rejected_with_the_carriers_words_and_raises_no_siren() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_text(OnText::Undelivered(30_006)).on_call(OnCall::acknowledges('1'));
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE).await;
    let text = left(&scene, DANA).into_iter().find(|row| row.kind == Kind::Sms).unwrap();
    assert_eq!(text.state, State::Rejected);
    assert!(text.last_error.unwrap().contains("30006"));
    assert!(scene.timeline_of(id).iter().any(|l| l.contains("could not be delivered")), "{:#?}", scene.timeline_of(id));
    assert_eq!(scene.status().outbox.dead, 0, "the call was answered");
    scene.phones().take_texts();
    scene.phones().take_calls();
    scene.stop().await;
}

#[tokio::test]
async fn a_text_that_is_refused_at_once_is_not_tried_again_and_the_contact_says_so() {
    for (code, expected) in [(21_610, TextObstacle::OptedOut), (21_614, TextObstacle::NoTexts)] {
        let mut scene = on_call().await;
        scene.phones().phone(DANA).on_text(OnText::RejectedAtOnce(code));
        scene.world().publish(critical(4, 90));
        scene.poll().await;
        scene.pass(TimeDelta::minutes(30)).await;
        let known = scene.read(|tx| tx.contact(DANA).unwrap()).unwrap();
        assert_eq!(known.text_obstacle.map(|o| o.0), Some(expected), "{code}");
        let texts = left(&scene, DANA).into_iter().filter(|row| row.kind == Kind::Sms).count();
        assert_eq!(texts, 1, "the second round only calls");
        assert!(left(&scene, KIM).iter().filter(|row| row.kind == Kind::Sms).count() == 2);
        scene.phones().take_texts();
        scene.phones().take_calls();
        scene.stop().await;
    }
}

#[tokio::test]
async fn nd_17_a_carrier_that_refuses_the_secret_is_not_armed_until_it_takes_it() {
    let mut scene = on_call().await;
    assert!(stands(&scene).armed, "{:?}", stands(&scene).missing);
    let refuses = scene.phones().fault(Fault::status(401));
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::minutes(3)).await;
    let stood = stands(&scene);
    assert!(!stood.armed && stood.missing.iter().any(|m| m.contains("refuse")), "{stood:?}");
    scene.phones().lift(refuses);
    scene.pass(TimeDelta::minutes(6)).await;
    assert!(stands(&scene).armed, "{:?}", stands(&scene).missing);
    scene.phones().take_texts();
    scene.phones().take_calls();
    scene.stop().await;
}

#[tokio::test]
async fn texts_go_on_once_a_number_that_sent_stop_sends_start() {
    let mut scene = on_call().await;
    let obstacle =
        |scene: &Scene| scene.read(|tx| tx.contact(DANA).unwrap()).and_then(|c| c.text_obstacle).map(|o| o.0);
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    scene.phones().phone(DANA).reply("STOP");
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE).await;
    assert_eq!(scene.phones().take_calls().len(), 1);
    assert_eq!(obstacle(&scene), Some(TextObstacle::OptedOut));
    scene.pass(TimeDelta::minutes(15)).await;
    assert_eq!(obstacle(&scene), Some(TextObstacle::OptedOut), "nothing was sent since");
    scene.phones().phone(DANA).reply("Start");
    scene.pass(TimeDelta::seconds(70)).await;
    assert_eq!(obstacle(&scene), None);
    scene.phones().take_texts();
    scene.world().publish(critical(4, 91));
    scene.poll().await;
    scene.pass(FIVE).await;
    let texts = scene.phones().take_texts();
    assert_eq!((texts.len(), texts[0].to.as_str(), scene.phones().take_calls().len()), (1, DANA, 1));
    scene.stop().await;
}

#[tokio::test]
async fn nd_8_whoever_reads_that_nobody_took_a_page_reads_whose_it_is() {
    let mut scene = on_call().await;
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(20)).await;
    let error = scene.act(|tx, now| api::page(tx, now, "sam", nightdesk_core::ids::IncidentId(id), true)).unwrap_err();
    assert!(error.to_string().contains("Acme") && !error.to_string().contains("agent:"), "{error}");
    scene.pass(TimeDelta::minutes(30)).await;
    let alarm = scene.status().alarms.swap_remove(0);
    let host = pages(&scene)[0].matter.what();
    assert!(host.contains(" on "), "{host}");
    assert!(alarm.contains(&format!("the page for Acme ({host})")) && alarm.contains("tried in vain"), "{alarm}");
    let entries = scene.read(|tx| tx.ledger_page(None, 200).unwrap());
    let said: Vec<String> = entries.into_iter().filter_map(|e| e.text).collect();
    let whole =
        format!("Nobody took the page for Acme, {host} (incident {id}): everybody on the call tree was tried twice");
    assert!(said.iter().any(|s| s.contains(&whole)), "{whole} in {said:#?}");
    scene.phones().take_texts();
    scene.phones().take_calls();
    scene.stop().await;
}

#[tokio::test]
async fn a_severity_that_huntress_never_gave_is_said_to_be_assumed() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    scene.world().publish(critical(4, 90).field("severity", None::<String>));
    scene.poll().await;
    scene.pass(FIVE).await;
    let (texts, calls) = (scene.phones().take_texts(), scene.phones().take_calls());
    assert!(texts[0].body.starts_with("Nightdesk CRITICAL (ASSUMED) Acme: "), "{}", texts[0].body);
    assert!(calls[0].words().contains("assumed"), "{}", calls[0].words());
    scene.stop().await;
}
