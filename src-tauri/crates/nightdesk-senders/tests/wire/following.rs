//! How far texts and calls have come, and hanging up.

use nightdesk_core::port::{AnsweredBy, CallStage, Carrier, CarrierError, Obstacle, TextState};
use serde_json::{Value, json};

use crate::desk::{CALL, CONTACT, FLOW, RUN, TEXT, client};
use crate::fake::{Fake, Reply};

fn run() -> String {
    format!("{FLOW}/{RUN}")
}

fn context(context: Value) -> Reply {
    Reply::ok(json!({ "context": context }))
}

fn record(status: &str) -> Reply {
    Reply::ok(json!({ "sid": CALL, "status": status, "duration": "21", "answered_by": null }))
}

fn execution(status: &str) -> Reply {
    let created = "2026-03-01T01:12:00Z";
    Reply::ok(json!({ "status": status, "contact_channel_address": CONTACT, "date_created": created }))
}

fn calls(created: &str, status: &str) -> Reply {
    Reply::ok(json!({ "calls": [{ "sid": CALL, "status": status, "date_created": created }] }))
}

const DIALLED: &str = "Sun, 01 Mar 2026 01:12:01 +0000";
const EARLIER: &str = "Sun, 01 Mar 2026 01:10:00 +0000";

#[tokio::test]
async fn a_text_from_queue_to_handset() {
    for (status, expected) in
        [("queued", TextState::Waiting), ("sent", TextState::Sent), ("delivered", TextState::Delivered)]
    {
        let fake = Fake::new([Reply::ok(json!({ "status": status, "error_code": null }))]).await;
        assert_eq!(client(&fake.url).text(TEXT).await, Ok(expected));
        assert_eq!(fake.whats(), [format!("GET /Messages/{TEXT}.json")]);
    }
    for (code, expected) in [
        (json!(30007), Obstacle::Wording),
        (json!("30006"), Obstacle::NoTexts),
        (json!(21610), Obstacle::OptedOut),
        (json!(30034), Obstacle::Configuration),
        (json!(null), Obstacle::Unknown),
    ] {
        let fake = Fake::new([Reply::ok(json!({ "status": "undelivered", "error_code": code }))]).await;
        match client(&fake.url).text(TEXT).await {
            Ok(TextState::Failed { obstacle, .. }) => assert_eq!(obstacle, expected, "{code}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_plain_call_has_no_key() {
    let answer = json!({ "sid": CALL, "status": "completed", "duration": "21", "answered_by": "machine_start" });
    let fake = Fake::new([Reply::ok(answer)]).await;
    let status = client(&fake.url).call(CALL).await.unwrap();
    assert_eq!((status.stage, status.by, status.key), (CallStage::Ended, AnsweredBy::Machine, None));
    assert_eq!(status.seconds, Some(21));
}

#[tokio::test]
async fn a_failed_call_tells_the_reason_that_its_notifications_hold() {
    let rows = json!([{ "error_code": "64000" }, { "error_code": "21215", "message_text": "+15005550123" }]);
    let fake = Fake::new([record("failed"), Reply::ok(json!({ "notifications": rows }))]).await;
    match client(&fake.url).call(CALL).await.unwrap().stage {
        CallStage::Failed { obstacle: Obstacle::Configuration, error } => {
            assert!(error.contains("21215") && error.contains("Geo permissions") && !error.contains("0123"), "{error}");
        }
        other => panic!("{other:?}"),
    }
    let fake = Fake::new([record("failed"), Reply::refused(404, 20404)]).await;
    let stage = client(&fake.url).call(CALL).await.unwrap().stage;
    assert!(matches!(stage, CallStage::Failed { obstacle: Obstacle::Unknown, .. }), "{stage:?}");
}

#[tokio::test]
async fn a_run_that_rings_is_known_by_the_newest_call_to_its_contact() {
    let fake = Fake::new([context(json!({ "widgets": {} })), execution("active"), calls(DIALLED, "ringing")]).await;
    let status = client(&fake.url).call(&run()).await.unwrap();
    assert_eq!((status.stage, status.key), (CallStage::Ringing, None));

    let fake = Fake::new([context(json!({})), execution("active"), calls(EARLIER, "completed")]).await;
    assert_eq!(client(&fake.url).call(&run()).await.unwrap().stage, CallStage::Waiting, "that was an earlier call");
}

#[tokio::test]
async fn a_run_that_ended_without_a_call_has_failed() {
    let fake = Fake::new([context(json!({})), execution("ended"), calls(EARLIER, "completed")]).await;
    match client(&fake.url).call(&run()).await.unwrap().stage {
        CallStage::Failed { error, .. } => assert!(error.contains("Studio"), "{error}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_run_knows_how_its_dialling_went_where_there_is_no_record() {
    let busy = json!({ "widgets": { "call": { "CallStatus": "busy" } } });
    let fake = Fake::new([context(busy), execution("ended"), Reply::ok(json!({ "calls": [] }))]).await;
    assert_eq!(client(&fake.url).call(&run()).await.unwrap().stage, CallStage::Busy);
}

#[tokio::test]
async fn a_key_is_told_while_the_call_runs_and_afterwards() {
    let pressed = json!({ "widgets": {
        "call": { "CallSid": CALL, "CallStatus": "in-progress", "AnsweredBy": "human" },
        "ack": { "Digits": "1" },
    } });
    for (word, stage) in [("in-progress", CallStage::Answered), ("completed", CallStage::Ended)] {
        let fake = Fake::new([context(pressed.clone()), record(word)]).await;
        let status = client(&fake.url).call(&run()).await.unwrap();
        assert_eq!((status.stage, status.by, status.key), (stage, AnsweredBy::Human, Some('1')), "{word}");
    }
}

#[tokio::test]
async fn a_key_pressed_between_two_answers_is_not_lost() {
    let before = json!({ "widgets": { "call": { "CallSid": CALL, "AnsweredBy": "human" } } });
    let after = json!({ "widgets": { "call": { "CallSid": CALL, "AnsweredBy": "human" }, "ack": { "Digits": "2" } } });
    let fake = Fake::new([context(before), record("completed"), context(after)]).await;
    let status = client(&fake.url).call(&run()).await.unwrap();
    assert_eq!((status.stage, status.key, status.seconds), (CallStage::Ended, Some('2'), Some(21)));
}

#[tokio::test]
async fn a_voicemail_has_no_key() {
    let taken = json!({ "widgets": { "call": { "CallSid": CALL, "AnsweredBy": "machine_start" } } });
    let fake = Fake::new([context(taken.clone()), record("completed"), context(taken)]).await;
    let status = client(&fake.url).call(&run()).await.unwrap();
    assert_eq!((status.stage, status.by, status.key), (CallStage::Ended, AnsweredBy::Machine, None));
}

#[tokio::test]
async fn answers_of_the_wrong_shape_are_bad_answers() {
    for body in ["", "[]", "<html>", "{}", r#"{"context":"x"}"#, r#"{"status":5}"#] {
        for reference in [CALL.to_owned(), run()] {
            let fake = Fake::new([Reply::raw(200, body)]).await;
            let error = client(&fake.url).call(&reference).await.unwrap_err();
            assert!(matches!(error, CarrierError::BadAnswer(_)), "{body}: {error:?}");
        }
        let fake = Fake::new([Reply::raw(200, body)]).await;
        assert!(matches!(client(&fake.url).text(TEXT).await, Err(CarrierError::BadAnswer(_))), "{body}");
    }
}

#[tokio::test]
async fn what_cannot_be_asked_says_why() {
    for (status, code, expected) in
        [(404, 20404, CarrierError::NotFound), (429, 20429, CarrierError::Busy { retry_after: None })]
    {
        let fake = Fake::new([Reply::refused(status, code)]).await;
        assert_eq!(client(&fake.url).text(TEXT).await, Err(expected));
    }
    let fake = Fake::new([Reply::refused(401, 20003)]).await;
    assert!(matches!(client(&fake.url).text(TEXT).await, Err(CarrierError::Refused(_))));
    let fake = Fake::new([Reply::refused(503, 20503), Reply::ok(json!({ "status": "sent" }))]).await;
    assert_eq!(client(&fake.url).text(TEXT).await, Ok(TextState::Sent), "reading is repeated");
    let nothing = client("http://127.0.0.1:1");
    assert_eq!(nothing.call("../Messages").await.unwrap_err(), CarrierError::NotFound);
    assert_eq!(nothing.text("../Calls").await.unwrap_err(), CarrierError::NotFound);
}

#[tokio::test]
async fn hanging_up_a_plain_call() {
    let fake = Fake::new([record("completed")]).await;
    client(&fake.url).hang_up(CALL).await.unwrap();
    assert_eq!(fake.whats(), [format!("POST /Calls/{CALL}.json")]);
    assert_eq!(fake.seen()[0].field("Status"), Some("completed"));
    let over = Fake::new([Reply::refused(400, 21220)]).await;
    client(&over.url).hang_up(CALL).await.unwrap();
}

#[tokio::test]
async fn hanging_up_a_run_ends_it_and_its_call() {
    let live = context(json!({ "widgets": { "call": { "CallSid": CALL } } }));
    let ended = Reply::ok(json!({ "status": "ended" }));
    let fake = Fake::new([live.clone(), record("in-progress"), ended.clone(), record("completed")]).await;
    client(&fake.url).hang_up(&run()).await.unwrap();
    let whats = fake.whats();
    assert_eq!(whats[2], format!("POST /v2/Flows/{FLOW}/Executions/{RUN}"));
    assert_eq!(whats[3], format!("POST /Calls/{CALL}.json"));

    let over = Fake::new([live.clone(), record("completed"), Reply::refused(409, 20409)]).await;
    client(&over.url).hang_up(&run()).await.unwrap();

    let broken = Fake::new([live, record("ringing"), Reply::refused(500, 20500), record("completed")]).await;
    assert!(client(&broken.url).hang_up(&run()).await.is_err());
    assert_eq!(broken.whats().len(), 4, "the call is ended whatever becomes of the run");
}
