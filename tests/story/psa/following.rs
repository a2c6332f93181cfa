//! What changes here is so there too.

use super::{FIVE, deliveries, night, publish, rehome, states, written};
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::delivery::{Kind, State};
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::algapsa::{Fault, FaultKind};
use nightdesk_store::DeliveryRow;
use nightdesk_tests::Scene;

const SOON: TimeDelta = TimeDelta::seconds(10);

#[tokio::test]
async fn a_re_home_is_one_update_with_the_new_boards_status_and_undo_takes_it_back() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::high().organization(6)).await;
    written(&scene);
    let undo = rehome(&scene, id, "Globex");
    scene.pass(SOON).await;
    let there = scene.filed(id);
    assert_eq!((there.board.as_str(), there.client.as_str(), there.status.as_str()), ("Security", "Globex", "New"));
    assert_eq!(there.category.as_deref(), Some("Security incident"));
    let mut asked = written(&scene);
    asked.sort();
    assert_eq!(asked, ["POST /tickets/ID/comments", "PUT /tickets/ID"]);
    scene.act(|tx, now| api::undo(tx, now, "dana", undo)).unwrap();
    scene.pass(SOON).await;
    let there = scene.filed(id);
    assert_eq!(
        (there.board.as_str(), there.client.as_str(), there.status.as_str()),
        ("Triage", "Security Triage", "To sort")
    );
    assert!(
        !scene.timeline_of(id).iter().any(|l| l.starts_with("psa: In AlgaPSA:")),
        "nothing is taken for a person's doing"
    );
    scene.stop().await;
}

#[tokio::test]
async fn what_is_undone_before_it_left_never_leaves() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::high().organization(6)).await;
    scene.alga().fault(Fault::new(FaultKind::ResetBefore));
    let undo = rehome(&scene, id, "Globex");
    scene.pass(SOON).await;
    scene.act(|tx, now| api::undo(tx, now, "dana", undo)).unwrap();
    scene.pass(TimeDelta::seconds(1)).await;
    scene.alga().clear_faults();
    written(&scene);
    scene.pass(FIVE).await;
    assert_eq!(states(&scene, Kind::PsaUpdate), [State::Superseded]);
    assert!(!written(&scene).iter().any(|w| w.starts_with("PUT")), "only the note of what happened");
    scene.stop().await;
}

#[tokio::test]
async fn a_raised_severity_raises_the_priority_and_is_told_in_an_internal_note() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::low().organization(4)).await;
    scene.world().set_severity(id, "critical");
    scene.pass(FIVE).await;
    let there = scene.filed(id);
    assert_eq!(there.priority, "Critical");
    let comments = scene.alga().comments(&there.id);
    assert!(!comments.is_empty() && comments.iter().all(|c| c.is_internal), "{comments:#?}");
    assert!(comments.iter().any(|c| c.text.contains("severity: low -> critical")), "{comments:#?}");
    scene.stop().await;
}

#[tokio::test]
async fn close_through_closes_with_the_status_of_its_own_board_and_fires_the_event_and_reopen_reopens() {
    let mut scene = night().await;
    let triage = scene.world().publish(IncidentBuilder::high().organization(6));
    let mapped = publish(&scene, IncidentBuilder::high().organization(4)).await;
    written(&scene);
    for id in [triage, mapped] {
        scene.world().set_status(id, "closed");
    }
    scene.pass(FIVE).await;
    assert_eq!((scene.filed(triage).status.as_str(), scene.filed(mapped).status.as_str()), ("Done", "Closed"));
    assert_eq!(scene.alga().closings().len(), 2, "clocks and surveys there hear of it");
    assert_eq!(written(&scene).iter().filter(|w| *w == "PUT /tickets/ID/status").count(), 2);
    scene.world().set_status(mapped, "sent");
    scene.pass(FIVE).await;
    let there = scene.filed(mapped);
    assert_eq!((there.status.as_str(), there.is_closed, there.closed_at), ("New", false, None));
    scene.stop().await;
}

/// A ticket that a rule there doesn't let be closed: the scene, its incident, and the update that was refused.
async fn refused_to_close() -> (Scene, i64, DeliveryRow) {
    let scene = night().await;
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    scene.alga().set_close_rule("Security", "A resolution is required");
    scene.world().set_status(id, "closed");
    scene.pass(FIVE).await;
    let update = deliveries(&scene).into_iter().find(|d| d.kind == Kind::PsaUpdate).unwrap();
    (scene, id, update)
}

#[tokio::test]
async fn a_close_rule_there_is_a_dead_letter_that_says_so() {
    let (mut scene, id, update) = refused_to_close().await;
    assert_eq!(update.state, State::Rejected);
    assert!(update.last_error.unwrap().contains("A resolution is required"));
    assert!(!scene.filed(id).is_closed && !scene.ticket_of(id).is_open);
    scene.alga().clear_close_rules("Security");
    scene.act(|tx, now| api::redrive(tx, now, update.id)).unwrap();
    scene.pass(SOON).await;
    assert!(scene.filed(id).is_closed);
    scene.alga().take_unexpected();
    scene.stop().await;
}

#[tokio::test]
async fn what_was_dismissed_is_not_tried_again_by_itself_until_something_else_is_asked_for() {
    let (mut scene, id, update) = refused_to_close().await;
    assert_eq!((update.state, scene.status().outbox.dead), (State::Rejected, 1));
    scene.act(|tx, now| api::dismiss(tx, now, "dana", update.id)).unwrap();
    assert_eq!(scene.status().outbox.dead, 0);
    scene.alga().clear_close_rules("Security");
    // Whatever has everything else tried again.
    scene.act(|tx, _| api::psa_sync(tx)).unwrap();
    scene.pass(TimeDelta::hours(2)).await;
    assert!(!scene.filed(id).is_closed, "it was let be");

    scene.world().set_status(id, "sent");
    scene.pass(FIVE).await;
    scene.world().set_status(id, "closed");
    scene.pass(FIVE).await;
    assert!(scene.filed(id).is_closed, "a later change is a new matter");
    scene.alga().take_unexpected();
    scene.stop().await;
}

#[tokio::test]
async fn a_persons_work_here_is_there_too() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    let ticket = scene.ticket_of(id).id;
    scene.act(|tx, now| api::note(tx, now, "dana", ticket, "Called the client.")).unwrap();
    scene.act(|tx, now| api::close(tx, now, "dana", ticket)).unwrap();
    scene.pass(SOON).await;
    let there = scene.filed(id);
    assert!(there.is_closed);
    let said: Vec<_> = scene.alga().comments(&there.id).into_iter().map(|c| c.text).collect();
    assert!(said.iter().any(|t| t.contains("Called the client. (dana)")), "{said:?}");
    scene.stop().await;
}
