//! What becomes of texts and calls that belong to no step: a PIN, and the word that somebody has a page.

use super::{DANA, critical, on_call, states, take, told};
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::State;
use nightdesk_core::paging::PageState;
use nightdesk_standin::carrier::{Fault, OnCall, OnText};
use nightdesk_store::{DeliveryFilter, DeliveryRow};
use nightdesk_tests::Scene;
use std::time::Duration;

/// The delivery with a marker that begins so, the newest first.
fn newest(scene: &Scene, marker: &str) -> DeliveryRow {
    let rows = scene.read(|tx| tx.deliveries(&DeliveryFilter::default()).unwrap());
    rows.into_iter().find(|row| row.marker.starts_with(marker)).unwrap_or_else(|| panic!("no {marker}"))
}

/// Somebody wants Dana's number verified by such a way; the carrier takes the PIN.
async fn verify(scene: &Scene, by: &str) {
    let now = scene.clock.now();
    let body = format!(r#"{{"name":"Dana","channel":"{by}"}}"#);
    let id = scene.write(|tx| tx.ask("contact_verify", &body, now, now + TimeDelta::minutes(1)).unwrap());
    scene.pass(TimeDelta::milliseconds(500)).await;
    let answer = scene.read(|tx| tx.request(id).unwrap()).unwrap().answer.expect("the carrier took it");
    assert!(answer.contains(r#""ok":true"#), "{answer}");
}

/// What the contact says of the PIN under way.
fn pin_failed(scene: &Scene) -> Option<String> {
    let contacts = scene.read(|tx| api::contacts(tx, scene.clock.now()).unwrap());
    contacts.into_iter().find(|c| c.name == "Dana").unwrap().pin.expect("a PIN is under way").failed
}

/// Dana is told of an incident, and then of who has it.
async fn taken(scene: &Scene) -> i64 {
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(10)).await;
    take(scene, id);
    scene.pass(TimeDelta::milliseconds(500)).await;
    id
}

fn asked_of(scene: &Scene, row: &DeliveryRow) -> usize {
    let path = format!("/{}.json", row.remote_ref.as_deref().unwrap());
    scene.phones().requests().iter().filter(|r| r.method == "GET" && r.path.ends_with(&path)).count()
}

async fn over(mut scene: Scene) {
    scene.phones().take_texts();
    scene.phones().take_calls();
    scene.stop().await;
}

#[tokio::test]
async fn nd_7_the_outbox_follows_a_pin_and_the_word_of_who_has_a_page_to_the_handset() {
    let scene = on_call().await;
    taken(&scene).await;
    assert_eq!(newest(&scene, "taken:").state, State::Accepted);
    verify(&scene, "sms").await;
    scene.pass(TimeDelta::seconds(10)).await;
    for marker in ["taken:", "pin:"] {
        let row = newest(&scene, marker);
        assert_eq!((row.state, row.last_error.as_deref()), (State::Delivered, None), "{marker}");
        assert!(asked_of(&scene, &row) <= 2, "{marker}");
    }
    assert_eq!(pin_failed(&scene), None);
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    verify(&scene, "call").await;
    scene.pass(TimeDelta::minutes(2)).await;
    assert_eq!((newest(&scene, "pin:").state, pin_failed(&scene)), (State::Delivered, None));
    over(scene).await;
}

#[tokio::test]
async fn nd_8_a_word_of_who_has_a_page_that_never_arrives_is_a_dead_letter_and_moves_nobody() {
    let scene = on_call().await;
    let arrives = OnText::Delivered { after: Duration::from_secs(2) };
    scene.phones().phone(DANA).next_texts([arrives, OnText::Undelivered(30_003)]);
    let id = taken(&scene).await;
    scene.pass(TimeDelta::seconds(20)).await;
    let row = newest(&scene, "taken:");
    assert_eq!(row.state, State::Rejected);
    let why = row.last_error.unwrap();
    assert!(why.contains("30003") && why.starts_with("the page itself is acknowledged"), "{why}");
    let line = format!("could not be delivered: {why}");
    assert!(scene.timeline_of(id).iter().any(|l| l.contains(&line)), "{:#?}", scene.timeline_of(id));
    assert_eq!(scene.status().outbox.dead, 1);
    assert_eq!(states(&scene), [PageState::Acknowledged]);
    scene.phones().take_texts();
    scene.phones().take_calls();
    scene.pass(TimeDelta::hours(1)).await;
    assert_eq!(told(&scene), (vec![], 0), "nothing of it is sent again by itself");
    over(scene).await;
}

#[tokio::test]
async fn nd_8_whoever_waits_for_a_pin_reads_why_it_never_arrived_and_no_alarm_is_raised() {
    let scene = on_call().await;
    scene.phones().phone(DANA).next_texts([OnText::Undelivered(30_003)]);
    verify(&scene, "sms").await;
    let before = scene.read(|tx| tx.revision(nightdesk_store::Topic::Contacts).unwrap());
    scene.pass(TimeDelta::seconds(10)).await;
    let why = pin_failed(&scene).expect("it failed");
    assert!(why.contains("30003"), "{why}");
    assert_ne!(
        scene.read(|tx| tx.revision(nightdesk_store::Topic::Contacts).unwrap()),
        before,
        "an open window reads it"
    );
    let row = newest(&scene, "pin:");
    assert_eq!((row.state, row.last_error), (State::Rejected, Some(why)));
    let status = scene.status();
    assert_eq!((status.outbox.dead, status.alarms.len()), (0, 0), "{status:?}");
    scene.phones().phone(DANA).on_call(OnCall::NoAnswer);
    verify(&scene, "call").await;
    assert_eq!(pin_failed(&scene), None, "the new one is on its way");
    scene.pass(TimeDelta::minutes(2)).await;
    assert_eq!(pin_failed(&scene).as_deref(), Some("nobody took the call"));
    verify(&scene, "sms").await;
    scene.pass(TimeDelta::seconds(10)).await;
    assert_eq!(pin_failed(&scene), None);
    over(scene).await;
}

#[tokio::test]
async fn a_network_that_never_says_is_asked_a_few_times_and_no_more() {
    let scene = on_call().await;
    scene.phones().phone(DANA).on_text(OnText::NoReceipt);
    verify(&scene, "sms").await;
    scene.pass(TimeDelta::hours(2)).await;
    let row = newest(&scene, "pin:");
    assert_eq!(row.state, State::Accepted);
    assert_eq!(asked_of(&scene, &row), 8);
    over(scene).await;
}

#[tokio::test]
async fn a_carrier_that_is_away_and_a_desk_that_crashed_are_caught_up_with() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_text(OnText::Undelivered(30_003));
    verify(&scene, "sms").await;
    let away = scene.phones().fault(Fault::status(503).method("GET"));
    scene.pass(TimeDelta::minutes(3)).await;
    assert_eq!(newest(&scene, "pin:").state, State::Accepted);
    scene.crash().await;
    scene.phones().lift(away);
    scene.start().await;
    scene.pass(TimeDelta::minutes(2)).await;
    assert_eq!(newest(&scene, "pin:").state, State::Rejected);
    over(scene).await;
}

#[tokio::test]
async fn nd_11_a_clock_that_is_set_back_neither_loses_one_nor_asks_without_end() {
    let scene = on_call().await;
    scene.phones().phone(DANA).on_text(OnText::NoReceipt);
    verify(&scene, "sms").await;
    scene.pass(TimeDelta::minutes(2)).await;
    scene.set_clock(scene.clock.now() - TimeDelta::hours(3)).await;
    scene.pass(TimeDelta::hours(1)).await;
    let row = newest(&scene, "pin:");
    let asked = asked_of(&scene, &row);
    // To the stand-in the text isn't sent yet then: it is asked again like one that can't be reached.
    assert!((8..=40).contains(&asked), "{asked}");
    over(scene).await;
}
