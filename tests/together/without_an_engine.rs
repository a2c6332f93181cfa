//! Commands that meet each other where no engine runs: one holds the directory, the others wait their turn.

use crate::command::Office;
use nightdesk_standin::IncidentBuilder;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn first_polls_at_once_open_each_ticket_once() {
    let office = Office::open().await;
    for n in 0..60 {
        office.world().publish(IncidentBuilder::high().organization([4, 6, 8][n % 3]));
    }
    let file =
        office.configuration("next", |text| text.replace("poll_interval_minutes = 5", "poll_interval_minutes = 9"));
    let (a, b, applied, card) = tokio::join!(
        office.run(&["poll"]),
        office.run(&["poll"]),
        office.run(&["config", "apply", &file]),
        office.run(&["status"]),
    );
    let created: i64 = [a, b].map(|p| p.well().json()["tickets_created"].as_i64().unwrap()).iter().sum();
    assert_eq!(created, 60);
    applied.well();
    card.well();
    office.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_engine_starts_beside_a_poll_and_both_do_their_work() {
    let office = Office::open().await;
    for _ in 0..20 {
        office.world().publish(IncidentBuilder::low().organization(6));
    }
    let (poll, engine) = tokio::join!(office.run(&["poll"]), office.engine());
    assert_eq!(poll.well().json()["ok"], true);
    office.assert_sound().await;
    office.end(engine).await;
}
