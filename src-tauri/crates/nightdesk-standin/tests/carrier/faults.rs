//! The wire: keys, methods, forms, bad days, stop and start.

use std::time::Duration;

use crate::desk::{ANNA, Desk};
use nightdesk_standin::carrier::{Fault, FaultKind};

#[tokio::test]
async fn only_the_accounts_keys_open_and_only_forms_are_read() {
    let desk = Desk::open().await;
    let url = format!("{}{}", desk.carrier.url(), desk.path("Messages.json"));
    let bare = desk.send(desk.client.get(&url)).await.unwrap();
    assert_eq!(bare.refusal(), (401, 20_003));
    let wrong = desk.client.get(&url).basic_auth(desk.carrier.account_sid(), Some("wrong"));
    assert_eq!(desk.send(wrong).await.unwrap().refusal(), (401, 20_003));
    let json = desk.client.post(&url).header("content-type", "application/json").body("{}");
    let json = json.basic_auth(desk.carrier.account_sid(), Some(desk.carrier.auth_token()));
    assert_eq!(desk.send(json).await.unwrap().status, 415);
    assert_eq!(desk.get("Nothing.json").await.refusal(), (404, 20_404));
    assert_eq!(desk.get("/2010-04-01/Accounts/AC0/Messages.json").await.status, 404);
    assert_eq!(desk.carrier.take_slips().len(), 3);
    assert_eq!(desk.get("Messages/SM00000000000000000000000000000000.json").await.refusal(), (404, 20_404));
    desk.carrier.assert_quiet();
}

#[tokio::test]
async fn faults_strike_before_or_after_the_work_and_are_counted() {
    let desk = Desk::open().await;
    let set = |kind| desk.carrier.fault(Fault::new(kind).on("/Messages.json").method("POST").times(1));
    let body = |at: usize| format!("text {at}");
    desk.carrier.fault(Fault::throttled().on("/Messages.json").times(2));
    assert_eq!(desk.text(ANNA, &body(0)).await.refusal(), (429, 20_429));
    assert_eq!(desk.text(ANNA, &body(0)).await.refusal(), (429, 20_429));
    desk.carrier.fault(Fault::status(503).times(1));
    assert_eq!(desk.text(ANNA, &body(0)).await.refusal(), (503, 20_503));
    set(FaultKind::AuthRefused);
    assert_eq!(desk.text(ANNA, &body(0)).await.refusal(), (401, 20_003));
    let number = desk.carrier.number();
    let send =
        async |at: usize| desk.try_post("Messages.json", &[("To", ANNA), ("From", &number), ("Body", &body(at))]).await;
    set(FaultKind::CutBefore);
    assert!(send(0).await.is_err());
    assert!(desk.carrier.texts().is_empty());
    set(FaultKind::ResponseLost);
    assert!(send(1).await.is_err());
    set(FaultKind::MalformedJson);
    assert!(serde_json::from_str::<serde_json::Value>(&send(2).await.unwrap().text).is_err());
    set(FaultKind::Slow(Duration::from_millis(20)));
    assert_eq!(send(3).await.unwrap().status, 201);
    set(FaultKind::HangAfter);
    assert!(tokio::time::timeout(Duration::from_millis(50), send(4)).await.is_err());
    set(FaultKind::Hang);
    assert!(tokio::time::timeout(Duration::from_millis(50), send(5)).await.is_err());
    let sent: Vec<String> = desk.carrier.take_texts().into_iter().map(|text| text.body).collect();
    assert_eq!(sent, [body(1), body(2), body(3), body(4)]);
    let log = desk.carrier.take_requests();
    assert_eq!(log[0].field("Body"), Some("text 0"));
    assert_eq!(log.iter().filter(|request| request.status.is_none()).count(), 4);
}

#[tokio::test]
async fn a_stopped_carrier_remembers() {
    let desk = Desk::open().await;
    desk.text(ANNA, "before").await.sid();
    desk.carrier.stop();
    assert!(desk.try_get("Messages.json").await.is_err());
    desk.carrier.resume().await.unwrap();
    let list = desk.get("Messages.json").await.json();
    assert_eq!(list["messages"][0]["body"], "before");
    assert_eq!(desk.carrier.unexpected().len(), 1);
}
