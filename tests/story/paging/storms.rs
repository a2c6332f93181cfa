//! Many incidents at once are a few calls, and nothing is lost.

use super::{DANA, critical, on_call, pages, states, to};
use chrono::TimeDelta;
use nightdesk_core::paging::PageState;
use nightdesk_standin::carrier::OnCall;

#[tokio::test]
async fn two_hundred_at_once_are_two_calls_and_one_text_for_each_client() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    for n in 0..200 {
        scene.world().publish(critical(4 + n % 4, 1_000 + n));
    }
    scene.pass(TimeDelta::minutes(10)).await;
    let (texts, calls) = (scene.phones().take_texts(), scene.phones().take_calls());
    assert_eq!(calls.len(), 2, "the first page dials at once, the others in one call");
    assert_eq!(texts.len(), 1 + 4);
    let all = scene.read(|tx| tx.pages(500).unwrap());
    assert_eq!(all.len(), 200);
    assert!(all.iter().all(|p| p.state == PageState::Acknowledged), "the key takes what was read out");
    scene.stop().await;
}

#[tokio::test]
async fn two_hundred_of_unknown_severity_are_bundled_like_any_other() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    for n in 0..40 {
        scene.world().publish(critical(4 + n % 4, 1_000 + n).field("severity", serde_json::Value::Null));
    }
    scene.pass(TimeDelta::minutes(10)).await;
    assert_eq!(scene.phones().take_calls().len(), 2, "the first page dials at once, the others in one call");
    assert_eq!(scene.phones().take_texts().len(), 1 + 4);
    assert_eq!(pages(&scene).len(), 40);
    assert!(states(&scene).iter().all(|s| *s == PageState::Acknowledged));
    scene.stop().await;
}

#[tokio::test]
async fn an_unknown_severity_that_turns_out_low_wakes_nobody() {
    let mut scene = on_call().await;
    let id = scene.world().publish(critical(4, 90).field("severity", serde_json::Value::Null));
    scene.poll().await;
    assert!(scene.phones().take_texts().len() <= 1);
    scene.world().set_severity(id, "low");
    scene.poll().await;
    scene.pass(TimeDelta::hours(1)).await;
    scene.phones().take_calls();
    let texts = to(&scene.phones().take_texts());
    assert_eq!((texts, states(&scene)), (Vec::<String>::new(), vec![PageState::Ended]));
    scene.stop().await;
}
