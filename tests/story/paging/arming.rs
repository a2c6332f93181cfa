//! Who is told and who isn't: the first arming, unverified contacts, old news, severities that change.

use super::{DANA, FIVE, KIM, apply_exactly, critical, on_call, page_anyway, pages, reconfigure, states, told};
use chrono::TimeDelta;
use nightdesk_core::clock::Clock;
use nightdesk_core::config::Channel;
use nightdesk_core::paging::PageState;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::carrier::{Carrier, OnCall};
use nightdesk_tests::Scene;
use std::sync::Arc;

/// The incidents that nobody was paged for, with the reason.
fn held(scene: &Scene) -> Vec<(i64, &'static str)> {
    let rows = scene.read(|tx| tx.suppressions(50).unwrap());
    rows.into_iter().map(|row| (row.incident.id.0, row.reason.word())).collect()
}

#[tokio::test]
async fn the_first_arming_lists_what_is_open_and_dials_nobody() {
    let mut scene = Scene::open(Scene::account()).await;
    scene.carrier = Some(Carrier::start(Arc::new(scene.clock.clone())).await.unwrap());
    let open: Vec<i64> = (0..3).map(|n| scene.world().publish(critical(4, 90 + n))).collect();
    scene.world().publish(IncidentBuilder::high().organization(4));
    scene.world().publish(critical(4, 99).status("closed"));
    scene.start().await;
    scene.pass(FIVE).await;
    assert_eq!(held(&scene), [], "a desk without paging holds nothing back");
    scene.apply(&scene.on_call_toml(&[("Dana", DANA)]));
    scene.pass(FIVE).await;
    assert_eq!(held(&scene), [], "nobody is verified yet");
    let now = scene.clock.now();
    scene.write(|tx| tx.verify_contact(DANA, now, Channel::Sms).unwrap());
    scene.pass(FIVE).await;
    let mut listed = held(&scene);
    listed.sort_unstable();
    assert_eq!(listed, open.iter().map(|id| (*id, "armed_later")).collect::<Vec<_>>());
    scene.phones().assert_quiet();
    assert!(pages(&scene).is_empty());
    // Each can be paged by hand.
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    page_anyway(&scene, open[1]);
    scene.pass(FIVE).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    // And what comes from now on pages by itself.
    scene.world().publish(critical(5, 120));
    scene.poll().await;
    scene.pass(FIVE).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    scene.stop().await;
}

#[tokio::test]
async fn whoever_is_not_verified_is_never_told_and_is_from_then_on() {
    let mut scene = on_call().await;
    const LEE: &str = "+12125550104";
    apply_exactly(&scene, &scene.on_call_toml(&[("Lee", LEE), ("Dana", DANA), ("Kim", KIM)]));
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::minutes(6)).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned(), KIM.to_owned()], 2), "Lee is passed over at once");
    let now = scene.clock.now();
    scene.write(|tx| tx.verify_contact(LEE, now, Channel::Call).unwrap());
    scene.phones().phone(LEE).on_call(OnCall::acknowledges('1'));
    scene.pass(TimeDelta::minutes(6)).await;
    assert_eq!(pages(&scene)[0].acknowledged_by.as_deref(), Some("Lee"));
    assert_eq!(told(&scene), (vec![LEE.to_owned(), DANA.to_owned(), KIM.to_owned()], 1));
    scene.stop().await;
}

#[tokio::test]
async fn a_tree_that_reaches_nobody_holds_the_page_back_on_record() {
    let mut scene = on_call().await;
    apply_exactly(&scene, &scene.on_call_toml(&[("Lee", "+12125550104")]));
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::hours(1)).await;
    assert_eq!(held(&scene), [(id, "nobody")]);
    scene.phones().assert_quiet();
    scene.stop().await;
}

#[tokio::test]
async fn old_news_opens_a_ticket_and_wakes_nobody() {
    let mut scene = on_call().await;
    let old = scene.world().publish(critical(4, 90).sent_ago(TimeDelta::hours(25)));
    scene.poll().await;
    scene.pass(TimeDelta::hours(1)).await;
    scene.ticket_of(old);
    assert_eq!(held(&scene), [(old, "old_news")]);
    scene.phones().assert_quiet();
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    scene.world().publish(critical(4, 91).sent_ago(TimeDelta::hours(23)));
    scene.poll().await;
    scene.pass(FIVE).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    scene.stop().await;
}

#[tokio::test]
async fn an_incident_that_becomes_critical_pages_then() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    let id = scene.world().publish(IncidentBuilder::high().organization(4).agent(90));
    scene.poll().await;
    scene.pass(FIVE).await;
    scene.phones().assert_quiet();
    scene.world().set_severity(id, "critical");
    scene.poll().await;
    scene.pass(FIVE).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    // Once it is taken, a further change tells nobody again.
    scene.world().set_severity(id, "high");
    scene.poll().await;
    scene.world().set_severity(id, "critical");
    scene.poll().await;
    scene.pass(TimeDelta::hours(1)).await;
    assert_eq!(held(&scene), [(id, "window")]);
    scene.stop().await;
}

#[tokio::test]
async fn a_severity_that_nobody_tells_is_asked_for_and_counts_as_critical_after_ten_seconds() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    let id = scene.world().publish(critical(4, 90).field("severity", serde_json::Value::Null));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(9)).await;
    assert_eq!(states(&scene), [PageState::Waiting]);
    scene.phones().assert_quiet();
    scene.pass(TimeDelta::seconds(2)).await;
    assert_eq!(states(&scene), [PageState::Running]);
    scene.pass(FIVE).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    assert_eq!(states(&scene), [PageState::Acknowledged]);
    scene.ticket_of(id);
    scene.stop().await;
}

#[tokio::test]
async fn paging_that_is_removed_while_a_page_runs_says_that_nobody_can_be_told() {
    let mut scene = on_call().await;
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(70)).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    reconfigure(&scene, |toml| {
        let paging = &toml[toml.find("\n[paging]").unwrap()..toml.find("\n[[contact]]").unwrap()];
        toml.replace(paging, "\n[paging]\n")
    });
    scene.pass(FIVE).await;
    assert_eq!(states(&scene), [PageState::Exhausted]);
    assert!(scene.status().alarms[0].contains("nobody took the page for Acme"), "{:?}", scene.status().alarms);
    scene.pass(TimeDelta::hours(1)).await;
    scene.phones().assert_quiet();
    scene.stop().await;
}
