//! Where a post may go, and that one endpoint is no other's trouble.

use super::{PATIENCE, attempts, endpoint, events, follow, heard, leap, listed, states, unstarted};
use chrono::TimeDelta;
use nightdesk_core::clock::Clock as _;
use nightdesk_standin::Fault;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::consumer::{Consumer, Reaction};
use nightdesk_tests::{Scene, configuration, hooks_where_names_lead_to, hooks_where_no_name_is_found};
use std::sync::Arc;
use std::time::Duration;

const SIX: TimeDelta = TimeDelta::minutes(6);

#[tokio::test]
async fn nd_9_of_five_endpoints_one_hangs_and_one_redirects_inside_and_three_hear_at_once() {
    let (mut scene, consumers) = unstarted(5).await;
    // Nobody waits for the one that hangs: whoever hears, hears meanwhile.
    scene.sends_end_within = Duration::ZERO;
    scene.start().await;
    let (hangs, redirects) = (&consumers[0], &consumers[1]);
    let trap = Consumer::start(Arc::new(scene.clock.clone())).await.unwrap();
    hangs.usually(Reaction::Hang);
    redirects.usually(Reaction::Redirect(trap.url()));
    // More than an endpoint has places.
    for _ in 0..9 {
        scene.world().publish(IncidentBuilder::low().organization(4));
    }
    let report = scene.poll().await;
    assert_eq!(report.tickets_created, 9);
    for healthy in &consumers[2..] {
        heard(healthy, 9).await;
        assert_eq!(events(&healthy.posts()), ["incident_report.created"; 9]);
    }
    heard(redirects, 9).await;
    assert_eq!(hangs.posts().len(), 4, "it has its own places and takes nobody's");
    hangs.stop();
    scene.sends_end_within = PATIENCE;
    scene.pass(TimeDelta::minutes(10)).await;
    assert!(trap.posts().is_empty(), "a redirect is a failure and isn't followed");
    let tries = attempts(&scene, &redirects.url());
    assert!(tries.iter().all(|a| a.status == Some(302)), "{tries:?}");
    assert!(tries[0].error.as_deref().unwrap().contains("redirect"), "{:?}", tries[0].error);
    let rows = listed(&scene);
    assert!(rows[0].failing_since.is_some() && rows[1].failing_since.is_some() && rows[2].failing_since.is_none());
    for healthy in &consumers[2..] {
        assert_eq!(healthy.posts().len(), 9, "nobody hears twice");
    }
    scene.stop().await;
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_connected_to() {
    let (mut scene, consumers) = unstarted(1).await;
    let address = consumers[0].url();
    let port = address.split(':').nth(2).unwrap().trim_end_matches("/in").to_owned();
    scene.senders = vec![hooks_where_names_lead_to(&scene.clock, "127.0.0.1".parse().unwrap())];
    let url = format!("https://siem.example.com:{port}/in");
    let mut file = configuration(&scene.soc.base_url());
    file.push_str(&endpoint(&url, &["incident_reports"]).replace("allow_private = true\n", ""));
    scene.apply(&file);
    scene.start().await;
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(SIX).await;
    let tries = attempts(&scene, &url);
    assert!(!tries.is_empty() && tries.iter().all(|a| a.status.is_none()), "{tries:?}");
    assert!(tries[0].error.as_deref().unwrap().contains("loopback"), "{:?}", tries[0].error);
    assert!(consumers[0].posts().is_empty());
    assert_eq!(states(&scene), ["retrying"]);
    scene.stop().await;
}

const GONE: &str = "https://siem.example.com/in";

/// A desk with an endpoint whose name isn't found.
async fn unfound() -> Scene {
    let (mut scene, _) = unstarted(0).await;
    scene.senders = vec![hooks_where_no_name_is_found(&scene.clock)];
    let file = endpoint(GONE, &["incident_reports"]).replace("allow_private = true\n", "");
    scene.apply(&format!("{}{file}", configuration(&scene.soc.base_url())));
    scene.start().await;
    scene
}

/// Days with news on each, and each try when it is due.
async fn days(scene: &Scene, many: i64) {
    for _ in 0..many {
        let end = scene.clock.now() + TimeDelta::hours(24);
        scene.world().publish(IncidentBuilder::low().organization(4));
        scene.pass(SIX).await;
        follow(scene, GONE, end - scene.clock.now()).await;
        leap(scene, end - scene.clock.now()).await;
    }
}

#[tokio::test]
async fn an_endpoint_whose_domain_is_gone_is_disabled_after_five_days_like_any_that_fails() {
    let mut scene = unfound().await;
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(SIX).await;
    let row = &listed(&scene)[0];
    assert!(row.enabled && row.failing_since.is_some(), "{row:?}");
    let tries = attempts(&scene, GONE);
    assert!(tries[0].error.as_deref().unwrap().contains("could not be looked up"), "{tries:?}");
    assert!(tries.iter().all(|a| a.duration_ms.is_none() && a.request.headers.is_empty()), "nothing left: {tries:?}");
    days(&scene, 4).await;
    assert!(listed(&scene)[0].enabled, "not before five days");
    days(&scene, 2).await;
    let row = &listed(&scene)[0];
    assert!(!row.enabled, "{row:?}");
    let alarms = scene.status().alarms;
    assert!(alarms.iter().any(|a| a.contains(GONE)), "{alarms:?}");
    scene.stop().await;
}

#[tokio::test]
async fn a_desk_that_is_offline_itself_gives_no_endpoint_up() {
    let mut scene = unfound().await;
    scene.world().publish(IncidentBuilder::low().organization(4));
    // From here on nothing is reached: neither Huntress nor any name. What was queued is tried on.
    scene.poll().await;
    scene.soc.fault(Fault::status(503));
    days(&scene, 7).await;
    let row = &listed(&scene)[0];
    assert!(row.enabled && attempts(&scene, GONE).len() >= 8, "{row:?}");
    scene.stop().await;
}
