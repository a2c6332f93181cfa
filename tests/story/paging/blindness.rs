//! A desk that sees nothing pages people for itself.

use super::{DANA, FIVE, KIM, critical, on_call, pages, states, told};
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::paging::{How, PageState};
use nightdesk_standin::Fault;
use nightdesk_standin::carrier::{OnCall, OnText};
use std::time::Duration;

/// Longer than the alarm time, and than the read that a desk has left before people are told.
const BLIND: TimeDelta = TimeDelta::minutes(31);

#[tokio::test]
async fn a_blind_desk_pages_once_and_whoever_replies_has_it() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_text(OnText::ReplyWithCode { after: Duration::from_secs(5) });
    scene.soc.fault(Fault::status(503));
    scene.pass(BLIND).await;
    let texts = scene.phones().take_texts();
    assert_eq!(texts.len(), 1, "{texts:#?}");
    assert!(texts[0].body.contains("sees nothing"), "{}", texts[0].body);
    assert_eq!(scene.phones().take_calls().len(), 1);
    let page = &pages(&scene)[0];
    assert_eq!((page.entity.0.as_str(), page.state), ("desk", PageState::Acknowledged));
    scene.pass(TimeDelta::hours(3)).await;
    scene.phones().assert_quiet();
    scene.soc.clear_faults();
    scene.stop().await;
}

#[tokio::test]
async fn a_refused_key_pages_too_and_the_page_ends_when_the_desk_sees_again() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::NoAnswer);
    scene.world().revoke_key();
    scene.pass(BLIND).await;
    assert_eq!(states(&scene), [PageState::Running]);
    assert_eq!(told(&scene).0[0], DANA);
    scene.world().restore_key();
    scene.poll().await;
    assert_eq!(states(&scene), [PageState::Ended]);
    scene.pass(TimeDelta::hours(1)).await;
    assert_eq!(told(&scene), (vec![], 0), "nobody is called for what is over");
    // The next blindness is a new danger.
    scene.world().revoke_key();
    scene.pass(BLIND).await;
    assert_eq!(states(&scene)[0], PageState::Running);
    assert_eq!(told(&scene).0[0], DANA);
    scene.world().restore_key();
    scene.poll().await;
    scene.stop().await;
}

#[tokio::test]
async fn the_desks_own_page_is_taken_by_hand_and_others_hear_of_it() {
    let mut scene = on_call().await;
    let refused = scene.act(|tx, now| api::page_take_desk(tx, now, "sam", How::Command)).unwrap_err();
    assert_eq!(refused.code, api::Code::Conflict, "{refused}");
    scene.world().revoke_key();
    scene.pass(BLIND + FIVE).await;
    let (texts, _) = told(&scene);
    assert!(texts.contains(&KIM.to_owned()), "{texts:?}");
    let taken = scene.act(|tx, now| api::page_take_desk(tx, now, "sam", How::Command)).unwrap();
    assert_eq!(
        (taken.state, taken.incident_id, taken.acknowledged_by.as_deref()),
        (PageState::Acknowledged, None, Some("sam"))
    );
    scene.pass(FIVE).await;
    let (mut texts, calls) = told(&scene);
    texts.sort();
    assert_eq!((texts, calls), (vec![DANA.to_owned(), KIM.to_owned()], 0), "who has it");
    let again = scene.act(|tx, now| api::page_take_one(tx, now, "sam", taken.id, How::App)).unwrap_err();
    assert!(again.to_string().contains("is over"), "{again}");
    scene.pass(TimeDelta::hours(1)).await;
    scene.world().restore_key();
    scene.stop().await;
}

#[tokio::test]
async fn a_machine_that_wakes_pages_nobody_for_the_hours_it_slept() {
    let mut scene = on_call().await;
    scene.sleep(TimeDelta::hours(6)).await;
    scene.pass(TimeDelta::minutes(30)).await;
    scene.phones().assert_quiet();
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    scene.stop().await;
}
