//! Tickets in AlgaPSA: opened there, kept in step both ways, and never twice.

mod catalogue;
mod filing;
mod following;
mod limits;
mod losses;
mod odd_answers;
mod people;
mod switching;

use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::delivery::{Kind, State};
use nightdesk_core::ids::MoveId;
use nightdesk_standin::IncidentBuilder;
use nightdesk_store::{DeliveryFilter, DeliveryRow};
use nightdesk_tests::Scene;

const FIVE: TimeDelta = TimeDelta::minutes(5);

/// A running desk at AlgaPSA.
async fn night() -> Scene {
    let mut scene = Scene::at_algapsa(Scene::account()).await;
    scene.start().await;
    scene.alga().take_requests();
    scene
}

/// The SOC reports, and the desk polls.
async fn publish(scene: &Scene, incident: IncidentBuilder) -> i64 {
    let id = scene.world().publish(incident);
    scene.pass(FIVE).await;
    id
}

fn rehome(scene: &Scene, incident: i64, client: &str) -> MoveId {
    let ids = [scene.ticket_of(incident).id];
    scene.act(|tx, now| api::rehome(tx, now, "dana", &ids, client, false)).unwrap().undo_id
}

/// Deliveries to the PSA, oldest first.
fn deliveries(scene: &Scene) -> Vec<DeliveryRow> {
    let mut rows = scene.read(|tx| tx.deliveries(&DeliveryFilter::default()).unwrap());
    rows.retain(|row| matches!(row.kind, Kind::PsaTicket | Kind::PsaUpdate | Kind::PsaNote));
    rows.reverse();
    rows
}

/// Those of a kind, by state.
fn states(scene: &Scene, kind: Kind) -> Vec<State> {
    deliveries(scene).into_iter().filter(|row| row.kind == kind).map(|row| row.state).collect()
}

/// The methods and paths of what was written to AlgaPSA since the last time.
fn written(scene: &Scene) -> Vec<String> {
    let all = scene.alga().take_requests();
    let short = |path: &str| path.trim_start_matches("/api/v1").to_owned();
    let is_id = |part: &&str| part.len() == 36;
    all.iter()
        .filter(|r| r.method != "GET")
        .map(|r| {
            let path = short(&r.path);
            let named: Vec<&str> = path.split('/').map(|p| if is_id(&p) { "ID" } else { p }).collect();
            format!("{} {}", r.method, named.join("/"))
        })
        .collect()
}
