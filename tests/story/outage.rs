//! Huntress on a bad day: refused keys, outages, limits, nonsense.

use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_core::health::State;
use nightdesk_standin::{Account, Agent, Fault, FaultKind, IncidentBuilder, RetryAfter};
use nightdesk_store::{Setting, Topic};
use nightdesk_tests::{Scene, configuration};

const FIVE: TimeDelta = TimeDelta::minutes(5);
const REPORTS: &str = "/v1/incident_reports";

#[tokio::test]
async fn a_429_is_waited_out_in_both_forms() {
    for form in [RetryAfter::Seconds(45), RetryAfter::DateIn(TimeDelta::seconds(45))] {
        let mut scene = Scene::night().await;
        let id = scene.world().publish(IncidentBuilder::critical().organization(4));
        scene.soc.fault(Fault::status_with(429, form).on(REPORTS).times(1));
        scene.requests();
        scene.pass_waiting(TimeDelta::minutes(7)).await;
        scene.settle().await;
        let asked: Vec<_> = scene.asked().into_iter().filter(|r| r.path == REPORTS).collect();
        let start: DateTime<Utc> = "2026-03-02T01:05:00Z".parse().unwrap();
        let after: Vec<_> = asked.iter().map(|r| ((r.at - start).num_seconds(), r.status)).collect();
        assert_eq!(after.len(), 2, "{after:?}");
        assert_eq!(after[0].1, Some(429));
        assert!(after[1].0 - after[0].0 >= 45 && after[1].0 - after[0].0 <= 110, "{after:?}");
        assert_eq!(scene.holds(&[id]), 1);
        assert_eq!(scene.status().last_poll.ok, Some(true));
        scene.stop().await;
    }
}

#[tokio::test]
async fn a_key_revoked_at_0112_is_never_hammered_and_comes_back_by_itself() {
    let mut scene = Scene::night().await;
    scene.pass(TimeDelta::minutes(12)).await;
    scene.world().revoke_key();
    let id = scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.requests();
    scene.pass(TimeDelta::minutes(7)).await;
    assert_eq!(
        (scene.time().as_str(), scene.status().state),
        ("01:19:00", State::Watching),
        "the last read is 9 minutes old"
    );
    scene.pass(TimeDelta::minutes(1)).await;
    let status = scene.status();
    assert_eq!(status.state, State::Blind);
    assert_eq!(status.since.unwrap().to_rfc3339(), "2026-03-02T01:10:00+00:00");
    assert!(status.alarms.is_empty());
    let error = status.last_poll.error.unwrap();
    assert!(error.contains("401"), "{error}");
    scene.pass(TimeDelta::minutes(16)).await;
    assert_eq!(scene.status().alarms.len(), 1, "blind for 15 minutes: {:?}", scene.status().alarms);
    scene.pass(TimeDelta::minutes(36)).await;
    let asked = scene.asked();
    assert!(asked.len() <= 4, "an hour with a refused key: {asked:?}");
    assert!(asked.iter().all(|r| r.status == Some(401)));

    scene.world().restore_key();
    scene.pass(TimeDelta::hours(1)).await;
    let status = scene.status();
    assert_eq!((status.state, status.alarms.len()), (State::Watching, 0), "without a restart");
    assert_eq!(scene.holds(&[id]), 1);
    let gaps = scene.gaps();
    assert_eq!(gaps.len(), 1);
    assert!(gaps[0].starts_with("01:10:00-") && !gaps[0].contains("now"), "{gaps:?}");
    scene.assert_accounted();

    // And a key that is entered anew counts at once.
    scene.world().revoke_key();
    scene.pass(TimeDelta::minutes(40)).await;
    scene.world().restore_key();
    scene.write(|tx| tx.touch(Topic::Secrets));
    scene.settle().await;
    assert_eq!(scene.status().state, State::Watching);
    scene.stop().await;
}

#[tokio::test]
async fn huntress_down_for_an_hour_is_a_gap_and_no_loss() {
    for fault in [FaultKind::Status(503, None), FaultKind::ResetBefore, FaultKind::TruncatedJson, FaultKind::NotJson] {
        let mut scene = Scene::night().await;
        scene.pass(FIVE).await;
        scene.soc.fault(Fault::new(fault.clone()));
        scene.requests();
        let mut ids = Vec::new();
        for _ in 0..12 {
            ids.push(scene.world().publish(IncidentBuilder::critical().organization(4)));
            scene.pass(FIVE).await;
        }
        assert_eq!(scene.holds(&ids), 0);
        assert_eq!(scene.status().state, State::Blind, "{fault:?}");
        let asked = scene.asked();
        let times: std::collections::BTreeSet<_> = asked.iter().map(|r| r.at).collect();
        assert_eq!(times.len(), 12, "{fault:?}: tried at each interval");
        assert!(asked.len() <= 12 * 6, "{fault:?}: {}", asked.len());
        scene.soc.clear_faults();
        scene.pass(FIVE).await;
        assert_eq!(scene.holds(&ids), 12);
        assert_eq!(scene.status().state, State::Watching);
        let gaps = scene.gaps();
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        assert!(gaps[0].starts_with("01:05:00-02:10:00 "), "{fault:?}: {gaps:?}");
        scene.assert_accounted();
        scene.stop().await;
    }
}

#[tokio::test]
async fn the_key_of_another_account_stops_polling_and_asks() {
    let mut scene = Scene::night().await;
    let theirs = Account::new(6, "Elsewhere IT")
        .organization(4, "Somebody Else")
        .incident(IncidentBuilder::critical().organization(4));
    scene.world().become_account(theirs);
    scene.write(|tx| tx.set_mark(Setting::AccountCheckedAt, None).unwrap());
    scene.requests();
    scene.pass(TimeDelta::hours(2)).await;
    assert!(scene.requests().iter().all(|p| p == "/v1/account"), "nothing of the other account is read");
    let status = scene.status();
    assert_eq!(status.state, State::Paused);
    assert!(status.reason.unwrap().contains("another account"));
    assert!(status.alarms.iter().any(|a| a.contains("account 6 (\"Elsewhere IT\")")), "{:?}", status.alarms);
    assert_eq!((status.account.id.map(|a| a.0), status.ledger.seen), (Some(5), 1));

    let ours = Scene::account()
        .incident(IncidentBuilder::low().organization(4))
        .incident(IncidentBuilder::low().organization(4));
    scene.world().become_account(ours);
    scene.pass(FIVE).await;
    let status = scene.status();
    assert_eq!((status.state, status.ledger.seen, status.alarms.len()), (State::Watching, 2, 0));
    assert_eq!(scene.gaps().len(), 1, "{:?}", scene.gaps());
    scene.stop().await;
}

#[tokio::test]
async fn a_stop_waits_for_nobody() {
    let mut scene = Scene::night().await;
    scene.soc.fault(Fault::new(FaultKind::Hang));
    let id = scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.clock.pass(std::time::Duration::from_secs(300));
    while scene.soc.requests().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    // It might wait for an hour, but there is nothing to wait for.
    let stopped = scene.stop_within(std::time::Duration::from_secs(3600));
    tokio::time::timeout(std::time::Duration::from_secs(20), stopped).await.expect("it ends at once");
    scene.soc.clear_faults();
    scene.start().await;
    assert_eq!(scene.holds(&[id]), 1);
    scene.stop().await;
}

#[tokio::test]
async fn a_clock_that_differs_from_huntresss_raises_an_alarm_and_loses_nothing() {
    let mut scene = Scene::night().await;
    scene.world().dialect(|d| d.date_skew = TimeDelta::seconds(-120));
    scene.pass(TimeDelta::seconds(270)).await;
    let id = scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.pass(TimeDelta::seconds(90)).await;
    let status = scene.status();
    assert_eq!(status.clock_skew_seconds, Some(120));
    assert!(status.alarms.len() == 1 && status.alarms[0].contains("120 s ahead of Huntress"), "{:?}", status.alarms);
    assert_eq!(scene.holds(&[id]), 1);
    assert_eq!(scene.cursor().as_deref(), Some("01:03:00"), "by Huntress's clock, not ours");
    scene.world().dialect(|d| d.date_skew = TimeDelta::zero());
    scene.pass(FIVE).await;
    assert!(scene.status().alarms.is_empty());
    scene.stop().await;
}

#[tokio::test]
async fn a_bad_shape_of_the_listing_is_a_failed_poll_or_a_read_one_but_never_an_empty_one() {
    let mut scene = Scene::night().await;
    let id = scene.world().publish(IncidentBuilder::critical().organization(4));
    for body in [
        serde_json::json!(null),
        serde_json::json!([]),
        serde_json::json!({}),
        serde_json::json!({"incident_reports": null}),
    ] {
        let cursor = scene.cursor();
        let bad = scene.soc.fault(Fault::new(FaultKind::Body(body.clone())).on(REPORTS));
        scene.pass(FIVE).await;
        assert_eq!(scene.status().last_poll.ok, Some(false), "{body}");
        assert_eq!((scene.cursor(), scene.holds(&[id])), (cursor, 0), "{body}");
        scene.world().lift(bad);
    }
    scene.soc.fault(Fault::new(FaultKind::ListAsObject).on(REPORTS).times(1));
    scene.pass(FIVE).await;
    assert_eq!(scene.holds(&[id]), 1, "an object of rows is read as its rows");
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn a_flood_of_look_ups_keeps_to_half_the_limit_and_delays_no_poll() {
    let account = (100..200).fold(Scene::account(), |a, id| a.agent(Agent::new(id, 4, &format!("SRV-{id}"))));
    let mut scene = Scene::bare(account).await;
    let toml = configuration(&scene.soc.base_url());
    scene.apply(&toml.replace("requests_per_minute = 6000", "requests_per_minute = 30"));
    scene.world().dialect(|d| d.rate_limit = Some(60));
    scene.start().await;
    for agent in 100..200 {
        scene.world().publish(IncidentBuilder::high().organization(4).agent(agent));
    }
    scene.requests();
    scene.token_wait = TimeDelta::seconds(3);
    scene.pass(TimeDelta::minutes(14)).await;
    let asked = scene.asked();
    assert!(asked.iter().all(|r| r.status == Some(200)), "never refused");
    let looked_up: std::collections::BTreeSet<_> =
        asked.iter().filter(|r| r.path.starts_with("/v1/agents/")).map(|r| r.path.clone()).collect();
    assert_eq!(looked_up.len(), 100);
    let minute = |r: &nightdesk_standin::Request| r.at.timestamp();
    for r in &asked {
        let within = asked.iter().filter(|o| (0..60).contains(&(minute(o) - minute(r)))).count();
        assert!(within <= 50, "{within} requests in the minute from {}", r.at);
    }
    let start: DateTime<Utc> = "2026-03-02T01:00:00Z".parse().unwrap();
    let walks: Vec<_> = asked
        .iter()
        .filter(|r| r.path == REPORTS && r.param("sort_field").is_some() && r.param("page_token").is_none())
        .map(|r| (r.at - start).num_seconds())
        .collect();
    // A hundred look-ups take minutes; a poll among them takes its turn at once. Some slack, for a busy machine.
    assert!(walks.len() == 2 && walks[0] - 300 < 30 && walks[1] - 600 < 30, "{walks:?}");
    assert_eq!(scene.tickets().len(), 100);
    scene.stop().await;
}
