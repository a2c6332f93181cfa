//! Every answer against the vendor's own document, where that lies beside the workspace; skipped where it doesn't.

use std::path::Path;

use nightdesk_standin::algapsa::id_of;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::schema::{assert_fits, named};

const FILE: &str = "shared/contracts/algapsa-openapi-trimmed.json";

fn document() -> Option<Value> {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = folders.map(|folder| folder.join(FILE)).find(|file| file.is_file());
    if found.is_none() {
        eprintln!("skipped: the vendor's document isn't here");
    }
    found.map(|file| serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
}

/// A desk with something in every place, and the id of its ticket.
async fn furnished() -> (Client, String) {
    let client = Client::msp().await;
    let desk = client.desk();
    desk.add_subcategory("Security", "Security incident", "Foothold").unwrap();
    let inactive = desk.add_client("Gone");
    desk.deactivate(&inactive);
    let mut draft = client.draft("One");
    draft["category_id"] = json!(desk.categories("Security")[0].id);
    draft["attributes"] = json!({ "description": "text" });
    let made = client.post("/tickets", draft).await.data();
    let id = made["ticket_id"].as_str().unwrap().to_owned();
    desk.person_assigns(&id, Some("Dana"), "Dana");
    desk.person_comments(&id, "note", "Dana");
    desk.person_opens("Two", "Triage", "Globex", "Dana").unwrap();
    desk.person_closes("TIC1002", "Dana");
    (client, id)
}

/// The schema of the body that an operation answers with this status.
fn body_schema<'a>(document: &'a Value, method: &str, path: &str, status: u16) -> &'a Value {
    let operation = &document["paths"][path][method];
    assert!(operation.is_object(), "{method} {path} is in the document");
    let response = &operation["responses"][status.to_string()];
    assert!(response.is_object(), "{method} {path} may answer {status}");
    &response["content"]["application/json"]["schema"]
}

#[tokio::test]
async fn answers_have_the_documents_envelopes_and_the_observed_rows() {
    let Some(document) = document() else { return };
    let (client, id) = furnished().await;
    let security = client.desk().board("Security").unwrap().id;
    let acme = client.desk().client("Acme").unwrap().id;
    let t = format!("/tickets/{id}");
    let tags = json!({ "entity_id": id, "entity_type": "ticket", "tags": ["one"] });
    let closed = json!({ "status_id": client.status_id("Security", "Closed") });
    let note = json!({ "comment_text": "x", "is_internal": true });
    let none = json!({});
    let row = Some("ObservedTicketRow");
    let comment = Some("ObservedTicketComment");
    let cases = [
        ("get", "/tickets", "/tickets".to_owned(), &none, row),
        ("post", "/tickets", "/tickets".to_owned(), &client.draft("Three"), row),
        ("get", "/tickets/{id}", t.clone(), &none, row),
        ("put", "/tickets/{id}", t.clone(), &json!({ "title": "Uno" }), row),
        ("put", "/tickets/{id}/status", format!("{t}/status"), &closed, row),
        ("put", "/tickets/{id}/assignment", format!("{t}/assignment"), &json!({ "assigned_to": null }), row),
        ("get", "/tickets/search", "/tickets/search?query=o&include_closed=true".to_owned(), &none, row),
        ("post", "/tickets/{id}/comments", format!("{t}/comments"), &note, comment),
        ("get", "/tickets/{id}/comments", format!("{t}/comments"), &none, comment),
        ("get", "/tickets/statuses", "/tickets/statuses".to_owned(), &none, Some("ObservedTicketStatus")),
        ("get", "/tickets/priorities", "/tickets/priorities".to_owned(), &none, Some("ObservedTicketPriorityLite")),
        ("get", "/priorities", "/priorities".to_owned(), &none, Some("ObservedPriority")),
        ("get", "/boards", "/boards?include_inactive=true".to_owned(), &none, None),
        ("get", "/statuses", format!("/statuses?type=ticket&board_id={security}"), &none, None),
        ("get", "/categories/ticket", "/categories/ticket".to_owned(), &none, None),
        ("get", "/clients", "/clients".to_owned(), &none, None),
        ("get", "/clients/{id}", format!("/clients/{acme}"), &none, None),
        ("post", "/tags/entity/{entityType}/{entityId}", format!("/tags/entity/ticket/{id}"), &tags, None),
        ("get", "/tags/entity/{entityType}/{entityId}", format!("/tags/entity/ticket/{id}"), &none, None),
    ];
    for (method, template, path, body, observed) in cases {
        let answer = client.ask(&method.to_uppercase(), &path, body.clone()).await;
        let place = format!("{method} {path}");
        assert!(answer.status < 300, "{place}: {}", answer.text);
        if let Some(schema) = reply_schema(&document, method, template, &answer) {
            assert_fits(&document, schema, &answer.json(), &place);
        }
        let data = answer.data();
        let rows = data.as_array().cloned().unwrap_or_else(|| vec![data]);
        assert!(!rows.is_empty(), "{place} shows something");
        for row in rows {
            observed.into_iter().for_each(|name| assert_fits(&document, named(&document, name), &row, &place));
        }
    }
    assert_eq!(client.slips(), [""; 0]);
}

/// The document promises a block of pages for searches and comments; its own notes say that there is none.
fn reply_schema<'a>(document: &'a Value, method: &str, template: &str, answer: &Answer) -> Option<&'a Value> {
    let template = format!("/api/v1{template}");
    let operation = &document["paths"][&template][method];
    let plain = operation["x-observed-query"]["response"].as_str().is_some_and(|text| text.starts_with("{data"));
    (!plain || method != "get").then(|| body_schema(document, method, &template, answer.status))
}

#[tokio::test]
async fn refusals_have_the_documents_shape_and_codes() {
    let Some(document) = document() else { return };
    let (client, id) = furnished().await;
    let schema = named(&document, "ObservedError");
    let codes = &schema["properties"]["error"]["properties"]["code"]["examples"];
    let none = id_of("ticket", "none");
    let bad_status = json!({ "status_id": client.status_id("Triage", "New") });
    let bad_client = json!({ "client_id": none });
    let cases = [
        ("post", "/tickets", "/tickets".to_owned(), json!({}), 400),
        ("get", "/tickets", "/tickets?limit=101".to_owned(), json!({}), 400),
        ("get", "/tickets/{id}", format!("/tickets/{none}"), json!({}), 404),
        ("put", "/tickets/{id}", format!("/tickets/{id}"), bad_client, 400),
        ("put", "/tickets/{id}", format!("/tickets/{id}"), json!({ "tags": [] }), 500),
        ("put", "/tickets/{id}/status", format!("/tickets/{id}/status"), bad_status, 400),
        ("post", "/tickets/{id}/comments", format!("/tickets/{id}/comments"), json!({}), 400),
        ("get", "/clients/{id}", format!("/clients/{none}"), json!({}), 404),
    ];
    let check = |answer: &Answer, place: &str| {
        assert_fits(&document, schema, &answer.json(), place);
        assert!(codes.as_array().unwrap().contains(&answer.json()["error"]["code"]), "{place}: {}", answer.text);
    };
    for (method, template, path, body, status) in cases {
        let answer = client.ask(&method.to_uppercase(), &path, body).await;
        let place = format!("{method} {path}");
        assert_eq!(answer.status, status, "{place}: {}", answer.text);
        let documented = body_schema(&document, method, &format!("/api/v1{template}"), status);
        assert_fits(&document, documented, &answer.json(), &place);
        check(&answer, &place);
    }
    client.desk().deny("ticket:read");
    check(&client.get("/tickets").await, "without the right");
    client.desk().set_product_access(false);
    check(&client.get("/tickets").await, "without the product");
    client.desk().set_rate_limit(0, 60);
    let limited = client.get("/tickets").await;
    assert_eq!(limited.status, 429);
    check(&limited, "too many");
    client.desk().expire_key();
    check(&client.get("/tickets").await, "without the key");
}

#[tokio::test]
async fn a_draft_is_read_as_the_observed_schema_says() {
    let Some(document) = document() else { return };
    let schema = named(&document, "ObservedTicketCreate");
    let client = Client::msp().await;
    let draft = client.draft("One");
    for name in schema["required"].as_array().unwrap() {
        let mut without = draft.clone();
        without.as_object_mut().unwrap().remove(name.as_str().unwrap());
        assert_eq!(client.post("/tickets", without).await.refusal().2, [name.as_str().unwrap()]);
    }
    for (name, field) in schema["properties"].as_object().unwrap() {
        let mut wrong = draft.clone();
        wrong[name] = json!(17);
        assert_eq!(client.post("/tickets", wrong).await.refusal().2, [name.as_str()], "{field}");
    }
    assert!(client.slips().iter().all(|slip| !slip.contains("ignored")), "none of them is dropped unread");
}

#[tokio::test]
async fn the_documents_filters_are_all_read() {
    let Some(document) = document() else { return };
    let client = Client::msp().await;
    let observed = &document["paths"]["/api/v1/tickets"]["get"]["x-observed-query"];
    let values = ["true", "x", "2026-01-01T00:00:00Z", &id_of("board", "Security")];
    for filter in observed["filters"].as_array().unwrap() {
        let name = filter.as_str().unwrap().split('=').next().unwrap();
        let mut accepted = 0;
        for value in values {
            let answer = client.get(&format!("/tickets?{name}={value}")).await;
            accepted += usize::from(answer.status == 200);
        }
        assert!(accepted > 0, "{name}");
        assert!(client.slips().iter().all(|slip| !slip.contains("ignored")), "{name}");
    }
}
