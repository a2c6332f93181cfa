//! Where a post may go, and that one endpoint is no other's trouble.

use super::{PATIENCE, attempts, endpoint, events, heard, listed, states, unstarted};
use chrono::TimeDelta;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::consumer::{Consumer, Reaction};
use nightdesk_tests::{configuration, hooks_where_names_lead_to};
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
