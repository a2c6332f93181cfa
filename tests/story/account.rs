//! A key that belongs to somebody else's account.

use chrono::TimeDelta;
use nightdesk_core::ids::AccountId;
use nightdesk_standin::{Account, IncidentBuilder};
use nightdesk_tests::Scene;

#[tokio::test]
async fn a_foreign_key_stops_polling_until_a_person_accepts_its_account() {
    let mut scene = Scene::open(Scene::account()).await;
    let ours = scene.world().publish(IncidentBuilder::high().organization(4));
    scene.start().await;
    scene.pass(TimeDelta::minutes(1)).await;
    let ticket = scene.ticket_of(ours);

    let theirs = Account::new(9, "Somebody Else")
        .organization(4, "Their Four")
        .incident(IncidentBuilder::critical().id(ours).organization(4));
    scene.world().become_account(theirs);
    scene.pass(TimeDelta::hours(2)).await;
    let status = scene.status();
    assert!(status.alarms.iter().any(|a| a.contains("account 9")), "{:?}", status.alarms);
    assert_eq!(scene.ticket_of(ours), ticket, "nothing of the other account was mixed in");

    let now = nightdesk_core::clock::Clock::now(&scene.clock);
    let wrong = scene.write(|tx| nightdesk_api::account_accept(tx, now, "Dana", AccountId(8)));
    assert!(wrong.unwrap_err().message.contains("9"));
    scene.write(|tx| nightdesk_api::account_accept(tx, now, "Dana", AccountId(9)).unwrap());
    scene.pass(TimeDelta::minutes(1)).await;
    let mut tickets = scene.tickets();
    tickets.retain(|t| t.incident_id.map(|i| i.0) == Some(ours));
    assert_eq!(tickets.len(), 2, "the same number in two accounts is two incidents");
    assert_eq!(scene.status().alarms, Vec::<String>::new());
    scene.assert_accounted();
    scene.stop().await;
}
