//! Making, reading, changing, closing and deleting a ticket.

use chrono::TimeDelta;
use nightdesk_standin::algapsa::id_of;
use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test]
async fn a_new_ticket_is_the_bare_row_and_takes_its_body_from_the_attributes_only() {
    let client = Client::msp().await;
    let mut draft = client.draft("Foothold (HR-17)");
    draft["summary"] = json!("lost");
    draft["description"] = json!("lost");
    draft["source"] = json!("huntress");
    draft["tags"] = json!(["huntress"]);
    draft["attributes"] = json!({ "description": "A <b> **c**", "source_reference": "17" });
    let answer = client.post("/tickets", draft).await;
    let (status, made) = (answer.status, answer.data());
    assert_eq!(status, 201);
    assert_eq!((&made["source"], &made["tags"]), (&json!("api"), &json!(["huntress"])));
    assert_eq!((&made["client_name"], &made["description_html"]), (&Value::Null, &Value::Null), "no names");
    assert_eq!(made["attributes"]["source_reference"], "17");
    let id = made["ticket_id"].as_str().unwrap();
    assert_eq!(id, id_of("ticket", "1"));
    let read = client.get(&format!("/tickets/{id}")).await.data();
    assert_eq!(read["description_html"], "<p>A &lt;b&gt; **c**</p>");
    assert_eq!((&read["client_name"], &read["board_name"]), (&json!("Acme"), &json!("Security")));
    assert_eq!((&read["status_name"], &read["priority_name"]), (&json!("New"), &json!("High")));
    assert_eq!(read["tags"], json!([]), "tags of a draft aren't kept");
    assert!(client.desk().tags(id).is_empty());
    let path = "POST /api/v1/tickets";
    assert_eq!(
        client.slips(),
        [
            format!("{path}: description was ignored"),
            format!("{path}: source was ignored"),
            format!("{path}: summary was ignored"),
            format!("{path}: tags on create were answered and not stored"),
        ]
    );
}

#[tokio::test]
async fn the_same_draft_twice_is_two_tickets() {
    let client = Client::msp().await;
    let (one, two) = (client.ticket("Same").await, client.ticket("Same").await);
    assert_ne!(one, two);
    let numbers: Vec<String> = client.desk().tickets().into_iter().map(|ticket| ticket.number).collect();
    assert_eq!(numbers, ["TIC1001", "TIC1002"]);
    assert_eq!(client.desk().ticket_by_number("TIC1002").unwrap().id, two);
    assert_eq!(client.desk().ticket_by_number(&two), None);
}

#[tokio::test]
async fn rich_text_renders_and_what_only_looks_like_it_is_a_slip() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    let path = format!("/tickets/{id}");
    let blocks = json!([
        { "type": "heading", "props": { "level": 3 }, "content": [{ "type": "text", "text": "Host", "styles": {} }] },
        { "type": "bulletListItem", "content": [{ "type": "text", "text": "SRV & 1", "styles": { "bold": true } }] },
    ]);
    let change = json!({ "attributes": { "description": blocks.to_string() } });
    let html = client.put(&path, change).await.data()["description_html"].clone();
    assert_eq!(html, "<h3>Host</h3><ul><li><strong>SRV &amp; 1</strong></li></ul>");
    assert_eq!(client.slips(), [""; 0]);
    let broken = client.put(&path, json!({ "attributes": { "description": "[Huntress] text" } })).await.data();
    assert_eq!(broken["description_html"], "<p>[Huntress] text</p>");
    assert_eq!(client.slips().len(), 1);
    client.put(&path, json!({ "attributes": { "description": blocks } })).await.data();
    assert_eq!(client.slips(), [format!("PUT /api/v1{path}: attributes.description isn't a string")]);
}

#[tokio::test]
async fn another_board_needs_a_status_of_that_board_in_the_same_change() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    let path = format!("/tickets/{id}");
    let triage = client.desk().board("Triage").unwrap().id;
    let foreign = client.status_id("Security", "New");
    assert_eq!(client.put(&path, json!({ "board_id": triage })).await.refusal().2, ["status_id"]);
    let both = json!({ "board_id": triage, "status_id": foreign });
    assert_eq!(client.put(&path, both).await.refusal().2, ["status_id"]);
    let alone = json!({ "status_id": client.status_id("Triage", "New") });
    assert_eq!(client.put(&path, alone).await.refusal().2, ["status_id"]);
    assert_eq!(client.desk().ticket(&id).unwrap().board, "Security");
    let globex = client.desk().client("Globex").unwrap().id;
    let right = json!({
        "board_id": triage, "status_id": client.status_id("Triage", "In Progress"), "client_id": globex,
    });
    client.slips();
    let moved = client.put(&path, right).await.data();
    assert_eq!((&moved["board_name"], &moved["status_name"]), (&json!("Triage"), &json!("In Progress")));
    assert_eq!(moved["client_name"], "Globex");
    let same_board = json!({ "board_id": triage, "title": "Two" });
    assert_eq!(client.put(&path, same_board).await.data()["title"], "Two");
    assert_eq!(client.slips(), [""; 0]);
}

#[tokio::test]
async fn a_change_is_partial_and_attributes_are_replaced_whole() {
    let client = Client::msp().await;
    let mut draft = client.draft("One");
    draft["attributes"] = json!({ "description": "x", "source_reference": "17" });
    let made = client.post("/tickets", draft).await.data();
    let path = format!("/tickets/{}", made["ticket_id"].as_str().unwrap());
    client.time.forward(5);
    let critical = client.desk().priority("Critical").unwrap().id;
    let changed = client.put(&path, json!({ "priority_id": critical })).await.data();
    assert_eq!((&changed["priority_name"], &changed["title"]), (&json!("Critical"), &json!("One")));
    assert_eq!(changed["attributes"], made["attributes"]);
    assert!(changed["updated_at"].as_str() > made["updated_at"].as_str());
    let replaced = client.put(&path, json!({ "attributes": { "description": "y" } })).await.data();
    assert_eq!(replaced["attributes"], json!({ "description": "y" }), "the reference is gone");
    assert_eq!(client.put(&path, json!({ "attributes": null })).await.data()["attributes"], Value::Null);
    for (wrong, field) in [
        (json!({ "title": "x".repeat(256) }), "title"),
        (json!({ "priority_id": "high" }), "priority_id"),
        (json!({ "suppressInternalNotifications": true }), "suppressInternalNotifications"),
    ] {
        assert_eq!(client.put(&path, wrong).await.refusal().2, [field]);
    }
    let quiet = json!({ "suppressContactNotifications": true, "suppressInternalNotifications": true });
    assert_eq!(client.put(&path, quiet).await.status, 200);
    assert_eq!(client.put(&path, json!({ "priority_id": id_of("x", "y") })).await.refusal().1, "BAD_REQUEST");
    client.slips();
    assert_eq!(client.put(&path, json!({ "tags": ["a"] })).await.refusal().1, "INTERNAL_ERROR");
    client.put(&path, json!({ "description": "z" })).await.data();
    let slips = client.slips();
    assert!(slips[0].contains("INTERNAL_ERROR") && slips[1].ends_with("description was ignored"), "{slips:?}");
}

#[tokio::test]
async fn closing_sets_who_and_when_and_reopening_clears_it() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    let status = format!("/tickets/{id}/status");
    let (closed, new) = (client.status_id("Security", "Closed"), client.status_id("Security", "New"));
    assert_eq!(client.put(&status, json!({})).await.refusal().2, ["status_id"]);
    let foreign = client.status_id("Triage", "Closed");
    assert_eq!(client.put(&status, json!({ "status_id": foreign })).await.refusal().2, ["status_id"]);
    assert!(client.desk().closings().is_empty());
    client.time.forward(60);
    let row = client.put(&status, json!({ "status_id": closed })).await.data();
    assert_eq!((&row["is_closed"], &row["status_is_closed"]), (&json!(true), &json!(true)));
    assert_eq!((&row["closed_at"], &row["closed_by"]), (&row["updated_at"], &row["updated_by"]));
    client.put(&status, json!({ "status_id": closed })).await.data();
    assert_eq!(client.desk().closings().len(), 1, "closed is closed");
    let row = client.put(&status, json!({ "status_id": new })).await.data();
    assert_eq!((&row["is_closed"], &row["closed_at"], &row["closed_by"]), (&json!(false), &Value::Null, &Value::Null));
    // The general change does the same.
    client.put(&format!("/tickets/{id}"), json!({ "status_id": closed })).await.data();
    let closings = client.desk().closings();
    assert_eq!((closings.len(), closings[1].ticket_id.as_str()), (2, id.as_str()));
    assert_eq!(closings[1].by, "Nightdesk API user");
    let told = json!({ "status_id": new, "closed_at": "2026-01-01T00:00:00+00:00" });
    assert_eq!(client.put(&status, told).await.refusal().2, ["closed_at"]);
}

#[tokio::test]
async fn a_board_may_refuse_to_close() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    let status = format!("/tickets/{id}/status");
    let close = json!({ "status_id": client.status_id("Security", "Closed") });
    client.desk().set_close_rule("Security", "Time must be entered");
    client.desk().set_close_rule("Security", "A resolution must be written");
    for path in [status.clone(), format!("/tickets/{id}")] {
        let refused = client.put(&path, close.clone()).await;
        assert_eq!(refused.refusal().2, ["status_id", "status_id"]);
        assert_eq!(refused.json()["error"]["details"][0]["message"], "Time must be entered");
    }
    let progress = json!({ "status_id": client.status_id("Security", "In Progress") });
    assert_eq!(client.put(&status, progress).await.status, 200, "only closing is refused");
    let mut forced = close.clone();
    forced["override_close_rules"] = json!(true);
    assert_eq!(client.put(&status, forced.clone()).await.status, 403);
    client.desk().allow("ticket:close_override");
    assert_eq!(client.put(&status, forced.clone()).await.refusal().2, ["override_close_rules_reason"]);
    forced["override_close_rules_reason"] = json!("Huntress closed it");
    assert_eq!(client.put(&status, forced).await.status, 200);
    client.put(&status, json!({ "status_id": client.status_id("Security", "New") })).await.data();
    client.desk().clear_close_rules("Security");
    assert_eq!(client.put(&status, close).await.status, 200);
}

#[tokio::test]
async fn assigning_and_deleting() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    let path = format!("/tickets/{id}/assignment");
    let dana = client.desk().add_user("Dana");
    assert_eq!(client.put(&path, json!({ "assigned_to": dana })).await.data()["assigned_to_name"], "Dana");
    assert_eq!(client.put(&path, json!({ "assigned_to": null })).await.data()["assigned_to"], Value::Null);
    assert_eq!(client.put(&path, json!({ "assigned_to": id_of("x", "y") })).await.status, 400);
    let path = format!("/tickets/{id}");
    let deleted = client.ask("DELETE", &path, json!({})).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    for (method, path) in [("GET", path.clone()), ("DELETE", path.clone()), ("PUT", format!("{path}/assignment"))] {
        assert_eq!(client.ask(method, &path, json!({})).await.status, 404, "{method}");
    }
}

#[tokio::test]
async fn every_write_is_later_than_the_one_before() {
    let client = Client::msp().await;
    let mut last = String::new();
    let id = client.ticket("One").await;
    for _ in 0..5 {
        let at = client.put(&format!("/tickets/{id}"), json!({ "title": "One" })).await.data()["updated_at"].clone();
        assert!(at.as_str().unwrap() > last.as_str() && at.as_str().unwrap().ends_with('Z'));
        last = at.as_str().unwrap().to_owned();
    }
    client.time.forward(3600);
    client.put(&format!("/tickets/{id}"), json!({ "title": "One" })).await.data();
    let ahead = client.desk().ticket(&id).unwrap().updated_at - client.time.now();
    assert_eq!(ahead, TimeDelta::zero());
}
