//! The catalogue's changes there, followed.

use super::{FIVE, deliveries, night, publish};
use chrono::TimeDelta;
use nightdesk_api as api;

use nightdesk_core::delivery::State;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::algapsa::{Fault, FaultKind};

const HOUR: TimeDelta = TimeDelta::minutes(61);

#[tokio::test]
async fn a_rename_is_followed_and_the_configuration_shown_can_be_applied() {
    let mut scene = night().await;
    let board = scene.alga().board("Security").unwrap().id;
    scene.alga().rename(&board, "Incidents");
    let priority = scene.alga().priority("High").unwrap().id;
    scene.alga().rename(&priority, "P2");
    scene.pass(HOUR).await;
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    let (here, there) = (scene.ticket_of(id), scene.filed(id));
    assert_eq!((here.board.as_str(), there.board.as_str(), there.priority.as_str()), ("Incidents", "Incidents", "P2"));
    let shown = scene.read(|tx| api::config_show(tx).unwrap().toml);
    assert!(shown.contains(r#"security_board = "Incidents""#) && shown.contains(r#"high = "P2""#), "{shown}");
    assert!(scene.status().routing.complete && scene.status().alarms.is_empty(), "{:?}", scene.status().alarms);
    scene.stop().await;
}

#[tokio::test]
async fn a_board_that_is_taken_out_of_use_is_named_and_only_what_needs_it_waits() {
    let mut scene = night().await;
    let before = publish(&scene, IncidentBuilder::high().organization(4)).await;
    scene.alga().deactivate("Triage");
    scene.pass(HOUR).await;
    let alarms = scene.status().alarms;
    assert!(alarms.iter().any(|a| a.contains("routing.triage_board") && a.contains("\"Triage\"")), "{alarms:?}");
    let stray = scene.world().publish(IncidentBuilder::high().organization(6));
    let mapped = publish(&scene, IncidentBuilder::high().organization(4)).await;
    assert_eq!(scene.filed(mapped).board, "Security");
    assert_eq!(scene.ticket_of(stray).board, "Triage", "it is on the desk all the same");
    let waiting = deliveries(&scene).into_iter().find(|d| d.incident.is_some_and(|k| k.id.0 == stray)).unwrap();
    assert_eq!(waiting.state, State::NeedsHuman);
    assert!(waiting.last_error.unwrap().contains("board \"Triage\" is no longer in AlgaPSA"));
    scene.world().set_status(before, "closed");
    scene.pass(FIVE).await;
    assert!(scene.filed(before).is_closed);
    scene.alga().activate("Triage");
    scene.pass(HOUR).await;
    assert_eq!(scene.filed(stray).board, "Triage");
    assert!(scene.status().alarms.is_empty(), "{:?}", scene.status().alarms);
    scene.stop().await;
}

#[tokio::test]
async fn the_desk_goes_on_by_the_kept_catalogue_while_algapsa_is_away() {
    let mut scene = night().await;
    scene.alga().fault(Fault::new(FaultKind::ResetBefore));
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    scene.pass(HOUR).await;
    assert_eq!((scene.ticket_of(id).board.as_str(), scene.ticket_of(id).client.as_str()), ("Security", "Acme"));
    let status = scene.status();
    assert!(status.routing.complete);
    assert_eq!(status.state, nightdesk_core::health::State::Watching, "a PSA's trouble blinds nobody");
    scene.alga().clear_faults();
    scene.pass(TimeDelta::minutes(2)).await;
    assert_eq!(scene.filed(id).client, "Acme", "what waits for its next try goes as soon as it answers");
    scene.stop().await;
}

#[tokio::test]
async fn an_outage_of_a_whole_night_leaves_nothing_for_a_person_to_send_again() {
    let mut scene = night().await;
    scene.alga().fault(Fault::new(FaultKind::ResetBefore));
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    scene.pass(TimeDelta::hours(9)).await;
    let gave_up =
        |scene: &nightdesk_tests::Scene| deliveries(scene).iter().filter(|d| d.state == State::DeadLettered).count();
    assert_eq!(gave_up(&scene), 1, "which is said");
    scene.alga().clear_faults();
    scene.pass(TimeDelta::minutes(2)).await;
    assert_eq!((scene.filed(id).client.as_str(), gave_up(&scene)), ("Acme", 0));
    scene.stop().await;
}

#[tokio::test]
async fn a_refused_key_is_said_and_what_waited_goes_out_once_it_is_right_again() {
    let mut scene = night().await;
    scene.alga().expire_key();
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    assert_eq!(scene.alga().tickets().len(), 0);
    scene.alga().restore_key();
    scene.pass(FIVE).await;
    assert_eq!(scene.filed(id).client, "Acme");
    scene.alga().take_unexpected();
    scene.stop().await;
}
