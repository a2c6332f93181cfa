//! Shifts are tried before the night does it.

use super::{DANA, KIM, apply_exactly, on_call};
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::config::Channel;
use nightdesk_core::paging::{PageState, StepState};
use nightdesk_standin::carrier::{OnCall, OnText};
use nightdesk_store::Purpose;
use std::time::Duration;

#[tokio::test]
async fn a_drill_tries_every_channel_and_waits_for_people() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    scene.phones().phone(KIM).on_text(OnText::ReplyWithCode { after: Duration::from_secs(5) });
    scene
        .act(|tx, now| {
            let ctx = nightdesk_engine::context::Context::load(tx)?;
            nightdesk_engine::paging::drill(tx, &ctx, now, "dana", None)
                .map_err(|e| api::Error::conflict(e.to_string()))
        })
        .unwrap();
    scene.pass(TimeDelta::minutes(3)).await;
    let run = scene.read(|tx| tx.newest_run(Purpose::Drill).unwrap()).unwrap();
    assert_eq!(run.state, PageState::Acknowledged);
    assert_eq!((scene.phones().take_texts().len(), scene.phones().take_calls().len()), (2, 2));
    scene.stop().await;
}

#[tokio::test]
async fn a_drill_names_whoever_could_not_be_tried_and_is_not_passed() {
    let mut scene = on_call().await;
    apply_exactly(&scene, &scene.on_call_toml(&[("Dana", DANA), ("Kim", KIM), ("Lee", "+12125550104")]));
    for phone in [DANA, KIM] {
        scene.phones().phone(phone).on_call(OnCall::acknowledges('1'));
    }
    let ctx = |tx: &nightdesk_store::Tx<'_>| nightdesk_engine::context::Context::load(tx);
    let begun = scene.act(|tx, now| {
        nightdesk_engine::paging::drill(tx, &ctx(tx)?, now, "dana", None)
            .map_err(|e| api::Error::conflict(e.to_string()))
    });
    let run = begun.unwrap();
    scene.pass(TimeDelta::minutes(3)).await;
    let steps = scene.read(|tx| tx.steps_of_run(run).unwrap());
    let lee: Vec<_> = steps.iter().filter(|s| s.contact == "Lee").collect();
    assert_eq!(
        lee.iter().map(|s| (s.channel, s.state)).collect::<Vec<_>>(),
        [(Channel::Sms, StepState::Skipped), (Channel::Call, StepState::Skipped),]
    );
    assert!(lee.iter().all(|s| s.detail.as_deref().is_some_and(|d| d.contains("isn't verified"))), "{lee:#?}");
    assert_eq!(scene.read(|tx| tx.run(run).unwrap().unwrap().state), PageState::Exhausted, "not everybody answered");
    assert_eq!((scene.phones().take_texts().len(), scene.phones().take_calls().len()), (2, 2), "Lee is left alone");
    scene.stop().await;
}

#[tokio::test]
async fn a_key_does_not_cover_a_text_that_never_arrives() {
    for (text, passed) in [
        (OnText::Undelivered(30_007), PageState::Exhausted),
        (OnText::RejectedAtOnce(21_614), PageState::Exhausted),
        (OnText::Delivered { after: Duration::from_secs(40) }, PageState::Acknowledged),
    ] {
        let mut scene = on_call().await;
        apply_exactly(&scene, &scene.on_call_toml(&[("Dana", DANA)]));
        scene.phones().phone(DANA).on_call(OnCall::acknowledges('1')).on_text(text.clone());
        let begun = scene.act(|tx, now| {
            let ctx = nightdesk_engine::context::Context::load(tx)?;
            nightdesk_engine::paging::drill(tx, &ctx, now, "dana", None)
                .map_err(|e| api::Error::conflict(e.to_string()))
        });
        let run = begun.unwrap();
        scene.pass(TimeDelta::seconds(20)).await;
        let over = !matches!(text, OnText::Delivered { .. });
        assert_eq!(scene.read(|tx| tx.run(run).unwrap().unwrap().state.is_open()), !over, "{text:?}");
        scene.pass(TimeDelta::seconds(60)).await;
        assert_eq!(scene.read(|tx| tx.run(run).unwrap().unwrap().state), passed, "{text:?}");
        scene.phones().take_texts();
        assert_eq!(scene.phones().take_calls().len(), 1);
        scene.stop().await;
    }
}
