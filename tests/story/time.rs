//! A week of stories about time: intervals, sleep, clocks that are set, crashes, and what the desk says meanwhile.

use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_core::health::State;
use nightdesk_engine::Engine;
use nightdesk_standin::{Fault, IncidentBuilder};
use nightdesk_tests::{Scene, configuration};

const REPORTS: &str = "/v1/incident_reports";

fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

async fn every(interval: i64) -> Scene {
    let mut scene = Scene::bare(Scene::account()).await;
    let toml = configuration(&scene.soc.base_url());
    scene.apply(&toml.replace("poll_interval_minutes = 5", &format!("poll_interval_minutes = {interval}")));
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.start().await;
    scene
}

/// When walks began, as `hh:mm:ss`.
fn walks(scene: &Scene) -> Vec<String> {
    let walk = |r: &nightdesk_standin::Request| r.path == REPORTS && r.param("sort_field") == Some("updated_at");
    scene.asked().iter().filter(|r| walk(r)).map(|r| r.at.format("%H:%M:%S").to_string()).collect()
}

fn state(scene: &Scene) -> (State, Option<String>) {
    let status = scene.status();
    (status.state, status.since.map(|at| at.format("%H:%M:%S").to_string()))
}

fn says(state: State, since: &str) -> (State, Option<String>) {
    (state, Some(since.into()))
}

#[tokio::test]
async fn nd_11_the_interval_is_exact_on_the_wall_clock() {
    let start: DateTime<Utc> = "2026-03-02T01:00:00Z".parse().unwrap();
    for interval in [1, 5, 7, 45, 60] {
        let mut scene = every(interval).await;
        scene.pass(minutes(interval * 4)).await;
        let expected: Vec<_> =
            (0..=4).map(|n| (start + minutes(interval * n)).format("%H:%M:%S").to_string()).collect();
        assert_eq!(walks(&scene), expected, "every {interval} minutes");
        assert_eq!(scene.status().next_poll_at, Some(start + minutes(interval * 5)));
        assert!(scene.gaps().is_empty());
        scene.stop().await;
    }
}

#[tokio::test]
async fn a_poll_that_somebody_asks_for_comes_at_once() {
    let mut scene = every(60).await;
    scene.pass(minutes(10)).await;
    walks(&scene);
    let id = scene.world().publish(IncidentBuilder::critical().organization(4));
    let report = scene.poll().await;
    assert!(report.ok && report.new == 1 && report.tickets_created == 1, "{report:?}");
    assert_eq!(walks(&scene), ["01:10:00"]);
    assert!(scene.ticket_of(id).is_open);
    scene.stop().await;
}

#[tokio::test]
async fn nd_14_a_weekend_asleep_is_a_gap_and_is_made_up_for_at_once() {
    let mut scene = every(5).await;
    scene.pass(minutes(12)).await;
    walks(&scene);
    let ids: Vec<_> = (0..3).map(|_| scene.world().publish(IncidentBuilder::critical().organization(4))).collect();
    scene.sleep(TimeDelta::hours(64)).await;
    let woken = walks(&scene);
    assert_eq!(woken.len(), 1, "one poll on waking, not 768: {woken:?}");
    assert_eq!(woken[0], "17:12:00");
    assert!(ids.iter().all(|id| scene.ticket_of(*id).is_open));
    let gaps = scene.status().gaps;
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert_eq!(gaps[0].why, "the machine was asleep");
    let (from, to) = (gaps[0].from, gaps[0].to.unwrap());
    assert!(to - from >= TimeDelta::hours(64) && to - from < TimeDelta::hours(64) + minutes(1), "{from} to {to}");
    assert_eq!(state(&scene), says(State::Watching, "17:12:00"), "watching since it woke, not since Friday");
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn what_the_machine_slept_through_is_swept_on_waking() {
    let mut scene = every(5).await;
    scene.pass(minutes(12)).await;
    scene.requests();
    scene.sleep(TimeDelta::hours(8)).await;
    let swept = scene.asked().iter().filter(|r| r.path == REPORTS && r.param("status").is_some()).count();
    assert_eq!(swept, 2, "each open status");
    scene.stop().await;
}

#[tokio::test]
async fn nd_11_a_clock_set_back_stops_nothing() {
    let mut scene = every(5).await;
    scene.pass(minutes(61)).await;
    walks(&scene);
    scene.set_clock("2026-03-01T23:00:00Z".parse().unwrap()).await;
    assert_eq!(walks(&scene), ["23:00:00"], "at once");
    scene.pass(minutes(15)).await;
    let later = walks(&scene);
    assert_eq!(later.len(), 3, "and every interval again: {later:?}");
    let id = scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.pass(minutes(5)).await;
    assert!(scene.ticket_of(id).is_open);
    assert_eq!(scene.status().state, State::Watching);
    let gaps = scene.gaps();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(
        gaps[0].contains("the clock was set back by 3 hours") || gaps[0].contains("set back by 2 hours"),
        "{gaps:?}"
    );
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn nd_11_a_clock_set_forward_polls_at_once_and_says_so() {
    let mut scene = every(5).await;
    scene.pass(minutes(12)).await;
    walks(&scene);
    scene.set_clock("2026-03-02T09:00:00Z".parse().unwrap()).await;
    assert_eq!(walks(&scene), ["09:00:00"]);
    let gaps = scene.gaps();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(gaps[0].contains("the clock was set forward by 8 hours"), "{gaps:?}");
    assert_eq!(scene.status().state, State::Watching);
    scene.set_clock("2026-03-02T01:13:00Z".parse().unwrap()).await;
    let id = scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.pass(minutes(6)).await;
    assert!(scene.ticket_of(id).is_open, "the cursor doesn't wait for the time to come round again");
    assert_eq!(scene.status().state, State::Watching);
    scene.stop().await;
}

#[tokio::test]
async fn nd_14_a_crash_is_a_gap_and_loses_nothing() {
    let mut scene = every(5).await;
    scene.pass(minutes(12)).await;
    scene.crash().await;
    let ids: Vec<_> = (0..60).map(|_| scene.world().publish(IncidentBuilder::high().organization(6))).collect();
    scene.clock.pass(std::time::Duration::from_secs(3 * 3600));
    assert_eq!(scene.status().state, State::Blind, "nobody runs, and the card says so");
    scene.start().await;
    assert!(ids.iter().all(|id| scene.ticket_of(*id).is_open));
    assert_eq!(scene.tickets().len(), 61);
    let gaps = scene.gaps();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(gaps[0].ends_with("Nightdesk was not running"), "{gaps:?}");
    assert!(gaps[0].starts_with("01:1") && gaps[0].contains("-04:12:00"), "{gaps:?}");
    assert_eq!(state(&scene), says(State::Watching, "04:12:00"));
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn a_restart_within_the_interval_is_no_gap() {
    let mut scene = every(5).await;
    scene.pass(minutes(7)).await;
    scene.stop().await;
    scene.clock.pass(std::time::Duration::from_secs(60));
    walks(&scene);
    scene.start().await;
    assert_eq!(walks(&scene), ["01:08:00"], "a start polls at once");
    assert!(scene.gaps().is_empty(), "{:?}", scene.gaps());
    scene.stop().await;
}

#[tokio::test]
async fn nd_14_polls_that_fail_are_a_gap() {
    let mut scene = every(5).await;
    scene.pass(minutes(5)).await;
    let down = scene.soc.fault(Fault::status(500));
    scene.pass(minutes(10)).await;
    assert_eq!(scene.gaps().len(), 1);
    assert!(scene.gaps()[0].starts_with("01:05:00-now "), "{:?}", scene.gaps());
    assert!(scene.world().lift(down));
    scene.pass(minutes(5)).await;
    assert!(scene.gaps()[0].starts_with("01:05:00-01:20:00 "), "{:?}", scene.gaps());
    assert!(scene.gaps()[0].contains("500"), "{:?}", scene.gaps());
    scene.stop().await;
}

#[tokio::test]
async fn nd_14_polling_that_waits_for_routing_is_a_gap() {
    let mut scene = Scene::bare(Scene::account()).await;
    let whole = configuration(&scene.soc.base_url());
    scene.apply(&whole.replace("triage_board = \"Triage\"", ""));
    let id = scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.start().await;
    scene.pass(minutes(30)).await;
    assert!(scene.requests().is_empty(), "nothing is asked before tickets can be filed");
    let status = scene.status();
    assert_eq!(status.state, State::Paused);
    assert_eq!(status.reason.as_deref(), Some("routing is incomplete: routing.triage_board"));
    assert_eq!(status.routing.missing, ["routing.triage_board"]);
    let report = scene.poll().await;
    assert!(report.paused && !report.ok && report.requests == 0, "{report:?}");

    scene.apply(&whole);
    scene.settle().await;
    assert!(scene.ticket_of(id).is_open, "at once");
    assert_eq!(scene.status().state, State::Watching);
    let gaps = scene.gaps();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(gaps[0].starts_with("01:00:00-01:30:00 polling was paused"), "{gaps:?}");
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn nd_17_green_needs_evidence_at_every_moment() {
    let mut scene = Scene::bare(Scene::account()).await;
    assert_eq!(scene.status().state, State::Paused, "nobody has configured it");
    scene
        .apply(&configuration(&scene.soc.base_url()).replace("poll_interval_minutes = 5", "poll_interval_minutes = 1"));
    assert_eq!(state(&scene), (State::Blind, None), "nothing was ever read");
    scene.start().await;
    assert_eq!(state(&scene), says(State::Watching, "01:00:00"));
    scene.pass(minutes(30)).await;
    assert_eq!(state(&scene), says(State::Watching, "01:00:00"));

    let down = scene.soc.fault(Fault::status(500));
    scene.pass(minutes(2)).await;
    assert_eq!(state(&scene), says(State::Watching, "01:00:00"), "two intervals are no alarm");
    scene.pass(TimeDelta::seconds(1)).await;
    assert_eq!(state(&scene), says(State::Late, "01:30:00"));
    scene.pass(minutes(7)).await;
    assert_eq!(state(&scene), says(State::Late, "01:30:00"));
    scene.pass(minutes(1)).await;
    assert_eq!(state(&scene), says(State::Blind, "01:30:00"));
    assert!(scene.status().alarms.is_empty());
    scene.pass(minutes(15)).await;
    assert_eq!(scene.status().alarms.len(), 1);
    scene.world().lift(down);
    scene.pass(minutes(1)).await;
    assert_eq!(state(&scene).0, State::Watching);
    assert_ne!(state(&scene).1.as_deref(), Some("01:00:00"), "since it sees again");
    assert!(scene.status().alarms.is_empty());

    scene.crash().await;
    assert_eq!(scene.status().state, State::Watching, "its last read is fresh");
    scene.clock.pass(std::time::Duration::from_secs(150));
    assert_eq!(scene.status().state, State::Late, "whoever isn't there can't say so: the read's age does");
    scene.clock.pass(std::time::Duration::from_secs(600));
    assert_eq!(scene.status().state, State::Blind);
    scene.stop().await;
}

#[tokio::test]
async fn a_second_engine_takes_over_what_the_first_left() {
    let mut scene = every(5).await;
    scene.pass(minutes(6)).await;
    scene.crash().await;
    let second = Engine::start(scene.parts()).await.unwrap();
    let store = second.stop(std::time::Duration::from_secs(20)).await.unwrap();
    drop(store);
    scene.start().await;
    scene.pass(minutes(5)).await;
    assert_eq!(scene.status().state, State::Watching);
    scene.stop().await;
}
