//! What the carrier answers on a bad day, and what follows.

use super::{DANA, KIM, critical, on_call, pages, states, told};
use chrono::TimeDelta;
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::{Kind, PAGING_SCHEDULE, State};
use nightdesk_core::paging::PageState;
use nightdesk_standin::carrier::{Fault, FaultKind, OnCall};
use nightdesk_store::DeliveryFilter;
use nightdesk_tests::Scene;

const TEN: TimeDelta = TimeDelta::minutes(10);

/// A desk whose carrier does this to the requests that follow, and a critical incident for Dana, who answers.
async fn with(faults: &[Fault]) -> Scene {
    called(OnCall::acknowledges('1'), faults).await
}

/// The same for a Dana who does this.
async fn called(dana: OnCall, faults: &[Fault]) -> Scene {
    let scene = on_call().await;
    scene.phones().phone(DANA).on_call(dana);
    for fault in faults {
        scene.phones().fault(fault.clone());
    }
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene
}

/// Dana was told once by each channel, and has it.
async fn dana_has_it_and_was_told_once(mut scene: Scene) {
    scene.pass(TEN).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    assert_eq!(pages(&scene)[0].acknowledged_by.as_deref(), Some("Dana"));
    scene.pass(TimeDelta::hours(1)).await;
    scene.stop().await;
}

#[tokio::test]
async fn a_429_is_waited_out_and_nothing_leaves_twice() {
    dana_has_it_and_was_told_once(with(&[Fault::throttled().method("POST").times(4)]).await).await;
}

#[tokio::test]
async fn a_page_that_the_carrier_refuses_for_now_is_tried_by_its_schedule_until_it_is_given_up() {
    let mut scene = called(OnCall::NoAnswer, &[Fault::status(429).method("POST")]).await;
    // Before the second round, whose deliveries are others.
    scene.pass(TimeDelta::minutes(8)).await;
    let rows = scene.read(|tx| tx.deliveries(&DeliveryFilter::default()).unwrap());
    for kind in [Kind::Sms, Kind::Call] {
        let row = rows.iter().rev().find(|row| row.kind == kind && row.destination == DANA).unwrap();
        assert_eq!((row.state, row.attempts), (State::DeadLettered, 8), "{kind:?}: {:?}", row.last_error);
        let tries = scene.read(|tx| tx.attempts(row.id).unwrap());
        let waits: Vec<f64> = tries
            .windows(2)
            .map(|pair| (pair[1].began_at - pair[0].began_at).num_milliseconds() as f64 / 1000.0)
            .collect();
        for (waited, planned) in waits.iter().zip(PAGING_SCHEDULE) {
            let planned = planned as f64;
            assert!((planned * 0.79..planned * 1.21 + 2.0).contains(waited), "{kind:?}: {waits:?}");
        }
        assert_eq!(waits.len(), PAGING_SCHEDULE.len());
    }
    assert!(scene.status().outbox.dead >= 2, "{:?}", scene.status().outbox);
    scene.phones().clear_faults();
    scene.pass(TimeDelta::hours(1)).await;
    let again = scene.read(|tx| tx.deliveries(&DeliveryFilter::default()).unwrap());
    let given_up = rows.iter().filter(|row| row.state == State::DeadLettered);
    for row in given_up {
        let now = again.iter().find(|r| r.id == row.id).unwrap();
        assert_eq!((now.state, now.attempts), (State::DeadLettered, 8), "nothing of it leaves by itself");
    }
    scene.phones().take_texts();
    scene.phones().take_calls();
    scene.stop().await;
}

#[tokio::test]
async fn nd_5_an_answer_that_cannot_be_read_is_looked_up() {
    dana_has_it_and_was_told_once(with(&[Fault::new(FaultKind::MalformedJson).method("POST").times(2)]).await).await;
}

#[tokio::test]
async fn nd_5_a_request_that_was_done_and_never_answered_is_looked_up() {
    let hangs = Fault::new(FaultKind::HangAfter).method("POST").on("/Messages").times(1);
    dana_has_it_and_was_told_once(with(&[hangs]).await).await;
}

#[tokio::test]
async fn nd_9_a_text_that_hangs_holds_up_no_call_and_is_sent_again_with_a_warning() {
    let hangs = Fault::new(FaultKind::Hang).method("POST").on("/Messages").times(1);
    let mut scene = called(OnCall::NoAnswer, &[hangs]).await;
    scene.pass(TimeDelta::seconds(3)).await;
    assert!(scene.phones().phone(DANA).rings(), "the call goes out while the text hangs");
    scene.pass(TimeDelta::minutes(4)).await;
    let texts = scene.phones().take_texts();
    assert_eq!(texts.len(), 1);
    assert!(texts[0].body.contains("repeat"), "it may have arrived before: {}", texts[0].body);
    assert_eq!(scene.phones().take_calls().len(), 1);
    scene.phones().phone(KIM).on_call(OnCall::acknowledges('1'));
    scene.pass(TEN).await;
    assert_eq!(told(&scene), (vec![KIM.to_owned(), DANA.to_owned()], 1));
    scene.stop().await;
}

#[tokio::test]
async fn a_refused_account_is_not_hammered_and_the_desk_says_that_nobody_was_told() {
    let scene = with(&[Fault::new(FaultKind::AuthRefused).method("POST")]).await;
    scene.pass(TEN).await;
    assert_eq!(states(&scene), [PageState::Exhausted]);
    let posted =
        scene.phones().requests().iter().filter(|r| r.method == "POST" && r.path.contains("/Messages")).count();
    assert_eq!(posted, 4, "one try for each contact and round");
    let status = scene.status();
    assert!(status.outbox.needs_human >= 8, "{:?}", status.outbox);
    assert!(!status.alarms.is_empty());
    // Nothing of it is sent later of its own accord; the next incident is.
    scene.phones().clear_faults();
    scene.pass(TimeDelta::hours(1)).await;
    scene.phones().assert_quiet();
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    dana_has_it_and_was_told_once(scene).await;
}

#[tokio::test]
async fn nd_11_a_text_that_waits_for_its_next_try_leaves_when_the_clock_was_set_back() {
    let mut scene = called(OnCall::NoAnswer, &[Fault::throttled().method("POST").on("/Messages")]).await;
    scene.pass(TimeDelta::seconds(50)).await;
    scene.phones().clear_faults();
    assert!(scene.phones().texts().is_empty());
    scene.set_clock(scene.clock.now() - TimeDelta::hours(3)).await;
    scene.pass(TimeDelta::seconds(20)).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    scene.phones().phone(KIM).on_call(OnCall::acknowledges('1'));
    scene.pass(TEN).await;
    assert_eq!(told(&scene), (vec![KIM.to_owned(), DANA.to_owned()], 1));
    scene.stop().await;
}

#[tokio::test]
async fn nd_6_an_engine_that_dies_in_the_middle_of_a_page_leaves_no_text_to_be_sent_twice() {
    let mut scene = with(&[]).await;
    scene.phones().phone(KIM).on_call(OnCall::acknowledges('1'));
    for _ in 0..3 {
        scene.crash().await;
        scene.start().await;
    }
    scene.pass(TEN).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    assert_eq!(pages(&scene)[0].acknowledged_by.as_deref(), Some("Dana"));
    scene.stop().await;
}
