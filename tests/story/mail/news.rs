//! Which news are mailed, to whom, and how often.

use super::{FIVE, LEADS, SOC, mails, told};
use crate::webhooks_in::Posted;
use chrono::TimeDelta;
use nightdesk_core::delivery::State;
use nightdesk_standin::mail::MailServer;
use nightdesk_standin::{IncidentBuilder, Notice};
use nightdesk_tests::Scene;
use std::sync::Arc;

#[tokio::test]
async fn an_incident_is_mailed_once_to_each_address_in_the_documented_form() {
    let mut scene = Scene::with_mail(&[SOC, "noc@example.com", "SOC@example.com"]).await;
    let id = scene.world().publish(IncidentBuilder::critical().organization(4).entity("SRV01"));
    scene.pass(FIVE).await;
    let mut mail = scene.mailed().await;
    assert_eq!(mail.len(), 2, "{:?}", told(&mail));
    // Over two connections at once: either may be first.
    mail.sort_by(|a, b| b.to.cmp(&a.to));
    let subject = mail[0].subject();
    assert!(subject.starts_with("Nightdesk [EDR] CRITICAL Incident | "), "{subject}");
    assert!(subject.ends_with(" on SRV01 (Acme Incorporated)"), "{subject}");
    assert_eq!((mail[0].to.as_str(), mail[1].to.as_str()), (SOC, "noc@example.com"));
    let ticket = scene.ticket_of(id);
    for m in &mail {
        assert_eq!(m.from, "nightdesk@example.com");
        assert_eq!(m.header("Auto-Submitted").as_deref(), Some("auto-generated"));
        assert_eq!(m.header("List-Id").as_deref(), Some("Nightdesk <incidents.nightdesk.example.com>"));
        assert_eq!(m.header("References").unwrap(), format!("<inc-5-{id}@example.com>"));
        assert!(m.raw.contains("text/plain") && m.raw.contains("text/html"));
        assert!(m.raw.contains(&format!("#{}", ticket.number)), "{}", m.raw);
        assert!(m.raw.contains("A new incident."));
    }
    assert_ne!(mail[0].header("Message-ID"), mail[1].header("Message-ID"));
    scene.pass(TimeDelta::hours(2)).await;
    assert!(scene.mailed().await.is_empty(), "polls repeat nothing");
    scene.stop().await;
}

#[tokio::test]
async fn an_incident_without_a_subject_is_mailed_by_its_number() {
    for subject in [None, Some(" ")] {
        let mut scene = Scene::with_mail(&[SOC]).await;
        let nameless = IncidentBuilder::critical().organization(4).field("subject", subject);
        let id = scene.world().publish(nameless);
        scene.pass(FIVE).await;
        let mail = scene.mailed().await;
        let wanted = format!("CRITICAL Incident | number {id}, without a subject");
        assert!(mail.len() == 1 && mail[0].subject().contains(&wanted), "{:?}", told(&mail));
        scene.stop().await;
    }
}

#[tokio::test]
async fn what_becomes_of_an_incident_stays_in_its_thread_and_resolved_notices_can_be_left_out() {
    let mut scene = Scene::with_mail(&[SOC]).await;
    let id = scene.world().publish(IncidentBuilder::high().organization(5));
    scene.pass(FIVE).await;
    let first = scene.mailed().await;
    scene.world().set_severity(id, "critical");
    scene.pass(FIVE).await;
    let raised = scene.mailed().await;
    assert_eq!(raised.len(), 1);
    assert!(raised[0].subject().contains("CRITICAL Incident |") && raised[0].raw.contains("severity was raised"));
    assert_eq!(raised[0].header("References"), first[0].header("References"));
    assert_ne!(raised[0].header("Message-ID"), first[0].header("Message-ID"));
    scene.world().set_status(id, "closed");
    scene.pass(FIVE).await;
    let closed = scene.mailed().await;
    assert!(closed[0].subject().contains("Incident resolved |"), "{:?}", told(&closed));
    assert_eq!((closed.len(), closed[0].header("References")), (1, first[0].header("References")));
    scene.world().set_status(id, "sent");
    scene.pass(FIVE).await;
    assert!(scene.mailed().await[0].raw.contains("The SOC has reopened it."));

    let toml = scene.mail_server().toml(&[SOC]) + "resolved_notices = false\n";
    scene.apply(&toml);
    scene.world().set_status(id, "closed");
    scene.pass(FIVE).await;
    assert!(scene.mailed().await.is_empty());
    scene.stop().await;
}

#[tokio::test]
async fn an_override_replaces_the_default_for_its_type() {
    let more = format!("[email.overrides]\nescalations = [{LEADS:?}]\n");
    let mut scene = Scene::mailing(&[SOC], &more).await;
    scene.start().await;
    scene.mailed().await;
    let asked = scene.world().add_escalation(Notice::new("Unexpected country").organization(4).severity("high"));
    scene.world().add_platform_action(Notice::new("Defender disabled").organization(5).severity("low"));
    scene.pass(TimeDelta::minutes(10)).await;
    assert_eq!(
        told(&scene.mailed().await),
        [
            (LEADS.to_owned(), "Nightdesk HIGH Escalation | Unexpected country (Acme Incorporated)".to_owned()),
            (SOC.to_owned(), "Nightdesk LOW Platform action | Defender disabled (Globex GmbH)".to_owned()),
        ]
    );
    assert!(scene.world().resolve_escalation(asked));
    scene.pass(TimeDelta::minutes(10)).await;
    let over = scene.mailed().await;
    assert_eq!(
        told(&over),
        [(LEADS.to_owned(), "Nightdesk HIGH Escalation resolved | Unexpected country (Acme Incorporated)".to_owned())]
    );
    assert_eq!(over[0].header("List-Id").as_deref(), Some("Nightdesk <escalations.nightdesk.example.com>"));
    scene.stop().await;
}

#[tokio::test]
async fn webhook_and_poll_of_the_same_news_are_one_mail() {
    let mut posted = Posted::open().await;
    posted.scene.mail = Some(MailServer::start(Arc::new(posted.scene.clock.clone())).await.unwrap());
    posted.scene.apply(&posted.scene.mail_server().toml(&[SOC]));
    posted.start().await;
    let first = posted.scene.world().publish(IncidentBuilder::critical().organization(4).entity("SRV01"));
    posted.tell_of(first, "incident_report.created").await;
    assert_eq!(posted.scene.mailed().await.len(), 1, "at once, by the webhook");
    let second = posted.scene.world().publish(IncidentBuilder::critical().organization(5));
    posted.minutes(5).await;
    assert_eq!(posted.scene.mailed().await.len(), 1, "the poll mails the second and not the first again");
    posted.tell_of(second, "incident_report.created").await;
    posted.scene.world().set_status(first, "closed");
    posted.tell_of(first, "incident_report.closed").await;
    posted.minutes(10).await;
    let mail = posted.scene.mailed().await;
    assert_eq!(mail.len(), 1, "{:?}", told(&mail));
    assert!(mail[0].subject().contains("Incident resolved |"));
    posted.scene.stop().await;
}

#[tokio::test]
async fn old_news_come_as_one_summary() {
    let mut scene = Scene::mailing(&[SOC, LEADS], "").await;
    for n in 0..60 {
        let organization = 4 + n % 4;
        let mut incident = IncidentBuilder::high().organization(organization).sent_ago(TimeDelta::days(3));
        if n == 59 {
            incident = IncidentBuilder::critical().organization(organization).sent_ago(TimeDelta::days(2));
        }
        scene.world().publish(incident);
    }
    scene.start().await;
    scene.pass(TimeDelta::minutes(2)).await;
    let mail = scene.mailed().await;
    let older: Vec<_> = mail.iter().filter(|m| m.subject().contains("Older news")).collect();
    assert_eq!(older.len(), 2, "{:?}", told(&mail));
    assert_eq!(older[0].subject(), "Nightdesk CRITICAL Older news | 60 that were open for more than a day");
    assert!(older[0].raw.contains("and 10 more: see the boards"), "{}", older[0].raw);
    assert_eq!(mail.len(), 4, "and the one incident of today, to both");
    scene.stop().await;
}

#[tokio::test]
async fn nd_16_a_hostile_subject_neither_adds_a_recipient_nor_is_markup() {
    let mut scene = Scene::with_mail(&[SOC]).await;
    let evil = "CRITICAL - Incident on <script>alert(1)</script>\r\nBcc: evil@example.net\r\n\r\n. (Acme)";
    scene.world().publish(
        IncidentBuilder::critical().organization(4).field("subject", evil).field("summary", "<img src=x>\r\n.\r\nQUIT"),
    );
    scene.pass(FIVE).await;
    let mail = scene.mailed().await;
    assert_eq!(mail.len(), 1);
    assert_eq!((mail[0].to.as_str(), mail[0].header("Bcc")), (SOC, None));
    assert!(mail[0].subject().contains("<script>"), "a subject is text: {}", mail[0].subject());
    let html = mail[0].raw.split("text/html").nth(1).unwrap().replace("=\r\n", "");
    assert!(!html.contains("<script>") && !html.contains("<img") && html.contains("&lt;img"), "{html}");
    scene.stop().await;
}

#[tokio::test]
async fn a_desk_without_mail_mails_nothing_and_says_that_there_is_no_fallback() {
    let mut scene = Scene::night().await;
    let status = scene.status().email;
    assert!(!status.configured && !status.fallback && status.why.unwrap().contains("isn't set up"));
    scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.pass(FIVE).await;
    assert!(mails(&scene).is_empty());
    scene.stop().await;
}

#[tokio::test]
async fn a_mail_that_was_taken_is_proof_of_the_fallback_until_the_server_changes() {
    let mut scene = Scene::with_mail(&[SOC]).await;
    assert!(mails(&scene).iter().all(|m| m.state == State::Accepted));
    let status = scene.status().email;
    assert!(status.fallback && status.tested_at.is_some(), "{status:?}");
    scene.apply(&scene.mail_server().toml(&[SOC, LEADS]));
    let status = scene.status().email;
    assert!(status.fallback, "other addresses are no other server");
    assert!(status.why.unwrap().starts_with("mail to leads@example.com was never tried"), "nor are they seen to work");
    scene.apply(&scene.mail_server().toml(&[SOC]).replace("nightdesk@", "desk@"));
    let status = scene.status().email;
    assert!(status.configured && !status.fallback && status.why.unwrap().contains("never tried"));
    scene.stop().await;
}
