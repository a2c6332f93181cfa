//! The rate limit and the `Date` header.

use chrono::DateTime;
use serde_json::json;

use crate::client::Client;

async fn limited(burst: u32) -> Client {
    let client = Client::msp().await;
    client.desk().set_rate_limit(burst, 60);
    client
}

#[tokio::test]
async fn a_burst_of_120_and_then_one_a_second() {
    let client = limited(120).await;
    for left in (0..120).rev() {
        let answer = client.get("/tickets/priorities").await;
        assert_eq!((answer.status, answer.header("x-ratelimit-limit")), (200, Some("120")));
        assert_eq!(answer.header("x-ratelimit-remaining"), Some(left.to_string().as_str()));
        assert_eq!(answer.header("x-ratelimit-reset"), None);
    }
    client.time.forward_millis(250);
    let refused = client.get("/boards").await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("1")));
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("0"));
    assert!(refused.header("x-ratelimit-reset").is_some());
    let error = &refused.json()["error"];
    assert_eq!(error["code"], "RATE_LIMITED");
    assert_eq!(error["details"], json!({ "retry_after_ms": 750, "remaining": 0 }));
    client.time.forward_millis(750);
    assert_eq!(client.get("/boards").await.status, 200);
    assert_eq!(client.get("/boards").await.status, 429);
    client.time.forward(3);
    let draft = client.draft("One");
    for expected in [201, 201, 201, 429] {
        assert_eq!(client.post("/tickets", draft.clone()).await.status, expected, "reads and writes share it");
    }
    assert_eq!(client.desk().tickets().len(), 3, "what was refused wasn't done");
    assert_eq!(client.slips(), [""; 0]);
}

#[tokio::test]
async fn some_sub_routes_skip_it_and_a_wrong_key_takes_nothing() {
    let client = limited(2).await;
    let id = client.ticket("One").await;
    for _ in 0..5 {
        assert_eq!(client.with_headers("/boards", &[]).await.status, 401);
    }
    let status = json!({ "status_id": client.status_id("Security", "Closed") });
    let free = [
        ("GET", "/tickets/search?query=one".to_owned(), json!({})),
        ("GET", format!("/tickets/{id}/comments"), json!({})),
        ("POST", format!("/tickets/{id}/comments"), json!({ "comment_text": "x", "is_internal": true })),
        ("PUT", format!("/tickets/{id}/status"), status),
        ("PUT", format!("/tickets/{id}/assignment"), json!({ "assigned_to": null })),
    ];
    for round in 0..3 {
        for (method, path, body) in &free {
            let answer = client.ask(method, path, body.clone()).await;
            assert!(answer.status < 300, "{round} {method} {path}");
            assert_eq!(answer.header("x-ratelimit-remaining"), None);
        }
    }
    assert_eq!(client.get("/boards").await.status, 200);
    assert_eq!(client.get("/boards").await.status, 429);
    client.desk().observe_rate_only();
    let observed = client.get("/boards").await;
    assert_eq!((observed.status, observed.header("x-ratelimit-remaining")), (200, Some("0")));
}

#[tokio::test]
async fn date_is_the_clocks() {
    let client = Client::msp().await;
    for _ in 0..2 {
        let answer = client.get("/nothing").await;
        assert_eq!(answer.headers.get_all("date").iter().count(), 1);
        let date = DateTime::parse_from_rfc2822(answer.header("date").unwrap()).unwrap();
        assert_eq!(date, client.time.now());
        client.time.forward(86_400);
    }
}
