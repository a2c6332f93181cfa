//! What each answer means, and where a post may go.

use std::sync::Arc;
use std::time::Duration;

use crate::consumer::{Consumer, Drawer, KEY, Leads, Says, noon, outgoing, says, sender, terms};
use nightdesk_core::delivery::Outcome;
use nightdesk_core::port::{Exchange, Sender};
use nightdesk_core::webhook::Terms;
use nightdesk_senders::webhook::Webhooks;

async fn answered(with: Says) -> (Outcome, Option<Exchange>) {
    let consumer = Consumer::start([with]).await;
    let told = sender().send_and_show(&outgoing(&consumer.url, terms())).await;
    assert_eq!(consumer.seen().len(), 1, "sent once");
    told
}

#[tokio::test]
async fn two_hundred_and_something_is_success_and_nothing_else_is() {
    for status in [200, 201, 202, 204] {
        assert_eq!(answered(says(status)).await.0, Outcome::Delivered { remote_ref: None }, "{status}");
    }
    for status in [301, 302, 307, 308, 400, 401, 404, 500, 503] {
        let mut with = says(status);
        with.headers.push(("location", "http://127.0.0.1:1/"));
        let (outcome, exchange) = answered(with).await;
        assert!(matches!(outcome, Outcome::Temporary { retry_after: None, .. }), "{status}: {outcome:?}");
        let exchange = exchange.unwrap();
        assert_eq!((exchange.answer.unwrap().status, exchange.is_farewell), (status, false));
    }
}

#[tokio::test]
async fn retry_after_is_honoured_in_both_forms() {
    for (value, seconds) in [("90", 90), ("Sun, 01 Mar 2026 12:10:00 GMT", 600), ("999999", 86_400)] {
        let with = Says { headers: vec![("retry-after", value)], ..says(503) };
        let Outcome::Temporary { retry_after, .. } = answered(with).await.0 else { panic!("{value}") };
        assert_eq!(retry_after, Some(Duration::from_secs(seconds)), "{value}");
    }
}

#[tokio::test]
async fn an_endpoint_can_say_goodbye_or_refuse_one_message() {
    let (outcome, exchange) = answered(says(410)).await;
    assert!(matches!(outcome, Outcome::Permanent { .. }) && exchange.unwrap().is_farewell);
    let (outcome, exchange) = answered(Says { headers: vec![("webhook-delivery", "disable")], ..says(500) }).await;
    assert!(matches!(outcome, Outcome::Permanent { .. }) && exchange.unwrap().is_farewell);
    let (outcome, exchange) = answered(Says { headers: vec![("webhook-delivery", "disable")], ..says(200) }).await;
    assert!(matches!(outcome, Outcome::Delivered { .. }) && exchange.unwrap().is_farewell, "it took this one");
    let (outcome, exchange) =
        answered(Says { headers: vec![("webhook-delivery", "abort-message")], ..says(400) }).await;
    assert!(matches!(outcome, Outcome::Permanent { .. }) && !exchange.unwrap().is_farewell);
}

#[tokio::test]
async fn what_went_over_the_wire_can_be_looked_at() {
    let with =
        Says { headers: vec![("server", "siem/1"), ("set-cookie", "hush")], body: "x".repeat(9000), ..says(500) };
    let exchange = answered(with).await.1.unwrap();
    let answer = exchange.answer.unwrap();
    assert_eq!((answer.body.len(), answer.is_cut), (4096, true));
    assert!(answer.headers.contains(&("server".into(), "siem/1".into())));
    assert!(!format!("{:?}", answer.headers).contains("hush"));
    let named = |name: &str| exchange.request_headers.iter().any(|(n, _)| n == name);
    assert!(named("webhook-id") && named("webhook-signature") && named("svix-id") && named("content-type"));
}

#[tokio::test]
async fn nobody_there_is_a_failure_and_no_answer_is_a_doubt() {
    let nobody = sender().send(&outgoing("http://127.0.0.1:1/in", terms())).await;
    assert!(matches!(nobody, Outcome::Temporary { .. }), "{nobody:?}");
    let consumer = Consumer::start([Says { hangs: true, ..says(200) }]).await;
    let hung = sender().within(Duration::from_millis(100)).send(&outgoing(&consumer.url, terms())).await;
    assert!(matches!(hung, Outcome::Unknown { .. }), "{hung:?}");
}

#[tokio::test]
async fn a_post_goes_inside_only_where_the_user_allows_it() {
    let consumer = Consumer::start([]).await;
    let refused = Terms { allow_private: false, ..terms() };
    let literal = sender().send(&outgoing(&consumer.url, refused)).await;
    assert!(matches!(&literal, Outcome::Temporary { error, .. } if error.contains("loopback")), "{literal:?}");
    let port = consumer.url.split(':').nth(2).unwrap().trim_end_matches("/in").to_owned();
    let rebound =
        Webhooks::resolving(Arc::new(Drawer(Some(KEY))), noon(), Arc::new(Leads("127.0.0.1".parse().unwrap())));
    let named = rebound.send(&outgoing(&format!("https://siem.example.com:{port}/in"), refused)).await;
    assert!(matches!(&named, Outcome::Temporary { error, .. } if error.contains("loopback")), "{named:?}");
    assert!(consumer.seen().is_empty());
}

#[tokio::test]
async fn without_a_key_nothing_leaves() {
    let consumer = Consumer::start([]).await;
    let locked = Webhooks::new(Arc::new(Drawer(None)), noon());
    let (outcome, exchange) = locked.send_and_show(&outgoing(&consumer.url, terms())).await;
    assert!(matches!(&outcome, Outcome::Temporary { error, .. } if error.contains("locked")), "{outcome:?}");
    assert!(exchange.is_none() && consumer.seen().is_empty());
}
