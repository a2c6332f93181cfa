//! Shifts are tried before the night does it.

use super::{DANA, KIM, on_call};
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::paging::PageState;
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
