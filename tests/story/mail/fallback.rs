//! ND-8: what can't be delivered otherwise comes by mail.

use super::{FIVE, LEADS, Refusing, SOC, mails, queue_a_note, told};
use chrono::TimeDelta;
use nightdesk_standin::mail::MailServer;
use nightdesk_standin::{Fault, FaultKind, IncidentBuilder, Notice};
use nightdesk_tests::Scene;
use std::sync::Arc;

#[tokio::test]
async fn nd_8_what_dies_is_told_to_the_default_addresses_of_the_configuration_in_force() {
    let mut scene = Scene::mailing(&[SOC], "").await;
    scene.senders = vec![Refusing::notes()];
    scene.start().await;
    scene.mailed().await;
    scene.apply(&scene.mail_server().toml(&[LEADS]));
    queue_a_note(&scene, "a");
    let mail = scene.mailed().await;
    assert_eq!(
        told(&mail),
        [(LEADS.to_owned(), "Nightdesk CRITICAL Undelivered | ticket note to the PSA: note a".to_owned())]
    );
    assert!(mail[0].raw.contains("Why: the PSA has no such ticket"), "{}", mail[0].raw);
    assert_eq!(mail[0].header("List-Id").as_deref(), Some("Nightdesk <desk.nightdesk.example.com>"));
    scene.stop().await;
}

#[tokio::test]
async fn a_storm_of_failures_is_one_mail_at_once_and_one_for_the_rest() {
    let mut scene = Scene::mailing(&[SOC], "").await;
    scene.senders = vec![Refusing::notes()];
    scene.start().await;
    scene.mailed().await;
    queue_a_note(&scene, "first");
    scene.pass(TimeDelta::seconds(1)).await;
    for n in 0..80 {
        queue_a_note(&scene, &format!("n{n}"));
    }
    scene.pass(TimeDelta::seconds(10)).await;
    let first = scene.mailed().await;
    assert_eq!(first.len(), 1, "{:?}", told(&first));
    assert!(first[0].subject().ends_with("note first"));
    scene.pass(TimeDelta::seconds(30)).await;
    let rest = scene.mailed().await;
    assert_eq!(told(&rest), [(SOC.to_owned(), "Nightdesk CRITICAL Undelivered | 80 deliveries".to_owned())]);
    assert!(rest[0].raw.contains("and 30 more: see Deliveries"));
    queue_a_note(&scene, "later");
    scene.pass(TimeDelta::minutes(2)).await;
    assert_eq!(scene.mailed().await.len(), 1);
    scene.stop().await;
}

#[tokio::test]
async fn nd_8_a_desk_that_is_blind_too_long_says_so_by_mail() {
    let mut scene = Scene::with_mail(&[SOC]).await;
    scene.world().fault(Fault::new(FaultKind::Status(503, None)));
    scene.pass(TimeDelta::minutes(50)).await;
    let mail = scene.mailed().await;
    assert_eq!(mail.len(), 1, "{:?}", told(&mail));
    assert!(mail[0].subject().starts_with("Nightdesk CRITICAL Desk alarm | "), "{:?}", told(&mail));
    let text = mail[0].raw.replace("=\r\n", "");
    assert!(text.contains("watch the Huntress portal yourself"), "{text}");
    scene.world().clear_faults();
    scene.pass(FIVE).await;
    scene.stop().await;
}

#[tokio::test]
async fn nd_8_an_exhausted_call_tree_says_so_by_mail() {
    let mut scene = Scene::on_call(&[("Dana", "+12125550102")]).await;
    let server = MailServer::start(Arc::new(scene.clock.clone())).await.unwrap();
    scene.stop().await;
    scene.mail = Some(server.clone());
    scene.apply(&server.toml(&[SOC]));
    scene.start().await;
    scene.world().publish(IncidentBuilder::critical().organization(4).agent(12));
    scene.pass(TimeDelta::minutes(40)).await;
    scene.phones().take_texts();
    scene.phones().take_calls();
    let mail = scene.mailed().await;
    let subjects: Vec<String> = mail.iter().map(|m| m.subject()).collect();
    assert!(subjects.iter().any(|s| s.contains("CRITICAL Incident |")), "{subjects:?}");
    assert!(subjects.iter().any(|s| s.contains("Desk alarm |")), "{subjects:?}");
    assert_eq!(subjects.len(), 2, "{subjects:?}");
    scene.stop().await;
}

#[tokio::test]
async fn without_mail_a_bad_end_raises_the_local_alarm_as_before() {
    let mut scene = Scene::open(Scene::account()).await;
    scene.senders = vec![Refusing::notes()];
    scene.start().await;
    queue_a_note(&scene, "a");
    scene.pass(FIVE).await;
    assert_eq!((scene.status().outbox.dead, mails(&scene).len()), (1, 0));
    scene.stop().await;
}

#[tokio::test]
async fn nd_8_a_notice_that_its_reader_refuses_comes_whole_and_as_bad_as_it_is() {
    let more = format!("[email.overrides]\nescalations = [{LEADS:?}]\n");
    let mut scene = Scene::mailing(&[SOC], &more).await;
    scene.mail_server().refuse(LEADS, "550 5.1.1 nobody here");
    scene.start().await;
    scene.mailed().await;
    scene.world().add_escalation(Notice::new("Unexpected country").organization(4).severity("high"));
    scene.pass(TimeDelta::minutes(10)).await;
    let mail = scene.mailed().await;
    assert_eq!(mail.len(), 1, "{:?}", told(&mail));
    assert_eq!(mail[0].to, SOC);
    assert!(
        mail[0].subject().starts_with("Nightdesk HIGH Undelivered | mail to leads@example.com"),
        "{:?}",
        told(&mail)
    );
    let text = mail[0].raw.replace("=\r\n", "");
    for line in ["550 5.1.1 nobody here", "A new escalation.", "Acme Incorporated"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    scene.stop().await;
}
