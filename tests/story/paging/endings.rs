//! How pages end beside a key: a person's close, the SOC's reopening, an incident that joins, an answer in the nick of time.

use super::{DANA, FIVE, KIM, apply_exactly, critical, key, on_call, pages, states, take, told};
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::paging::PageState;
use nightdesk_standin::carrier::{Fault, FaultKind, OnCall};
use nightdesk_store::DeliveryFilter;

#[tokio::test]
async fn a_persons_close_ends_the_page_and_hangs_up() {
    let mut scene = on_call().await;
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(10)).await;
    assert!(scene.phones().phone(DANA).rings());
    let ticket = scene.ticket_of(id).id;
    scene.act(|tx, now| api::close(tx, now, "sam", ticket)).unwrap();
    scene.pass(TimeDelta::seconds(10)).await;
    assert!(!scene.phones().phone(DANA).rings());
    assert_eq!(states(&scene), [PageState::Ended]);
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    scene.pass(TimeDelta::hours(1)).await;
    scene.stop().await;
}

#[tokio::test]
async fn what_the_soc_reopens_pages_again() {
    let mut scene = on_call().await;
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(70)).await;
    scene.world().set_status(id, "closed");
    scene.poll().await;
    assert_eq!(states(&scene), [PageState::Ended]);
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    scene.pass(TimeDelta::hours(1)).await;
    scene.world().set_status(id, "sent");
    scene.poll().await;
    scene.pass(FIVE).await;
    assert_eq!(states(&scene), [PageState::Acknowledged, PageState::Ended]);
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    scene.stop().await;
}

#[tokio::test]
async fn an_incident_for_a_host_that_is_paged_for_joins_and_ends_nothing_alone() {
    let mut scene = on_call().await;
    let first = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(70)).await;
    let second = scene.world().publish(critical(4, 90));
    scene.poll().await;
    assert_eq!(pages(&scene).len(), 1);
    let page = pages(&scene)[0].id;
    let joined = scene.read(|tx| tx.incidents_of_page(page).unwrap());
    assert_eq!(joined, [key(first), key(second)]);
    assert!(scene.timeline_of(second).contains(&"page: It is part of a page that runs already.".to_owned()));
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1), "nobody hears of it twice");
    scene.world().set_status(first, "closed");
    scene.poll().await;
    assert_eq!(states(&scene), [PageState::Running], "the other one is still open");
    scene.phones().phone(KIM).on_call(OnCall::acknowledges('1'));
    scene.pass(FIVE).await;
    assert_eq!(states(&scene), [PageState::Acknowledged]);
    assert_eq!(told(&scene), (vec![KIM.to_owned(), DANA.to_owned()], 1));
    assert!(scene.timeline_of(second).contains(&"page: Kim has it (pressed 1).".to_owned()));
    scene.stop().await;
}

#[tokio::test]
async fn whoever_is_texted_while_somebody_takes_it_hears_who_has_it() {
    let mut scene = on_call().await;
    // The carrier takes the text and says nothing: it is in doubt when Sam takes the page, and found afterwards.
    scene.phones().fault(Fault::new(FaultKind::ResponseLost).method("POST").on("/Messages").times(1));
    let deaf = scene.phones().fault(Fault::status(503).method("GET").on("/Messages"));
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(2)).await;
    take(&scene, id);
    scene.pass(TimeDelta::seconds(20)).await;
    scene.phones().lift(deaf);
    scene.pass(TimeDelta::minutes(10)).await;
    let texts = scene.phones().take_texts();
    assert_eq!(texts.len(), 2, "{texts:#?}");
    assert!(texts[1].body.contains("taken by sam"), "{}", texts[1].body);
    assert_eq!(scene.phones().take_calls().len(), 1);
    scene.pass(TimeDelta::hours(1)).await;
    scene.stop().await;
}

#[tokio::test]
async fn whoever_was_told_and_is_taken_out_of_the_tree_hears_who_has_it_too() {
    let mut scene = on_call().await;
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(70)).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    apply_exactly(&scene, &scene.on_call_toml(&[("Kim", KIM)]));
    scene.phones().phone(KIM).on_call(OnCall::acknowledges('1'));
    scene.pass(FIVE).await;
    assert_eq!(told(&scene), (vec![KIM.to_owned(), DANA.to_owned()], 1));
    scene.stop().await;
}

#[tokio::test]
async fn a_page_taken_before_the_carrier_had_anything_holds_the_window_too() {
    let mut scene = on_call().await;
    scene.phones().fault(Fault::status(503).method("POST"));
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    take(&scene, id);
    scene.phones().clear_faults();
    let second = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::hours(1)).await;
    scene.phones().assert_quiet();
    let held = scene.read(|tx| tx.suppressions(5).unwrap());
    assert_eq!((held.len(), held[0].incident.id.0, held[0].reason.word()), (1, second, "window"));
    scene.stop().await;
}

#[tokio::test]
async fn what_is_over_is_not_sent_again_by_hand_and_what_still_runs_is() {
    let mut scene = on_call().await;
    scene.phones().fault(Fault::new(FaultKind::AuthRefused).method("POST").times(1).on("/Messages"));
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(20)).await;
    assert_eq!(told(&scene), (vec![], 1));
    let texts = scene.read(|tx| tx.deliveries(&DeliveryFilter::default()).unwrap());
    let text = texts.iter().find(|d| d.kind == nightdesk_core::delivery::Kind::Sms).unwrap().id;
    scene.act(|tx, now| api::redrive(tx, now, text)).unwrap();
    scene.pass(TimeDelta::seconds(10)).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 0));
    take(&scene, id);
    scene.pass(TimeDelta::seconds(10)).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 0), "who has it");
    scene.phones().fault(Fault::new(FaultKind::AuthRefused).method("POST").on("/Messages"));
    let id = scene.world().publish(critical(5, 91));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(40)).await;
    scene.phones().clear_faults();
    take(&scene, id);
    let texts = scene.read(|tx| tx.deliveries(&DeliveryFilter::default()).unwrap());
    let failed = texts.iter().find(|d| d.state == nightdesk_core::delivery::State::NeedsHuman).unwrap().id;
    let refused = scene.act(|tx, now| api::redrive(tx, now, failed)).unwrap_err();
    assert!(refused.to_string().contains("is over"), "{refused}");
    scene.pass(TimeDelta::hours(1)).await;
    assert_eq!(told(&scene).0, [DANA], "she was called, and hears who has it");
    scene.stop().await;
}
