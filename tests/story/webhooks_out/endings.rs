//! How an endpoint ends, and that people are told of it once: a story fails on one mail too many.

use super::{attempts, follow, leap, listed, states, toml, unstarted};
use chrono::TimeDelta;
use nightdesk_core::clock::Clock as _;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::consumer::{Consumer, Reaction};
use nightdesk_standin::mail::{MailServer, Received};
use nightdesk_tests::Scene;
use std::sync::Arc;

const SECOND: TimeDelta = TimeDelta::seconds(1);

/// A desk with one endpoint, and mail.
async fn mailing() -> (Scene, Consumer) {
    let (mut scene, mut consumers) = unstarted(1).await;
    let consumer = consumers.remove(0);
    let server = MailServer::start(Arc::new(scene.clock.clone())).await.unwrap();
    scene.apply(&format!("{}{}", toml(&scene, &[consumer.url()]), server.toml(&["soc@example.com"])));
    scene.mail = Some(server);
    scene.start().await;
    (scene, consumer)
}

/// The text of each mail about the endpoint since the last time, in one line, with its subject before it.
async fn mails(scene: &Scene, endpoint: &Consumer) -> Vec<String> {
    // Longer than failures are bundled for, so that a second mail about the same would have come.
    scene.pass(TimeDelta::minutes(2)).await;
    let text = |mail: &Received| format!("{} {}", mail.subject(), mail.raw.replace("=\r\n", ""));
    let url = endpoint.url();
    scene.mailed().await.iter().map(text).filter(|text| text.contains(&url)).collect()
}

#[tokio::test]
async fn nd_8_a_goodbye_is_told_in_one_mail_that_says_what_is_undelivered() {
    let (mut scene, siem) = mailing().await;
    siem.script([Reaction::Gone]);
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.poll().await;
    let told = mails(&scene, &siem).await;
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].starts_with("Nightdesk CRITICAL Desk alarm | "), "{told:#?}");
    assert!(told[0].contains("it answered that it wants no more"), "{told:#?}");
    let lost = format!("Undelivered: incident_report.created {}, to be sent again by hand.", siem.posts()[0].id);
    assert!(told[0].contains(&lost), "{told:#?}");
    assert_eq!(states(&scene), ["rejected"]);
    assert_eq!(scene.status().outbox.dead, 1, "the local alarm lasts until somebody deals with it");
    scene.stop().await;
}

#[tokio::test]
async fn several_goodbyes_at_once_are_one_mail() {
    let (mut scene, siem) = mailing().await;
    siem.usually(Reaction::Gone);
    for _ in 0..6 {
        scene.world().publish(IncidentBuilder::low().organization(4));
    }
    scene.poll().await;
    let told = mails(&scene, &siem).await;
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("to be sent again by hand, and 5 under way or waiting."), "{told:#?}");
    assert!(states(&scene).iter().all(|state| state == "rejected" || state == "queued"), "{:?}", states(&scene));
    scene.stop().await;
}

#[tokio::test]
async fn nd_8_a_message_whose_last_failure_ends_the_fifth_day_is_told_with_the_endpoint() {
    let (mut scene, siem) = mailing().await;
    siem.usually(Reaction::Status(502));
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.poll().await;
    let begun = scene.clock.now();
    follow(&scene, &siem.url(), TimeDelta::hours(48)).await;
    let told = mails(&scene, &siem).await;
    assert_eq!(told.len(), 1, "its own end, long before: {told:#?}");
    assert!(told[0].starts_with("Nightdesk LOW Undelivered | "), "{told:#?}");

    leap(&scene, begun + TimeDelta::hours(97) - scene.clock.now()).await;
    siem.take_posts();
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.poll().await;
    let next = || attempts(&scene, &siem.url()).iter().filter_map(|a| a.next_at).min().unwrap();
    while siem.posts().len() < 7 {
        leap(&scene, next() - scene.clock.now() - SECOND).await;
    }
    assert!(listed(&scene)[0].enabled, "not before five days");
    assert_eq!(mails(&scene, &siem).await, Vec::<String>::new());
    // Its eighth try comes when the five days are over.
    let over = next().max(begun + TimeDelta::days(5) + TimeDelta::minutes(1));
    leap(&scene, over - scene.clock.now()).await;
    assert!(!listed(&scene)[0].enabled);
    assert_eq!(states(&scene), ["dead_lettered", "dead_lettered"]);
    let told = mails(&scene, &siem).await;
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].starts_with("Nightdesk CRITICAL Desk alarm | "), "{told:#?}");
    assert!(told[0].contains("it has failed for five days"), "{told:#?}");
    let lost = format!("Undelivered: incident_report.created {}, to be sent again by hand.", siem.posts()[0].id);
    assert!(told[0].contains(&lost), "{told:#?}");
    scene.stop().await;
}
