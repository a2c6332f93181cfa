//! The flow that asks for keys: trusted, found, made, or not to be had.

use nightdesk_core::port::{Carrier, CarrierError};
use nightdesk_senders::twilio::FLOW_NAME;
use serde_json::{Value, json};

use crate::desk::{FLOW, armed, client};
use crate::fake::{Fake, Reply};

const OTHER: &str = "FWffffffffffffffffffffffffffffffff";

fn flow(sid: &str, name: &str, status: &str) -> Value {
    json!({ "sid": sid, "friendly_name": name, "status": status })
}

fn flows(rows: Value, next: Option<&str>) -> Reply {
    Reply::ok(json!({ "flows": rows, "meta": { "key": "flows", "next_page_url": next } }))
}

fn valid() -> Reply {
    Reply::ok(json!({ "valid": true }))
}

#[tokio::test]
async fn the_flow_of_last_time_is_kept_while_it_is_there() {
    let fake = Fake::new([Reply::ok(flow(FLOW, FLOW_NAME, "published"))]).await;
    let client = client(&fake.url);
    assert_eq!(client.keys(Some(FLOW)).await, Ok(Some(FLOW.into())));
    assert_eq!(fake.whats(), [format!("GET /v2/Flows/{FLOW}")]);
    assert_eq!(client.keys_in_use().as_deref(), Some(FLOW));
}

#[tokio::test]
async fn a_flow_that_is_gone_old_or_a_draft_is_looked_for_by_name() {
    for first in [
        Reply::refused(404, 20404),
        Reply::ok(flow(OTHER, "Nightdesk acknowledgement v0", "published")),
        Reply::ok(flow(OTHER, FLOW_NAME, "draft")),
    ] {
        let theirs = json!([flow("FW1", "Something else", "published"), flow("FW2", FLOW_NAME, "draft")]);
        let next = "https://studio.twilio.com/v2/Flows?PageSize=100&Page=1&PageToken=PA1";
        let ours = json!([flow(FLOW, FLOW_NAME, "published")]);
        let fake = Fake::new([first, flows(theirs, Some(next)), flows(ours, None)]).await;
        assert_eq!(client(&fake.url).keys(Some(OTHER)).await, Ok(Some(FLOW.into())));
        let seen = fake.seen();
        assert_eq!((seen[2].what().as_str(), seen[2].asked("PageToken")), ("GET /v2/Flows", Some("PA1")));
    }
}

#[tokio::test]
async fn without_one_it_is_validated_and_made() {
    let fake = Fake::new([flows(json!([]), None), valid(), Reply::created(FLOW)]).await;
    let client = client(&fake.url);
    assert_eq!(client.keys(None).await, Ok(Some(FLOW.into())));
    assert_eq!(client.keys_in_use().as_deref(), Some(FLOW));
    assert_eq!(fake.whats(), ["GET /v2/Flows", "POST /v2/Flows/Validate", "POST /v2/Flows"]);
    let (judged, made) = (&fake.seen()[1], &fake.seen()[2]);
    assert_eq!(judged.form, made.form);
    assert_eq!((made.field("FriendlyName"), made.field("Status")), (Some(FLOW_NAME), Some("published")));
    let definition: Value = serde_json::from_str(made.field("Definition").unwrap()).unwrap();
    assert_eq!(definition["initial_state"], "Trigger");
}

#[tokio::test]
async fn an_account_that_cannot_have_it_has_calls_that_speak() {
    for script in [
        vec![Reply::refused(403, 20403)],
        vec![Reply::refused(404, 20404)],
        vec![flows(json!([]), None), Reply::ok(json!({ "valid": false, "errors": ["x"] }))],
        vec![flows(json!([]), None), Reply::refused(400, 20001)],
        vec![flows(json!([]), None), valid(), Reply::refused(403, 20003)],
    ] {
        let fake = Fake::new(script).await;
        let client = armed(&fake.url);
        assert_eq!(client.keys(None).await, Ok(None));
        assert_eq!(client.keys_in_use(), None);
    }
}

#[tokio::test]
async fn while_nobody_can_be_asked_the_flow_of_last_time_is_trusted() {
    for (reply, busy) in [(Reply::refused(503, 20503), false), (Reply::refused(429, 20429), true)] {
        let fake = Fake::new([reply.clone(), reply.clone(), reply]).await;
        let client = client(&fake.url);
        let error = client.keys(Some(FLOW)).await.unwrap_err();
        assert_eq!(matches!(error, CarrierError::Busy { .. }), busy, "{error:?}");
        assert_eq!(client.keys_in_use().as_deref(), Some(FLOW));
    }
    let fake = Fake::new([Reply::refused(401, 20003)]).await;
    assert!(matches!(armed(&fake.url).keys(Some(FLOW)).await, Err(CarrierError::Refused(_))));
    let fake = Fake::new([Reply::ok(json!({ "flows": 5 }))]).await;
    assert!(matches!(client(&fake.url).keys(None).await, Err(CarrierError::BadAnswer(_))));
}

#[tokio::test]
async fn an_answer_lost_after_it_was_made_leads_to_the_same_flow() {
    let ours = json!([flow(FLOW, FLOW_NAME, "published")]);
    let fake = Fake::new([flows(json!([]), None), valid(), Reply::raw(201, "{\"sid\":"), flows(ours, None)]).await;
    let client = client(&fake.url);
    assert!(client.keys(None).await.is_err());
    assert_eq!(client.keys(None).await, Ok(Some(FLOW.into())));
}
