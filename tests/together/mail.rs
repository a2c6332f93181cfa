//! Mail by the program itself: `email test`, and what a command without an engine causes.

use crate::command::Office;
use nightdesk_engine::clock::SystemClock;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::mail::{Fault, MailServer, Stage};
use std::sync::Arc;

/// An office with a mail server.
async fn with_mail(more: &str) -> (Office, MailServer) {
    let office = Office::open().await;
    let server = MailServer::start(Arc::new(SystemClock::default())).await.unwrap();
    let file = office.configuration("mail", |text| format!("{text}{}{more}", server.toml(&["soc@example.com"])));
    office.run(&["config", "apply", &file]).await.well();
    (office, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn mail_is_tried_without_an_engine_and_beside_one() {
    let (office, server) = with_mail("[email.overrides]\nescalations = [\"leads@example.com\"]\n").await;
    let before = office.run(&["status"]).await.well().json();
    assert_eq!((&before["email"]["configured"], &before["email"]["fallback"]), (&true.into(), &false.into()));
    let tested = office.run(&["email", "test", "incidents"]).await.well();
    assert!(tested.err.contains("look there"), "{tested:?}");
    assert_eq!(tested.json()["addresses"][0]["state"], "accepted");
    let mail = server.take();
    assert_eq!((mail.len(), mail[0].to.as_str()), (1, "soc@example.com"));
    assert_eq!(office.run(&["status"]).await.well().json()["email"]["fallback"], true);

    let engine = office.engine().await;
    let tested = office.run(&["email", "test", "escalations"]).await.well().json();
    assert_eq!((&tested["type"], &tested["ok"]), (&"escalations".into(), &true.into()));
    assert_eq!(server.take()[0].to, "leads@example.com");
    server.fail(Stage::Recipient, Fault::Say("550 5.1.1 nobody by that name"));
    let refused = office.run(&["email", "test", "escalations"]).await;
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.err.contains("leads@example.com") && refused.err.contains("550 5.1.1 nobody by that name"),
        "{refused:?}"
    );
    assert_eq!(office.run(&["status"]).await.well().json()["outbox"]["dead"], 0);
    office.end(engine).await;
    server.assert_quiet();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_failed_test_without_an_engine_leaves_nothing_behind() {
    let (office, server) = with_mail("").await;
    server.fail(Stage::Recipient, Fault::Say("451 4.3.0 try again later"));
    let tested = office.run(&["email", "test", "incidents"]).await;
    assert_eq!(tested.code, Some(1));
    assert!(tested.err.contains("451 4.3.0 try again later"), "{tested:?}");
    let address = &tested.json()["addresses"][0];
    assert_eq!((&address["state"], &address["outcome"]), (&"cancelled".into(), &"retrying".into()));
    let status = office.run(&["status"]).await.well().json();
    assert_eq!((&status["outbox"]["queued"], &status["outbox"]["retrying"]), (&0.into(), &0.into()));
    assert_eq!(status["email"]["fallback"], false);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_poll_without_an_engine_mails_what_it_found() {
    let (office, server) = with_mail("").await;
    office.world().publish(IncidentBuilder::critical().organization(4).entity("SRV01"));
    office.run(&["poll"]).await.well();
    let mail = server.take();
    assert_eq!(mail.len(), 1);
    assert!(mail[0].subject().ends_with("on SRV01 (Acme Incorporated)"), "{}", mail[0].subject());
    office.run(&["poll"]).await.well();
    server.assert_quiet();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_mail_everything_says_that_there_is_no_fallback() {
    let office = Office::open().await;
    let refused = office.run(&["email", "test", "incidents"]).await;
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("mail isn't set up"), "{refused:?}");
    let doctor = office.run(&["doctor"]).await;
    let finding = doctor.json().as_array().unwrap().iter().find(|f| f["check"] == "fallback").unwrap().clone();
    assert_eq!(finding["ok"], false);
    assert!(finding["detail"].as_str().unwrap().contains("no fallback"), "{finding}");
    assert_eq!(office.run(&["email", "test", "gossip"]).await.code, Some(2));
    let server = MailServer::start(Arc::new(SystemClock::default())).await.unwrap();
    let file =
        office.configuration("twice", |text| text + &server.toml(&["support@example.com", "support@example.com"]));
    let applied = office.run(&["config", "apply", &file]).await.well();
    assert!(applied.err.contains("lists support@example.com twice"), "{applied:?}");
    assert!(applied.err.contains("may make a second ticket"), "{applied:?}");
    assert_eq!(applied.json()["warnings"].as_array().unwrap().len(), 2);
}
