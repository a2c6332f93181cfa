//! Sending a text, what each refusal means, and finding a text again.

use std::time::Duration;

use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{Found, Sender};
use serde_json::{Value, json};

use crate::desk::{CONTACT, OURS, TEXT, client, text};
use crate::fake::{Fake, Reply};

#[tokio::test]
async fn a_text_is_sent_with_what_it_needs_and_nothing_else() {
    let fake = Fake::new([Reply::created(TEXT), Reply::created(TEXT)]).await;
    let texts = client(&fake.url).texts();
    assert_eq!((texts.kind(), texts.idempotency()), (Kind::Sms, Idempotency::Lookup));
    let mut outgoing = text("CRITICAL at Acme: ack 4821 & more");
    let accepted = Outcome::Accepted { remote_ref: Some(TEXT.into()) };
    assert_eq!(texts.send(&outgoing).await, accepted);
    outgoing.possible_repeat = true;
    assert_eq!(texts.send(&outgoing).await, accepted);

    let seen = fake.seen();
    assert_eq!(seen[0].what(), "POST /Messages.json");
    assert_eq!(seen[0].content_type, "application/x-www-form-urlencoded");
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected = [
        pair("To", CONTACT),
        pair("From", OURS),
        pair("Body", "CRITICAL at Acme: ack 4821 & more"),
        pair("ValidityPeriod", "900"),
        pair("SmartEncoded", "true"),
    ];
    assert_eq!(seen[0].form, expected);
    assert_eq!(seen[1].field("Body"), Some("(possible repeat) CRITICAL at Acme: ack 4821 & more"));
}

#[tokio::test]
async fn each_class_of_refusal() {
    for (status, code, expected) in [
        (400, 21211, "permanent"),
        (400, 21610, "permanent"),
        (400, 21614, "permanent"),
        (400, 21612, "permanent"),
        (400, 21606, "human"),
        (400, 21408, "human"),
        (400, 21608, "human"),
        (401, 20003, "human"),
        (403, 20008, "human"),
        (404, 20404, "human"),
        (429, 20429, "temporary"),
        (500, 20500, "unknown"),
        (503, 20503, "unknown"),
        (500, 77777, "unknown"),
    ] {
        let fake = Fake::new([Reply::refused(status, code).header("retry-after", "7")]).await;
        let outcome = client(&fake.url).texts().send(&text("x")).await;
        let (class, error) = match outcome {
            Outcome::Permanent { error } | Outcome::OutOfReach { error, .. } => ("permanent", error),
            Outcome::NeedsHuman { error } => ("human", error),
            Outcome::Unknown { error } => ("unknown", error),
            Outcome::Temporary { error, retry_after } => {
                assert_eq!(retry_after, Some(Duration::from_secs(7)));
                ("temporary", error)
            }
            other => panic!("{code}: {other:?}"),
        };
        assert_eq!(class, expected, "{code}");
        assert!(error.contains(&code.to_string()) && !error.contains("555"), "{error}");
        assert_eq!(fake.seen().len(), 1, "a sender never repeats by itself");
    }
}

#[tokio::test]
async fn refusals_that_say_nothing() {
    for (status, body, expected) in [
        (502, "<html>bad gateway</html>", "unknown"),
        (504, "", "unknown"),
        (400, "nonsense", "permanent"),
        (401, "", "human"),
        (307, "", "human"),
        (429, "", "temporary"),
        (400, r#"{"code":"21211"}"#, "permanent"),
        (400, r#"{"code":null}"#, "permanent"),
    ] {
        let fake = Fake::new([Reply::raw(status, body)]).await;
        let class = match client(&fake.url).texts().send(&text("x")).await {
            Outcome::Permanent { .. } | Outcome::OutOfReach { .. } => "permanent",
            Outcome::NeedsHuman { .. } => "human",
            Outcome::Unknown { .. } => "unknown",
            Outcome::Temporary { .. } => "temporary",
            other => panic!("{status}: {other:?}"),
        };
        assert_eq!(class, expected, "{status} {body}");
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_read_is_unknown() {
    for body in ["", "<html>", "[]", "{}", r#"{"sid":null}"#, r#"{"sid":12}"#, r#"{"sid":"../Calls"}"#, "{\"sid\":\"SM"]
    {
        let fake = Fake::new([Reply::raw(201, body)]).await;
        let outcome = client(&fake.url).texts().send(&text("x")).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{body}: {outcome:?}");
    }
}

#[tokio::test]
async fn what_twilio_could_never_take_does_not_leave() {
    let fake = Fake::new([]).await;
    let texts = client(&fake.url).texts();
    let mut nowhere = text("x");
    nowhere.destination = "0123".into();
    let mut unreadable = text("x");
    unreadable.payload = json!({ "text": "x" });
    for outgoing in [text(" "), text(&"x".repeat(1_601)), nowhere, unreadable] {
        assert!(matches!(texts.send(&outgoing).await, Outcome::Permanent { .. }));
        assert_eq!(texts.look_up(&outgoing).await, Found::No);
    }
    assert!(fake.seen().is_empty());
}

fn row(sid: &str, direction: &str, to: &str, body: &str) -> Value {
    json!({ "sid": sid, "direction": direction, "to": to, "from": OURS, "body": body, "status": "sent" })
}

fn list(rows: Vec<Value>) -> Reply {
    Reply::ok(json!({ "messages": rows, "next_page_uri": null }))
}

#[tokio::test]
async fn a_text_is_found_by_either_wording_among_those_to_its_number() {
    for body in ["ack 4821", "(possible repeat) ack 4821", "Sent from your Twilio trial account - ack 4821"] {
        let rows = vec![
            row("SM1", "outbound-api", CONTACT, "ack 4822"),
            row("SM2", "inbound", CONTACT, "ack 4821"),
            row("SM3", "outbound-api", OURS, "ack 4821"),
            row(TEXT, "outbound-api", CONTACT, body),
            row("SM4", "outbound-api", CONTACT, "ack 4821"),
        ];
        let fake = Fake::new([list(rows)]).await;
        let found = client(&fake.url).texts().look_up(&text("ack 4821")).await;
        assert_eq!(found, Found::Yes { remote_ref: Some(TEXT.into()) }, "{body}");
        let seen = &fake.seen()[0];
        assert_eq!(seen.what(), "GET /Messages.json");
        assert_eq!((seen.asked("To"), seen.asked("From")), (Some(CONTACT), Some(OURS)));
        assert!(seen.query.iter().all(|(name, _)| !name.starts_with("Date")), "a waiting text has no date yet");
    }
}

#[tokio::test]
async fn absent_and_not_to_be_known_are_told_apart() {
    let fake = Fake::new([list(vec![row("SM1", "outbound-api", CONTACT, "other")])]).await;
    assert_eq!(client(&fake.url).texts().look_up(&text("ack 4821")).await, Found::No);
    for reply in [
        Reply::refused(401, 20003),
        Reply::refused(429, 20429),
        Reply::ok(json!({ "messages": {} })),
        Reply::ok(json!([])),
        Reply::raw(200, "<html>"),
        list(vec![json!({ "sid": 1, "direction": "outbound-api", "to": CONTACT, "body": "ack 4821" })]),
    ] {
        let fake = Fake::new([reply]).await;
        let found = client(&fake.url).texts().look_up(&text("ack 4821")).await;
        assert!(matches!(found, Found::Unknown(_)), "{found:?}");
    }
}
