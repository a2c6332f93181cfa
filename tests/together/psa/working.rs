//! A night's work at AlgaPSA, beside an engine and without one.

use super::{algapsa, assert_careful, at, findings, here, there, until, until_in_step, until_there};
use nightdesk_standin::IncidentBuilder;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_poll_without_an_engine_opens_the_ticket_there() {
    let alga = algapsa().await;
    let office = at(&alga).await;
    let incident = office.world().publish(IncidentBuilder::critical().organization(4));
    let poll = office.run(&["poll"]).await.well();
    assert_eq!(poll.json()["tickets_created"], 1);
    let ticket = there(&alga, incident).expect("it is there when the command ends");
    assert_eq!(
        (ticket.board.as_str(), ticket.client.as_str(), ticket.priority.as_str()),
        ("Security", "Acme", "Critical")
    );
    assert_eq!(ticket.category.as_deref(), Some("Security incident"));
    let here = here(&office, incident).await;
    assert_eq!((&here["psa"], &here["remote_number"]), (&"in_step".into(), &ticket.number.into()), "{here}");
    let status = office.run(&["status"]).await.well().json()["psa"].clone();
    assert_eq!(
        (&status["waiting"], &status["failed"], &status["error"]),
        (&0.into(), &0.into(), &serde_json::Value::Null)
    );
    assert_eq!(findings(&office, "psa deliveries").await[0]["ok"], true);
    // Once more finds nothing to do there.
    let before = alga.desk().tickets();
    office.run(&["poll"]).await.well();
    assert_eq!(alga.desk().tickets(), before);
    assert_careful(&alga);
    office.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_persons_work_arrives_there_beside_an_engine() {
    let alga = algapsa().await;
    let office = at(&alga).await;
    let engine = office.engine().await;
    let incident = office.world().publish(IncidentBuilder::high().organization(8));
    office.run(&["poll"]).await.well();
    until_there(&alga, incident, "opened on triage", |t| t.board == "Triage" && t.client == "Security Triage").await;
    let id = here(&office, incident).await["id"].to_string();

    let moved = office.run(&["rehome", &id, "--client", "Globex", "--map-org"]).await.well();
    assert!(!moved.err.contains("hears of it when"), "an engine runs: {moved:?}");
    until_there(&alga, incident, "re-homed", |t| t.board == "Security" && t.client == "Globex" && t.status == "New")
        .await;
    office.run(&["close", &id]).await.well();
    until_there(&alga, incident, "closed", |t| t.is_closed && t.status == "Closed").await;
    assert_eq!(alga.desk().closings().len(), 1, "by the call that fires its events");
    office.run(&["reopen", &id]).await.well();
    until_there(&alga, incident, "reopened", |t| !t.is_closed).await;
    office.run(&["note", &id, "called", "the", "client"]).await.well();
    let undo = moved.json()["undo_id"].to_string();
    office.run(&["undo", &undo]).await.well();
    until_there(&alga, incident, "taken back", |t| t.board == "Triage" && t.client == "Security Triage").await;
    let remote = there(&alga, incident).unwrap().id;
    until("the note is there, for nobody outside", async || {
        let notes = alga.desk().comments(&remote);
        assert!(notes.iter().all(|c| c.is_internal), "{notes:?}");
        notes.iter().any(|c| c.text.contains("called the client"))
    })
    .await;
    until_in_step(&office, incident).await;
    office.end(engine).await;
    assert_careful(&alga);
    office.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_an_engine_the_command_says_that_the_psa_hears_later_and_it_does() {
    let alga = algapsa().await;
    let office = at(&alga).await;
    let incident = office.world().publish(IncidentBuilder::high().organization(8));
    office.run(&["poll"]).await.well();
    let id = here(&office, incident).await["id"].to_string();
    let later = "AlgaPSA hears of it when an engine runs: nightdesk run";
    let moved = office.run(&["rehome", &id, "--client", "Globex"]).await.well();
    assert!(moved.err.contains(later), "{moved:?}");
    let closed = office.run(&["close", &id]).await.well();
    assert!(closed.err.contains(later), "{closed:?}");
    assert_eq!(here(&office, incident).await["psa"], "waiting");
    assert_eq!(office.run(&["psa"]).await.well().json()["waiting"], 1);
    let ticket = there(&alga, incident).unwrap();
    assert!(ticket.client == "Security Triage" && !ticket.is_closed, "{ticket:?}");

    let engine = office.engine().await;
    until_there(&alga, incident, "re-homed and closed", |t| t.client == "Globex" && t.is_closed).await;
    until_in_step(&office, incident).await;
    office.end(engine).await;
    let undone = office.run(&["undo", &moved.json()["undo_id"].to_string()]).await.well();
    assert!(undone.err.contains(later), "{undone:?}");
    let engine = office.engine().await;
    until_there(&alga, incident, "taken back", |t| t.client == "Security Triage" && t.board == "Triage").await;
    office.end(engine).await;
    assert_careful(&alga);
    office.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_people_do_there_comes_back_with_a_sync() {
    let alga = algapsa().await;
    let office = at(&alga).await;
    let first = office.world().publish(IncidentBuilder::high().organization(8));
    let second = office.world().publish(IncidentBuilder::low().organization(4));
    office.run(&["poll"]).await.well();

    // Without an engine the command reads it itself.
    let remote = there(&alga, first).unwrap().id;
    assert!(alga.desk().person_sets_client(&remote, "Globex", "Robin"));
    assert!(alga.desk().person_moves(&remote, "Security", "Robin"));
    let synced = office.run(&["psa", "sync"]).await.well().json();
    assert_eq!((&synced["reachable"], &synced["is_asked"]), (&true.into(), &false.into()), "{synced}");
    let now = here(&office, first).await;
    assert_eq!((&now["client"], &now["board"]), (&"Globex".into(), &"Security".into()), "{now}");
    let whole = office.run(&["ticket", &now["id"].to_string()]).await.well().json();
    let told: Vec<_> = whole["timeline"].as_array().unwrap().iter().filter(|l| l["kind"] == "psa").cloned().collect();
    assert!(told.iter().any(|l| l["text"].as_str().unwrap().contains("client Security Triage -> Globex")), "{told:?}");

    // Beside one, the engine does; and a client that is new there is known here at once.
    let engine = office.engine().await;
    let remote = there(&alga, second).unwrap().id;
    alga.desk().add_client("Initech");
    assert!(alga.desk().person_sets_client(&remote, "Initech", "Robin"));
    assert!(alga.desk().person_closes(&remote, "Robin"));
    let told = office.told(&["psa", "sync"]).await.well();
    assert!(told.out.contains("AlgaPSA at") && told.out.contains("is read"), "{told:?}");
    let now = here(&office, second).await;
    assert_eq!(
        (&now["client"], &now["is_open"], &now["psa"]),
        (&"Initech".into(), &false.into(), &"in_step".into()),
        "{now}"
    );
    assert!(there(&alga, second).unwrap().is_closed, "nobody fights a person");
    office.end(engine).await;
    assert_careful(&alga);
    office.assert_sound().await;
}
