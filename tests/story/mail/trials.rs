//! Trying mail.

use super::{LEADS, SOC, mails, told};
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::delivery::State;
use nightdesk_core::notice::NotificationType;
use nightdesk_standin::mail::{Fault, Stage};
use nightdesk_tests::Scene;

#[tokio::test]
async fn a_test_goes_to_the_types_addresses_and_its_outcome_can_be_watched() {
    let more = format!("[email.overrides]\nescalations = [{LEADS:?}, \"lead2@example.com\"]\n");
    let mut scene = Scene::mailing(&[SOC], &more).await;
    scene.start().await;
    scene.mailed().await;
    scene.mail_server().refuse(LEADS, "550 5.1.1 nobody here");
    let begun = scene.act(|tx, now| api::email_test(tx, now, "sam", NotificationType::Escalations, None)).unwrap();
    assert!(!begun.over && !begun.ok && begun.addresses.len() == 2);
    let mail = scene.mailed().await;
    assert_eq!(
        told(&mail),
        [("lead2@example.com".to_owned(), "Nightdesk Test | escalations, by addresses of its own".to_owned())]
    );
    let tested = scene.read(|tx| api::email_tested(tx, begun.id)).unwrap();
    assert!(tested.over && !tested.ok, "{tested:?}");
    assert_eq!((tested.addresses[0].address.as_str(), tested.addresses[0].ok), (LEADS, false));
    assert!(tested.addresses[0].error.as_deref().unwrap().contains("550 5.1.1 nobody here"));
    assert_eq!(tested.addresses[0].outcome, Some(State::Rejected), "whatever became of the delivery");
    assert!(tested.addresses[1].ok && tested.addresses[1].error.is_none());
    assert_eq!(scene.status().outbox.dead, 0, "a test is no trouble that anybody must deal with");
    assert!(scene.read(|tx| api::email_tested(tx, begun.id + 1000)).is_err());
    scene.stop().await;
}

#[tokio::test]
async fn a_test_proves_the_fallback() {
    let mut scene = Scene::mailing(&[SOC], "").await;
    scene.mail_server().fail(Stage::Greeting, Fault::Hangup);
    scene.start().await;
    assert!(!scene.status().email.fallback);
    scene.mail_server().repair();
    let begun = scene.act(|tx, now| api::email_test(tx, now, "sam", NotificationType::Incidents, None)).unwrap();
    assert_eq!(scene.mailed().await.iter().filter(|m| m.subject().contains("Test |")).count(), 1);
    assert!(scene.read(|tx| api::email_tested(tx, begun.id)).unwrap().ok);
    assert!(scene.status().email.fallback);
    scene.pass(TimeDelta::minutes(10)).await;
    scene.mailed().await;
    scene.stop().await;
}

#[tokio::test]
async fn a_test_that_cannot_get_through_is_given_up_after_a_while() {
    let mut scene = Scene::with_mail(&[SOC]).await;
    scene.mail_server().stop();
    let begun = scene.act(|tx, now| api::email_test(tx, now, "sam", NotificationType::Incidents, None)).unwrap();
    scene.mailed().await;
    let tested = scene.read(|tx| api::email_tested(tx, begun.id)).unwrap();
    assert!(tested.over && !tested.ok && tested.addresses[0].next_at.is_some(), "{tested:?}");
    assert_eq!(tested.addresses[0].outcome, Some(State::Retrying), "no connection is no refusal");
    scene.pass(TimeDelta::minutes(10)).await;
    assert_eq!(mails(&scene)[0].state, State::Expired);
    assert_eq!((scene.status().outbox.dead, scene.status().outbox.needs_human), (0, 0));
    scene.stop().await;
}

#[tokio::test]
async fn without_mail_there_is_nothing_to_try() {
    let mut scene = Scene::night().await;
    let refused = scene.act(|tx, now| api::email_test(tx, now, "sam", NotificationType::Incidents, None)).unwrap_err();
    assert_eq!(refused.code, api::Code::Conflict);
    scene.stop().await;
}

#[tokio::test]
async fn nd_17_what_one_address_proved_says_nothing_of_another() {
    let mut scene = Scene::with_mail(&[SOC]).await;
    assert_eq!((scene.status().email.fallback, scene.status().email.why), (true, None));
    let typo = "typo@nowhere.example";
    scene.apply(&scene.mail_server().toml(&[typo]));
    let status = scene.status().email;
    assert!(!status.fallback && status.tested_at.is_none(), "{status:?}");
    let words =
        format!("mail to {typo} was never tried with these settings; send a test (nightdesk email test incidents)");
    assert_eq!(status.why, Some(words));

    scene.mail_server().refuse(typo, "550 5.1.2 no such domain");
    scene.act(|tx, now| api::email_test(tx, now, "sam", NotificationType::Incidents, None)).unwrap();
    assert!(scene.mailed().await.is_empty());
    let status = scene.status();
    assert!(!status.email.fallback && status.email.why.unwrap().contains("550 5.1.2 no such domain"));
    assert_eq!(status.alarms.len(), 1, "{:?}", status.alarms);

    // Another one that works is a fallback; that the first one isn't stays to be seen, whichever was tried last.
    scene.apply(&scene.mail_server().toml(&[SOC, typo]));
    scene.act(|tx, now| api::email_test(tx, now, "sam", NotificationType::Incidents, None)).unwrap();
    assert_eq!(scene.mailed().await.len(), 1);
    let status = scene.status();
    assert!(status.email.fallback && status.alarms.is_empty(), "{status:?}");
    let why = status.email.why.unwrap();
    assert!(why.starts_with(&format!("mail to {typo} was refused last: ")) && why.contains("550 5.1.2"), "{why}");
    scene.apply(&scene.mail_server().toml(&[SOC]));
    assert_eq!((scene.status().email.fallback, scene.status().email.why), (true, None));
    scene.stop().await;
}

#[tokio::test]
async fn where_every_type_goes_elsewhere_a_test_of_incidents_tries_the_default_addresses_too() {
    let types = ["incidents", "escalations", "platform_actions", "account_notices"];
    let lines: String = types.iter().map(|of| format!("{of} = [{LEADS:?}]\n")).collect();
    let mut scene = Scene::mailing(&[SOC], &format!("[email.overrides]\n{lines}")).await;
    scene.start().await;
    scene.mailed().await;
    assert!(!scene.status().email.fallback);
    scene.act(|tx, now| api::email_test(tx, now, "sam", NotificationType::Incidents, None)).unwrap();
    assert_eq!(
        told(&scene.mailed().await),
        [
            (LEADS.to_owned(), "Nightdesk Test | incidents, by addresses of its own".to_owned()),
            (SOC.to_owned(), "Nightdesk Test | incidents, by the default addresses".to_owned())
        ]
    );
    assert!(scene.status().email.fallback);
    scene.stop().await;
}
