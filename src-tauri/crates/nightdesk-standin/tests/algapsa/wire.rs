//! Key, rights, product, paths, and the strictness of the bodies.

use nightdesk_standin::algapsa::{AlgaStandin, id_of};
use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test]
async fn only_the_key_opens() {
    let client = Client::msp().await;
    let key = client.alga.key();
    let status = async |headers: &[(&str, &str)]| client.with_headers("/boards", headers).await.status;
    assert_eq!(status(&[("x-api-key", &key)]).await, 200);
    assert_eq!(status(&[]).await, 401);
    assert_eq!(status(&[("x-api-key", "another")]).await, 401);
    assert_eq!(status(&[("authorization", &format!("Bearer {key}"))]).await, 401);
    assert_eq!(status(&[("x-api-key", &key), ("x-tenant-id", &id_of("tenant", "Stand-in MSP"))]).await, 200);
    assert_eq!(status(&[("x-api-key", &key), ("x-tenant-id", &id_of("tenant", "Other"))]).await, 401);
    client.desk().expire_key();
    assert_eq!(client.get("/boards").await.refusal().1, "UNAUTHORIZED");
    client.desk().restore_key();
    assert_eq!(client.get("/boards").await.status, 200);
    assert_eq!(client.slips(), [""; 0], "a key that stops working is nobody's slip");
}

#[tokio::test]
async fn each_endpoint_needs_its_own_right() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    let acme = client.desk().client("Acme").unwrap().id;
    let cases = [
        ("GET", "/tickets".to_owned(), "ticket:read"),
        ("GET", "/tickets/search?query=x".to_owned(), "ticket:read"),
        ("GET", "/tickets/statuses".to_owned(), "ticket:read"),
        ("GET", "/tickets/priorities".to_owned(), "ticket:read"),
        ("GET", format!("/tickets/{id}"), "ticket:read"),
        ("GET", format!("/tickets/{id}/comments"), "ticket:read"),
        ("GET", "/boards".to_owned(), "ticket:read"),
        ("GET", "/priorities".to_owned(), "ticket:read"),
        ("GET", "/statuses".to_owned(), "ticket:read"),
        ("POST", "/tickets".to_owned(), "ticket:create"),
        ("PUT", format!("/tickets/{id}"), "ticket:update"),
        ("PUT", format!("/tickets/{id}/status"), "ticket:update"),
        ("PUT", format!("/tickets/{id}/assignment"), "ticket:update"),
        ("POST", format!("/tickets/{id}/comments"), "ticket:update"),
        ("PUT", format!("/tickets/{id}/comments/{id}"), "ticket:update"),
        ("DELETE", format!("/tickets/{id}"), "ticket:delete"),
        ("GET", "/categories/ticket".to_owned(), "ticket_settings:read"),
        ("GET", "/clients".to_owned(), "client:read"),
        ("GET", format!("/clients/{acme}"), "client:read"),
        ("GET", format!("/tags/entity/ticket/{id}"), "tag:read"),
        ("POST", format!("/tags/entity/ticket/{id}"), "tag:create"),
    ];
    for (method, path, right) in &cases {
        client.desk().deny(right);
        let refused = client.ask(method, path, json!({})).await;
        assert_eq!((refused.status, refused.refusal().1.as_str()), (403, "FORBIDDEN"), "{method} {path}");
        client.desk().allow(right);
    }
    client.desk().set_product_access(false);
    for (method, path, _) in &cases {
        assert_eq!(client.ask(method, path, json!({})).await.refusal().1, "PRODUCT_ACCESS_DENIED", "{method} {path}");
    }
    client.desk().set_product_access(true);
    assert_eq!(client.slips(), [""; 0]);
    for (method, path, right) in &cases {
        assert_ne!(client.ask(method, path, json!({})).await.status, 403, "{method} {path} with {right}");
    }
}

#[tokio::test]
async fn everything_else_is_404_in_the_vendors_shape() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    for (method, path) in [
        ("GET", "/api"),
        ("GET", "/api/v1"),
        ("GET", "/api/v2/tickets"),
        ("GET", "/nothing"),
        ("GET", "/projects"),
        ("DELETE", "/boards"),
        ("POST", "/boards"),
        ("PATCH", &format!("/tickets/{id}")),
        ("GET", &format!("/tickets/{id}/status")),
        ("GET", &format!("/tickets/{id}/documents")),
    ] {
        let path = path.to_owned();
        assert_eq!(client.ask(method, &path, json!({})).await.refusal().1, "NOT_FOUND", "{method} {path}");
    }
    assert_eq!(client.slips().len(), 10);
    let missing = id_of("ticket", "none");
    for path in [format!("/tickets/{missing}"), format!("/tickets/{missing}/comments"), format!("/clients/{missing}")] {
        assert_eq!(client.get(&path).await.refusal().1, "NOT_FOUND", "{path}");
    }
    assert_eq!(client.slips(), [""; 0], "somebody may have deleted it");
    for path in ["/tickets/17", "/tickets/17/comments", "/clients/17"] {
        let (status, code, paths) = client.get(path).await.refusal();
        assert_eq!((status, code.as_str(), paths), (400, "VALIDATION_ERROR", vec!["id".to_owned()]), "{path}");
    }
}

#[tokio::test]
async fn a_draft_must_be_whole_and_well_formed() {
    let client = Client::msp().await;
    let (code, required) = ("VALIDATION_ERROR", ["title", "board_id", "client_id", "status_id", "priority_id"]);
    let refused = client.post("/tickets", json!({})).await.refusal();
    assert_eq!(refused, (400, code.to_owned(), required.map(str::to_owned).to_vec()));
    let not_json = client.post_text("/tickets", "{ title").await.refusal();
    assert_eq!(not_json.2, required, "what isn't JSON is an empty object");
    assert_eq!(client.post("/tickets", json!([])).await.refusal().2[0], "");
    for (field, wrong) in [
        ("title", json!("")),
        ("title", json!("x".repeat(256))),
        // Two UTF-16 units each, as JavaScript counts.
        ("title", json!("🔥".repeat(128))),
        ("title", json!(7)),
        ("title", Value::Null),
        ("board_id", json!("Security")),
        ("client_id", json!(4)),
        ("category_id", json!("")),
        ("category_id", Value::Null),
        ("assigned_to", json!("me")),
        ("url", json!("not a url")),
        ("attributes", json!("text")),
        ("attributes", Value::Null),
        ("tags", json!("one")),
        ("tags", json!([1])),
        ("suppressContactNotifications", json!("yes")),
        ("suppressInternalNotifications", json!(true)),
    ] {
        let mut draft = client.draft("One");
        draft[field] = wrong.clone();
        let refused = client.post("/tickets", draft).await.refusal();
        assert_eq!(refused, (400, code.to_owned(), vec![field.to_owned()]), "{field}: {wrong}");
    }
    for title in ["x".repeat(255), "🔥".repeat(127), "é".repeat(255)] {
        assert_eq!(client.post("/tickets", client.draft(&title)).await.status, 201);
    }
    assert_eq!(client.desk().tickets().len(), 3);
    assert!(client.slips().len() >= 20, "every refusal is a slip");
}

#[tokio::test]
async fn ids_must_lead_somewhere() {
    let client = Client::msp().await;
    let nowhere = id_of("nothing", "at all");
    for field in
        ["client_id", "priority_id", "category_id", "subcategory_id", "assigned_to", "contact_name_id", "location_id"]
    {
        let mut draft = client.draft("One");
        draft[field] = json!(nowhere);
        let refused = client.post("/tickets", draft).await;
        assert_eq!(refused.refusal(), (400, "BAD_REQUEST".to_owned(), Vec::new()), "{field}");
        assert_eq!(refused.json()["error"]["message"], "Invalid reference");
    }
    for (field, wrong) in [
        ("status_id", client.status_id("Triage", "New")),
        ("status_id", nowhere.clone()),
        ("board_id", client.desk().board("Triage").unwrap().id),
        ("board_id", nowhere),
    ] {
        let mut draft = client.draft("One");
        draft[field] = json!(wrong);
        assert_eq!(client.post("/tickets", draft).await.refusal().2, ["status_id"], "{field} {wrong}");
    }
    assert!(client.desk().tickets().is_empty());
}

#[tokio::test]
async fn it_serves_on_loopback_only() {
    let client = Client::msp().await;
    let refused = AlgaStandin::serve(client.desk().clone(), "0.0.0.0:0".parse().unwrap()).await;
    assert_eq!(refused.unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
}
