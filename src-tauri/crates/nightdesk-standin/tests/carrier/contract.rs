//! Every answer and every parameter against the vendor's documents, where those lie beside the workspace.

use std::path::{Path, PathBuf};

use crate::desk::{ANNA, Desk, acknowledgement};
use chrono::DateTime;
use nightdesk_standin::carrier::{OnCall, accepted_parameters};
use serde_json::{Value, json};

const MESSAGES_AND_CALLS: &str = "twilio_api_v2010.messages_calls.strict.json";
const STUDIO: &str = "extra/twilio_studio_v2.flows_executions.json";

pub fn contracts() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/contracts"))
        .find(|folder| folder.join(MESSAGES_AND_CALLS).is_file());
    if folder.is_none() {
        eprintln!("skipped: the vendor's documents aren't here");
    }
    folder
}

fn read(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(contracts()?.join(name)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// Follows references inside a document.
fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// Holds a value to its schema, and an object to exactly the schema's fields.
fn check(document: &Value, schema: &Value, value: &Value, place: &str) {
    let schema = resolve(document, schema);
    if value.is_null() {
        let nullable = schema["nullable"] == true || schema.get("type").is_none();
        assert!(nullable, "{place} may not be null");
        return;
    }
    match schema["type"].as_str() {
        Some("string") => {
            let text = value.as_str().unwrap_or_else(|| panic!("{place} is {value}, not text"));
            if let Some(values) = schema["enum"].as_array() {
                assert!(values.iter().any(|one| one == text), "{place}: {text} is none of {values:?}");
            }
            match schema["format"].as_str() {
                Some("date-time-rfc-2822") => assert!(DateTime::parse_from_rfc2822(text).is_ok(), "{place}: {text}"),
                Some("date-time") => assert!(DateTime::parse_from_rfc3339(text).is_ok(), "{place}: {text}"),
                Some("uri") => assert!(url::Url::parse(text).is_ok(), "{place}: {text}"),
                _ => {}
            }
            if let Some(pattern) = schema["pattern"].as_str() {
                assert!(is_sid(pattern, text), "{place}: {text} isn't {pattern}");
            }
        }
        Some("integer") => assert!(value.is_i64() || value.is_u64(), "{place} is {value}"),
        Some("boolean") => assert!(value.is_boolean(), "{place} is {value}"),
        Some("array") => {
            for (at, item) in value.as_array().unwrap().iter().enumerate() {
                check(document, &schema["items"], item, &format!("{place}[{at}]"));
            }
        }
        Some("object") => {
            let object = value.as_object().unwrap_or_else(|| panic!("{place} is {value}"));
            // Without fields of its own it is a map of addresses.
            let Some(fields) = schema["properties"].as_object() else {
                assert!(object.values().all(Value::is_string), "{place}: {value}");
                return;
            };
            for (name, value) in object {
                let schema = fields.get(name).unwrap_or_else(|| panic!("{place}.{name} isn't in the document"));
                check(document, schema, value, &format!("{place}.{name}"));
            }
            for name in fields.keys() {
                assert!(object.contains_key(name), "{place}.{name} is missing");
            }
        }
        _ => {}
    }
}

/// The documents' patterns are all of one kind: letters and 32 hexadecimal digits.
fn is_sid(pattern: &str, text: &str) -> bool {
    let letters = pattern.trim_start_matches('^').split('[').next().unwrap();
    let letters: Vec<&str> = letters.trim_matches(['(', ')']).split('|').collect();
    let digits = text.get(2..).unwrap_or_default();
    pattern.ends_with("[0-9a-fA-F]{32}$")
        && letters.iter().any(|letters| text.starts_with(letters))
        && digits.len() == 32
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

struct Holder(Value);

impl Holder {
    fn schema(&self, method: &str, path: &str, status: u16) -> &Value {
        let operation = &self.0["paths"][path][method];
        &operation["responses"][status.to_string()]["content"]["application/json"]["schema"]
    }

    fn hold(&self, method: &str, path: &str, status: u16, answer: &Value) {
        let schema = self.schema(method, path, status);
        assert!(schema.is_object(), "{method} {path} answers no {status}");
        check(&self.0, schema, answer, &format!("{method} {path} {status}"));
    }
}

const ACCOUNT: &str = "/2010-04-01/Accounts/{AccountSid}/";

#[tokio::test]
async fn messages_and_calls_answer_as_documented() {
    let Some(document) = read(MESSAGES_AND_CALLS) else { return };
    let holder = Holder(document);
    let of = |rest: &str| format!("{ACCOUNT}{rest}");
    let desk = Desk::open().await;
    desk.carrier.phone(ANNA).next_calls([OnCall::acknowledges('1'), OnCall::Voicemail, OnCall::Busy]);
    desk.carrier.reply_from(ANNA, "ACK 1234");
    for turn in 0..4 {
        let text = desk.text(ANNA, "Hello").await.json();
        holder.hold("post", &of("Messages.json"), 201, &text);
        let document = "<Response><Say>Hello</Say></Response>";
        let call = desk.call(ANNA, document, &[("MachineDetection", "Enable")]).await.json();
        holder.hold("post", &of("Calls.json"), 201, &call);
        for _ in 0..30 {
            desk.time.advance(2 + turn);
            let one = desk.get(&format!("Messages/{}.json", text["sid"].as_str().unwrap())).await.json();
            holder.hold("get", &of("Messages/{Sid}.json"), 200, &one);
            let one = desk.get(&format!("Calls/{}.json", call["sid"].as_str().unwrap())).await.json();
            holder.hold("get", &of("Calls/{Sid}.json"), 200, &one);
        }
    }
    for page in ["?PageSize=2", "?PageSize=1000", "?To=%2B19999999"] {
        let list = desk.get(&format!("Messages.json{page}")).await.json();
        holder.hold("get", &of("Messages.json"), 200, &list);
        holder.hold("get", &of("Calls.json"), 200, &desk.get(&format!("Calls.json{page}")).await.json());
    }
    let call = desk.call(ANNA, "<Response/>", &[]).await.sid();
    let ended = desk.post(&format!("Calls/{call}.json"), &[("Status", "completed")]).await.json();
    holder.hold("post", &of("Calls/{Sid}.json"), 200, &ended);
    holder.hold("post", &of("Messages.json"), 400, &desk.text("bogus", "x").await.json());
}

#[tokio::test]
async fn studio_answers_as_documented() {
    let Some(document) = read(STUDIO) else { return };
    let holder = Holder(document);
    let desk = Desk::open().await;
    desk.carrier.phone(ANNA).on_call(OnCall::acknowledges('1'));
    let text = acknowledgement().to_string();
    let form = [("FriendlyName", "Nightdesk"), ("Status", "published"), ("Definition", text.as_str())];
    holder.hold("post", "/v2/Flows/Validate", 200, &desk.post("/v2/Flows/Validate", &form).await.json());
    let flow = desk.post("/v2/Flows", &form).await.json();
    holder.hold("post", "/v2/Flows", 201, &flow);
    let flow = format!("/v2/Flows/{}", flow["sid"].as_str().unwrap());
    holder.hold("post", "/v2/Flows/{Sid}", 200, &desk.post(&flow, &form).await.json());
    holder.hold("get", "/v2/Flows/{Sid}", 200, &desk.get(&flow).await.json());
    holder.hold("get", "/v2/Flows", 200, &desk.get("/v2/Flows?PageSize=1").await.json());
    let under = "/v2/Flows/{FlowSid}/Executions";
    let made = desk.execute(flow.rsplit('/').next().unwrap(), ANNA, &json!({ "spoken": "Now." })).await.json();
    holder.hold("post", under, 201, &made);
    let one = format!("{flow}/Executions/{}", made["sid"].as_str().unwrap());
    for _ in 0..20 {
        desk.time.advance(1);
        holder.hold("get", &format!("{under}/{{Sid}}"), 200, &desk.get(&one).await.json());
        let context = desk.get(&format!("{one}/Context")).await.json();
        holder.hold("get", &format!("{under}/{{ExecutionSid}}/Context"), 200, &context);
        let steps = desk.get(&format!("{one}/Steps?PageSize=2")).await.json();
        holder.hold("get", &format!("{under}/{{ExecutionSid}}/Steps"), 200, &steps);
    }
    holder.hold("get", under, 200, &desk.get(&format!("{flow}/Executions")).await.json());
    holder.hold("post", &format!("{under}/{{Sid}}"), 200, &desk.post(&one, &[("Status", "ended")]).await.json());
}

#[test]
fn every_accepted_parameter_is_documented() {
    let (Some(rest), Some(studio)) = (read(MESSAGES_AND_CALLS), read(STUDIO)) else { return };
    for (method, path, names) in accepted_parameters() {
        let document = if path.starts_with("/v2") { &studio } else { &rest };
        let operation = &document["paths"][path][method];
        assert!(operation.is_object(), "{method} {path}");
        let documented: Vec<String> = match method {
            "get" => operation["parameters"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|one| one["in"] == "query")
                .map(|one| one["name"].as_str().unwrap().to_owned())
                .collect(),
            _ => {
                let form = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
                form["properties"].as_object().unwrap().keys().cloned().collect()
            }
        };
        for name in names {
            assert!(documented.iter().any(|one| one == name), "{method} {path} has no {name}: {documented:?}");
        }
    }
}

/// The flow that is kept beside the documents makes sense to the stand-in.
#[tokio::test]
async fn the_flow_beside_the_documents_is_interpreted() {
    let Some(definition) = read("extra/nightdesk_ack_flow.studio.json") else { return };
    let desk = Desk::open().await;
    desk.carrier.phone(ANNA).on_call(OnCall::acknowledges('1'));
    let flow = desk.flow(&definition).await;
    desk.execute(&flow, ANNA, &json!({ "spoken": "Now.", "voicemail": "Nightdesk called." })).await.sid();
    desk.time.advance(120);
    assert_eq!(desk.carrier.take_calls()[0].digits(), "1");
}
