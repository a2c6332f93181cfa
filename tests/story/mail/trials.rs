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
