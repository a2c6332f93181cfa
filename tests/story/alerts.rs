//! Who is told, when, and how often; and what is only looked up once a ticket exists.

use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::ids::OrganizationId;
use nightdesk_core::port::{Found, Outgoing, PortFuture, Sender};
use nightdesk_standin::{Account, Agent, Fault, IncidentBuilder, Notice};
use nightdesk_store::{Opening, Store};
use nightdesk_tests::{Scene, Screen};
use std::sync::{Arc, Mutex};

const FIVE: TimeDelta = TimeDelta::minutes(5);

async fn night(account: Account) -> (Scene, Arc<Screen>) {
    let native = Screen::new();
    let mut scene = Scene::open(account).await;
    scene.senders = vec![native.clone()];
    scene.start().await;
    (scene, native)
}

#[tokio::test]
async fn news_alerts_once_and_changes_that_matter_alert_again() {
    let (mut scene, native) = night(Scene::account()).await;
    let id = scene.world().publish(IncidentBuilder::low().organization(4).entity("LAPTOP-7"));
    scene.pass(FIVE).await;
    let told = native.take();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("new ") && told[0].contains("LAPTOP-7"), "{told:?}");

    scene.world().update(id, |r| drop(r.insert("summary".into(), "More.".into())));
    scene.pass(FIVE).await;
    assert!(native.take().is_empty(), "a note wakes nobody");
    scene.world().set_severity(id, "critical");
    scene.pass(FIVE).await;
    let told = native.take();
    assert!(told.len() == 1 && told[0].starts_with("raised "), "{told:?}");
    scene.world().set_severity(id, "low");
    scene.world().set_status(id, "closed");
    scene.pass(FIVE).await;
    assert!(native.take().is_empty(), "nor does the end");
    scene.world().set_status(id, "sent");
    scene.pass(FIVE).await;
    let told = native.take();
    assert!(told.len() == 1 && told[0].starts_with("reopened "), "{told:?}");
    scene.pass(TimeDelta::hours(2)).await;
    assert!(native.take().is_empty(), "sweeps and polls repeat nothing");
    let outbox = scene.status().outbox;
    assert_eq!((outbox.queued, outbox.retrying, outbox.in_doubt, outbox.dead), (0, 0, 0, 0));
    scene.stop().await;
}

#[tokio::test]
async fn what_comes_beside_the_walk_is_told_at_once_and_not_with_the_next_poll() {
    let (mut scene, native) = night(Scene::account()).await;
    scene.pass(TimeDelta::minutes(59)).await;
    scene.world().add_escalation(Notice::new("Unexpected country").organization(4).severity("high"));
    // Its last change lies before the cursor, where no walk looks.
    scene.world().publish(IncidentBuilder::high().organization(4).updated_at("2025-01-01T00:00:00Z"));
    assert!(native.take().is_empty());
    scene.pass(TimeDelta::minutes(1)).await;
    let told = native.take();
    assert!(told.iter().any(|t| t.starts_with("new ")), "the sweep found it: {told:?}");
    assert!(told.iter().any(|t| t.contains("Unexpected country")), "{told:?}");
    assert_eq!(told.len(), 2, "{told:?}");
    scene.stop().await;
}

#[tokio::test]
async fn old_news_is_told_once_for_all() {
    let (mut scene, native) = night(Scene::account()).await;
    for days in [2, 30, 400] {
        let id = scene.world().publish(IncidentBuilder::critical().organization(4).sent_ago(TimeDelta::days(days)));
        scene.world().touch(id);
    }
    scene.pass(FIVE).await;
    assert_eq!(scene.tickets().len(), 3);
    assert_eq!(native.take().len(), 1, "one summary");
    let fresh = IncidentBuilder::critical().organization(4).sent_ago(TimeDelta::hours(23));
    let fresh = scene.world().publish(fresh);
    scene.world().touch(fresh);
    scene.pass(FIVE).await;
    assert_eq!(native.take().len(), 1, "a day is news");
    scene.stop().await;
}

#[tokio::test]
async fn what_is_withheld_or_over_wakes_nobody() {
    let (mut scene, native) = night(Scene::account()).await;
    scene.act(|tx, now| api::orgs_ignore(tx, now, "dana", OrganizationId(8))).unwrap();
    scene.world().publish(IncidentBuilder::critical().organization(8));
    scene.world().publish(IncidentBuilder::critical().organization(4).status("closed"));
    scene.pass(FIVE).await;
    assert!(native.take().is_empty());
    scene.stop().await;
}

#[tokio::test]
async fn what_is_no_longer_withheld_alerts_like_anything_new_and_only_what_is_open() {
    let (mut scene, native) = night(Scene::account()).await;
    scene.act(|tx, now| api::orgs_ignore(tx, now, "dana", OrganizationId(8))).unwrap();
    scene.world().publish(IncidentBuilder::critical().organization(8).entity("SRV-8"));
    let over = scene.world().publish(IncidentBuilder::critical().organization(8).entity("SRV-9"));
    scene.pass(FIVE).await;
    scene.world().set_status(over, "closed");
    scene.pass(FIVE).await;
    assert!(native.take().is_empty());
    let done = scene.act(|tx, now| api::orgs_unmap(tx, now, "dana", OrganizationId(8))).unwrap();
    assert_eq!(done.opened.len(), 1);
    scene.pass(TimeDelta::seconds(1)).await;
    let told = native.take();
    assert!(told.len() == 1 && told[0].starts_with("new ") && told[0].contains("SRV-8"), "{told:?}");
    scene.stop().await;
}

#[tokio::test]
async fn a_desk_that_has_been_blind_for_long_says_so_once_through_every_way_out() {
    let (mut scene, native) = night(Scene::account()).await;
    scene.soc.fault(Fault::status(503));
    scene.pass(TimeDelta::minutes(14)).await;
    assert!(native.take().is_empty(), "an outage of minutes is shown, not shouted");
    scene.pass(TimeDelta::hours(2)).await;
    let told = native.take();
    assert!(told.len() == 1 && told[0].starts_with("desk Nightdesk has not been able to read"), "{told:?}");
    scene.soc.clear_faults();
    scene.pass(TimeDelta::minutes(30)).await;
    scene.soc.fault(Fault::status(503));
    scene.pass(TimeDelta::hours(2)).await;
    assert_eq!(native.take().len(), 1, "and again when it happens again");
    scene.stop().await;
}

/// Begins to send and never ends.
struct Stuck(Mutex<Vec<Outgoing>>);

impl Sender for Stuck {
    fn kind(&self) -> Kind {
        Kind::Native
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Key
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        self.0.lock().unwrap().push(outgoing.clone());
        Box::pin(std::future::pending())
    }

    fn look_up<'a>(&'a self, _: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(std::future::ready(Found::No))
    }
}

#[tokio::test]
async fn nd_5_what_a_crash_left_half_sent_is_in_doubt_and_repeated_under_the_same_key() {
    let mut scene = Scene::open(Scene::account()).await;
    let stuck = Arc::new(Stuck(Mutex::default()));
    scene.senders = vec![stuck.clone()];
    scene.start().await;
    scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.pass(FIVE).await;
    let begun = stuck.0.lock().unwrap().clone();
    assert_eq!(begun.len(), 1);
    scene.crash().await;
    let native = Screen::new();
    scene.senders = vec![native.clone()];
    scene.start().await;
    scene.pass(FIVE).await;
    let sent = native.sent();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert_eq!((sent[0].id, &sent[0].marker), (begun[0].id, &begun[0].marker));
    assert_eq!(sent[0].attempt, 2);
    let attempts = scene.read(|tx| tx.attempts(sent[0].id).unwrap());
    assert_eq!(attempts.len(), 2, "both are on record: {attempts:?}");
    assert_eq!(stuck.0.lock().unwrap().len(), 1);
    scene.stop().await;
}

#[tokio::test]
async fn the_host_is_looked_up_after_its_ticket_exists_and_never_before() {
    let account = Scene::account().agent(Agent::new(31, 4, "SRV-ACME-01"));
    let (mut scene, _native) = night(account).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, path) = (seen.clone(), scene.path());
    scene.soc.on_request(Box::new(move |r, _| {
        if r.path.starts_with("/v1/agents/") {
            let mut store = Store::open(&path, Opening::Guest).unwrap();
            let tickets = store.read(|tx| api::tickets(tx, &api::TicketsAsked::default())).unwrap();
            log.lock().unwrap().push((r.path.clone(), tickets.len()));
        }
    }));
    let known = scene.world().publish(IncidentBuilder::critical().organization(4).agent(31));
    let gone = scene.world().publish(IncidentBuilder::critical().organization(4).agent(32));
    let same = scene.world().publish(IncidentBuilder::low().organization(4).agent(31));
    scene.pass(FIVE).await;
    let mut asked = seen.lock().unwrap().clone();
    asked.sort();
    assert_eq!(asked, [("/v1/agents/31".to_owned(), 3), ("/v1/agents/32".to_owned(), 3)], "once for each host");
    let text = |id| scene.read(|tx| api::ticket(tx, scene.ticket_of(id).id).unwrap()).description;
    assert!(text(known).contains("SRV-ACME-01") && text(same).contains("SRV-ACME-01"));
    assert!(text(gone).contains("no details of agent 32"), "{}", text(gone));
    scene.stop().await;
}
