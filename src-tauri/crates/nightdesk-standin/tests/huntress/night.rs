//! The demo's account and its night.

use std::time::Duration;

use crate::desk::Desk;
use chrono::DateTime;
use nightdesk_standin::night::{Night, msp, roster};
use serde_json::Value;

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

#[tokio::test]
async fn the_account_is_believable() {
    let desk = Desk::open(msp(1)).await;
    let world = desk.huntress.world();
    assert_eq!(roster().len(), 40);
    assert_eq!(roster().iter().filter(|client| !client.mapped).count(), 5);
    assert_eq!(desk.walk("/v1/organizations", "organizations", &[500]).await.len(), 40);
    assert!(desk.walk("/v1/agents", "agents", &[500]).await.len() >= 120);
    let ages: Vec<i64> = world
        .incidents_with_status("sent")
        .into_iter()
        .map(|id| {
            let wire = world.incident(id).unwrap();
            let sent = DateTime::parse_from_rfc3339(wire["sent_at"].as_str().unwrap()).unwrap().to_utc();
            (desk.time.now() - sent).num_hours()
        })
        .collect();
    assert_eq!(ages.len(), 26);
    assert!(ages.iter().any(|hours| *hours < 1) && ages.iter().any(|hours| *hours > 30 * 24), "{ages:?}");
    assert!(world.incidents_with_status("closed").len() >= 30);
    for id in world.incident_ids() {
        let wire = world.incident(id).unwrap();
        if let Some(closed) = wire["closed_at"].as_str() {
            assert!(closed > wire["sent_at"].as_str().unwrap(), "{wire}");
        }
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_night() {
    let mut tellings = Vec::new();
    for (seed, step) in [(3, 1), (3, 17), (4, 1)] {
        let mut night = Night::new(seed);
        let desk = Desk::open(night.account()).await;
        let mut told = Vec::new();
        for minute in (0..=340).step_by(step) {
            told.extend(night.advance(desk.huntress.world(), minutes(minute)));
        }
        tellings.push(told);
    }
    assert_eq!(tellings[0], tellings[1], "however it is stepped");
    assert_ne!(tellings[0], tellings[2]);
    assert!(tellings[0].len() > 40);
    for told in &tellings[0] {
        assert!(!told.contains("nothing to do"), "{told}");
    }
}

#[tokio::test]
async fn the_outage_comes_and_goes() {
    let mut night = Night::new(3);
    let desk = Desk::open(night.account()).await;
    let mut statuses = Vec::new();
    for minute in 0..=45 {
        night.advance(desk.huntress.world(), minutes(minute));
        let status = desk.get("/v1/account").await.status;
        if statuses.last() != Some(&status) {
            statuses.push(status);
        }
    }
    assert_eq!(statuses, [200, 429, 500, 200]);
}

#[tokio::test]
async fn the_night_holds_what_a_desk_must_cope_with() {
    let mut night = Night::new(3);
    let desk = Desk::open(night.account()).await;
    let world = desk.huntress.world();
    let before = world.incident_ids();
    let mapped: Vec<i64> =
        roster().iter().filter(|client| client.mapped).map(|client| client.organization_id).collect();
    night.advance(world, minutes(120));
    let new: Vec<Value> = world
        .incident_ids()
        .into_iter()
        .filter(|id| !before.contains(id))
        .map(|id| world.incident(id).unwrap())
        .collect();
    let of = |wire: &Value| wire["organization_id"].as_i64();
    let critical = |wire: &&Value| wire["severity"] == "critical";
    assert!(new.iter().filter(critical).any(|wire| of(wire).is_some_and(|id| mapped.contains(&id))));
    assert!(new.iter().filter(critical).any(|wire| of(wire).is_some_and(|id| !mapped.contains(&id))));
    assert!(new.iter().any(|wire| wire["organization_id"].is_null()));
    assert!(new.iter().any(|wire| wire["organization_id"].is_object()), "the malformed one");
    assert!(
        new.iter().any(|wire| wire["subject"].as_str().is_some_and(|text| text.starts_with("CRITICAL - Incident")))
    );
    assert_eq!(desk.get("/v1/organizations/403").await.json()["organization"]["name"], "Brightmoss Animal Hospital");
    assert_eq!(desk.get("/v1/organizations/441").await.status, 200);
    assert!(night.next_at() > minutes(120));
}
