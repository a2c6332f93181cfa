//! What people do with a text or a call, and what follows.

use super::{DANA, FIVE, KIM, code, critical, on_call, pages, reconfigure, states, take, to};
use chrono::TimeDelta;
use nightdesk_core::paging::{How, PageState};
use nightdesk_standin::carrier::{OnCall, OnText};
use nightdesk_tests::Scene;
use std::time::Duration;

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
async fn key_2_passes_on_at_once() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('2'));
    scene.phones().phone(KIM).on_call(OnCall::acknowledges('1'));
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(90)).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA, KIM, DANA]);
    assert_eq!(scene.phones().take_calls().len(), 2);
    assert_eq!(pages(&scene)[0].acknowledged_by.as_deref(), Some("Kim"));
    scene.stop().await;
}

#[tokio::test]
async fn whoever_replies_by_text_is_no_longer_rung() {
    let mut scene = on_call().await;
    scene
        .phones()
        .phone(DANA)
        .on_call(OnCall::NoAnswer)
        .on_text(OnText::ReplyWithCode { after: Duration::from_secs(5) });
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(20)).await;
    assert_eq!(states(&scene), [PageState::Acknowledged]);
    let calls = scene.phones().take_calls();
    assert_eq!((calls.len(), calls[0].status.as_str()), (1, "canceled"));
    assert_eq!(to(&scene.phones().take_texts()), [DANA]);
    scene.pass(TimeDelta::hours(1)).await;
    scene.stop().await;
}

#[tokio::test]
async fn a_click_stops_the_ringing_and_tells_those_who_were_told_exactly_once() {
    let mut scene = on_call().await;
    for phone in [DANA, KIM] {
        scene.phones().phone(phone).on_call(OnCall::NoAnswer);
    }
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE + TimeDelta::seconds(10)).await;
    assert!(scene.phones().phone(KIM).rings());
    take(&scene, id);
    scene.pass(TimeDelta::seconds(10)).await;
    assert!(!scene.phones().phone(KIM).rings());
    let mut told = to(&scene.phones().take_texts());
    told.sort();
    assert_eq!(told, [DANA, DANA, KIM, KIM]);
    assert_eq!(scene.phones().take_calls().len(), 2);
    assert_eq!(pages(&scene)[0].acknowledged_how, Some(How::App));
    scene.pass(TimeDelta::hours(1)).await;
    scene.stop().await;
}

#[tokio::test]
async fn a_wrong_code_or_a_stranger_changes_nothing_and_a_late_reply_still_counts() {
    let mut scene = on_call().await;
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(30)).await;
    let texts = scene.phones().take_texts();
    scene.phones().phone(DANA).reply("ACK 0000 is not it");
    scene.phones().reply_from("+12125550199", &texts[0].body);
    scene.pass(TimeDelta::minutes(25)).await;
    assert_eq!(states(&scene), [PageState::Exhausted]);
    assert_eq!(to(&scene.phones().take_texts()), [KIM, DANA, KIM]);
    assert_eq!(scene.phones().take_calls().len(), 4);
    let code = texts[0].body.split(|c: char| !c.is_ascii_digit()).find(|w| w.len() == 4).unwrap();
    scene.phones().phone(DANA).reply(&format!("ack {code}"));
    scene.pass(TimeDelta::minutes(2)).await;
    assert_eq!(states(&scene), [PageState::Acknowledged]);
    assert_eq!(to(&scene.phones().take_texts()), [KIM], "who was told before hears who has it");
    scene.stop().await;
}

#[tokio::test]
async fn whoever_passes_it_on_and_is_alone_is_rung_again_only_after_the_wait() {
    let mut scene = Scene::on_call(&[("Dana", DANA)]).await;
    scene.phones().phone(DANA).next_calls([OnCall::acknowledges('2')]);
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE - TimeDelta::seconds(10)).await;
    assert_eq!((to(&scene.phones().take_texts()), scene.phones().take_calls().len()), (vec![DANA.to_owned()], 1));
    assert_eq!(states(&scene), [PageState::Running]);
    scene.pass(TimeDelta::seconds(20)).await;
    assert_eq!((to(&scene.phones().take_texts()), scene.phones().take_calls().len()), (vec![DANA.to_owned()], 1));
    scene.stop().await;
}

#[tokio::test]
async fn the_first_text_of_a_page_that_runs_for_hours_still_takes_it() {
    let mut scene = on_call().await;
    reconfigure(&scene, |toml| toml.replace("\n[paging]\n", "\n[paging]\nstep_wait_minutes = 60\n"));
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::minutes(210)).await;
    let texts = scene.phones().take_texts();
    assert_eq!(
        (to(&texts), states(&scene)),
        (vec![DANA.into(), KIM.into(), DANA.into(), KIM.into()], vec![PageState::Running])
    );
    scene.phones().phone(DANA).reply(&code(&texts[0]));
    scene.pass(TimeDelta::minutes(2)).await;
    assert_eq!(pages(&scene)[0].acknowledged_by.as_deref(), Some("Dana"));
    assert_eq!(to(&scene.phones().take_texts()), [KIM]);
    assert_eq!(scene.phones().take_calls().len(), 4);
    scene.stop().await;
}

#[tokio::test]
async fn a_code_that_another_contact_was_sent_takes_what_both_were_told_of() {
    let mut scene = on_call().await;
    let stranger = "+12125550199";
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(20)).await;
    let dana = code(&scene.phones().take_texts()[0]);
    scene.phones().reply_from(stranger, &dana);
    scene.pass(TimeDelta::minutes(4)).await;
    assert_eq!(states(&scene), [PageState::Running]);
    scene.pass(TimeDelta::minutes(1)).await;
    assert_eq!(to(&scene.phones().take_texts()), [KIM]);
    scene.phones().phone(KIM).reply(&format!("ack {dana}"));
    scene.pass(TimeDelta::seconds(30)).await;
    let page = &pages(&scene)[0];
    assert_eq!((page.acknowledged_by.as_deref(), page.acknowledged_how), (Some("Kim"), Some(How::Reply)));
    assert_eq!(to(&scene.phones().take_texts()), [DANA]);
    assert_eq!(scene.phones().take_calls().len(), 2);
    scene.stop().await;
}
