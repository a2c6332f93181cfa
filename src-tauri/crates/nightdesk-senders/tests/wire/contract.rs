//! Every parameter that is sent is one of Twilio's: by the list here always, and by Twilio's own documents where they lie
//! beside the project. Twilio ignores what it doesn't know, so a wrong name would never be noticed otherwise.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::DateTime;
use nightdesk_core::port::{Carrier, Sender};
use serde_json::{Value, json};

use crate::desk::{ACCOUNT, CALL, CONTACT, FLOW, RUN, TEXT, armed, call, client, text};
use crate::fake::{Fake, Reply, Seen};

/// Method, path and parameters, as Twilio's documents of release 2.6.7 name them.
const SENT: [(&str, &str, &[&str]); 14] = [
    (
        "post",
        "/2010-04-01/Accounts/{AccountSid}/Messages.json",
        &["To", "From", "Body", "ValidityPeriod", "SmartEncoded"],
    ),
    (
        "get",
        "/2010-04-01/Accounts/{AccountSid}/Messages.json",
        &["To", "From", "DateSent>", "PageSize", "Page", "PageToken"],
    ),
    ("get", "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json", &[]),
    (
        "post",
        "/2010-04-01/Accounts/{AccountSid}/Calls.json",
        &["To", "From", "Twiml", "Timeout", "SendDigits", "MachineDetection", "MachineDetectionTimeout"],
    ),
    ("get", "/2010-04-01/Accounts/{AccountSid}/Calls.json", &["To", "From", "PageSize"]),
    ("get", "/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json", &[]),
    ("post", "/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json", &["Status"]),
    ("get", "/2010-04-01/Accounts/{AccountSid}/Calls/{CallSid}/Notifications.json", &[]),
    ("get", "/v2/Flows", &["PageSize", "Page", "PageToken"]),
    ("post", "/v2/Flows", &["FriendlyName", "Status", "Definition"]),
    ("get", "/v2/Flows/{Sid}", &[]),
    ("post", "/v2/Flows/Validate", &["FriendlyName", "Status", "Definition"]),
    ("get", "/v2/Flows/{FlowSid}/Executions", &["status", "PageSize"]),
    ("post", "/v2/Flows/{FlowSid}/Executions", &["To", "From", "Parameters"]),
];

/// Those of single runs.
const RUNS: [(&str, &str, &[&str]); 3] = [
    ("get", "/v2/Flows/{FlowSid}/Executions/{Sid}", &[]),
    ("post", "/v2/Flows/{FlowSid}/Executions/{Sid}", &["Status"]),
    ("get", "/v2/Flows/{FlowSid}/Executions/{ExecutionSid}/Context", &[]),
];

fn entries() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static [&'static str])> {
    SENT.iter().chain(&RUNS)
}

/// Whether a path is of a template: ids stand for the braces.
fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(path).all(|(wanted, part)| match wanted.strip_prefix('{') {
            None => *wanted == part,
            Some(rest) => {
                let behind = rest.split_once('}').map_or("", |(_, behind)| behind);
                part.strip_suffix(behind).is_some_and(|id| [ACCOUNT, CALL, TEXT, FLOW, RUN].contains(&id))
            }
        })
}

fn flow_list(next: &str) -> Reply {
    Reply::ok(json!({ "flows": [], "meta": { "next_page_url": next } }))
}

fn runs() -> Reply {
    Reply::ok(json!({ "executions": [{ "sid": RUN, "contact_channel_address": CONTACT }] }))
}

fn no_calls() -> Reply {
    Reply::ok(json!({ "calls": [] }))
}

fn begun() -> Reply {
    let at = "2026-03-01T01:12:00Z";
    Reply::ok(json!({ "sid": RUN, "status": "active", "contact_channel_address": CONTACT, "date_created": at }))
}

fn live() -> Reply {
    Reply::ok(json!({ "context": { "widgets": { "call": { "CallSid": CALL } } } }))
}

fn record(status: &str) -> Reply {
    Reply::ok(json!({ "sid": CALL, "status": status }))
}

/// Everything that the client can do, once.
async fn everything() -> Vec<Seen> {
    let run = format!("{FLOW}/{RUN}");
    let mut seen = Vec::new();

    let fake = Fake::new([
        Reply::created(TEXT),
        Reply::ok(json!({ "messages": [] })),
        Reply::ok(json!({ "status": "sent" })),
        Reply::ok(json!({ "messages": [], "next_page_uri": "?Page=1&PageToken=PA" })),
        Reply::ok(json!({ "messages": [] })),
    ])
    .await;
    let texting = client(&fake.url);
    texting.texts().send(&text("x")).await;
    texting.texts().look_up(&text("x")).await;
    texting.text(TEXT).await.unwrap();
    texting.replies(CONTACT, DateTime::UNIX_EPOCH).await.unwrap();
    seen.extend(fake.seen());

    let fake = Fake::new([
        Reply::refused(403, 20403),
        Reply::created(CALL),
        Reply::created(CALL),
        no_calls(),
        record("failed"),
        Reply::ok(json!({ "notifications": [] })),
        record("completed"),
    ])
    .await;
    let speaking = client(&fake.url);
    speaking.calls().send(&call(true, None)).await;
    speaking.calls().send(&call(true, Some("1"))).await;
    speaking.calls().look_up(&call(true, None)).await;
    speaking.call(CALL).await.unwrap();
    speaking.hang_up(CALL).await.unwrap();
    seen.extend(fake.seen());

    let fake = Fake::new([
        Reply::created(RUN),
        runs(),
        live(),
        Reply::ok(json!({ "context": {} })),
        begun(),
        no_calls(),
        live(),
        record("ringing"),
        begun(),
        record("completed"),
        Reply::refused(409, 20409),
        runs(),
        live(),
        record("completed"),
        begun(),
    ])
    .await;
    let paging = armed(&fake.url);
    paging.calls().send(&call(true, None)).await;
    paging.calls().look_up(&call(true, None)).await;
    paging.call(&run).await.unwrap();
    paging.hang_up(&run).await.unwrap();
    paging.calls().send(&call(true, None)).await;
    seen.extend(fake.seen());

    let fake = Fake::new([
        Reply::refused(404, 20404),
        flow_list("https://x/?Page=1&PageToken=PA"),
        Reply::ok(json!({ "flows": [] })),
        Reply::ok(json!({ "valid": true })),
        Reply::created(FLOW),
    ])
    .await;
    client(&fake.url).keys(Some(FLOW)).await.unwrap();
    seen.extend(fake.seen());
    seen
}

#[tokio::test]
async fn what_is_sent_is_what_the_list_says() {
    let mut used = BTreeSet::new();
    for seen in everything().await {
        let method = seen.method.to_lowercase();
        // `Validate` would pass for a flow's id otherwise.
        let entry = entries().find(|(verb, path, _)| *verb == method && fits(path, &seen.path));
        let (_, path, names) = entry.unwrap_or_else(|| panic!("{} is in no list", seen.what()));
        for (name, _) in seen.form.iter().chain(&seen.query) {
            assert!(names.contains(&name.as_str()), "{name} of {}", seen.what());
            used.insert((method.clone(), *path, name.clone()));
        }
        used.insert((method, *path, String::new()));
    }
    for (method, path, names) in entries() {
        for name in names.iter().copied().chain([""]) {
            let sent = used.contains(&((*method).to_owned(), *path, name.to_owned()));
            assert!(sent, "nothing sends {name:?} to {method} {path} any more: the list is out of date");
        }
    }
}

/// The documents, where the folder with the vendors' contracts stands beside the project's.
fn documents() -> Option<[Value; 2]> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let folder: PathBuf = crates.parent()?.parent()?.parent()?.join("shared").join("contracts");
    let read = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).ok()?;
        Some(serde_json::from_str(&text).unwrap())
    };
    Some([read("twilio_api_v2010.messages_calls.json")?, read("extra/twilio_studio_v2.flows_executions.json")?])
}

#[test]
fn what_the_list_says_is_in_twilios_documents() {
    let Some(documents) = documents() else { return };
    for (method, path, names) in entries() {
        let operation = documents.iter().find_map(|document| document["paths"].get(path)?.get(method));
        let operation = operation.unwrap_or_else(|| panic!("{method} {path} is not documented"));
        let mut known = BTreeSet::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] == "query" {
                known.insert(parameter["name"].as_str().unwrap().to_owned());
            }
        }
        let form = operation.pointer("/requestBody/content/application~1x-www-form-urlencoded/schema/properties");
        known.extend(form.and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.clone()));
        for name in *names {
            assert!(known.contains(*name), "{name} is not documented for {method} {path}");
        }
    }
}
