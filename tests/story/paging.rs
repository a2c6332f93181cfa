//! A critical incident reaches people: the call tree, what they answer, and what is never sent twice.

use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::paging::{How, PageState};
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::carrier::{OnCall, OnText};
use nightdesk_store::{PageRow, Purpose};
use nightdesk_tests::Scene;
use std::time::Duration;

const DANA: &str = "+12125550102";
const KIM: &str = "+12125550103";
const FIVE: TimeDelta = TimeDelta::minutes(5);

async fn on_call() -> Scene {
    Scene::on_call(&[("Dana", DANA), ("Kim", KIM)]).await
}

fn pages(scene: &Scene) -> Vec<PageRow> {
    scene.read(|tx| tx.pages(50).unwrap())
}

fn critical(organization: i64, agent: i64) -> IncidentBuilder {
    IncidentBuilder::critical().organization(organization).agent(agent)
}

fn to(texts: &[nightdesk_standin::carrier::Text]) -> Vec<String> {
    texts.iter().map(|t| t.to.clone()).collect()
}

#[tokio::test]
async fn the_first_contact_presses_1_and_nobody_else_is_woken() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE).await;
    let (texts, calls) = (scene.phones().take_texts(), scene.phones().take_calls());
    assert_eq!((to(&texts), calls.len()), (vec![DANA.to_owned()], 1));
    assert!(texts[0].body.contains("Acme"), "{}", texts[0].body);
    let page = &pages(&scene)[0];
    assert_eq!(
        (page.state, page.acknowledged_by.as_deref(), page.acknowledged_how),
        (PageState::Acknowledged, Some("Dana"), Some(How::Key))
    );
    let timeline = scene.timeline_of(id).join("\n");
    for line in ["page: Texting Dana.", "page: Calling Dana.", "page: Dana has it (pressed 1)."] {
        assert!(timeline.contains(line), "{timeline}");
    }
    scene.pass(TimeDelta::hours(1)).await;
    scene.stop().await;
}

#[tokio::test]
async fn nobody_answers_and_the_next_contact_replies_with_the_code() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::NoAnswer);
    scene
        .phones()
        .phone(KIM)
        .on_text(OnText::ReplyWithCode { after: Duration::from_secs(20) })
        .on_call(OnCall::Voicemail);
    scene.world().publish(critical(4, 90));
    scene.pass(TimeDelta::minutes(12)).await;
    let texts = scene.phones().take_texts();
    // Dana, then Kim, then Dana hears who has it.
    assert_eq!(to(&texts), [DANA, KIM, DANA]);
    assert!(texts[2].body.contains("taken by Kim"), "{}", texts[2].body);
    assert_eq!(scene.phones().take_calls().len(), 2);
    let page = &pages(&scene)[0];
    assert_eq!(
        (page.state, page.acknowledged_by.as_deref(), page.acknowledged_how),
        (PageState::Acknowledged, Some("Kim"), Some(How::Reply))
    );
    scene.pass(TimeDelta::hours(1)).await;
    scene.stop().await;
}

#[tokio::test]
async fn a_voicemail_never_acknowledges_and_the_tree_is_walked_to_its_end() {
    let mut scene = on_call().await;
    for phone in [DANA, KIM] {
        scene.phones().phone(phone).on_call(OnCall::Voicemail);
    }
    scene.world().publish(critical(4, 90));
    scene.pass(TimeDelta::minutes(30)).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA, KIM, DANA, KIM], "two rounds");
    assert_eq!(scene.phones().take_calls().len(), 4);
    assert_eq!(pages(&scene)[0].state, PageState::Exhausted);
    // Its slot is given back: a second attack on the same host pages again.
    scene.world().publish(critical(4, 90));
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    scene.poll().await;
    scene.pass(FIVE).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA]);
    assert_eq!(scene.phones().take_calls().len(), 1);
    assert_eq!(pages(&scene)[0].state, PageState::Acknowledged);
    scene.stop().await;
}

#[tokio::test]
async fn nd_8_one_text_and_call_for_an_entity_in_a_day_and_what_was_not_sent_is_on_record() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE).await;
    assert_eq!((scene.phones().take_texts().len(), scene.phones().take_calls().len()), (1, 1));
    let second = scene.world().publish(critical(4, 90));
    scene.pass(FIVE).await;
    scene.phones().assert_quiet();
    let held = scene.read(|tx| tx.suppressions(10).unwrap());
    assert_eq!((held.len(), held[0].incident.id.0, held[0].reason.word()), (1, second, "window"));
    // A person may page all the same.
    let key = held[0].incident;
    scene
        .act(|tx, now| {
            let ctx = nightdesk_engine::context::Context::load(tx)?;
            nightdesk_engine::paging::page_anyway(tx, &ctx, now, key, "dana")
                .map_err(|e| api::Error::conflict(e.to_string()))
        })
        .unwrap();
    scene.pass(FIVE).await;
    assert_eq!((scene.phones().take_texts().len(), scene.phones().take_calls().len()), (1, 1));
    scene.stop().await;
}

#[tokio::test]
async fn the_socs_close_ends_the_page_and_hangs_up() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::NoAnswer);
    let id = scene.world().publish(critical(4, 90));
    scene.pass(FIVE + TimeDelta::seconds(1)).await;
    scene.world().set_status(id, "closed");
    scene.poll().await;
    assert_eq!(pages(&scene)[0].state, PageState::Ended);
    scene.pass(TimeDelta::hours(1)).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA]);
    assert_eq!(scene.phones().take_calls().len(), 1);
    scene.stop().await;
}

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
