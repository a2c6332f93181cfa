//! The PSA's request limit.

use std::time::Duration;

use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::Outcome;
use nightdesk_core::port::{Psa, PsaError};
use nightdesk_standin::algapsa::{Fault, RetryAfter};

use crate::desk::{Scene, reference};

#[tokio::test]
async fn a_burst_of_tickets_keeps_within_the_limit() {
    let scene = Scene::new().await;
    let mut made = 0;
    for n in 0..100 {
        let mut create = scene.create();
        create.marker = format!("HR-{n}");
        match scene.open(&create, 1).await {
            Outcome::Delivered { .. } => made += 1,
            Outcome::Temporary { .. } => panic!("an empty bucket is a second's wait"),
            other => panic!("{other:?}"),
        }
        if scene.standin.requests().len() >= 118 {
            break;
        }
    }
    assert_eq!(made, 59, "two requests each");
    assert!(scene.standin.requests().iter().all(|r| r.status != Some(429)));
    let (tickets, outgoing) = (scene.tickets(), crate::desk::outgoing(&scene.create(), 1));
    let mut sending = tickets.send(&outgoing);
    let outcome = loop {
        tokio::select! {
            outcome = &mut sending => break outcome,
            () = tokio::time::sleep(Duration::from_millis(5)) => scene.clock.advance(1),
        }
    };
    reference(outcome);
    assert!(scene.standin.requests().iter().all(|r| r.status != Some(429)));
}

#[tokio::test]
async fn a_429_closes_the_way_for_every_kind_until_it_may_go_on() {
    let scene = Scene::new().await;
    let wait = RetryAfter::Seconds(45);
    scene.standin.fault(Fault::status_with(429, wait).times(1));
    let asked = Some(Duration::from_secs(45));
    let Outcome::Temporary { retry_after, .. } = scene.open(&scene.create(), 1).await else { panic!("429") };
    assert_eq!(retry_after, asked);
    let until = scene.clock.now() + chrono::Duration::seconds(45);
    for sender in scene.psa.senders() {
        assert_eq!(sender.closed_until(), Some(until));
    }
    let before = scene.standin.requests().len();
    let Outcome::Temporary { retry_after, .. } = scene.open(&scene.create(), 1).await else { panic!("closed") };
    assert_eq!((retry_after, scene.standin.requests().len()), (asked, before), "not even asked");
    scene.clock.advance(45);
    assert_eq!(scene.tickets().closed_until(), None);
    // Nobody says that there is more than one token.
    let create = nightdesk_core::psa::Create { tags: Vec::new(), ..scene.create() };
    reference(scene.open(&create, 1).await);
}

#[tokio::test]
async fn another_program_with_the_same_key_is_noticed_by_what_is_left() {
    let scene = Scene::new().await;
    scene.desk().set_rate_limit(5, 60);
    scene.psa.open_tickets(1).await.unwrap();
    let rest = async {
        for _ in 0..6 {
            scene.psa.open_tickets(1).await.unwrap();
        }
    };
    tokio::pin!(rest);
    loop {
        tokio::select! {
            () = &mut rest => break,
            () = tokio::time::sleep(Duration::from_millis(5)) => scene.clock.advance(1),
        }
    }
    assert!(scene.standin.requests().iter().all(|r| r.status != Some(429)));
}

#[tokio::test]
async fn a_reader_is_told_too() {
    let scene = Scene::new().await;
    scene.standin.fault(Fault::status_with(429, RetryAfter::Seconds(200)).times(1));
    assert!(matches!(scene.psa.open_tickets(1).await, Err(PsaError::RateLimited { retry_after: Some(_) })));
}
