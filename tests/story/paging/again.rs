//! A text that the carrier took and its network let fall is sent once more, and no oftener.

use super::{DANA, FIVE, KIM, critical, on_call, pages, take, to};
use chrono::TimeDelta;
use nightdesk_core::delivery::{Kind, State};
use nightdesk_core::paging::StepState;
use nightdesk_standin::carrier::{Fault, FaultKind, OnText};
use nightdesk_store::{DeliveryFilter, DeliveryRow};
use nightdesk_tests::Scene;
use std::time::Duration;

const ARRIVES: OnText = OnText::Delivered { after: Duration::from_secs(2) };

/// The first text to Dana.
fn text(scene: &Scene) -> DeliveryRow {
    let rows = scene.read(|tx| tx.deliveries(&DeliveryFilter::default()).unwrap());
    let is_meant = |r: &&DeliveryRow| r.kind == Kind::Sms && r.destination == DANA && r.marker.starts_with("step:");
    rows.iter().rev().find(is_meant).cloned().unwrap()
}

fn step(scene: &Scene) -> StepState {
    let id = text(scene).id;
    scene.read(|tx| tx.step_of_delivery(id).unwrap()).unwrap().state
}

async fn over(mut scene: Scene) {
    scene.phones().take_texts();
    scene.phones().take_calls();
    scene.stop().await;
}

#[tokio::test]
async fn a_handset_that_was_out_of_reach_gets_the_same_text_once_more_and_nobody_else_is_told_for_it() {
    for code in [30_003, 30_008] {
        let scene = on_call().await;
        scene.phones().phone(DANA).next_texts([OnText::Undelivered(code), ARRIVES]);
        let id = scene.world().publish(critical(4, 90));
        scene.poll().await;
        scene.pass(TimeDelta::minutes(1)).await;
        let texts = scene.phones().take_texts();
        assert_eq!(to(&texts), [DANA, DANA], "{code}");
        assert_eq!(texts[0].body, texts[1].body, "nothing of it can have arrived before, and its code counts");
        let row = text(&scene);
        assert_eq!((row.state, row.attempts, step(&scene)), (State::Delivered, 2, StepState::Delivered));
        let status = scene.status();
        assert_eq!((status.outbox.dead, status.alarms.len()), (0, 0), "{status:?}");
        let said = scene.timeline_of(id);
        let again = |l: &&String| l.contains("sent once more") && l.contains(&code.to_string());
        assert_eq!(said.iter().filter(again).count(), 1, "{said:#?}");
        assert!(!said.iter().any(|l| l.contains("could not be delivered")), "{said:#?}");
        let attempts = scene.read(|tx| tx.attempts(row.id).unwrap());
        let outcomes: Vec<_> = attempts.iter().map(|a| a.outcome.as_deref().unwrap_or_default()).collect();
        assert_eq!(outcomes, ["rejected", "accepted"]);
        assert_eq!(scene.read(|tx| tx.steps_of_page(pages(&scene)[0].id).unwrap()).len(), 2, "one text, one call");
        over(scene).await;
    }
}

#[tokio::test]
async fn nd_8_a_second_failure_is_final_whatever_happens_in_between() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_text(OnText::Undelivered(30_003));
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(10)).await;
    assert_eq!((text(&scene).state, step(&scene)), (State::Retrying, StepState::Queued));
    scene.crash().await;
    scene.start().await;
    scene.pass(TimeDelta::minutes(4)).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA, DANA, KIM], "nothing more can come of Dana: it is Kim's turn");
    let row = text(&scene);
    assert_eq!((row.state, row.attempts, step(&scene)), (State::Rejected, 2, StepState::Failed));
    assert!(row.last_error.unwrap().contains("30003"));
    over(scene).await;
}

#[tokio::test]
async fn what_somebody_has_meanwhile_or_what_will_never_get_there_is_not_sent_once_more() {
    let scene = on_call().await;
    scene.phones().phone(DANA).on_text(OnText::Undelivered(30_003));
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(10)).await;
    take(&scene, id);
    scene.pass(TimeDelta::minutes(20)).await;
    let texts = scene.phones().take_texts();
    assert!(texts.iter().skip(1).all(|t| t.body.contains("taken by sam")), "{texts:?}");
    assert_eq!((text(&scene).state, step(&scene)), (State::Cancelled, StepState::Cancelled));
    over(scene).await;
    for code in [30_005, 30_006, 30_007, 30_036] {
        let scene = on_call().await;
        scene.phones().phone(DANA).on_text(OnText::Undelivered(code));
        scene.world().publish(critical(4, 90));
        scene.poll().await;
        scene.pass(TimeDelta::minutes(4)).await;
        let told = to(&scene.phones().take_texts()).into_iter().filter(|t| t == DANA).count();
        assert_eq!((told, text(&scene).state), (1, State::Rejected), "{code}");
        over(scene).await;
    }
}

#[tokio::test]
async fn nd_5_of_a_second_text_in_doubt_the_first_one_tells_nothing() {
    let scene = on_call().await;
    scene.phones().phone(DANA).next_texts([OnText::Undelivered(30_003), ARRIVES]);
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(10)).await;
    // It never reaches the carrier, and nobody knows; all that a look-up finds is the one that failed.
    scene.phones().fault(Fault::new(FaultKind::CutBefore).method("POST").on("Messages").times(1));
    scene.pass(TimeDelta::minutes(2)).await;
    let texts = scene.phones().take_texts();
    assert_eq!(to(&texts), [DANA, DANA]);
    assert_eq!((text(&scene).state, text(&scene).attempts), (State::Delivered, 3));
    over(scene).await;
}

#[tokio::test]
async fn a_contact_whose_text_waits_to_leave_once_more_is_still_waited_for() {
    let scene = on_call().await;
    scene.phones().phone(DANA).next_texts([OnText::Undelivered(30_003), ARRIVES]);
    scene.phones().phone(DANA).on_call(nightdesk_standin::carrier::OnCall::Busy);
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::minutes(4)).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA, DANA], "Kim's turn begins when it would have");
    scene.pass(FIVE).await;
    assert!(to(&scene.phones().take_texts()).contains(&KIM.to_owned()));
    over(scene).await;
}

#[tokio::test]
async fn nd_8_a_network_that_answers_after_minutes_is_still_heard() {
    const LATE: Duration = Duration::from_secs(200);
    for (comes, state, at_the_end) in [
        (OnText::Delivered { after: LATE }, State::Delivered, StepState::Delivered),
        (OnText::UndeliveredLate(30_006, LATE), State::Rejected, StepState::Failed),
        (OnText::UndeliveredLate(30_003, LATE), State::Delivered, StepState::Delivered),
    ] {
        let scene = on_call().await;
        scene.phones().phone(DANA).next_texts([comes.clone(), ARRIVES]);
        scene.world().publish(critical(4, 90));
        scene.poll().await;
        scene.pass(TimeDelta::minutes(3)).await;
        assert_eq!((text(&scene).state, step(&scene)), (State::Accepted, StepState::Unconfirmed), "{comes:?}");
        scene.pass(TimeDelta::minutes(2)).await;
        scene.pass(TimeDelta::seconds(30)).await;
        assert_eq!((text(&scene).state, step(&scene)), (state, at_the_end), "{comes:?}");
        over(scene).await;
    }
}

#[tokio::test]
async fn a_network_that_never_answers_is_not_asked_for_good() {
    let scene = on_call().await;
    scene.phones().phone(DANA).on_text(OnText::NoReceipt);
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::minutes(3)).await;
    take(&scene, id);
    let asked = || {
        let path = format!("/{}.json", text(&scene).remote_ref.unwrap());
        scene.phones().requests().iter().filter(|r| r.method == "GET" && r.path.ends_with(&path)).count()
    };
    scene.pass(TimeDelta::minutes(16)).await;
    let in_its_time = asked();
    assert!((10..25).contains(&in_its_time), "asked {in_its_time} times");
    scene.pass(TimeDelta::minutes(10)).await;
    assert_eq!(asked(), in_its_time);
    assert_eq!((text(&scene).state, step(&scene)), (State::Acknowledged, StepState::Unconfirmed));
    over(scene).await;
}
