//! What a person does with endpoints.

use super::{attempts, desk, events, follow, heard, leap, listed, states, toml};
use chrono::TimeDelta;
use nightdesk_api::{self as api, WebhookDraft, WebhookSet};
use nightdesk_core::config::Category;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::consumer::{Reaction, Verdict};
use nightdesk_tests::hook_secret;

const SIX: TimeDelta = TimeDelta::minutes(6);
const MOMENT: TimeDelta = TimeDelta::seconds(2);

#[tokio::test]
async fn a_rotated_secret_overlaps_with_the_old_one_for_a_day() {
    let (mut scene, consumers) = desk(1).await;
    let (siem, url) = (&consumers[0], consumers[0].url());
    let done = scene.act(|tx, now| api::webhook_rotate(tx, now, "tester", &url)).unwrap();
    assert_eq!(done.url, url);
    let generation = scene.read(|tx| api::webhook_generation(tx, &url)).unwrap();
    assert_eq!(generation, (url.clone(), 2));
    let (old, new) = (hook_secret(&url, 1), hook_secret(&url, 2));
    siem.trust([old.clone(), new.clone()]);
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(SIX).await;
    assert_eq!(siem.take_posts()[0].verdict, Verdict::Genuine(vec![0, 1]), "both sign");
    assert!(listed(&scene)[0].overlap_ends_at.is_some());

    leap(&scene, TimeDelta::hours(24)).await;
    assert_eq!(listed(&scene)[0].overlap_ends_at, None);
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(SIX).await;
    assert_eq!(siem.take_posts()[0].verdict, Verdict::Genuine(vec![1]), "the new one alone");

    // A consumer that never heard of the rotation refuses, and it is seen.
    siem.trust([old]);
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(SIX).await;
    assert_eq!(listed(&scene)[0].last_status, Some(401));
    siem.trust([new]);
    follow(&scene, &url, TimeDelta::hours(2)).await;
    assert_eq!(states(&scene), ["delivered"; 3]);
    scene.stop().await;
}

#[tokio::test]
async fn a_second_rotation_keeps_the_promise_of_the_first() {
    let (mut scene, consumers) = desk(1).await;
    let (siem, url) = (&consumers[0], consumers[0].url());
    siem.trust([1, 2, 3].map(|generation| hook_secret(&url, generation)));
    let rotate = |scene: &nightdesk_tests::Scene| scene.act(|tx, now| api::webhook_rotate(tx, now, "tester", &url));
    let verdict = async |scene: &nightdesk_tests::Scene| {
        scene.act(|tx, now| api::webhook_test(tx, now, &url, None)).unwrap();
        heard(siem, 1).await;
        scene.pass(MOMENT).await;
        siem.take_posts().remove(0).verdict
    };
    let first = rotate(&scene).unwrap().overlap_ends_at;
    leap(&scene, TimeDelta::hours(6)).await;
    let second = rotate(&scene).unwrap().overlap_ends_at;
    assert!(second - first >= TimeDelta::hours(6), "{first} {second}");
    assert_eq!(verdict(&scene).await, Verdict::Genuine(vec![0, 1, 2]), "the first secret's day isn't over");
    leap(&scene, TimeDelta::hours(18)).await;
    assert_eq!(verdict(&scene).await, Verdict::Genuine(vec![1, 2]));
    leap(&scene, TimeDelta::hours(7)).await;
    assert_eq!(verdict(&scene).await, Verdict::Genuine(vec![2]));

    for _ in 0..5 {
        rotate(&scene).unwrap();
    }
    let refused = rotate(&scene).unwrap_err();
    assert_eq!(refused.code, api::Code::Conflict);
    assert!(refused.to_string().contains("rotated 5 times within 24 hours"), "{refused}");
    assert_eq!(scene.read(|tx| api::webhook_generation(tx, &url)).unwrap().1, 8, "nothing was rotated");
    // One that is deleted and added again begins with one secret alone.
    scene.act(|tx, now| api::webhook_delete(tx, now, "tester", &url)).unwrap();
    scene.apply(&toml(&scene, std::slice::from_ref(&url)));
    siem.trust([8, 9].map(|generation| hook_secret(&url, generation)));
    assert_eq!(verdict(&scene).await, Verdict::Genuine(vec![1]));
    scene.stop().await;
}

#[tokio::test]
async fn a_test_is_tried_once_and_its_failure_is_nobodys_alarm() {
    let (mut scene, consumers) = desk(1).await;
    let (siem, url) = (&consumers[0], consumers[0].url());
    let queued = scene.act(|tx, now| api::webhook_test(tx, now, &url, None)).unwrap();
    scene.pass(MOMENT).await;
    let tried = scene.read(|tx| api::webhook_tried(tx, &queued)).unwrap();
    assert!(tried.ok && tried.is_final && tried.status == Some(204), "{tried:?}");
    let posts = siem.take_posts();
    assert_eq!((events(&posts), &posts[0].id), (vec!["webhook.test".to_owned()], &queued.message_id));

    siem.script([Reaction::Status(500)]);
    let queued = scene.act(|tx, now| api::webhook_test(tx, now, &url, None)).unwrap();
    scene.pass(SIX).await;
    let tried = scene.read(|tx| api::webhook_tried(tx, &queued)).unwrap();
    assert!(!tried.ok && tried.is_final && tried.status == Some(500), "{tried:?}");
    assert_eq!(siem.take_posts().len(), 1);
    siem.script([Reaction::Hang]);
    scene.act(|tx, now| api::webhook_test(tx, now, &url, None)).unwrap();
    heard(siem, 1).await;
    siem.hang_up();
    scene.pass(SIX).await;
    assert_eq!(siem.take_posts().len(), 1);
    let outbox = scene.status().outbox;
    assert_eq!((outbox.dead, outbox.needs_human, outbox.in_doubt, outbox.retrying), (0, 0, 0, 0), "{outbox:?}");
    assert_eq!(attempts(&scene, &url).len(), 3, "all of it is listed");
    let unknown = scene.act(|tx, now| api::webhook_test(tx, now, "https://nowhere.example/", None)).unwrap_err();
    assert_eq!(unknown.code, api::Code::NotFound);
    scene.stop().await;
}

#[tokio::test]
async fn what_waits_for_a_deleted_endpoint_is_cancelled_and_the_ledger_says_how_much() {
    let (mut scene, consumers) = desk(2).await;
    let (siem, url) = (&consumers[0], consumers[0].url());
    siem.usually(Reaction::Status(500));
    for _ in 0..3 {
        scene.world().publish(IncidentBuilder::low().organization(4));
    }
    scene.pass(SIX).await;
    assert_eq!(listed(&scene)[0].waiting, 3);
    let without = toml(&scene, &[consumers[1].url()]);
    let checked = scene.read(|tx| api::config_check(tx, &without, false)).unwrap();
    assert_eq!(checked.warnings, [format!("webhook_out leaves out {url}: 3 messages that wait for it are cancelled")]);
    let stays = toml(&scene, &[consumers[1].url(), url.clone()]);
    assert!(scene.read(|tx| api::config_check(tx, &stays, false)).unwrap().warnings.is_empty());
    assert_eq!(scene.read(|tx| api::webhook_waiting(tx, &url)).unwrap(), 3);
    let left = scene.act(|tx, now| api::webhook_delete(tx, now, "tester", &url)).unwrap();
    assert_eq!(left.len(), 1);
    siem.take_posts();
    for _ in 0..4 {
        leap(&scene, TimeDelta::hours(10)).await;
    }
    assert!(siem.posts().is_empty());
    let mut ended = states(&scene);
    ended.sort();
    assert_eq!(ended, ["cancelled", "cancelled", "cancelled", "delivered", "delivered", "delivered"]);
    let lines =
        scene.read(|tx| api::ledger_page::page(tx, &api::ledger_page::LedgerAsked { before: None, limit: 500 }));
    let lines = serde_json::to_string(&lines.unwrap()).unwrap();
    assert!(lines.contains("3 messages that waited for it were cancelled"), "{lines}");
    let message = consumers[1].posts()[0].id.clone();
    scene.act(|tx, now| api::webhook_resend(tx, now, &message, None)).unwrap();

    // The same address again is another endpoint, with another secret.
    scene.apply(&toml(&scene, &[url.clone(), consumers[1].url()]));
    assert_eq!(scene.read(|tx| api::webhook_generation(tx, &url)).unwrap().1, 2);
    scene.stop().await;
}

#[tokio::test]
async fn a_window_adds_changes_and_deletes_endpoints_and_a_sixth_is_refused() {
    let (mut scene, consumers) = desk(4).await;
    let draft =
        |url: &str| WebhookDraft { url: url.to_owned(), categories: vec![Category::Escalations], allow_private: false };
    let set = |url: Option<&str>, endpoint: Option<WebhookDraft>| {
        let asked = WebhookSet { url: url.map(str::to_owned), endpoint, if_revision: None };
        scene.act(|tx, now| api::webhook_set(tx, now, "tester", &asked))
    };
    let five = set(None, Some(draft("https://SIEM.example.com/in"))).unwrap();
    assert_eq!((five.len(), five[4].url.as_str()), (5, "https://siem.example.com/in"));
    let sixth = set(None, Some(draft("https://other.example.com/in"))).unwrap_err();
    assert!(sixth.to_string().contains("at most 5"), "{sixth}");
    let inside = set(Some(&five[4].url), Some(draft("https://192.168.0.7/in"))).unwrap_err();
    assert!(inside.to_string().contains("private address"), "{inside}");
    let twice = set(Some(&five[4].url), Some(WebhookDraft { allow_private: true, ..draft(&consumers[0].url()) }));
    assert!(twice.unwrap_err().to_string().contains("each address once"));

    let changed = WebhookDraft { categories: Category::ALL.to_vec(), ..draft("https://siem.example.com/in") };
    let five = set(Some("https://siem.example.com/in/"), Some(changed)).unwrap();
    assert_eq!(five[4].categories.len(), 4);
    assert_eq!(set(Some("https://siem.example.com/in"), None).unwrap().len(), 4);
    for consumer in &consumers {
        set(Some(&consumer.url()), None).unwrap();
    }
    assert!(listed(&scene).is_empty());
    scene.stop().await;
}
