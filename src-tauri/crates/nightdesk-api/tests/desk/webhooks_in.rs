//! The receiver and its log, as a client asks for them.

use crate::fixture::{Desk, t};
use nightdesk_api as api;
use nightdesk_api::webhook_in::{ReceiverStanding, WebhookInDraft, WebhookInToApply};
use nightdesk_store::{NewWebhook, RefusedWebhook};
use serde_json::json;

pub fn webhook(id: &str) -> NewWebhook {
    NewWebhook {
        delivery_id: id.into(),
        signed_at: t(2),
        digest: [7; 32],
        body: br#"{"event_type":"incident_report.created","id":1}"#.to_vec(),
        event_type: Some("incident_report.created".into()),
        incident: Some(1),
    }
}

#[test]
fn the_log_is_as_the_command_line_promises() {
    let mut desk = Desk::busy();
    let refused = |id: Option<&str>| RefusedWebhook {
        at: t(4),
        delivery_id: id.map(str::to_owned),
        status: 401,
        reason: "not signed".into(),
        peer: "127.0.0.1".into(),
    };
    desk.write(|tx| {
        tx.keep_webhook(t(3), &webhook("msg_1"))?;
        tx.webhook_processed(1, t(3), "a new incident")?;
        tx.refuse_webhooks(&[refused(Some("msg_2")), refused(None)], 0)
    });
    let asked = api::ReceivedAsked::default();
    let lines = desk.store.read(|tx| api::webhooks_received_with_id(tx, &asked)).unwrap();
    let shown = serde_json::to_value(&lines).unwrap();
    assert_eq!(shown.as_array().unwrap().len(), 2);
    assert_eq!(shown[0]["id"], "msg_2");
    assert_eq!((&shown[0]["accepted"], &shown[0]["reason"]), (&json!(false), &json!("not signed")));
    assert_eq!((&shown[0]["event_type"], &shown[0]["incident_id"]), (&json!(null), &json!(null)));
    assert_eq!((&shown[1]["accepted"], &shown[1]["reason"]), (&json!(true), &json!(null)));
    assert_eq!((&shown[1]["outcome"], &shown[1]["incident_id"]), (&json!("a new incident"), &json!(1)));
    let all = desk.store.read(|tx| api::webhooks_received(tx, &asked)).unwrap();
    assert_eq!(all.len(), 3, "the window shows those without an id too");
    let asked = api::ReceivedAsked { id: Some(" msg_1 ".into()), ..asked };
    assert_eq!(desk.store.read(|tx| api::webhooks_received(tx, &asked)).unwrap().len(), 1);

    let view = desk.store.read(|tx| api::webhook_received(tx, 1)).unwrap();
    assert!(view.body.unwrap().contains("\n  \"event_type\": \"incident_report.created\""));
    assert!(view.ticket_id.is_some());
    let missing = desk.store.read(|tx| api::webhook_received(tx, 9)).unwrap_err();
    assert_eq!(missing.code, api::Code::NotFound);
}

#[test]
fn the_receiver_is_off_until_it_is_configured_and_then_waits_for_its_engine() {
    let mut desk = Desk::busy();
    assert_eq!(desk.store.read(api::webhook_in).unwrap().state, ReceiverStanding::Off);
    let draft = WebhookInDraft {
        listen: Some(" localhost:8787 ".into()),
        tls_cert: Some(String::new()),
        public_url: Some("https://desk.example.com/".into()),
        ..WebhookInDraft::default()
    };
    let asked = WebhookInToApply { draft, if_revision: None };
    let applied = desk.store.write(|tx| api::webhook_in::webhook_in_apply(tx, t(9), "dana", &asked)).unwrap();
    assert_eq!(applied.difference.len(), 2, "{:?}", applied.difference);
    let view = desk.store.read(api::webhook_in).unwrap();
    assert_eq!(view.state, ReceiverStanding::NotListening);
    assert_eq!(view.draft.listen.as_deref(), Some("127.0.0.1:8787"));
    assert_eq!(view.address.as_deref(), Some("https://desk.example.com/webhooks/huntress"));
    assert!(view.trouble.is_some());
    let wrong = WebhookInDraft { listen: Some("0.0.0.0:80".into()), ..WebhookInDraft::default() };
    let checked = desk.store.read(|tx| api::webhook_in::webhook_in_check(tx, &wrong)).unwrap();
    assert_eq!(checked.problems[0].key, "webhook_in.listen");
}
