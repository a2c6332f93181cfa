//! What a mail server does, and what becomes of the mail.

use super::{FIVE, LEADS, SOC, mails, states, told};
use chrono::TimeDelta;
use nightdesk_core::delivery::State;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::mail::{Fault, Stage};
use nightdesk_tests::Scene;

async fn one_mail(scene: &Scene) {
    scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.pass(TimeDelta::minutes(5)).await;
}

#[tokio::test]
async fn a_greylisting_server_is_tried_again_with_the_same_message_id() {
    let mut scene = Scene::with_mail(&[SOC]).await;
    let connections = scene.mail_server().connections();
    scene.mail_server().fail_once(Stage::Recipient, Fault::Say("451 4.7.1 Greylisted, try again later"));
    one_mail(&scene).await;
    assert!(scene.mailed().await.is_empty());
    scene.pass(TimeDelta::seconds(10)).await;
    let mail = scene.mailed().await;
    assert_eq!(mail.len(), 1);
    let row = &mails(&scene)[0];
    assert_eq!((row.state, row.attempts), (State::Accepted, 2));
    assert_eq!(row.remote_ref, mail[0].header("Message-ID"));
    assert!(!mail[0].raw.contains("Possible-Repeat"), "nothing was taken before");
    assert!(scene.mail_server().connections() > connections);
    scene.stop().await;
}

#[tokio::test]
async fn nd_5_a_lost_answer_is_repeated_marked_and_with_the_same_message_id() {
    let mut scene = Scene::with_mail(&[SOC]).await;
    scene.mail_server().fail_once(Stage::AfterMessage, Fault::Hangup);
    one_mail(&scene).await;
    scene.pass(TimeDelta::minutes(1)).await;
    let mail = scene.mailed().await;
    assert_eq!(mail.len(), 2, "a lost alert is worse than one that comes twice");
    assert_eq!(mail[0].header("Message-ID"), mail[1].header("Message-ID"));
    assert!(mail[0].header("X-Nightdesk-Possible-Repeat").is_none());
    assert_eq!(mail[1].header("X-Nightdesk-Possible-Repeat").as_deref(), Some("yes"));
    assert_eq!(states(&scene)[0], State::Accepted);
    scene.stop().await;
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_message_has_no_effect() {
    let mut scene = Scene::with_mail(&[SOC]).await;
    scene.mail_server().fail_once(Stage::Sender, Fault::Hangup);
    one_mail(&scene).await;
    scene.pass(TimeDelta::minutes(1)).await;
    let mail = scene.mailed().await;
    assert_eq!((mail.len(), mail[0].header("X-Nightdesk-Possible-Repeat")), (1, None));
    scene.stop().await;
}

#[tokio::test]
async fn a_server_that_is_away_gets_everything_once_when_it_is_back() {
    let mut scene = Scene::with_mail(&[SOC]).await;
    scene.mail_server().stop();
    one_mail(&scene).await;
    scene.pass(TimeDelta::minutes(10)).await;
    let row = mails(&scene).remove(0);
    assert_eq!(row.state, State::Retrying);
    assert!(row.last_error.unwrap().contains("nothing accepts connections there"));
    scene.mail_server().resume().await.unwrap();
    scene.pass(TimeDelta::hours(1)).await;
    let mail = scene.mailed().await;
    assert_eq!(mail.len(), 1);
    assert_eq!(mail[0].header("X-Nightdesk-Possible-Repeat"), None);
    assert_eq!(scene.mailed().await.len(), 0);
    scene.stop().await;
}

#[tokio::test]
async fn nd_17_mail_that_fails_is_no_fallback_until_some_is_taken() {
    let mut scene = Scene::with_mail(&[SOC]).await;
    assert!(scene.status().email.fallback);
    scene.mail_server().stop();
    one_mail(&scene).await;
    assert!(scene.status().email.fallback && scene.status().alarms.is_empty(), "a server may be away for a moment");
    scene.pass(TimeDelta::minutes(15)).await;
    let status = scene.status();
    assert!(!status.email.fallback && status.email.tested_at.is_some(), "{:?}", status.email);
    assert!(status.email.why.unwrap().contains("nothing accepts connections there"));
    assert!(status.alarms.iter().any(|a| a.starts_with("no fallback, mail has failed since")), "{:?}", status.alarms);
    // Longer than anything else is tried: mail has nothing to fall back to.
    scene.pass(TimeDelta::hours(3)).await;
    assert_eq!(mails(&scene)[0].state, State::Retrying);
    scene.mail_server().resume().await.unwrap();
    scene.pass(TimeDelta::minutes(75)).await;
    assert_eq!(scene.mailed().await.iter().filter(|m| m.subject().contains("CRITICAL Incident |")).count(), 1);
    assert!(scene.status().email.fallback && scene.status().alarms.is_empty(), "{:?}", scene.status().alarms);

    scene.mail_server().fail(Stage::Message, Fault::Say("550 5.7.1 not wanted"));
    one_mail(&scene).await;
    scene.mailed().await;
    assert!(!scene.status().email.fallback && !scene.status().alarms.is_empty());
    scene.mail_server().repair();
    one_mail(&scene).await;
    scene.mailed().await;
    assert!(scene.status().email.fallback && scene.status().alarms.is_empty(), "{:?}", scene.status().alarms);
    scene.stop().await;
}

#[tokio::test]
async fn a_refused_recipient_is_a_dead_letter_with_the_servers_words_and_the_others_are_told() {
    let more = format!("[email.overrides]\nincidents = [{LEADS:?}]\n");
    let mut scene = Scene::mailing(&[SOC], &more).await;
    scene.mail_server().refuse(LEADS, "550 5.1.1 <leads@example.com>: no such user here");
    scene.start().await;
    let mail = scene.mailed().await;
    assert_eq!(mail.len(), 1);
    assert_eq!(mail[0].to, SOC);
    assert!(
        mail[0].subject().starts_with("Nightdesk LOW Undelivered | mail to leads@example.com"),
        "{:?}",
        told(&mail)
    );
    let dead = mails(&scene).into_iter().find(|m| m.state == State::Rejected).unwrap();
    assert!(dead.last_error.unwrap().contains("550 5.1.1 <leads@example.com>: no such user here"));
    assert_eq!(scene.status().outbox.dead, 1, "the local alarm");
    scene.stop().await;
}

#[tokio::test]
async fn nd_8_mail_that_fails_by_itself_raises_the_local_alarm_only() {
    let mut scene = Scene::with_mail(&[SOC, LEADS]).await;
    scene.mail_server().fail(Stage::Sender, Fault::Say("530 5.7.0 Authentication required"));
    one_mail(&scene).await;
    assert!(scene.mailed().await.is_empty());
    assert_eq!(states(&scene)[..2], [State::NeedsHuman, State::NeedsHuman]);
    assert_eq!((scene.status().outbox.needs_human, mails(&scene).len()), (2, 4), "no mail about mail");
    assert!(mails(&scene)[0].last_error.as_deref().unwrap().contains("check email.auth"));
    // Somebody repairs it: the next mail that is taken lets out what waited.
    scene.mail_server().repair();
    one_mail(&scene).await;
    scene.pass(FIVE).await;
    assert_eq!(scene.mailed().await.len(), 4);
    assert_eq!(scene.status().outbox.needs_human, 0);
    scene.stop().await;
}

#[tokio::test]
async fn a_switched_off_password_says_what_to_switch_to() {
    let mut scene = Scene::with_mail(&[SOC]).await;
    let line = "550 5.7.30 Basic authentication is not supported for Client Submission.";
    scene.mail_server().fail(Stage::Sender, Fault::Say(line));
    one_mail(&scene).await;
    let row = mails(&scene).remove(0);
    assert_eq!(row.state, State::NeedsHuman);
    assert!(row.last_error.unwrap().contains("switch to Microsoft 365 sign-in"));
    scene.stop().await;
}
