//! `poll` from a script, with no engine running.

use chrono::TimeDelta;
use nightdesk_core::health::State;
use nightdesk_engine::Once;
use nightdesk_engine::poller::PollReport;
use nightdesk_standin::{Agent, Fault, IncidentBuilder};
use nightdesk_tests::{Scene, configuration};
use std::time::Duration;

/// One command: a poll, the look-ups that it has time for, and the end. Answers what still waits, too.
async fn poll(scene: &Scene) -> (PollReport, u32) {
    let once = Once::start(scene.parts()).await.unwrap();
    let report = once.poll(None).await;
    let waiting = once.look_ups(Duration::from_secs(2)).await;
    drop(once.stop().await.unwrap());
    (report, waiting)
}

fn later(scene: &Scene, by: TimeDelta) {
    scene.clock.pass(by.to_std().unwrap());
}

#[tokio::test]
async fn a_script_that_polls_every_five_minutes_watches_as_an_engine_does() {
    let mut scene = Scene::open(Scene::account().agent(Agent::new(31, 4, "SRV-ACME-01"))).await;
    let old = IncidentBuilder::high().organization(4).agent(31).sent_ago(TimeDelta::days(400));
    let old = scene.world().publish(old);
    let (report, waiting) = poll(&scene).await;
    assert!(report.ok && report.new == 1 && report.tickets_created == 1 && waiting == 0, "{report:?}");
    assert!(scene.ticket_of(old).is_open);
    scene.assert_accounted();
    scene.requests();

    later(&scene, TimeDelta::minutes(5));
    let (report, _) = poll(&scene).await;
    assert!(report.ok && report.new == 0 && report.changed == 0, "{report:?}");
    let asked = scene.requests();
    assert_eq!(asked, ["/v1/incident_reports", "/v1/escalations", "/v1/platform_actions"], "no sweep, no account");
    assert_eq!(report.requests, 3);
    later(&scene, TimeDelta::minutes(2));
    let (report, _) = poll(&scene).await;
    assert_eq!((report.requests, scene.requests().len()), (1, 1), "an idle poll is one request");
    for _ in 0..12 {
        later(&scene, TimeDelta::minutes(5));
        assert!(poll(&scene).await.0.ok);
        assert_eq!(scene.status().state, State::Watching);
    }
    let swept = scene.asked().iter().filter(|r| r.param("status").is_some() && r.path.ends_with("reports")).count();
    assert_eq!(swept, 2, "each open status once in the hour");
    assert!(scene.gaps().is_empty(), "{:?}", scene.gaps());
    scene.stop().await;
}

#[tokio::test]
async fn nd_14_between_two_commands_nobody_watched_and_it_shows() {
    let mut scene = Scene::open(Scene::account()).await;
    assert!(poll(&scene).await.0.ok);
    let id = scene.world().publish(IncidentBuilder::critical().organization(4));
    later(&scene, TimeDelta::hours(3));
    assert_eq!(scene.status().state, State::Blind);
    let (report, _) = poll(&scene).await;
    assert_eq!(report.new, 1);
    assert!(scene.ticket_of(id).is_open);
    assert_eq!(scene.gaps(), ["01:00:00-04:00:00 Nightdesk was not running"]);
    assert_eq!(scene.status().state, State::Watching);
    scene.stop().await;
}

#[tokio::test]
async fn nd_3_a_command_that_fails_halfway_is_made_up_for_by_the_next() {
    let mut scene = Scene::open(Scene::account()).await;
    let ids: Vec<_> = (0..700).map(|_| scene.world().publish(IncidentBuilder::low().organization(4))).collect();
    let bad = scene.soc.fault(Fault::status(500).when(|r| r.param("page_token").is_some()));
    let (report, _) = poll(&scene).await;
    assert!(!report.ok && report.new == 500, "{report:?}");
    assert!(report.error.unwrap().contains("500"));
    assert_eq!(scene.cursor(), None);
    assert_ne!(scene.status().state, State::Watching);
    scene.world().lift(bad);
    later(&scene, TimeDelta::minutes(1));
    let (report, _) = poll(&scene).await;
    assert!(report.ok && report.new == 200 && report.unchanged == 500, "{report:?}");
    assert_eq!(scene.ticketed(), ids);
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn without_routing_a_command_asks_huntress_for_nothing() {
    let mut scene = Scene::bare(Scene::account()).await;
    let (report, _) = poll(&scene).await;
    assert!(report.paused && !report.ok, "{report:?}");
    assert!(report.error.unwrap().contains("routing.security_board"));
    scene.apply(&configuration(&scene.soc.base_url()).replace("triage_board = \"Triage\"", ""));
    let (report, _) = poll(&scene).await;
    assert!(report.paused && report.error.unwrap().contains("routing.triage_board"));
    assert!(scene.requests().is_empty());
    scene.stop().await;
}

#[tokio::test]
async fn an_engine_takes_up_what_commands_left_and_the_other_way_round() {
    let mut scene = Scene::open(Scene::account()).await;
    let first = scene.world().publish(IncidentBuilder::high().organization(6));
    assert!(poll(&scene).await.0.ok);
    scene.start().await;
    let second = scene.world().publish(IncidentBuilder::high().organization(6));
    scene.pass(TimeDelta::minutes(5)).await;
    scene.stop().await;
    let third = scene.world().publish(IncidentBuilder::high().organization(6));
    later(&scene, TimeDelta::minutes(4));
    assert_eq!(poll(&scene).await.0.new, 1);
    assert_eq!(scene.ticketed(), [first, second, third]);
    assert!(scene.gaps().is_empty(), "{:?}", scene.gaps());
    scene.assert_accounted();
    scene.stop().await;
}
