//! Walk, cursor, sweep, and Huntress on a bad day.

use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_core::health::State;
use nightdesk_standin::{Account, Fault, FaultKind, IncidentBuilder, PageEdge, RetryAfter};
use nightdesk_store::{Setting, Topic};
use nightdesk_tests::Scene;

const FIVE: TimeDelta = TimeDelta::minutes(5);
const REPORTS: &str = "/v1/incident_reports";

async fn night() -> Scene {
    let mut scene = Scene::open(Scene::account()).await;
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.start().await;
    scene.requests();
    scene
}

/// Publishes reports whose last change lies one second apart, the last one now.
fn publish(scene: &Scene, n: i64) -> Vec<i64> {
    let ago = |i| scene.world().now() - TimeDelta::seconds(n - i);
    (1..=n).map(|i| scene.world().publish(IncidentBuilder::low().organization(4).sent_at(ago(i)))).collect()
}

fn has(scene: &Scene, ids: &[i64]) -> usize {
    let ticketed = scene.ticketed();
    ids.iter().filter(|id| ticketed.binary_search(id).is_ok()).count()
}

fn second_page() -> impl Fn(&nightdesk_standin::Request) -> bool + Send + Sync + 'static {
    |r| r.path == REPORTS && r.param("sort_field") == Some("updated_at") && r.param("page_token").is_some()
}

#[tokio::test]
async fn nd_2_a_page_commits_wholly_or_not_at_all() {
    let mut scene = night().await;
    scene.stop().await;
    let cursor = scene.cursor();
    let parts = scene.parts();
    parts.store.limit_growth(40).unwrap();
    scene.start_with(parts).await;
    scene.pass(FIVE).await;
    scene.requests();
    let ids = publish(&scene, 50);
    scene.pass(FIVE).await;
    assert_eq!(has(&scene, &ids), 0, "one page, and the disk is full in the middle of it");
    assert_eq!(scene.cursor(), cursor, "the cursor stays");
    assert_eq!(scene.status().ledger.seen, 1);
    scene.pass(TimeDelta::minutes(30)).await;
    assert_eq!(scene.status().state, State::Blind, "what isn't stored isn't proven");
    let asked = scene.asked().into_iter().filter(|r| r.path == REPORTS).count();
    assert_eq!(asked, 7, "a full disk is no reason to hammer");

    scene.crash().await;
    scene.start().await;
    assert_eq!(has(&scene, &ids), 50, "room again: nothing was lost");
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn nd_3_the_cursor_waits_for_a_failed_page() {
    let mut scene = night().await;
    scene.pass(TimeDelta::hours(1)).await;
    let cursor = scene.cursor();
    let ids = publish(&scene, 120);
    scene.soc.fault(Fault::status(502).when(second_page()));
    scene.requests();
    scene.pass(FIVE).await;
    assert_eq!(scene.cursor(), cursor);
    assert_eq!(has(&scene, &ids), 50, "the page that came is stored all the same");
    assert_eq!(scene.status().last_poll.ok, Some(false));
    let limits: Vec<_> = scene.asked().iter().filter_map(|r| r.param("limit").map(str::to_owned)).collect();
    assert_eq!(limits, ["50", "250", "250", "250"], "two repetitions of what failed");

    scene.soc.clear_faults();
    scene.pass(FIVE).await;
    assert_eq!(has(&scene, &ids), 120);
    assert_eq!(scene.tickets().len(), 121);
    assert_eq!(scene.cursor().as_deref(), Some("02:00:00"), "the newest change");
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn nd_3_dates_from_the_future_or_of_no_calendar_hide_nothing() {
    let mut scene = night().await;
    let odd = ["2031-01-01T00:00:00Z", "not a date", "2026-02-30T00:00:00Z", ""]
        .map(|date| scene.world().publish(IncidentBuilder::high().organization(4).updated_at(date)));
    scene.pass(FIVE).await;
    assert_eq!(has(&scene, &odd), 4);
    assert_eq!(scene.cursor().as_deref(), Some("01:05:00"), "never past Huntress's own time");
    for minute in 0..3 {
        let next = scene.world().publish(IncidentBuilder::high().organization(4));
        scene.pass(FIVE).await;
        assert_eq!(has(&scene, &[next]), 1, "round {minute}");
    }
    assert_eq!(scene.tickets().len(), 8);
    assert_eq!(scene.status().last_poll.ok, Some(true));
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn nd_3_a_listing_without_an_end_moves_nothing() {
    let mut scene = night().await;
    scene.pass(FIVE).await;
    let cursor = scene.cursor();
    let ids = publish(&scene, 120);
    scene.soc.fault(Fault::new(FaultKind::RepeatPageToken).when(second_page()));
    scene.requests();
    scene.pass(FIVE).await;
    assert_eq!(scene.cursor(), cursor);
    let error = scene.status().last_poll.error.unwrap();
    assert!(error.contains("repeats a page token"), "{error}");
    assert_eq!(scene.requests(), [REPORTS, REPORTS], "and isn't walked for ever");
    scene.soc.clear_faults();
    scene.pass(FIVE).await;
    assert_eq!(has(&scene, &ids), 120);
    scene.stop().await;
}

#[tokio::test]
async fn nd_3_twelve_thousand_rows_and_none_lost() {
    let mut scene = Scene::open(Scene::account()).await;
    let ids = publish(&scene, 12_000);
    scene.start().await;
    let status = scene.status();
    assert_eq!((status.last_poll.error, status.last_poll.ok), (None, Some(true)));
    assert_eq!((status.ledger.seen, status.ledger.ticketed), (12_000, 12_000));
    assert_eq!(has(&scene, &ids), 12_000);
    assert_eq!(scene.cursor().as_deref(), Some("01:00:00"));
    let walked = scene.asked().into_iter().filter(|r| r.path == REPORTS && r.param("sort_field").is_some());
    assert!(walked.into_iter().all(|r| r.param("limit") == Some("500")));
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn the_first_run_takes_every_open_incident_whatever_its_age() {
    let mut scene = Scene::open(Scene::account()).await;
    let days = |n| TimeDelta::days(n);
    let open =
        [400, 30, 8, 1].map(|n| scene.world().publish(IncidentBuilder::high().organization(4).sent_ago(days(n))));
    let remediating =
        scene.world().publish(IncidentBuilder::low().organization(6).status("auto_remediating").sent_ago(days(90)));
    let recent = scene.world().publish(IncidentBuilder::low().organization(4).sent_ago(days(400)).closed_ago(days(3)));
    let history = scene.world().publish(IncidentBuilder::low().organization(4).sent_ago(days(400)).closed_ago(days(8)));
    scene.start().await;
    assert_eq!(has(&scene, &open), 4);
    assert_eq!(scene.tickets().len(), 5);
    assert_eq!(has(&scene, &[remediating]), 1);
    assert_eq!(has(&scene, &[recent, history]), 0);
    let l = scene.status().ledger;
    assert_eq!((l.seen, l.record_only, l.unaccounted), (6, 1, Some(0)), "what ended a week ago is history");

    scene.world().set_status(history, "sent");
    scene.pass(FIVE).await;
    assert_eq!(has(&scene, &[history]), 1, "until the SOC takes it up again");
    scene.stop().await;
}

#[tokio::test]
async fn the_sweep_finds_what_no_walk_can_see() {
    let mut scene = night().await;
    publish(&scene, 60);
    scene.pass(TimeDelta::minutes(25)).await;
    publish(&scene, 1);
    scene.pass(FIVE).await;
    let late = scene.world().publish(
        IncidentBuilder::high().organization(4).sent_ago(TimeDelta::days(60)).updated_at("2026-01-01T00:00:00Z"),
    );
    scene.pass(TimeDelta::minutes(29)).await;
    assert_eq!(has(&scene, &[late]), 0, "its last change lies before the cursor");
    scene.pass(TimeDelta::minutes(1)).await;
    assert_eq!(has(&scene, &[late]), 1);
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn what_is_open_here_and_not_listed_is_asked_for_by_id() {
    let mut scene = Scene::open(Scene::account()).await;
    let day = TimeDelta::days(1);
    let [closed, gone, stays] =
        [(); 3].map(|()| scene.world().publish(IncidentBuilder::high().organization(4).sent_ago(day)));
    publish(&scene, 60);
    scene.start().await;
    scene.world().update_quietly(closed, |r| drop(r.insert("status".into(), "closed".into())));
    scene.world().remove(gone);
    scene.requests();
    scene.pass(TimeDelta::minutes(55)).await;
    assert!(scene.requests().iter().all(|p| p == REPORTS || p.ends_with("escalations") || p.ends_with("actions")));
    assert_eq!(scene.kinds_of(closed), "opened");
    scene.pass(TimeDelta::hours(4)).await;
    assert_eq!(scene.kinds_of(closed), "opened note closed");
    assert!(!scene.ticket_of(closed).is_open);
    assert_eq!(scene.kinds_of(gone), "opened gone", "said once");
    assert!(scene.ticket_of(gone).is_open, "nobody said that it is solved");
    assert_eq!(scene.kinds_of(stays), "opened");
    let by_id: Vec<_> = scene.requests().into_iter().filter(|p| p.starts_with("/v1/incident_reports/")).collect();
    assert_eq!(by_id.iter().filter(|p| p.ends_with(&format!("/{closed}"))).count(), 1);
    assert!(!by_id.iter().any(|p| p.ends_with(&format!("/{stays}"))));
    assert_eq!(scene.status().ledger.unaccounted, Some(0));
    scene.stop().await;
}

#[tokio::test]
async fn pages_grow_with_what_there_is_to_read() {
    let mut scene = night().await;
    scene.pass(TimeDelta::minutes(30)).await;
    let ids = publish(&scene, 900);
    scene.requests();
    scene.pass(FIVE).await;
    assert_eq!(has(&scene, &ids), 900);
    let limits: Vec<_> = scene.asked().iter().filter_map(|r| r.param("limit").map(str::to_owned)).collect();
    assert_eq!(limits[..3], ["50", "250", "500"]);
    scene.pass(FIVE).await;
    let limits: Vec<_> = scene.asked().iter().filter_map(|r| r.param("limit").map(str::to_owned)).collect();
    assert_eq!(limits[0], "50", "small again");
    scene.stop().await;
}

#[tokio::test]
async fn rows_of_one_timestamp_are_all_taken() {
    for edge in [PageEdge::Exact, PageEdge::Repeats, PageEdge::Misses] {
        let mut scene = night().await;
        scene.world().dialect(|d| d.page_edge = edge);
        scene.pass(TimeDelta::minutes(3)).await;
        let ids: Vec<_> = (0..130).map(|_| scene.world().publish(IncidentBuilder::low().organization(4))).collect();
        scene.pass(FIVE).await;
        if edge == PageEdge::Misses {
            // Huntress itself leaves out the equals of a page's last row; the hourly sweep asks for more at once.
            assert_eq!(has(&scene, &ids), 50);
            scene.pass(TimeDelta::hours(1)).await;
        }
        assert_eq!(has(&scene, &ids), 130, "{edge:?}");
        assert_eq!(scene.tickets().len(), 131, "{edge:?}");
        assert_eq!(scene.status().last_poll.ok, Some(true));
        scene.assert_accounted();
        scene.stop().await;
    }
}

#[tokio::test]
async fn a_listing_that_moves_between_two_pages_loses_nothing() {
    let mut scene = night().await;
    scene.pass(TimeDelta::minutes(30)).await;
    let ids = publish(&scene, 120);
    let (oldest, newest) = (ids[0], ids[119]);
    scene.soc.on_request(Box::new(move |r, world| {
        if second_page()(r) {
            // One jumps over the page that was read; one that was read leaves the list.
            world.touch(oldest);
            world.remove(newest);
        }
    }));
    scene.pass(FIVE).await;
    scene.soc.on_request(Box::new(|_, _| {}));
    scene.pass(FIVE).await;
    assert_eq!(has(&scene, &ids), 120);
    assert_eq!(scene.tickets().len(), 121);
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn a_429_is_waited_out_in_both_forms() {
    for form in [RetryAfter::Seconds(45), RetryAfter::DateIn(TimeDelta::seconds(45))] {
        let mut scene = night().await;
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
        assert!(after[1].0 - after[0].0 >= 45 && after[1].0 - after[0].0 <= 50, "{after:?}");
        assert_eq!(has(&scene, &[id]), 1);
        assert_eq!(scene.status().last_poll.ok, Some(true));
        scene.stop().await;
    }
}

#[tokio::test]
async fn a_key_revoked_at_0112_is_never_hammered_and_comes_back_by_itself() {
    let mut scene = night().await;
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
    assert_eq!(has(&scene, &[id]), 1);
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
        let mut scene = night().await;
        scene.pass(FIVE).await;
        scene.soc.fault(Fault::new(fault.clone()));
        scene.requests();
        let mut ids = Vec::new();
        for _ in 0..12 {
            ids.push(scene.world().publish(IncidentBuilder::critical().organization(4)));
            scene.pass(FIVE).await;
        }
        assert_eq!(has(&scene, &ids), 0);
        assert_eq!(scene.status().state, State::Blind, "{fault:?}");
        let asked = scene.asked();
        let times: std::collections::BTreeSet<_> = asked.iter().map(|r| r.at).collect();
        assert_eq!(times.len(), 12, "{fault:?}: tried at each interval");
        assert!(asked.len() <= 12 * 6, "{fault:?}: {}", asked.len());
        scene.soc.clear_faults();
        scene.pass(FIVE).await;
        assert_eq!(has(&scene, &ids), 12);
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
    let mut scene = night().await;
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
async fn one_walk_runs_and_one_waits_for_all_who_ask_meanwhile() {
    let mut scene = night().await;
    let slow = FaultKind::Delay(std::time::Duration::from_millis(400));
    scene.soc.fault(Fault::new(slow).on(REPORTS).times(1));
    scene.requests();
    let now = scene.clock.now();
    let ask = || scene.write(|tx| tx.ask("poll", "{}", now, now + FIVE).unwrap());
    let first = ask();
    while scene.soc.requests().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let later = [ask(), ask(), ask()];
    scene.settle().await;
    let answer = |id| scene.read(|tx| tx.request(id).unwrap()).unwrap().answer.unwrap();
    let walks = scene.requests().into_iter().filter(|p| p == REPORTS).count();
    assert_eq!(walks, 2, "the one under way, and one that began after the others asked");
    assert!(answer(first).contains("\"ok\":true"));
    assert!(later.iter().all(|id| answer(*id) == answer(later[0])), "who waits together hears the same");
    scene.stop().await;
}

#[tokio::test]
async fn a_stop_waits_for_nobody_longer_than_it_may() {
    let mut scene = night().await;
    scene.soc.fault(Fault::new(FaultKind::Hang));
    let id = scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.clock.pass(std::time::Duration::from_secs(300));
    while scene.soc.requests().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let stopped = scene.stop_within(std::time::Duration::from_millis(500));
    tokio::time::timeout(std::time::Duration::from_secs(2), stopped).await.expect("it ends in time");
    scene.soc.clear_faults();
    scene.start().await;
    assert_eq!(has(&scene, &[id]), 1);
    scene.stop().await;
}

#[tokio::test]
async fn a_clock_that_differs_from_huntresss_raises_an_alarm_and_loses_nothing() {
    let mut scene = night().await;
    scene.world().dialect(|d| d.date_skew = TimeDelta::seconds(-120));
    scene.pass(TimeDelta::seconds(270)).await;
    let id = scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.pass(TimeDelta::seconds(90)).await;
    let status = scene.status();
    assert_eq!(status.clock_skew_seconds, Some(120));
    assert!(status.alarms.len() == 1 && status.alarms[0].contains("120 s ahead of Huntress"), "{:?}", status.alarms);
    assert_eq!(has(&scene, &[id]), 1);
    assert_eq!(scene.cursor().as_deref(), Some("01:03:00"), "by Huntress's clock, not ours");
    scene.world().dialect(|d| d.date_skew = TimeDelta::zero());
    scene.pass(FIVE).await;
    assert!(scene.status().alarms.is_empty());
    scene.stop().await;
}

#[tokio::test]
async fn a_bad_shape_of_the_listing_is_a_failed_poll_or_a_read_one_but_never_an_empty_one() {
    let mut scene = night().await;
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
        assert_eq!((scene.cursor(), has(&scene, &[id])), (cursor, 0), "{body}");
        scene.world().lift(bad);
    }
    scene.soc.fault(Fault::new(FaultKind::ListAsObject).on(REPORTS).times(1));
    scene.pass(FIVE).await;
    assert_eq!(has(&scene, &[id]), 1, "an object of rows is read as its rows");
    scene.assert_accounted();
    scene.stop().await;
}
