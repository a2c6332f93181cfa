//! When it is tried again, and how it ends.

use super::{PATIENCE, attempts, desk, events, follow, heard, leap, listed, next_try, states, unstarted};
use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_api as api;
use nightdesk_core::clock::Clock as _;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::consumer::{Post, Reaction};
use nightdesk_tests::Screen;
use std::time::Duration;

const SIX: TimeDelta = TimeDelta::minutes(6);

/// Seconds from one post to the next.
fn gaps(posts: &[Post]) -> Vec<i64> {
    posts.windows(2).map(|two| (two[1].at - two[0].at).num_seconds()).collect()
}

fn is_near(found: i64, wanted: i64) -> bool {
    // A fifth of jitter either way, and the moments in which the dispatcher looks.
    (found - wanted).abs() <= wanted / 5 + 2
}

#[tokio::test]
async fn it_is_tried_by_the_schedule_with_the_same_id_and_body_and_a_signature_of_each_time() {
    let (mut scene, consumers) = desk(1).await;
    let siem = &consumers[0];
    siem.script(vec![Reaction::Status(500); 7]);
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(SIX).await;
    follow(&scene, &siem.url(), TimeDelta::hours(48)).await;

    let posts = siem.posts();
    assert_eq!(events(&posts), ["incident_report.created"; 8]);
    for (found, wanted) in gaps(&posts).into_iter().zip([5, 300, 1800, 7200, 18_000, 36_000, 36_000]) {
        assert!(is_near(found, wanted), "{found} s instead of {wanted}");
    }
    assert!(posts.iter().all(|p| p.id == posts[0].id && p.body == posts[0].body), "the same message");
    assert_eq!(states(&scene), ["delivered"]);
    let tries = attempts(&scene, &siem.url());
    assert_eq!(tries.iter().map(|a| a.status.unwrap()).collect::<Vec<_>>(), [204, 500, 500, 500, 500, 500, 500, 500]);
    assert!(tries.iter().all(|a| a.message_id == posts[0].id && a.request.body == posts[0].body));
    assert_eq!(tries[1].response.as_ref().unwrap().body, "status 500");
    assert_eq!(tries[0].request.headers["webhook-id"], posts[0].id);
    scene.stop().await;
}

#[tokio::test]
async fn after_eight_failures_it_is_a_dead_letter_that_is_seen_and_can_be_sent_again() {
    let (mut scene, consumers) = desk(1).await;
    let siem = &consumers[0];
    siem.usually(Reaction::Status(503));
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(SIX).await;
    follow(&scene, &siem.url(), TimeDelta::hours(48)).await;
    assert_eq!(states(&scene), ["dead_lettered"]);
    assert_eq!(scene.status().outbox.dead, 1, "nd_8: the alarm lasts until somebody deals with it");
    let posts = siem.take_posts();
    assert_eq!(posts.len(), 8);

    siem.usually(Reaction::Take);
    scene.act(|tx, now| api::webhook_resend(tx, now, &posts[0].id, None)).unwrap();
    scene.pass(TimeDelta::seconds(2)).await;
    let again = siem.posts();
    assert_eq!(events(&again), ["incident_report.created"]);
    assert_eq!((&again[0].id, &again[0].body), (&posts[0].id, &posts[0].body), "the consumer knows it");
    assert_eq!(states(&scene), ["cancelled", "delivered"]);
    assert_eq!(scene.status().outbox.dead, 0, "whoever sends it again has dealt with it");
    let unknown = scene.act(|tx, now| api::webhook_resend(tx, now, "msg_nowhere", None));
    assert_eq!(unknown.unwrap_err().code, api::Code::NotFound);
    scene.stop().await;
}

#[tokio::test]
async fn a_wait_that_is_asked_for_is_kept_in_both_forms() {
    let (mut scene, consumers) = desk(1).await;
    let siem = &consumers[0];
    let later: DateTime<Utc> = scene.clock.now() + TimeDelta::hours(3);
    siem.script([Reaction::BusyFor(600), Reaction::BusyUntil(later)]);
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(TimeDelta::hours(4)).await;
    let posts = siem.posts();
    assert_eq!(posts.len(), 3);
    assert!((600..=610).contains(&gaps(&posts)[0]), "{:?}", gaps(&posts));
    assert!(posts[2].at >= later && posts[2].at <= later + TimeDelta::seconds(10));
    scene.stop().await;
}

#[tokio::test]
async fn silence_keeps_the_schedule() {
    let (mut scene, consumers) = desk(1).await;
    let siem = &consumers[0];
    siem.script([Reaction::Hang, Reaction::Hang]);
    scene.world().publish(IncidentBuilder::low().organization(4));
    // Nobody waits for what hangs until it is hung up.
    scene.sends_end_within = Duration::ZERO;
    scene.poll().await;
    heard(siem, 1).await;
    siem.hang_up();
    let next = next_try(&scene, &siem.url()).await;
    scene.clock.pass((next - scene.clock.now()).to_std().unwrap());
    heard(siem, 2).await;
    siem.hang_up();
    next_try(&scene, &siem.url()).await;
    scene.sends_end_within = PATIENCE;
    follow(&scene, &siem.url(), TimeDelta::hours(1)).await;
    let posts = siem.posts();
    assert!(posts.iter().all(|p| p.id == posts[0].id));
    for (found, wanted) in gaps(&posts).into_iter().zip([5, 300]) {
        assert!(is_near(found, wanted), "nothing is hammered: {found} s instead of {wanted}");
    }
    assert_eq!(posts.len(), 3);
    assert_eq!(attempts(&scene, &siem.url())[1].status, None);
    scene.stop().await;
}

#[tokio::test]
async fn nd_5_what_was_under_way_in_a_crash_is_sent_again_under_the_same_id() {
    let (mut scene, consumers) = unstarted(1).await;
    let siem = &consumers[0];
    scene.sends_end_within = Duration::ZERO;
    scene.start().await;
    siem.script([Reaction::Hang]);
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.poll().await;
    heard(siem, 1).await;
    scene.crash().await;
    scene.sends_end_within = PATIENCE;
    scene.start().await;
    scene.pass(TimeDelta::seconds(1)).await;
    assert_eq!(siem.posts().len(), 1, "by the schedule, not at once");
    scene.pass(SIX).await;
    heard(siem, 2).await;
    let posts = siem.posts();
    assert_eq!((&posts[0].id, &posts[0].body), (&posts[1].id, &posts[1].body));
    scene.settle().await;
    assert_eq!(states(&scene), ["delivered"]);
    scene.stop().await;
}

#[tokio::test]
async fn a_goodbye_disables_the_endpoint_and_what_comes_then_waits() {
    let screen = Screen::new();
    let (mut scene, consumers) = unstarted(1).await;
    scene.senders.push(screen.clone());
    scene.start().await;
    scene.pass(SIX).await;
    let (siem, url) = (&consumers[0], consumers[0].url());
    siem.script([Reaction::Gone]);
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(SIX).await;
    assert_eq!(siem.take_posts().len(), 1);
    let row = &listed(&scene)[0];
    assert!(!row.enabled && row.last_status == Some(410), "{row:?}");
    assert!(screen.take().iter().any(|a| a.starts_with("desk") && a.contains("wants no more")));
    assert!(scene.status().alarms.iter().any(|a| a.contains(&url)), "{:?}", scene.status().alarms);

    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(SIX).await;
    leap(&scene, TimeDelta::hours(30)).await;
    assert!(siem.posts().is_empty());
    assert_eq!(states(&scene), ["rejected", "queued"]);
    assert_eq!(listed(&scene)[0].waiting, 1);
    let refused = scene.act(|tx, now| api::webhook_test(tx, now, &url, None)).unwrap_err();
    assert_eq!(refused.code, api::Code::Conflict);

    let done = scene.act(|tx, now| api::webhook_enable(tx, now, "tester", &url)).unwrap();
    assert_eq!((done.was_enabled, done.waiting), (false, 1));
    scene.pass(TimeDelta::seconds(2)).await;
    assert_eq!(events(&siem.posts()), ["incident_report.created"]);
    assert!(listed(&scene)[0].enabled);
    scene.stop().await;
}

#[tokio::test]
async fn five_days_of_failures_disable_the_endpoint_with_an_alarm() {
    let screen = Screen::new();
    let (mut scene, consumers) = unstarted(1).await;
    scene.senders.push(screen.clone());
    scene.start().await;
    scene.pass(SIX).await;
    let siem = &consumers[0];
    siem.usually(Reaction::Status(502));
    for _ in 0..5 {
        scene.world().publish(IncidentBuilder::low().organization(4));
        scene.pass(SIX).await;
        for _ in 0..7 {
            leap(&scene, TimeDelta::hours(3)).await;
        }
        assert!(listed(&scene)[0].enabled, "not before five days");
    }
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(SIX).await;
    for _ in 0..8 {
        leap(&scene, TimeDelta::hours(3)).await;
    }
    let row = &listed(&scene)[0];
    assert!(!row.enabled, "{row:?}");
    assert!(screen.take().iter().any(|a| a.starts_with("desk") && a.contains("five days")));
    siem.take_posts();
    leap(&scene, TimeDelta::hours(24)).await;
    assert!(siem.posts().is_empty(), "nothing more is sent");
    assert!(listed(&scene)[0].waiting > 0);

    // A success forgives everything.
    siem.usually(Reaction::Take);
    let url = siem.url();
    scene.act(|tx, now| api::webhook_enable(tx, now, "tester", &url)).unwrap();
    for _ in 0..4 {
        leap(&scene, TimeDelta::hours(3)).await;
    }
    let row = &listed(&scene)[0];
    assert!(row.enabled && row.failing_since.is_none() && row.waiting == 0, "{row:?}");
    scene.stop().await;
}
