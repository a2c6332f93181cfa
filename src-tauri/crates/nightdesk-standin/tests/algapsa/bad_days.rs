//! Everything that can go wrong, and whether the desk had acted by then.

use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use nightdesk_standin::algapsa::{AlgaStandin, Fault, FaultKind, RetryAfter};
use serde_json::json;

use crate::client::{Answer, Client};

/// Asks for a ticket while this goes wrong once; what came back and how many tickets there are then.
async fn struck(client: &Client, kind: FaultKind) -> (reqwest::Result<Answer>, usize) {
    let before = client.desk().tickets().len();
    client.alga.fault(Fault::new(kind).on("/tickets").method("POST").times(1));
    let answer = client.try_ask("POST", "/tickets", Some(&client.draft("One"))).await;
    (answer, client.desk().tickets().len() - before)
}

#[tokio::test]
async fn what_is_done_and_what_the_client_learns_of_it() {
    let client = Client::msp().await;
    for status in [429, 500, 502, 503] {
        let retry_after = Some(RetryAfter::DateIn(TimeDelta::seconds(90)));
        let (answer, made) = struck(&client, FaultKind::Status(status, retry_after)).await;
        let answer = answer.unwrap();
        assert_eq!((answer.refusal().0, made), (status, 0));
        let back = DateTime::parse_from_rfc2822(answer.header("retry-after").unwrap()).unwrap();
        assert_eq!(back, client.time.now() + TimeDelta::seconds(90));
    }
    let (answer, made) = struck(&client, FaultKind::StatusAfter(504)).await;
    assert_eq!((answer.unwrap().status, made), (504, 1));
    let (answer, made) = struck(&client, FaultKind::ResetBefore).await;
    assert_eq!((answer.is_err(), made), (true, 0));
    let (answer, made) = struck(&client, FaultKind::LostAnswer).await;
    assert_eq!((answer.is_err(), made), (true, 1));
    let (answer, made) = struck(&client, FaultKind::ResetMidBody).await;
    assert_eq!((answer.is_err(), made), (true, 1));
    let (answer, made) = struck(&client, FaultKind::Truncated).await;
    let answer = answer.unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&answer.text).is_err() && answer.status == 201 && made == 1);
    let (answer, made) = struck(&client, FaultKind::NotJson).await;
    let answer = answer.unwrap();
    assert!(answer.status == 200 && answer.text.starts_with('<') && made == 0);
    let (answer, made) = struck(&client, FaultKind::WrongShape).await;
    let body = answer.unwrap().json();
    assert!(body.get("data").is_none() && body["result"]["ticket_id"].is_string() && made == 1);
    let (answer, made) = struck(&client, FaultKind::Delay(Duration::from_millis(1))).await;
    assert_eq!((answer.unwrap().status, made), (201, 1));
    assert_eq!(client.slips(), [""; 0]);
    let statuses: Vec<_> = client.alga.requests().iter().map(|request| request.status).collect();
    let expected = [Some(429), Some(500), Some(502), Some(503), Some(504), None, None];
    assert_eq!(statuses[..7], expected, "what never left has no status");
}

#[tokio::test]
async fn a_deletion_can_be_lost_too() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    client.alga.fault(Fault::new(FaultKind::ResetMidBody).method("DELETE"));
    let path = format!("/tickets/{id}");
    assert!(client.try_ask("DELETE", &path, None).await.is_err());
    assert!(client.desk().tickets().is_empty());
}

#[tokio::test]
async fn faults_strike_so_often_and_only_where_they_should() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    client.alga.fault(Fault::status_with(503, RetryAfter::Seconds(30)).on("/comments").after(1).times(1));
    let comments = format!("/tickets/{id}/comments");
    for expected in [200, 503, 200] {
        let answer = client.get(&comments).await;
        assert_eq!((answer.status, answer.header("retry-after").is_some()), (expected, expected == 503));
    }
    let fault = client.alga.fault(Fault::status(500).when(|request| request.body["title"] == "Two"));
    assert_eq!(client.post("/tickets", client.draft("One")).await.status, 201);
    assert_eq!(client.post("/tickets", client.draft("Two")).await.status, 500);
    assert!(client.alga.lift(fault) && !client.alga.lift(fault));
    client.alga.fault(Fault::lost_answer());
    client.alga.clear_faults();
    assert_eq!(client.get("/boards").await.status, 200);
}

#[tokio::test]
async fn a_hang_lasts_until_the_stand_in_stops() {
    let client = Client::msp().await;
    client.alga.fault(Fault::new(FaultKind::HangAfter).method("POST").times(1));
    client.alga.fault(Fault::new(FaultKind::Hang).method("POST").times(1));
    let draft = client.draft("One");
    let (one, two) =
        (client.try_ask("POST", "/tickets", Some(&draft)), client.try_ask("POST", "/tickets", Some(&draft)));
    let meanwhile = async {
        while client.alga.requests().len() < 2 || client.desk().tickets().is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(client.get("/boards").await.status, 200, "others go on");
        client.alga.stop();
    };
    let (one, two, ()) = tokio::join!(one, two, meanwhile);
    assert!(one.is_err() && two.is_err());
    assert_eq!(client.desk().tickets().len(), 1, "one of them had been done");
}

#[tokio::test]
async fn a_stopped_stand_in_can_be_served_again_with_what_it_knew() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    client.alga.stop();
    assert!(client.try_ask("GET", "/boards", None).await.is_err(), "a kept-alive connection is closed too");
    let again = AlgaStandin::serve(client.desk().clone(), client.alga.address()).await.unwrap();
    assert_eq!(client.get(&format!("/tickets/{id}")).await.data()["title"], "One");
    drop(again);
    assert!(client.try_ask("GET", "/boards", None).await.is_err());
}

#[tokio::test]
async fn a_hook_runs_before_the_answer() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    client.alga.on_request(Box::new(|request, desk| {
        if request.method == "PUT" {
            desk.person_deletes("TIC1001", "Dana");
        }
        if request.path.ends_with("/boards") {
            desk.expire_key();
        }
    }));
    assert_eq!(client.get(&format!("/tickets/{id}")).await.status, 200);
    assert_eq!(client.put(&format!("/tickets/{id}"), json!({ "title": "x" })).await.status, 404);
    assert_eq!(client.get("/boards").await.status, 401);
}

#[tokio::test]
async fn the_log_tells_what_was_asked() {
    let client = Client::msp().await;
    client.post("/tickets", json!({ "title": "x" })).await;
    client.time.forward(7);
    client.get("/tickets?sort=updated_at&order=asc").await;
    let log = client.alga.take_requests();
    assert_eq!((log[0].method.as_str(), log[0].path.as_str(), log[0].status), ("POST", "/api/v1/tickets", Some(400)));
    assert_eq!((&log[0].body, log[0].authorized), (&json!({ "title": "x" }), true));
    assert_eq!((log[1].param("sort"), log[1].param("page"), log[1].at), (Some("updated_at"), None, client.time.now()));
    assert!(client.alga.requests().is_empty());
}
