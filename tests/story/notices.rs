//! Escalations, platform actions and account notices: told, listed, and never a ticket or a page.

use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_standin::Notice;
use nightdesk_tests::{Scene, Screen};

const FIVE: TimeDelta = TimeDelta::minutes(5);

/// Notices are listed every five minutes, beside the polls.
const TEN: TimeDelta = TimeDelta::minutes(10);

fn listed(scene: &Scene, kind: Option<&str>) -> Vec<api::NoticeLine> {
    let asked = api::NoticesAsked { kind: kind.map(str::to_owned) };
    scene.read(|tx| api::notices(tx, &asked)).unwrap()
}

#[tokio::test]
async fn an_escalation_is_told_once_and_its_end_is_only_listed() {
    let screen = Screen::new();
    let mut scene = Scene::open(Scene::account()).await;
    scene.senders = vec![screen.clone()];
    scene.start().await;
    scene.pass(FIVE).await;
    assert!(screen.take().is_empty() && listed(&scene, None).is_empty());

    let id = scene.world().add_escalation(Notice::new("Unexpected country").organization(4).severity("high"));
    scene.pass(TEN).await;
    assert_eq!(screen.take(), ["notice Escalation: Unexpected country"]);
    let lines = listed(&scene, None);
    assert_eq!((lines.len(), lines[0].id, lines[0].is_open), (1, id, true), "{lines:?}");
    assert_eq!((lines[0].kind.as_str(), lines[0].first_seen.as_str()), ("escalation", "poll"));
    assert!(lines[0].organization_names[0].is_some(), "{lines:?}");
    scene.pass(TimeDelta::hours(2)).await;
    assert!(screen.take().is_empty(), "listings repeat nothing");

    assert!(scene.world().resolve_escalation(id));
    scene.pass(TEN).await;
    assert!(screen.take().is_empty(), "the end wakes nobody");
    let lines = listed(&scene, Some("escalations"));
    assert_eq!((lines.len(), lines[0].is_open), (1, false));
    assert!(listed(&scene, Some("platform_action")).is_empty());
    assert!(scene.tickets().is_empty(), "a notice opens no ticket");
    scene.stop().await;
}

#[tokio::test]
async fn what_was_there_before_the_desk_is_listed_and_told_to_nobody_singly() {
    let screen = Screen::new();
    let account = Scene::account()
        .escalation(Notice::new("Asked last week").created_ago(TimeDelta::days(7)))
        .escalation(Notice::new("Answered long ago").created_ago(TimeDelta::days(9)).status("resolved"))
        .platform_action(Notice::new("Defender disabled").created_ago(TimeDelta::hours(2)));
    let mut scene = Scene::open(account).await;
    scene.senders = vec![screen.clone()];
    scene.start().await;
    scene.pass(FIVE).await;
    assert_eq!(screen.take(), ["notice Platform action: Defender disabled"], "only today's");
    let lines = listed(&scene, None);
    let subjects: Vec<_> = lines.iter().filter_map(|l| l.subject.as_deref()).collect();
    assert_eq!(subjects.len(), 3);
    assert_eq!(subjects[2], "Answered long ago", "what waits for an answer stands first: {subjects:?}");
    scene.stop().await;
}

#[tokio::test]
async fn a_type_that_there_is_not_is_refused_by_name() {
    let mut scene = Scene::open(Scene::account()).await;
    scene.start().await;
    let asked = api::NoticesAsked { kind: Some("gossip".into()) };
    let error = scene.read(|tx| api::notices(tx, &asked)).unwrap_err();
    assert_eq!(error.code, api::Code::InvalidInput);
    assert!(error.message.contains("platform_action"), "{}", error.message);
    scene.stop().await;
}
