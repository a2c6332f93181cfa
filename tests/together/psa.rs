//! AlgaPSA as the desk, by the program itself: connecting, working beside an engine and without one, and what goes wrong.

mod connecting;
mod trouble;
mod working;

use crate::command::Office;
use nightdesk_core::clock::Clock as _;
use nightdesk_engine::clock::SystemClock;
use nightdesk_standin::algapsa::{AlgaStandin, Desk, Slip, Ticket};
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// How often another process's work is looked at, and for how long at most.
const LOOK: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(30);

/// A stand-in with the boards and clients of a small MSP.
async fn algapsa() -> AlgaStandin {
    let clock = SystemClock::default();
    let desk = Desk::msp();
    desk.observe_rate_only();
    AlgaStandin::start(desk, Arc::new(move || clock.now())).await.unwrap()
}

/// Serves a desk where another stand-in has just ended.
async fn served(desk: &Desk, at: SocketAddr) -> AlgaStandin {
    for _ in 0..100 {
        match AlgaStandin::serve(desk.clone(), at).await {
            Ok(standin) => return standin,
            Err(_) => tokio::time::sleep(LOOK).await,
        }
    }
    panic!("{at} stays in use");
}

/// An office that knows the key, and whose desk is still the built-in one.
async fn beside(alga: &AlgaStandin) -> Office {
    let mut office = Office::open().await;
    office.psa_key = Some(alga.key());
    office
}

/// An office whose desk it is.
async fn at(alga: &AlgaStandin) -> Office {
    let office = beside(alga).await;
    let file = office.configuration("psa", |text| desk(&text, &alga.base_url()));
    office.run(&["config", "apply", &file]).await.well();
    office
}

/// A configuration whose desk is there.
fn desk(text: &str, base_url: &str) -> String {
    format!("{text}\n[desk]\nkind = \"algapsa\"\nbase_url = {base_url:?}\n")
}

/// The ticket here of an incident.
async fn here(office: &Office, incident: i64) -> Value {
    let all = office.tickets().await;
    all.iter().find(|t| t["incident_id"] == incident).unwrap_or_else(|| panic!("none for {incident}: {all:?}")).clone()
}

/// The ticket there of an incident, if it is there; never twice.
fn there(alga: &AlgaStandin, incident: i64) -> Option<Ticket> {
    let marker = format!("(HR-{incident})");
    let mut found: Vec<Ticket> = alga.desk().tickets().into_iter().filter(|t| t.title.ends_with(&marker)).collect();
    assert!(found.len() <= 1, "twice there: {found:?}");
    found.pop()
}

/// Waits for something that an engine in another process does.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(PATIENCE, async {
        while !is_so().await {
            tokio::time::sleep(LOOK).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("it never came to this: {what}"));
}

/// Waits until a ticket stands there in a certain way.
async fn until_there(alga: &AlgaStandin, incident: i64, what: &str, is_so: impl Fn(&Ticket) -> bool) {
    until(what, async || there(alga, incident).is_some_and(|t| is_so(&t))).await;
}

/// Waits until a ticket stands there as it stands here, with nothing left to be told.
async fn until_in_step(office: &Office, incident: i64) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while here(office, incident).await["psa"] != "in_step" {
        if tokio::time::Instant::now() > deadline {
            let (ticket, outbox) = (here(office, incident).await, office.run(&["outbox"]).await.out);
            let state = office.run(&["psa"]).await.out;
            panic!("{incident} is not in step: {ticket}\n{outbox}\n{state}");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// What `doctor` has found of one check.
async fn findings(office: &Office, check: &str) -> Vec<Value> {
    let all = office.run(&["doctor"]).await.json();
    all.as_array().unwrap().iter().filter(|f| f["check"] == check).cloned().collect()
}

/// Nothing improper was asked of it, but for what finds out what a key may do: writes that can't be carried out.
fn assert_careful(alga: &AlgaStandin) {
    let asks_rights = |s: &Slip| {
        s.path.contains("00000000-0000-0000-0000-000000000000")
            || s.path.ends_with("/tickets") && ["title", "board_id", "priority_id"].iter().all(|f| s.what.contains(f))
    };
    let slips: Vec<Slip> = alga.take_unexpected().into_iter().filter(|s| !asks_rights(s)).collect();
    assert_eq!(slips, []);
}
