//! A storm at the pace that AlgaPSA allows.

use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::Scene;

#[tokio::test]
async fn five_hundred_at_once_are_on_the_desk_within_one_poll_and_reach_algapsa_at_its_pace_the_oldest_critical_first()
{
    let mut scene = Scene::at_algapsa(Scene::account()).await;
    scene.alga().set_rate_limit(120, 60);
    // A request waits for its token on the desk's clock, with its delivery under way.
    (scene.token_wait, scene.sends_end_within) = (TimeDelta::seconds(2), std::time::Duration::ZERO);
    scene.start().await;
    // What is sent within minutes of the desk's beginning is looked for there first.
    scene.pass(TimeDelta::minutes(10)).await;
    let mut critical = Vec::new();
    for n in 0..500 {
        let incident = if n % 10 == 9 { IncidentBuilder::critical() } else { IncidentBuilder::low() };
        let id = scene.world().publish(incident.organization(4).agent(10_000 + n));
        if n % 10 == 9 {
            critical.push(id);
        }
    }
    let began = scene.clock.now();
    scene.poll().await;
    assert_eq!(scene.tickets().len(), 500, "all of them are on the desk with the first poll");
    scene.pass(TimeDelta::minutes(30)).await;
    let mut made: Vec<(DateTime<Utc>, String)> =
        scene.alga().tickets().into_iter().map(|t| (t.entered_at, t.title)).collect();
    assert_eq!(made.len(), 500);
    made.sort();
    let refused = scene.alga().requests().iter().filter(|r| r.status == Some(429)).count();
    assert_eq!(refused, 0, "it is never asked for more than it allows");
    let of = |id: i64| made.iter().position(|(_, title)| title.ends_with(&format!("(HR-{id})"))).unwrap();
    let places: Vec<usize> = critical.iter().map(|id| of(*id)).collect();
    assert!(places.iter().all(|p| *p < 60), "the critical go first: {places:?}");
    let took = made.last().unwrap().0 - began;
    assert!(took >= TimeDelta::minutes(6), "{took}: 120 at once and 60 a minute");
    scene.stop().await;
}
