//! Comments and tags.

use nightdesk_standin::algapsa::id_of;
use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test]
async fn a_comment_is_seen_by_the_customer_unless_it_says_otherwise() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    let path = format!("/tickets/{id}/comments");
    let before = client.desk().ticket(&id).unwrap().updated_at;
    client.time.forward(5);
    let answer = client.post(&path, json!({ "comment_text": "Hello <all>" })).await;
    assert_eq!(answer.status, 201);
    let comment = answer.data();
    assert_eq!(
        (&comment["is_internal"], &comment["comment_html"]),
        (&json!(false), &json!("<p>Hello &lt;all&gt;</p>"))
    );
    assert_eq!(client.slips(), [format!("POST /api/v1{path}: the customer can see this comment")]);
    let note = json!({
        "comment_text": "Note", "is_internal": true, "is_resolution": true, "metadata": { "key": "7" },
        "suppressContactNotifications": true, "suppressInternalNotifications": true,
    });
    let note = client.post(&path, note).await.data();
    assert_eq!(client.slips(), [""; 0]);
    let comments = client.desk().comments(&id);
    assert_eq!((comments.len(), comments[0].is_internal, comments[1].is_internal), (2, false, true));
    assert_eq!((&comments[1].metadata["key"], comments[1].by.as_str()), (&json!("7"), "Nightdesk API user"));
    assert_eq!(comments[1].id, note["comment_id"].as_str().unwrap());
    assert_eq!(client.desk().ticket(&id).unwrap().updated_at, before, "the ticket's own row stays");
}

#[tokio::test]
async fn comments_are_checked() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    let path = format!("/tickets/{id}/comments");
    let with = |text: Value| json!({ "comment_text": text, "is_internal": true });
    for wrong in [json!({}), with(json!("")), with(json!(" \n")), with(json!("x".repeat(5001))), with(json!(5))] {
        assert_eq!(client.post(&path, wrong.clone()).await.refusal().2, ["comment_text"], "{wrong}");
    }
    assert_eq!(client.post(&path, with(json!("x".repeat(5000)))).await.status, 201);
    // What counts is what a reader sees.
    let blocks = json!([{ "type": "paragraph", "content": [{ "type": "text", "text": "y".repeat(4990) }] }]);
    assert_eq!(client.post(&path, with(json!(blocks.to_string()))).await.status, 201);
    for (field, wrong) in [
        ("is_internal", json!("true")),
        ("is_resolution", json!(1)),
        ("metadata", json!([])),
        ("time_spent", json!(-1)),
        ("parent_comment_id", json!("first")),
        ("suppressInternalNotifications", json!(true)),
    ] {
        let mut body = with(json!("x"));
        body[field] = wrong;
        assert_eq!(client.post(&path, body).await.refusal().2, [field]);
    }
    let orphan = json!({ "comment_text": "x", "is_internal": true, "parent_comment_id": id_of("comment", "99") });
    assert_eq!(client.post(&path, orphan).await.refusal().1, "BAD_REQUEST");
    assert_eq!(client.desk().comments(&id).len(), 2);
}

#[tokio::test]
async fn a_reply_is_seen_by_whoever_sees_the_thread() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    let path = format!("/tickets/{id}/comments");
    let root = client.post(&path, json!({ "comment_text": "root" })).await.data();
    client.slips();
    let reply = json!({ "comment_text": "re", "is_internal": true, "parent_comment_id": root["comment_id"] });
    let reply = client.post(&path, reply).await.data();
    assert_eq!((&reply["is_internal"], &reply["thread_id"]), (&json!(false), &root["comment_id"]));
    assert_eq!(client.slips().len(), 1);
}

#[tokio::test]
async fn comments_are_listed_by_offset_and_only_ones_own_are_rewritten() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    let path = format!("/tickets/{id}/comments");
    for at in 0..60 {
        client.post(&path, json!({ "comment_text": format!("c{at:02}"), "is_internal": true })).await.data();
    }
    let texts = async |query: &str| client.get(&format!("{path}{query}")).await.texts("comment_text");
    assert_eq!(texts("").await.len(), 50);
    assert_eq!(texts("?limit=200").await.len(), 60);
    assert_eq!(texts("?limit=2&offset=58").await, ["c58", "c59"]);
    assert_eq!(texts("?limit=2&order=desc").await, ["c59", "c58"]);
    let body = client.get(&format!("{path}?content_format=markdown&limit=1")).await.json();
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["data"]);
    assert_eq!(body["data"][0]["markdown_content"], "c00");
    for wrong in ["?limit=201", "?limit=0", "?offset=-1", "?order=up", "?content_format=html"] {
        assert_eq!(client.get(&format!("{path}{wrong}")).await.status, 400, "{wrong}");
    }
    let own = client.desk().comments(&id)[0].id.clone();
    let rewritten = client.put(&format!("{path}/{own}"), json!({ "comment_text": "new" })).await.data();
    assert!(rewritten["comment_text"] == "new" && rewritten["updated_at"].is_string());
    assert!(client.desk().person_comments(&id, "mine", "Dana"));
    let others = client.desk().comments(&id)[60].id.clone();
    assert_eq!(client.put(&format!("{path}/{others}"), json!({ "comment_text": "x" })).await.status, 403);
    let missing = id_of("comment", "none");
    assert_eq!(client.put(&format!("{path}/{missing}"), json!({ "comment_text": "x" })).await.status, 404);
}

#[tokio::test]
async fn tags_are_put_on_by_their_own_call_and_by_the_bodys_id() {
    let client = Client::msp().await;
    let (one, two) = (client.ticket("One").await, client.ticket("Two").await);
    let path = format!("/tags/entity/ticket/{one}");
    let body = |of: &str, tags: Value| json!({ "entity_id": of, "entity_type": "ticket", "tags": tags });
    let answer = client.post(&path, body(&one, json!(["huntress", { "tag_text": "critical" }, "Huntress"]))).await;
    assert_eq!((answer.status, answer.texts("tag_text")), (201, vec!["huntress".to_owned(), "critical".to_owned()]));
    assert_eq!(client.desk().tags(&one), ["huntress", "critical"]);
    assert_eq!(client.get(&path).await.texts("tag_text"), ["huntress", "critical"]);
    assert_eq!(client.get("/tickets?tags=critical").await.texts("title"), ["One"]);
    assert_eq!(client.slips(), [""; 0]);
    client.post(&path, body(&two, json!(["elsewhere"]))).await.data();
    assert_eq!((client.desk().tags(&two).len(), client.slips().len()), (1, 1));
    assert_eq!(client.post(&path, json!({})).await.refusal().2, ["entity_id", "entity_type", "tags"]);
    for wrong in [json!([]), json!(["x".repeat(51)]), json!([""]), json!([4]), json!("one")] {
        assert_eq!(client.post(&path, body(&one, wrong.clone())).await.status, 400, "{wrong}");
    }
    assert_eq!(client.post(&path, body(&id_of("ticket", "9"), json!(["x"]))).await.status, 404);
}
