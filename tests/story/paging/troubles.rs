//! The carrier on a bad day.

use super::{DANA, KIM, critical, on_call, pages, states, take, to};
use chrono::TimeDelta;
use nightdesk_core::paging::PageState;
use nightdesk_standin::carrier::{Fault, FaultKind, OnCall, OnText};

#[tokio::test]
async fn nd_5_a_lost_answer_is_looked_up_and_nothing_leaves_twice() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    scene.phones().fault(Fault::response_lost().method("POST").times(2));
    scene.world().publish(critical(4, 90));
    scene.pass(TimeDelta::minutes(10)).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA]);
    assert_eq!(scene.phones().take_calls().len(), 1);
    assert_eq!(states(&scene), [PageState::Acknowledged]);
    scene.stop().await;
}

#[tokio::test]
async fn nd_9_a_carrier_dead_for_an_hour_holds_up_neither_polls_nor_the_walk() {
    let mut scene = on_call().await;
    let dead = scene.phones().fault(Fault::status(503));
    scene.world().publish(critical(4, 90));
    scene.pass(TimeDelta::minutes(30)).await;
    assert_eq!(states(&scene), [PageState::Exhausted], "every step was tried");
    let later = scene.world().publish(critical(5, 91).severity("low"));
    scene.pass(TimeDelta::minutes(30)).await;
    scene.ticket_of(later);
    scene.phones().lift(dead);
    scene.pass(TimeDelta::hours(1)).await;
    scene.phones().assert_quiet();
    scene.stop().await;
}

#[tokio::test]
async fn nothing_in_doubt_is_sent_again_once_somebody_has_it() {
    let mut scene = on_call().await;
    scene.phones().fault(Fault::new(FaultKind::CutBefore).method("POST").times(2));
    scene.phones().fault(Fault::status(503).method("POST"));
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    take(&scene, id);
    scene.phones().clear_faults();
    scene.pass(TimeDelta::hours(1)).await;
    scene.phones().assert_quiet();
    scene.stop().await;
}

#[tokio::test]
async fn a_text_that_fails_leaves_the_call_alone() {
    for trouble in [
        OnText::Undelivered(30_003),
        OnText::Undelivered(30_006),
        OnText::RejectedAtOnce(21_610),
        OnText::RejectedAtOnce(21_614),
    ] {
        let mut scene = on_call().await;
        scene.phones().phone(DANA).on_text(trouble.clone()).on_call(OnCall::acknowledges('1'));
        scene.world().publish(critical(4, 90));
        scene.pass(TimeDelta::minutes(10)).await;
        assert_eq!(pages(&scene)[0].acknowledged_by.as_deref(), Some("Dana"), "{trouble:?}");
        assert_eq!(scene.phones().take_calls().len(), 1);
        assert!(to(&scene.phones().take_texts()).iter().all(|t| t == DANA && t != KIM));
        scene.stop().await;
    }
}
