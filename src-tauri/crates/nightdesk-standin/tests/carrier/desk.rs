//! A small client and a clock that only moves when told.

use std::sync::{Arc, Once};

use chrono::DateTime;
use nightdesk_standin::carrier::Carrier;
use nightdesk_standin::clock::ManualClock;
use serde_json::{Value, json};

pub const START: i64 = 1_780_000_000;
pub const ANNA: &str = "+12125550101";

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn refusal(&self) -> (u16, i64) {
        (self.status, self.json()["code"].as_i64().unwrap_or_default())
    }

    pub fn sid(&self) -> String {
        assert_eq!(self.status, 201, "{}", self.text);
        self.json()["sid"].as_str().unwrap().to_owned()
    }
}

pub struct Desk {
    pub carrier: Carrier,
    pub time: Arc<ManualClock>,
    pub client: reqwest::Client,
}

impl Desk {
    pub async fn open() -> Self {
        let time = ManualClock::at(DateTime::from_timestamp(START, 0).unwrap());
        let carrier = Carrier::start(time.clone()).await.unwrap();
        Self { carrier, time, client: client() }
    }

    pub fn path(&self, rest: &str) -> String {
        if rest.starts_with('/') {
            return rest.to_owned();
        }
        format!("/2010-04-01/Accounts/{}/{rest}", self.carrier.account_sid())
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{}", self.carrier.url(), self.path(path)) }
    }

    pub async fn try_get(&self, path: &str) -> reqwest::Result<Answer> {
        let request = self.client.get(self.url(path));
        self.send(request.basic_auth(self.carrier.account_sid(), Some(self.carrier.auth_token()))).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.try_get(path).await.unwrap()
    }

    pub async fn try_post(&self, path: &str, form: &[(&str, &str)]) -> reqwest::Result<Answer> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.client.post(self.url(path)).header("content-type", "application/x-www-form-urlencoded");
        let (key, secret) = self.carrier.api_key();
        self.send(request.basic_auth(key, Some(secret)).body(body)).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.try_post(path, form).await.unwrap()
    }

    pub async fn text(&self, to: &str, body: &str) -> Answer {
        self.post("Messages.json", &[("To", to), ("From", &self.carrier.number()), ("Body", body)]).await
    }

    pub async fn call(&self, to: &str, twiml: &str, more: &[(&str, &str)]) -> Answer {
        let number = self.carrier.number();
        let mut form = vec![("To", to), ("From", number.as_str()), ("Twiml", twiml)];
        form.extend_from_slice(more);
        self.post("Calls.json", &form).await
    }

    pub async fn flow(&self, definition: &Value) -> String {
        let text = definition.to_string();
        let form = [("FriendlyName", "Nightdesk"), ("Status", "published"), ("Definition", text.as_str())];
        self.post("/v2/Flows", &form).await.sid()
    }

    pub async fn execute(&self, flow: &str, to: &str, parameters: &Value) -> Answer {
        let (number, parameters) = (self.carrier.number(), parameters.to_string());
        let form = [("To", to), ("From", number.as_str()), ("Parameters", parameters.as_str())];
        self.post(&format!("/v2/Flows/{flow}/Executions"), &form).await
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        let response = request.send().await?;
        Ok(Answer { status: response.status().as_u16(), text: response.text().await? })
    }
}

fn client() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// A flow that calls, tells machines from people, and asks for 1, 2 or * (again).
pub fn acknowledgement() -> Value {
    let equal = |digit: &str, next: &str| {
        json!({ "event": "match", "next": next, "conditions": [{ "friendly_name": digit, "type": "equal_to",
            "arguments": ["{{widgets.ack.Digits}}"], "value": digit }] })
    };
    let say = |name: &str, words: &str| {
        json!({ "name": name, "type": "say-play", "properties": { "say": words, "loop": 1 },
            "transitions": [{ "event": "audioComplete" }] })
    };
    json!({
        "description": "A test's flow", "initial_state": "Trigger", "flags": { "allow_concurrent_calls": true },
        "states": [
            { "name": "Trigger", "type": "trigger", "properties": { "offset": { "x": 0, "y": 0 } },
              "transitions": [{ "event": "incomingCall" }, { "event": "incomingRequest", "next": "call" }] },
            { "name": "call", "type": "make-outgoing-call-v2",
              "properties": { "to": "{{contact.channel.address}}", "from": "{{flow.channel.address}}", "timeout": 40,
                "detect_answering_machine": true, "machine_detection": "Enable", "send_digits": "{{flow.data.digits}}" },
              "transitions": [{ "event": "answered", "next": "who" }, { "event": "busy" }, { "event": "noAnswer" },
                { "event": "failed" }] },
            { "name": "who", "type": "split-based-on", "properties": { "input": "{{widgets.call.AnsweredBy}}" },
              "transitions": [{ "event": "noMatch", "next": "ack" },
                { "event": "match", "next": "voicemail", "conditions": [{ "friendly_name": "machine",
                  "type": "starts_with", "arguments": ["{{widgets.call.AnsweredBy}}"], "value": "machine" }] }] },
            { "name": "ack", "type": "gather-input-on-call",
              "properties": { "say": "{{flow.data.spoken}} Press 1 to acknowledge.", "loop": 2, "timeout": 8,
                "number_of_digits": 1, "stop_gather": true },
              "transitions": [{ "event": "keypress", "next": "decide" }, { "event": "speech" }, { "event": "timeout" }] },
            { "name": "decide", "type": "split-based-on", "properties": { "input": "{{widgets.ack.Digits}}" },
              "transitions": [{ "event": "noMatch", "next": "ack" }, equal("1", "thanks"), equal("2", "passed")] },
            say("thanks", "Acknowledged. Thank you."),
            say("passed", "Passing to the next contact."),
            say("voicemail", "{{flow.data.voicemail}}"),
        ]
    })
}
