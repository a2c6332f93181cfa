//! Placing a call, with keys and without, and finding it again.

use chrono::Duration;
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{Found, Sender};
use nightdesk_senders::twilio::FLOW_NAME;
use serde_json::{Value, json};

use crate::desk::{CALL, CONTACT, FLOW, MARKER, OURS, RUN, armed, call, client, since};
use crate::fake::{Fake, Reply};

fn accepted(reference: &str) -> Outcome {
    Outcome::Accepted { remote_ref: Some(reference.into()) }
}

fn run() -> String {
    format!("{FLOW}/{RUN}")
}

fn executions() -> String {
    format!("/v2/Flows/{FLOW}/Executions")
}

#[tokio::test]
async fn a_call_with_keys_is_a_run_of_the_flow() {
    let fake = Fake::new([Reply::created(RUN)]).await;
    let calls = armed(&fake.url).calls();
    assert_eq!((calls.kind(), calls.idempotency()), (Kind::Call, Idempotency::Lookup));
    assert_eq!(calls.send(&call(true, Some("4,2"))).await, accepted(&run()));
    let seen = &fake.seen()[0];
    assert_eq!(seen.what(), format!("POST {}", executions()));
    assert_eq!((seen.field("To"), seen.field("From"), seen.form.len()), (Some(CONTACT), Some(OURS), 3));
    let parameters: Value = serde_json::from_str(seen.field("Parameters").unwrap()).unwrap();
    let spoken = "Critical at R and D, host one.";
    let voicemail = "Nightdesk called.";
    let expected = json!({ "spoken": spoken, "voicemail": voicemail, "marker": MARKER, "extension": "4w2" });
    assert_eq!(parameters, expected);
}

#[tokio::test]
async fn a_pin_is_read_out_twice_and_asks_for_nothing() {
    let fake = Fake::new([Reply::created(CALL)]).await;
    assert_eq!(armed(&fake.url).calls().send(&call(false, None)).await, accepted(CALL));
    let seen = &fake.seen()[0];
    assert_eq!(seen.what(), "POST /Calls.json");
    let names: Vec<&str> = seen.form.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["To", "From", "Twiml", "Timeout"]);
    let document = seen.field("Twiml").unwrap();
    assert_eq!(document.matches("Critical at R and D, host one.").count(), 2);
    assert_eq!(document.matches("<Say").count(), 2);
}

#[tokio::test]
async fn without_a_flow_a_page_speaks_and_says_that_keys_do_not_work() {
    let fake = Fake::new([Reply::refused(403, 20403), Reply::created(CALL), Reply::created(CALL)]).await;
    let calls = client(&fake.url).calls();
    assert_eq!(calls.send(&call(true, None)).await, accepted(CALL));
    assert_eq!(calls.send(&call(true, Some("42"))).await, accepted(CALL));
    assert_eq!(fake.whats(), ["GET /v2/Flows", "POST /Calls.json", "POST /Calls.json"], "the flow is asked for once");
    let seen = &fake.seen()[1..];
    assert!(seen[0].field("Twiml").unwrap().contains("Keys do not work"));
    assert_eq!((seen[0].field("MachineDetection"), seen[0].field("SendDigits")), (Some("Enable"), None));
    assert_eq!((seen[1].field("MachineDetection"), seen[1].field("SendDigits")), (None, Some("ww42")));
}

#[tokio::test]
async fn a_call_that_leaves_before_anybody_asked_for_the_flow_asks_for_it_first() {
    let ours = json!([{ "sid": FLOW, "friendly_name": FLOW_NAME, "status": "published" }]);
    let flows = json!({ "flows": ours, "meta": { "key": "flows", "next_page_url": null } });
    let fake = Fake::new([Reply::ok(flows), Reply::created(RUN), Reply::created(RUN)]).await;
    let calls = client(&fake.url).calls();
    for _ in 0..2 {
        assert_eq!(calls.send(&call(true, None)).await, accepted(&run()));
    }
    let placed = format!("POST {}", executions());
    assert_eq!(fake.whats(), ["GET /v2/Flows".to_owned(), placed.clone(), placed]);
}

#[tokio::test]
async fn where_twilio_denies_the_flow_the_call_speaks() {
    for (status, code, forgotten) in [(404, 20404, true), (403, 20403, true), (401, 20003, false), (400, 81_000, false)]
    {
        let fake = Fake::new([Reply::refused(status, code), Reply::created(CALL)]).await;
        let client = armed(&fake.url);
        assert_eq!(client.calls().send(&call(true, None)).await, accepted(CALL), "{status}");
        assert_eq!(fake.whats(), [format!("POST {}", executions()), "POST /Calls.json".into()]);
        assert_eq!(client.keys_in_use().is_none(), forgotten, "{status}");
    }
}

#[tokio::test]
async fn other_refusals_of_the_flow_are_refusals_of_the_call() {
    for (status, code, expected) in [(429, 20429, "temporary"), (503, 20503, "unknown"), (400, 21211, "out of reach")] {
        let fake = Fake::new([Reply::refused(status, code)]).await;
        let class = match armed(&fake.url).calls().send(&call(true, None)).await {
            Outcome::Temporary { .. } => "temporary",
            Outcome::Unknown { .. } => "unknown",
            Outcome::OutOfReach { .. } => "out of reach",
            other => panic!("{code}: {other:?}"),
        };
        assert_eq!(class, expected, "{code}");
        assert_eq!(fake.seen().len(), 1);
    }
}

fn runs(rows: Value) -> Reply {
    Reply::ok(json!({ "executions": rows, "meta": { "key": "executions", "next_page_url": null } }))
}

fn context(context: Value) -> Reply {
    Reply::ok(json!({ "context": context }))
}

#[tokio::test]
async fn a_run_that_outlived_its_call_is_ended_so_that_the_next_attempt_gets_through() {
    let stuck = json!([
        { "sid": "FN1", "contact_channel_address": OURS, "status": "active" },
        { "sid": RUN, "contact_channel_address": CONTACT, "status": "active" },
    ]);
    let fake = Fake::new([
        Reply::refused(409, 20409),
        runs(stuck.clone()),
        context(json!({ "widgets": { "call": { "CallSid": CALL } } })),
        Reply::ok(json!({ "sid": CALL, "status": "completed" })),
        Reply::ok(json!({ "sid": RUN, "status": "ended" })),
    ])
    .await;
    let outcome = armed(&fake.url).calls().send(&call(true, None)).await;
    assert!(matches!(outcome, Outcome::Temporary { .. }), "{outcome:?}");
    let whats = fake.whats();
    assert_eq!(whats[1], format!("GET {}", executions()));
    assert_eq!(whats[4], format!("POST {}/{RUN}", executions()));
    assert_eq!(fake.seen()[4].field("Status"), Some("ended"));
    assert_eq!(whats.len(), 5);

    let ringing = Fake::new([
        Reply::refused(409, 20409),
        runs(stuck),
        context(json!({ "widgets": { "call": { "CallSid": CALL } } })),
        Reply::ok(json!({ "sid": CALL, "status": "ringing" })),
    ])
    .await;
    let outcome = armed(&ringing.url).calls().send(&call(true, None)).await;
    assert!(matches!(outcome, Outcome::Temporary { .. }), "{outcome:?}");
    assert_eq!(ringing.seen().len(), 4, "a run with a live call is left alone");
}

#[tokio::test]
async fn a_run_is_found_by_its_marker() {
    let rows = json!([
        { "sid": "FN0", "contact_channel_address": OURS },
        { "sid": "FN1", "contact_channel_address": CONTACT },
        { "sid": RUN, "contact_channel_address": CONTACT },
    ]);
    let fake = Fake::new([
        runs(rows.clone()),
        context(json!({ "flow": { "data": { "marker": "ND-0000" } } })),
        context(json!({ "flow": { "data": { "marker": MARKER } } })),
    ])
    .await;
    let found = armed(&fake.url).calls().look_up(&call(true, None)).await;
    assert_eq!(found, Found::Yes { remote_ref: Some(run()) });
    assert_eq!(fake.whats()[1], format!("GET {}/FN1/Context", executions()));

    let fake = Fake::new([runs(rows), context(json!({})), context(json!({ "flow": {} }))]).await;
    assert_eq!(armed(&fake.url).calls().look_up(&call(true, None)).await, Found::No);
    for reply in [Reply::refused(503, 20503), Reply::ok(json!({ "executions": null })), Reply::raw(200, "[]")] {
        let fake = Fake::new([reply.clone(), reply.clone(), reply]).await;
        let found = armed(&fake.url).calls().look_up(&call(true, None)).await;
        assert!(matches!(found, Found::Unknown(_)), "{found:?}");
    }
}

#[tokio::test]
async fn a_plain_call_is_the_newest_to_its_number() {
    let rows = json!([
        { "sid": "CA1", "to": CONTACT, "direction": "inbound" },
        { "sid": CALL, "to": CONTACT, "direction": "outbound-api" },
        { "sid": "CA2", "to": CONTACT, "direction": "outbound-api" },
    ]);
    let fake = Fake::new([Reply::ok(json!({ "calls": rows })), Reply::ok(json!({ "calls": [] }))]).await;
    let calls = client(&fake.url).calls();
    assert_eq!(calls.look_up(&call(true, None)).await, Found::Yes { remote_ref: Some(CALL.into()) });
    assert_eq!(calls.look_up(&call(false, None)).await, Found::No);
    let seen = &fake.seen()[0];
    assert_eq!(
        (seen.what().as_str(), seen.asked("To"), seen.asked("From")),
        ("GET /Calls.json", Some(CONTACT), Some(OURS))
    );
}

#[tokio::test]
async fn nd_5_what_was_made_before_a_call_was_sent_is_not_that_call() {
    let at = |seconds: i64| since() + Duration::seconds(seconds);
    let calls = |made: &str| json!({ "calls": [{ "sid": CALL, "to": CONTACT, "direction": "outbound-api", "date_created": made }] });
    let made = |seconds| at(seconds).to_rfc2822();
    for (seconds, is_it) in [(-3_600, false), (-61, false), (-59, true), (2, true)] {
        let fake = Fake::new([Reply::ok(calls(&made(seconds)))]).await;
        let found = client(&fake.url).calls().look_up(&call(false, None)).await;
        let it = Found::Yes { remote_ref: Some(CALL.into()) };
        assert_eq!(found, if is_it { it } else { Found::No }, "a call made {seconds} s after it was sent");

        let row = json!([{ "sid": RUN, "contact_channel_address": CONTACT, "date_created": at(seconds).to_rfc3339() }]);
        let fake = Fake::new([runs(row), context(json!({ "flow": { "data": { "marker": MARKER } } }))]).await;
        let found = armed(&fake.url).calls().look_up(&call(true, None)).await;
        let it = Found::Yes { remote_ref: Some(run()) };
        assert_eq!(found, if is_it { it } else { Found::No }, "a run begun {seconds} s after it was sent");
    }
}

#[tokio::test]
async fn what_no_phone_can_dial_does_not_leave() {
    let fake = Fake::new([]).await;
    let calls = armed(&fake.url).calls();
    let mut nowhere = call(true, None);
    nowhere.destination = "sip:x".into();
    let mut unreadable = call(true, None);
    unreadable.payload = json!({ "spoken": 1 });
    for outgoing in [nowhere, unreadable, call(true, Some("ring twice"))] {
        assert!(matches!(calls.send(&outgoing).await, Outcome::Permanent { .. }));
        assert_eq!(calls.look_up(&outgoing).await, Found::No);
    }
    assert!(fake.seen().is_empty());
}
