//! From the built-in desk to AlgaPSA and back.

use super::{FIVE, deliveries, night, publish, rehome, states, written};
use chrono::TimeDelta;
use nightdesk_core::clock::Clock;
use nightdesk_core::config::DeskKind;
use nightdesk_core::delivery::{Kind, State};
use nightdesk_engine::configure::{self, Applied};
use nightdesk_psa::algapsa::Pace;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::algapsa::{Fault, FaultKind};
use nightdesk_tests::{PsaDesk, Scene};

/// The other desk, with the catalogue that it has.
fn switch(scene: &Scene, to: &PsaDesk, kind: DeskKind) -> Applied {
    let (now, listed) = (scene.clock.now(), (kind == DeskKind::Algapsa).then(|| to.listed()));
    scene.write(|tx| {
        let (mut config, _) = configure::current(tx).unwrap();
        config.organizations.clear();
        config.desk.kind = kind;
        config.desk.base_url = (kind == DeskKind::Algapsa).then(|| to.base_url());
        configure::apply(tx, now, "dana", &config, false, listed).map_err(|e| e.to_string()).unwrap()
    })
}

#[tokio::test]
async fn open_tickets_go_along_and_closed_ones_stay_behind() {
    let mut scene = Scene::open(Scene::account()).await;
    let mut desk = match scene.psa.take() {
        // The whole suite runs at AlgaPSA: this one begins elsewhere by itself.
        Some(_) => return,
        None => PsaDesk::start(&scene.clock, Pace::Documented).await,
    };
    desk.mirror(&nightdesk_core::config::Local::default());
    desk.alga.desk().add_client("Acme");
    desk.alga.desk().add_status("Triage", "To sort", false);
    let mapped = scene.world().publish(IncidentBuilder::high().organization(4));
    let stray = scene.world().publish(IncidentBuilder::high().organization(6));
    let linked = scene.world().publish(IncidentBuilder::low().organization(7));
    let over = scene.world().publish(IncidentBuilder::low().organization(4));
    scene.start().await;
    scene.world().set_status(over, "closed");
    scene.pass(FIVE).await;
    scene.stop().await;

    let done = switch(&scene, &desk, DeskKind::Algapsa).carried.unwrap();
    assert_eq!((done.tickets.len(), done.mapped), (3, 1));
    assert_eq!(done.unmapped, [("organization 7 (Initech)".to_owned(), "Initech".to_owned())], "no such client there");
    scene.psa = Some(desk);
    scene.start().await;
    scene.pass(FIVE).await;
    assert_eq!(scene.alga().tickets().len(), 3);
    assert_eq!((scene.filed(mapped).client.as_str(), scene.filed(mapped).board.as_str()), ("Acme", "Security"));
    assert_eq!(scene.filed(stray).board, "Triage");
    assert_eq!((scene.filed(linked).board.as_str(), scene.ticket_of(linked).unmapped), ("Triage", true));
    assert!(scene.timeline_of(mapped).iter().any(|l| l.starts_with("carried: Carried over to AlgaPSA")));

    // What the SOC opens again comes along late.
    scene.world().set_status(over, "sent");
    scene.pass(FIVE).await;
    assert_eq!((scene.filed(over).client.as_str(), scene.filed(over).board.as_str()), ("Acme", "Security"));
    assert!(scene.timeline_of(over).iter().any(|l| l.starts_with("carried: ")));

    // There and back again: nothing is made twice.
    scene.stop().await;
    desk = scene.psa.take().unwrap();
    switch(&scene, &desk, DeskKind::Local);
    scene.start().await;
    scene.pass(FIVE).await;
    scene.stop().await;
    switch(&scene, &desk, DeskKind::Algapsa);
    scene.psa = Some(desk);
    written(&scene);
    scene.start().await;
    scene.pass(TimeDelta::minutes(10)).await;
    assert_eq!(scene.alga().tickets().len(), 4, "{:?}", written(&scene));
    assert!(states(&scene, Kind::PsaTicket).iter().all(|s| *s != State::Queued));
    scene.stop().await;
}

/// At the built-in desk for a while.
async fn away(scene: &mut Scene) -> PsaDesk {
    scene.stop().await;
    let desk = scene.psa.take().unwrap();
    switch(scene, &desk, DeskKind::Local);
    scene.start().await;
    scene.pass(FIVE).await;
    desk
}

async fn back(scene: &mut Scene, desk: PsaDesk) {
    scene.stop().await;
    switch(scene, &desk, DeskKind::Algapsa);
    scene.psa = Some(desk);
    written(scene);
    scene.start().await;
    scene.pass(FIVE).await;
}

#[tokio::test]
async fn what_people_did_at_a_desk_that_was_left_stands_when_it_is_come_back_to() {
    let mut scene = night().await;
    let [theirs, meanwhile, ours, raised] =
        [4, 5, 6, 7].map(|n| scene.world().publish(IncidentBuilder::high().organization(n).agent(n)));
    scene.pass(FIVE).await;
    let there = [theirs, meanwhile].map(|id| scene.filed(id).id);
    let desk = scene.alga();
    desk.add_client("Umbrella");
    desk.add_status("Security", "Waiting", false);
    desk.add_priority("Urgent");
    desk.person_sets_client(&there[0], "Umbrella", "Kim Park");
    desk.person_sets_status(&there[0], "Waiting", "Kim Park");
    desk.person_sets_priority(&there[0], "Urgent", "Kim Park");
    scene.pass(FIVE).await;
    assert_eq!(scene.ticket_of(theirs).client, "Umbrella");

    let desk = away(&mut scene).await;
    assert_eq!(scene.ticket_of(theirs).board, "Triage", "the built-in desk has no such client");
    desk.alga.desk().person_sets_client(&there[1], "Globex", "Kim Park");
    rehome(&scene, ours, "Globex");
    scene.world().set_severity(raised, "critical");
    scene.pass(FIVE).await;
    back(&mut scene, desk).await;

    let filed = scene.filed(theirs);
    assert_eq!(
        (filed.client.as_str(), filed.board.as_str(), filed.status.as_str(), filed.priority.as_str()),
        ("Umbrella", "Security", "Waiting", "Urgent")
    );
    assert_eq!((scene.ticket_of(theirs).client.as_str(), scene.ticket_of(theirs).unmapped), ("Umbrella", false));
    assert_eq!(scene.ticket_of(meanwhile).client, "Globex", "what was done there meanwhile is followed");
    assert_eq!((scene.filed(ours).client.as_str(), scene.filed(ours).board.as_str()), ("Globex", "Security"));
    assert_eq!(scene.filed(raised).priority, "Critical");
    assert_eq!(scene.alga().tickets().len(), 4);
    scene.stop().await;
}

#[tokio::test]
async fn what_was_in_doubt_at_a_desk_that_was_left_alarms_nobody_for_good() {
    let mut scene = night().await;
    // What is sent within minutes of the desk's beginning is looked for there first.
    scene.pass(TimeDelta::minutes(10)).await;
    scene.alga().fault(Fault::new(FaultKind::LostAnswer).method("POST"));
    scene.alga().fault(Fault::new(FaultKind::ResetBefore).method("GET"));
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    assert_eq!(states(&scene, Kind::PsaTicket), [State::InDoubt]);
    let desk = away(&mut scene).await;
    assert_eq!(states(&scene, Kind::PsaTicket), [State::Cancelled], "{:?}", deliveries(&scene));
    assert!(!scene.status().alarms.iter().any(|a| a.contains("doubt")), "{:?}", scene.status().alarms);
    desk.alga.desk().clear_faults();
    back(&mut scene, desk).await;
    assert_eq!(scene.alga().tickets().len(), 1);
    assert_eq!(scene.ticket_of(id).remote_id, Some(scene.filed(id).id));
    scene.stop().await;
}
