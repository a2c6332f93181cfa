//! Flows: a definition is interpreted, on a call that rings a phone.

use std::time::Duration;

use crate::desk::{ANNA, Answer, Desk, acknowledgement};
use nightdesk_standin::carrier::{Answerer, OnCall};
use serde_json::{Value, json};

struct Story {
    desk: Desk,
    flow: String,
    execution: String,
}

impl Story {
    async fn begin(phone: OnCall) -> Self {
        let desk = Desk::open().await;
        desk.carrier.phone(ANNA).on_call(phone);
        let flow = desk.flow(&acknowledgement()).await;
        let parameters = json!({ "spoken": "Critical incident at Acme.", "voicemail": "Nightdesk called." });
        let execution = desk.execute(&flow, ANNA, &parameters).await.sid();
        Self { desk, flow, execution }
    }

    fn path(&self, rest: &str) -> String {
        format!("/v2/Flows/{}/Executions/{}{rest}", self.flow, self.execution)
    }

    async fn context(&self) -> Value {
        self.desk.get(&self.path("/Context")).await.json()["context"].clone()
    }

    async fn status(&self) -> String {
        self.desk.get(&self.path("")).await.json()["status"].as_str().unwrap().to_owned()
    }

    async fn again(&self) -> Answer {
        self.desk.execute(&self.flow, ANNA, &json!({})).await
    }
}

#[tokio::test]
async fn a_key_acknowledges_and_the_call_is_listed() {
    let story = Story::begin(OnCall::acknowledges('1')).await;
    let time = &story.desk.time;
    time.advance(3);
    assert_eq!(story.again().await.refusal(), (409, 20_409));
    let context = story.context().await;
    assert_eq!(context["flow"]["data"]["spoken"], "Critical incident at Acme.");
    assert!(context["widgets"].as_object().unwrap().is_empty(), "nothing is known before the answer");
    let listed = story.desk.get("Calls.json?To=%2B12125550101").await.json()["calls"][0].clone();
    assert_eq!(listed["status"], "ringing");
    time.advance(8);
    let widgets = story.context().await["widgets"].clone();
    assert_eq!(widgets["ack"]["Digits"], "1");
    assert_eq!((&widgets["call"]["CallSid"], &widgets["call"]["AnsweredBy"]), (&listed["sid"], &json!("human")));
    time.advance(10);
    assert_eq!(story.status().await, "ended");
    let call = &story.desk.carrier.take_calls()[0];
    assert_eq!((call.digits().as_str(), call.status.as_str()), ("1", "completed"));
    assert!(call.words().ends_with("Acknowledged. Thank you."), "{}", call.words());
    assert!(call.words().starts_with("Critical incident at Acme. Press"), "{}", call.words());
    let steps = story.desk.get(&story.path("/Steps")).await.json();
    let steps: Vec<&str> =
        steps["steps"].as_array().unwrap().iter().map(|step| step["transitioned_to"].as_str().unwrap()).collect();
    assert_eq!(steps, ["Ended", "thanks", "decide", "ack", "who", "call"]);
    assert_eq!(story.again().await.status, 201);
}

#[tokio::test]
async fn a_star_repeats_and_the_next_key_belongs_to_the_next_question() {
    let presses = vec![(Duration::from_secs(2), '*'), (Duration::from_secs(1), '1')];
    let story = Story::begin(OnCall::Answers { after: Duration::from_secs(5), presses }).await;
    story.desk.time.advance(60);
    let call = &story.desk.carrier.take_calls()[0];
    assert_eq!(call.digits(), "*1");
    assert_eq!((call.keys[1].at - call.keys[0].at).num_seconds(), 1);
    assert_eq!(story.context().await["widgets"]["ack"]["Digits"], "1");
}

#[tokio::test]
async fn voicemail_silence_and_nobody_acknowledge_nothing() {
    for (phone, answerer, words, call_status) in [
        (OnCall::Voicemail, Answerer::Machine, "Nightdesk called.", "in-progress"),
        (OnCall::listens(), Answerer::Person, "acknowledge.", "in-progress"),
        (OnCall::NoAnswer, Answerer::Nobody, "", "no-answer"),
        (OnCall::Busy, Answerer::Nobody, "", "busy"),
        (OnCall::Fails, Answerer::Nobody, "", "failed"),
        (
            OnCall::HangsUp { after: Duration::from_secs(5) },
            Answerer::Menu,
            "Critical incident at Acme.",
            "in-progress",
        ),
    ] {
        let story = Story::begin(phone).await;
        story.desk.time.advance(120);
        let call = &story.desk.carrier.take_calls()[0];
        assert_eq!(call.answerer, answerer);
        assert!(call.words().contains(words), "{}", call.words());
        let widgets = story.context().await["widgets"].clone();
        assert!(widgets.get("ack").is_none());
        assert_eq!(widgets["call"]["CallStatus"], call_status);
        assert_eq!(story.status().await, "ended");
    }
}

#[tokio::test]
async fn somebody_may_press_or_hang_up_while_it_goes_on() {
    let story = Story::begin(OnCall::listens()).await;
    story.desk.time.advance(9);
    assert!(story.desk.carrier.phone(ANNA).press('2'));
    story.desk.time.advance(10);
    assert_eq!(story.context().await["widgets"]["ack"]["Digits"], "2");
    assert!(!story.desk.carrier.phone(ANNA).press('1'));

    let story = Story::begin(OnCall::acknowledges('1')).await;
    story.desk.time.advance(2);
    let sid = story.desk.carrier.calls()[0].sid.clone();
    let ended = story.desk.post(&story.path(""), &[("Status", "ended")]).await.json();
    assert_eq!(ended["status"], "ended");
    story.desk.post(&format!("Calls/{sid}.json"), &[("Status", "completed")]).await;
    story.desk.time.advance(60);
    assert_eq!(story.desk.carrier.take_calls()[0].status, "canceled");
    assert!(story.context().await["widgets"].get("ack").is_none());
}

#[tokio::test]
async fn an_extension_is_sent_and_markup_must_be_sound() {
    let desk = Desk::open().await;
    let menu = OnCall::Menu { digits: "204".into(), then: Box::new(OnCall::acknowledges('1')) };
    desk.carrier.phone(ANNA).on_call(menu);
    let flow = desk.flow(&acknowledgement()).await;
    desk.execute(&flow, ANNA, &json!({ "spoken": "Now.", "digits": "ww204" })).await.sid();
    desk.time.advance(90);
    desk.carrier.phone(ANNA).on_call(OnCall::acknowledges('1'));
    desk.execute(&flow, ANNA, &json!({ "spoken": "Smith & Sons" })).await.sid();
    desk.time.advance(90);
    let calls = desk.carrier.take_calls();
    assert_eq!((calls[0].digits().as_str(), calls[0].sent_digits.as_deref()), ("1", Some("ww204")));
    assert!(calls[1].words().contains("application error"));
    assert_eq!(calls[1].digits(), "");
}

#[tokio::test]
async fn definitions_are_checked_and_revised() {
    let desk = Desk::open().await;
    let mut wrong = acknowledgement();
    wrong["states"][3]["properties"]["number_of_digit"] = json!(1);
    wrong["states"][4]["transitions"][0]["next"] = json!("nowhere");
    let text = wrong.to_string();
    let form = [("FriendlyName", "x"), ("Status", "published"), ("Definition", text.as_str())];
    let refused = desk.post("/v2/Flows/Validate", &form).await;
    assert_eq!(refused.refusal(), (400, 20_001));
    assert_eq!(refused.json()["details"]["errors"].as_array().unwrap().len(), 2);
    assert_eq!(desk.post("/v2/Flows", &form).await.status, 400);
    desk.carrier.take_slips();
    let good = acknowledgement().to_string();
    let form = [("FriendlyName", "x"), ("Status", "published"), ("Definition", good.as_str())];
    assert_eq!(desk.post("/v2/Flows/Validate", &form).await.json(), json!({ "valid": true }));
    let sid = desk.post("/v2/Flows", &form).await.sid();
    let update = desk.post(&format!("/v2/Flows/{sid}"), &form).await.json();
    assert_eq!(update["revision"], 2);
    let list = desk.get("/v2/Flows").await.json();
    assert_eq!((list["flows"][0]["sid"].as_str(), list["meta"]["key"].as_str()), (Some(sid.as_str()), Some("flows")));
    assert!(list["flows"][0]["definition"].is_null());
    assert_eq!(desk.get(&format!("/v2/Flows/{sid}")).await.json()["definition"], acknowledgement());
}

#[tokio::test]
async fn a_widget_that_leads_to_itself_is_stopped() {
    let desk = Desk::open().await;
    let mut endless = acknowledgement();
    endless["states"][3]["transitions"][2]["next"] = json!("ack");
    desk.carrier.phone(ANNA).on_call(OnCall::listens());
    let flow = desk.flow(&endless).await;
    let sid = desk.execute(&flow, ANNA, &json!({ "spoken": "Now." })).await.sid();
    desk.time.advance(3_600);
    let steps = desk.get(&format!("/v2/Flows/{flow}/Executions/{sid}/Steps")).await.json();
    assert_eq!(steps["steps"].as_array().unwrap().iter().filter(|step| step["name"] == "timeout").count(), 10);
}

/// The flow that Nightdesk itself makes, read from where it is kept.
#[tokio::test]
async fn nightdesks_own_flow_is_interpreted() {
    let kept = "../nightdesk-senders/src/twilio/flow/acknowledgement.json";
    let text = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(kept)).unwrap();
    let desk = Desk::open().await;
    let flow = desk.flow(&serde_json::from_str(&text).unwrap()).await;
    let phone = desk.carrier.phone(ANNA);
    let menu = OnCall::Menu { digits: "204".into(), then: Box::new(OnCall::acknowledges('2')) };
    phone.next_calls([OnCall::acknowledges('1'), menu, OnCall::Voicemail]);
    for (extension, digits) in [("", "1"), ("204", "2"), ("", "")] {
        let data = json!({ "spoken": "Now.", "voicemail": "Call back.", "marker": "ND-1", "extension": extension });
        desk.execute(&flow, ANNA, &data).await.sid();
        desk.time.advance(180);
        let call = desk.carrier.take_calls().remove(0);
        assert_eq!((call.digits().as_str(), call.status.as_str()), (digits, "completed"));
        assert_eq!(call.sent_digits.is_some(), !extension.is_empty());
        assert_eq!(call.words().contains("Call back."), call.answerer == Answerer::Machine);
    }
}
