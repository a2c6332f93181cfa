//! Answers that nobody wants to hear: one bad one costs one ticket's moment, and never the sight of all the others.

use super::{FIVE, deliveries, night, publish, states};
use chrono::TimeDelta;
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::{Kind, State};
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::algapsa::{Fault, FaultKind};
use nightdesk_standin::mail::MailServer;
use nightdesk_tests::Scene;
use std::sync::Arc;

/// Changes there are looked for every minute, and a minute after one that failed.
const SEEN: TimeDelta = TimeDelta::seconds(65);
const HOUR: TimeDelta = TimeDelta::minutes(62);

#[tokio::test]
async fn a_ticket_that_was_out_of_sight_is_followed_again_once_it_is_seen() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    let there = scene.filed(id).id;
    // The key's user may not see it for a while, which looks from here as if it had been deleted.
    scene.alga().fault(Fault::status(404).on(&there));
    scene.world().set_status(id, "closed");
    scene.pass(FIVE).await;
    assert!(scene.timeline_of(id).iter().any(|l| l.contains("deleted it in AlgaPSA")), "{:#?}", scene.timeline_of(id));
    scene.alga().clear_faults();
    scene.world().set_status(id, "sent");
    scene.pass(HOUR).await;
    let told = scene.timeline_of(id);
    assert!(told.iter().any(|l| l.starts_with("psa: It is in AlgaPSA after all")), "{told:#?}");
    scene.world().set_status(id, "closed");
    scene.pass(FIVE).await;
    assert!(scene.filed(id).is_closed);
    scene.alga().take_unexpected();
    scene.stop().await;
}

#[tokio::test]
async fn one_ticket_that_algapsa_cannot_show_hides_no_other() {
    let mut scene = night().await;
    let [broken, other] =
        [5, 6].map(|agent| scene.world().publish(IncidentBuilder::high().organization(4).agent(agent)));
    scene.pass(FIVE).await;
    let there = [broken, other].map(|id| scene.filed(id).id);
    // A person changes it as ours arrives, so that it has to be looked at, which fails from then on.
    scene.alga().fault(Fault::status(500).method("GET").on(&there[0]).after(1));
    scene.alga().person_sets_priority(&there[0], "Low", "Kim Park");
    scene.world().set_status(broken, "closed");
    scene.poll().await;
    scene.pass(TimeDelta::seconds(5)).await;
    scene.alga().person_closes(&there[1], "Kim Park");
    scene.pass(SEEN + SEEN).await;
    assert!(!scene.ticket_of(other).is_open, "{:#?}", scene.timeline_of(other));
    scene.alga().clear_faults();
    scene.pass(FIVE).await;
    scene.stop().await;
}

#[tokio::test]
async fn a_sweep_is_not_begun_anew_for_one_ticket_that_cannot_be_shown() {
    let mut scene = night().await;
    let [broken, other] =
        [5, 6].map(|agent| scene.world().publish(IncidentBuilder::high().organization(4).agent(agent)));
    scene.pass(FIVE).await;
    let there = [broken, other].map(|id| scene.filed(id).id);
    scene.alga().fault(Fault::status(500).on(&there[0]));
    for id in &there {
        scene.alga().person_deletes(id, "Kim Park");
    }
    scene.alga().take_requests();
    scene.pass(HOUR).await;
    assert!(scene.timeline_of(other).iter().any(|l| l.contains("deleted it in AlgaPSA")));
    let sweeps = scene.alga().take_requests().iter().filter(|r| r.param("is_open").is_some()).count();
    assert_eq!(sweeps, 1, "one an hour");
    scene.alga().take_unexpected();
    scene.stop().await;
}

#[tokio::test]
async fn a_change_dated_in_the_future_hides_none_that_comes_after_it() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    let there = scene.filed(id).id;
    let import = scene.alga().person_opens("an old contract (HR-900001)", "Security", "Acme", "Kim Park").unwrap();
    assert!(scene.alga().import_dates(&import, scene.clock.now() + TimeDelta::days(400)));
    scene.pass(SEEN).await;
    scene.alga().person_closes(&there, "Kim Park");
    scene.pass(SEEN).await;
    assert!(!scene.ticket_of(id).is_open, "{:#?}", scene.timeline_of(id));
    scene.stop().await;
}

#[tokio::test]
async fn tickets_given_to_a_client_out_of_use_cost_one_look_at_the_catalogue() {
    let mut scene = night().await;
    let ids: Vec<i64> =
        (0..8).map(|n| scene.world().publish(IncidentBuilder::low().organization(4).agent(n))).collect();
    scene.pass(FIVE).await;
    scene.alga().add_client("Umbrella");
    scene.alga().deactivate("Umbrella");
    for id in &ids {
        scene.alga().person_sets_client(&scene.filed(*id).id, "Umbrella", "Kim Park");
    }
    scene.alga().take_requests();
    scene.pass(SEEN).await;
    let read = scene.alga().take_requests().iter().filter(|r| r.path.ends_with("/boards")).count();
    assert_eq!(read, 1);
    for id in ids {
        let told = scene.timeline_of(id);
        assert!(told.iter().any(|l| l.contains("client Acme -> one that isn't in the catalogue")), "{told:#?}");
    }
    scene.psa.take();
    scene.stop().await;
}

#[tokio::test]
async fn a_line_that_comes_and_goes_mails_what_waits_for_a_person_once() {
    let mut scene = Scene::at_algapsa(Scene::account()).await;
    scene.mail = Some(MailServer::start(Arc::new(scene.clock.clone())).await.unwrap());
    scene.apply(&scene.mail_server().toml(&["soc@example.com"]));
    scene.start().await;
    scene.alga().deactivate("Triage");
    scene.pass(HOUR).await;
    publish(&scene, IncidentBuilder::high().organization(6)).await;
    scene.alga().deny("ticket:create");
    publish(&scene, IncidentBuilder::high().organization(4)).await;
    assert_eq!(states(&scene, Kind::PsaTicket), [State::NeedsHuman, State::NeedsHuman]);
    for _ in 0..4 {
        scene.alga().fault(Fault::new(FaultKind::ResetBefore));
        scene.pass(TimeDelta::minutes(2)).await;
        scene.alga().clear_faults();
        scene.pass(TimeDelta::minutes(3)).await;
    }
    let mail = scene.mailed().await;
    let told = mail.iter().filter(|m| m.subject().contains("Undelivered | ticket to")).count();
    assert_eq!(told, 2, "{:?}", mail.iter().map(|m| m.subject()).collect::<Vec<_>>());
    let failed = states(&scene, Kind::PsaTicket).iter().filter(|s| **s == State::NeedsHuman).count();
    assert_eq!(failed, 2, "both still say that somebody is needed");
    scene.alga().take_unexpected();
    scene.mailed().await;
    scene.stop().await;
}

#[tokio::test]
async fn a_right_that_was_granted_counts_as_soon_as_somebody_has_it_read() {
    let mut scene = night().await;
    scene.alga().deny("ticket:create");
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    assert_eq!(states(&scene, Kind::PsaTicket), [State::NeedsHuman]);
    scene.alga().allow("ticket:create");
    scene.act(|tx, _| nightdesk_api::psa_sync(tx)).unwrap();
    scene.pass(TimeDelta::seconds(10)).await;
    assert_eq!(scene.filed(id).client, "Acme", "{:?}", deliveries(&scene));
    scene.alga().take_unexpected();
    scene.stop().await;
}
