//! What goes wrong at AlgaPSA is said where people look, with what to do about it, and nothing is lost.

use super::{algapsa, assert_careful, at, findings, here, served, there, until, until_in_step, until_there};
use nightdesk_core::clock::Clock as _;
use nightdesk_engine::clock::SystemClock;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::algapsa::Desk;
use serde_json::Value;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_right_that_is_lacking_is_named_with_its_fix() {
    let alga = algapsa().await;
    let office = at(&alga).await;
    let checked = office.run(&["psa", "check"]).await.well().json();
    assert_eq!(checked["ok"], true, "{checked}");
    assert!(checked["rights"].as_array().unwrap().iter().all(|r| r["granted"] == true), "{checked}");
    let tested = office.told(&["secret", "test", "ALGAPSA_API_KEY"]).await.well();
    assert!(tested.out.contains("AlgaPSA takes it"), "{tested:?}");
    assert_eq!(findings(&office, "psa").await[0]["ok"], true);
    office.run(&["poll"]).await.well();
    let tickets = alga.desk().tickets();

    alga.desk().deny("ticket:create");
    let lacking = office.run(&["psa", "check"]).await;
    assert_eq!(lacking.code, Some(1), "{lacking:?}");
    let found = lacking.json();
    let right = found["rights"].as_array().unwrap().iter().find(|r| r["permission"] == "ticket:create").unwrap();
    assert_eq!((&found["ok"], &right["granted"]), (&false.into(), &false.into()), "{found}");
    assert!(right["fix"].as_str().unwrap().contains("ticket:create"), "{right}");
    assert!(lacking.err.contains("may not open tickets"), "{lacking:?}");
    let words = office.told(&["psa", "check"]).await;
    assert!(words.code == Some(1) && words.out.contains("NO") && words.out.contains("->"), "{words:?}");
    let finding = findings(&office, "psa permission").await;
    assert!(finding[0]["detail"].as_str().unwrap().contains("may not open tickets"), "{finding:?}");
    assert!(finding[0]["fix"].as_str().unwrap().contains("ticket:create"), "{finding:?}");
    let tested = office.run(&["secret", "test", "ALGAPSA_API_KEY"]).await;
    assert!(tested.code == Some(1) && tested.json()["ok"] == false, "{tested:?}");
    alga.desk().allow("ticket:create");

    // One that is only missed fails nothing.
    alga.desk().deny("ticket_settings:read");
    office.run(&["psa", "check"]).await.well();
    alga.desk().allow("ticket_settings:read");

    alga.desk().expire_key();
    for command in [&["psa", "check"][..], &["psa", "sync"], &["secret", "test", "ALGAPSA_API_KEY"]] {
        let refused = office.run(command).await;
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(
            refused.err.contains("refused the API key") && refused.err.contains("secret set ALGAPSA_API_KEY"),
            "{refused:?}"
        );
        assert!(!refused.err.contains(&alga.key()) && !refused.out.contains(&alga.key()), "ND-12: {refused:?}");
    }
    let status = office.run(&["status"]).await.well().json();
    assert_eq!(status["psa"]["reachable"], false, "{status}");
    assert!(
        status["alarms"].to_string().contains("AlgaPSA can't be read"),
        "at once, since only a person mends it: {status}"
    );
    assert_eq!(status["state"], "watching", "the PSA's trouble isn't the desk's: {status}");
    assert_eq!(findings(&office, "psa").await[0]["ok"], false);
    alga.desk().restore_key();
    office.run(&["psa", "sync"]).await.well();
    assert_eq!(office.run(&["psa"]).await.well().json()["error"], Value::Null);
    assert_eq!(alga.desk().tickets(), tickets, "asking what a key may do makes nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_it_is_down_incidents_still_become_tickets_here() {
    let alga = algapsa().await;
    let office = at(&alga).await;
    alga.stop();
    let incident = office.world().publish(IncidentBuilder::critical().organization(4));
    let poll = office.run(&["poll"]).await.well();
    assert_eq!(poll.json()["tickets_created"], 1);
    assert!(poll.err.contains("for an engine"), "{poll:?}");
    let waiting = here(&office, incident).await;
    assert_eq!((&waiting["psa"], &waiting["remote_id"]), (&"waiting".into(), &Value::Null), "{waiting}");
    let synced = office.run(&["psa", "sync"]).await;
    assert!(synced.code == Some(1) && synced.err.contains("could not be reached"), "{synced:?}");
    let status = office.told(&["status"]).await.well();
    assert!(status.out.contains("CAN'T BE READ") && status.out.contains("1 waiting for it"), "{status:?}");
    let found = findings(&office, "psa").await;
    assert!(found[0]["ok"] == false && found[0]["fix"].as_str().unwrap().contains("network"), "{found:?}");

    let engine = office.engine().await;
    // Beside an engine it is answered as well, however often it is asked.
    for _ in 0..2 {
        let synced = tokio::time::timeout(super::PATIENCE, office.run(&["psa", "sync"])).await.expect("an answer");
        assert!(synced.code == Some(1) && synced.err.contains("could not be reached"), "{synced:?}");
    }
    let back = served(alga.desk(), alga.address()).await;
    office.run(&["psa", "sync"]).await.well();
    until("it is there", async || there(&back, incident).is_some()).await;
    office.end(engine).await;
    assert_careful(&back);
    office.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_name_that_vanished_is_said_and_only_what_needs_it_waits() {
    let alga = algapsa().await;
    let office = at(&alga).await;
    assert!(alga.desk().deactivate("Triage"));
    office.run(&["psa", "sync"]).await.well();
    let routing = findings(&office, "routing").await;
    assert!(routing[0]["ok"] == false && routing[0]["detail"].as_str().unwrap().contains("Triage"), "{routing:?}");
    let status = office.run(&["status"]).await.well().json();
    assert!(status["alarms"].to_string().contains("routing.triage_board"), "{status}");

    let waits = office.world().publish(IncidentBuilder::high().organization(8));
    let goes = office.world().publish(IncidentBuilder::high().organization(4));
    office.run(&["poll"]).await.well();
    assert!(there(&alga, goes).is_some() && there(&alga, waits).is_none());
    assert_eq!(here(&office, waits).await["psa"], "failed");
    let held = office.run(&["outbox", "--state", "needs_human"]).await.well().json();
    assert!(held[0]["last_error"].as_str().unwrap().contains("board \"Triage\" is no longer in AlgaPSA"), "{held}");
    let found = findings(&office, "psa deliveries").await;
    assert!(found[0]["ok"] == false && found[0]["fix"].as_str().unwrap().contains("nightdesk outbox"), "{found:?}");

    assert!(alga.desk().activate("Triage"));
    let engine = office.engine().await;
    office.run(&["psa", "sync"]).await.well();
    until_there(&alga, waits, "it came with the board", |t| t.board == "Triage").await;
    office.end(engine).await;
    assert_careful(&alga);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_dead_letter_says_why_and_what_to_do_and_goes_once_that_is_done() {
    let alga = algapsa().await;
    let office = at(&alga).await;
    let incident = office.world().publish(IncidentBuilder::high().organization(4));
    let other = office.world().publish(IncidentBuilder::high().organization(8));
    let engine = office.engine().await;
    until_there(&alga, incident, "it is there", |_| true).await;
    assert!(alga.desk().set_close_rule("Security", "Every checklist item has to be done"));
    let id = here(&office, incident).await["id"].to_string();
    office.run(&["close", &id]).await.well();
    until("it is refused", async || here(&office, incident).await["psa"] == "failed").await;
    let dead = office.run(&["outbox", "--state", "rejected"]).await.well().json();
    let why = dead[0]["last_error"].as_str().unwrap_or_else(|| panic!("{dead}"));
    assert!(why.contains("Every checklist item has to be done") && why.contains("close rules"), "{why}");
    let found = findings(&office, "psa deliveries").await;
    assert!(found[0]["ok"] == false && found[0]["detail"].as_str().unwrap().starts_with("1 could not"), "{found:?}");
    // The next goes its way.
    let id = here(&office, other).await["id"].to_string();
    office.run(&["close", &id]).await.well();
    until_there(&alga, other, "closed", |t| t.is_closed).await;

    let dead_letter = dead[0]["id"].to_string();
    let dismissed = office.run(&["outbox", "dismiss", &dead_letter]).await.well().json();
    assert!(dismissed[0]["state"] == "rejected" && dismissed[0]["dismissed_at"].is_string(), "{dismissed}");
    assert_eq!(office.run(&["status"]).await.well().json()["outbox"]["dead"], 0);
    assert_eq!(office.run(&["outbox", "dismiss", &dead_letter]).await.code, Some(1), "once is enough");

    alga.desk().clear_close_rules("Security");
    let again = office.run(&["outbox", "redrive", &dead_letter]).await.well();
    assert_eq!(again.json()["state"], "queued");
    until_there(&alga, incident, "closed after all", |t| t.is_closed).await;
    until_in_step(&office, incident).await;
    office.end(engine).await;
    office.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_board_without_an_open_status_is_no_tickets_end() {
    let alga = algapsa().await;
    let office = at(&alga).await;
    for status in ["New", "In Progress"] {
        let id = alga.desk().status("Triage", status).unwrap().id;
        assert!(alga.desk().delete(&id));
    }
    office.run(&["psa", "sync"]).await.well();
    let incident = office.world().publish(IncidentBuilder::high().organization(8));
    let engine = office.engine().await;
    office.run(&["poll"]).await.well();
    until("it waits for a person", async || here(&office, incident).await["psa"] == "failed").await;
    let held = office.run(&["outbox", "--state", "needs_human"]).await.well().json();
    let why = held[0]["last_error"].as_str().unwrap_or_else(|| panic!("{held}"));
    assert!(why.contains("has no open status in AlgaPSA: give it one there"), "{why}");
    assert!(alga.desk().add_status("Triage", "Fresh", false).is_some());
    office.run(&["psa", "sync"]).await.well();
    until_there(&alga, incident, "it came with the status", |t| t.status == "Fresh").await;
    office.end(engine).await;
    assert_careful(&alga);
    office.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_that_leads_to_somebody_elses_desk_deletes_nothing_here() {
    let alga = algapsa().await;
    let office = at(&alga).await;
    let incident = office.world().publish(IncidentBuilder::high().organization(4));
    let engine = office.engine().await;
    office.run(&["poll"]).await.well();
    until_in_step(&office, incident).await;

    alga.stop();
    let others = Desk::new();
    others.set_clock(Arc::new(|| SystemClock::default().now()));
    others.add_board("Helpdesk");
    others.add_status("Helpdesk", "Open", false);
    others.add_priority("P1");
    others.add_client("Somebody");
    let wrong = served(&others, alga.address()).await;
    let synced = office.run(&["psa", "sync"]).await;
    assert!(synced.code == Some(1) && synced.err.contains("another tenant's"), "{synced:?}");
    assert_eq!(here(&office, incident).await["psa"], "in_step", "nobody deleted it");
    assert_eq!(office.run(&["config", "show"]).await.well().json()["revision"], 2, "and the names stay as they were");
    wrong.stop();

    let right = served(alga.desk(), alga.address()).await;
    let remote = there(&right, incident).unwrap().id;
    assert!(right.desk().person_closes(&remote, "Robin"));
    office.run(&["psa", "sync"]).await.well();
    assert_eq!(here(&office, incident).await["is_open"], false, "it is followed as before");
    office.end(engine).await;
    assert_careful(&right);
    office.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_renamed_while_no_engine_ran_is_known_when_one_starts() {
    let alga = algapsa().await;
    let office = at(&alga).await;
    let board = alga.desk().board("Security").unwrap().id;
    assert!(alga.desk().rename(&board, "SOC"));
    let engine = office.engine().await;
    until("the rename is followed", async || {
        let shown = office.run(&["config", "show"]).await.well().json();
        shown["toml"].as_str().unwrap().contains("security_board = \"SOC\"")
    })
    .await;
    office.end(engine).await;
}
