//! Key, rights, rate limit, log, and everything that can go wrong.

use std::time::Duration;

use crate::desk::Desk;
use chrono::{DateTime, TimeDelta};
use nightdesk_standin::{Account, Fault, FaultKind, HuntressStandin, IncidentBuilder, RetryAfter, RetryAfterForm};
use serde_json::json;

const LIST: &str = "/v1/incident_reports";

async fn desk() -> Desk {
    let mut account = Account::new(5, "Check MSP").organization(4, "Acme");
    for _ in 0..30 {
        account = account.incident(IncidentBuilder::low().organization(4));
    }
    Desk::open(account).await
}

#[tokio::test]
async fn only_the_key_opens() {
    let desk = desk().await;
    let (key, secret) = desk.huntress.key();
    assert_eq!(desk.get(LIST).await.status, 200);
    assert_eq!(desk.get_without_key(LIST).await.status, 401);
    assert_eq!(desk.get_as(LIST, &key, "wrong").await.status, 401);
    assert_eq!(desk.get_as(LIST, "wrong", &secret).await.status, 401);
    assert_eq!(desk.get_without_key("/v1/nothing").await.status, 401);
    desk.huntress.world().revoke_key();
    assert_eq!(desk.get(LIST).await.status, 401);
    desk.huntress.world().restore_key();
    assert_eq!(desk.get(LIST).await.status, 200);
    let authorized: Vec<bool> = desk.huntress.requests().iter().map(|request| request.authorized).collect();
    assert_eq!(authorized, [true, false, false, false, false, false, true]);
}

#[tokio::test]
async fn unknown_paths_are_404_and_writing_is_403() {
    let desk = desk().await;
    for path in
        ["/", "/v1", "/v1/nothing", "/v1/incident_reports/999", "/v1/agents/x", "/v2/agents", "/v1/escalations/1"]
    {
        assert_eq!(desk.get(path).await.status, 404, "{path}");
    }
    for path in [
        "/v1/incident_reports/1/resolution",
        "/v1/incident_reports/1/remediations/bulk_approval",
        "/v1/escalations/1/resolution",
        "/v1/agents/1/isolation",
        "/v1/organizations",
    ] {
        assert_eq!(desk.post(path).await.status, 403, "{path}");
    }
    assert_eq!(desk.post("/v1/nothing").await.status, 404);
}

#[tokio::test]
async fn the_log_tells_what_was_asked_and_answered() {
    let desk = desk().await;
    desk.get("/v1/incident_reports?status=sent&limit=2").await;
    desk.time.forward(7);
    desk.get("/v1/incident_reports?limit=0").await;
    let log = desk.huntress.take_requests();
    assert_eq!(log.len(), 2);
    assert_eq!((log[0].method.as_str(), log[0].path.as_str(), log[0].status), ("GET", LIST, Some(200)));
    assert_eq!(log[0].query, [("status".into(), "sent".into()), ("limit".into(), "2".into())]);
    assert_eq!(log[1].status, Some(400));
    assert_eq!(log[1].at, desk.time.now());
    assert!(desk.huntress.requests().is_empty());
}

#[tokio::test]
async fn the_rate_limit_slides_as_in_the_documents_example() {
    let desk = desk().await;
    desk.huntress.world().dialect(|dialect| {
        dialect.rate_limit = Some(60);
        dialect.retry_after = RetryAfterForm::Seconds;
    });
    let get = async || desk.get("/v1/account").await;
    assert_eq!(get().await.status, 200); // T0
    desk.time.forward(5);
    assert_eq!(get().await.status, 200); // T5
    desk.time.forward(5);
    for _ in 3..=60 {
        assert_eq!(get().await.status, 200); // T10
    }
    desk.time.forward(45);
    let refused = get().await; // T55
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("6")));
    desk.time.forward(6);
    assert_eq!(get().await.status, 200); // T61
    assert_eq!(get().await.status, 429); // T61
    desk.time.forward(4);
    assert_eq!(get().await.status, 429); // T65
    desk.time.forward(1);
    assert_eq!(get().await.status, 200); // T66
}

#[tokio::test]
async fn retry_after_is_silent_or_seconds_or_a_date() {
    let desk = desk().await;
    let refused = async |form| {
        desk.huntress.world().dialect(|dialect| {
            dialect.rate_limit = Some(0);
            dialect.retry_after = form;
        });
        desk.get("/v1/account").await.header("retry-after").map(str::to_owned)
    };
    assert_eq!(refused(RetryAfterForm::Silent).await, None);
    assert_eq!(refused(RetryAfterForm::Seconds).await.as_deref(), Some("61"));
    let date = refused(RetryAfterForm::HttpDate).await.unwrap();
    assert_eq!(DateTime::parse_from_rfc2822(&date).unwrap(), desk.time.now() + TimeDelta::seconds(61));
}

#[tokio::test]
async fn date_is_the_stand_ins_with_its_skew() {
    let desk = desk().await;
    let date = async || {
        let answer = desk.get("/v1/account").await;
        assert_eq!(answer.headers.get_all("date").iter().count(), 1);
        DateTime::parse_from_rfc2822(answer.header("date").unwrap()).unwrap().to_utc()
    };
    assert_eq!(date().await, desk.time.now());
    desk.huntress.world().dialect(|dialect| dialect.date_skew = TimeDelta::minutes(-9));
    assert_eq!(date().await, desk.time.now() - TimeDelta::minutes(9));
}

#[tokio::test]
async fn faults_strike_so_often_and_only_where_they_should() {
    let desk = desk().await;
    desk.huntress.fault(Fault::status_with(503, RetryAfter::Seconds(30)).times(2).on(LIST));
    assert_eq!(desk.get("/v1/account").await.status, 200);
    for expected in [503, 503, 200] {
        let answer = desk.get(LIST).await;
        assert_eq!(answer.status, expected);
        assert_eq!(answer.header("retry-after").is_some(), expected == 503);
    }
    desk.huntress.fault(Fault::status(500).after(1).when(|request| request.param("page_token").is_none()));
    for expected in [200, 500, 500] {
        assert_eq!(desk.get(LIST).await.status, expected);
    }
    desk.huntress.clear_faults();
    let (first, second) = (desk.huntress.fault(Fault::status(429)), desk.huntress.fault(Fault::status(502)));
    assert_eq!(desk.get(LIST).await.status, 429);
    assert!(desk.huntress.world().lift(first));
    assert_eq!(desk.get(LIST).await.status, 502);
    assert!(desk.huntress.world().lift(second));
    assert!(!desk.huntress.world().lift(second));
    assert_eq!(desk.get(LIST).await.status, 200);
}

#[tokio::test]
async fn answers_can_be_wrong_in_every_way() {
    let desk = desk().await;
    let spoilt = async |kind| {
        desk.huntress.fault(Fault::new(kind).times(1));
        desk.get("/v1/incident_reports?limit=5").await
    };
    let answer = spoilt(FaultKind::TruncatedJson).await;
    assert!(answer.status == 200 && serde_json::from_str::<serde_json::Value>(&answer.text).is_err());
    assert!(spoilt(FaultKind::NotJson).await.text.starts_with('<'));
    assert_eq!(spoilt(FaultKind::Body(json!(null))).await.text, "null");
    let answer = spoilt(FaultKind::ListAsObject).await.json();
    assert!(answer["incident_reports"].is_object() && answer["incident_reports"]["4"]["id"].is_i64());
    let answer = spoilt(FaultKind::Redirect("http://192.0.2.1/elsewhere".into())).await;
    assert_eq!((answer.status, answer.header("location")), (302, Some("http://192.0.2.1/elsewhere")));
    let answer = spoilt(FaultKind::ContentType("text/html".into())).await;
    assert_eq!(answer.header("content-type"), Some("text/html"));
    assert!(answer.json()["incident_reports"].is_array());
    assert!(spoilt(FaultKind::HugeBody(3_000_000)).await.text.len() > 3_000_000);
    let retry = FaultKind::Status(429, Some(RetryAfter::DateIn(TimeDelta::seconds(90))));
    let date = spoilt(retry).await.header("retry-after").unwrap().to_owned();
    assert_eq!(DateTime::parse_from_rfc2822(&date).unwrap(), desk.time.now() + TimeDelta::seconds(90));
    assert_eq!(spoilt(FaultKind::Delay(Duration::from_millis(1))).await.status, 200);
    assert_eq!(desk.get(LIST).await.status, 200, "and right again");
}

#[tokio::test]
async fn a_page_token_can_repeat_for_ever() {
    let desk = desk().await;
    desk.huntress.fault(Fault::new(FaultKind::RepeatPageToken).on(LIST));
    let token = |body: &serde_json::Value| body["pagination"]["next_page_token"].as_str().unwrap().to_owned();
    let first = token(&desk.get(LIST).await.json());
    for _ in 0..5 {
        assert_eq!(token(&desk.get(&format!("{LIST}?page_token={first}")).await.json()), first);
    }
}

#[tokio::test]
async fn connections_can_break_before_and_inside_the_body() {
    let desk = desk().await;
    desk.get(LIST).await;
    desk.huntress.fault(Fault::new(FaultKind::ResetBefore).times(1));
    assert!(desk.try_get(LIST).await.is_err());
    desk.huntress.fault(Fault::new(FaultKind::ResetMidBody).times(1));
    let error = desk.try_get(LIST).await.err().unwrap();
    assert!(error.is_body() || error.is_decode(), "the head had come: {error:?}");
    assert_eq!(desk.get(LIST).await.status, 200);
    let statuses: Vec<_> = desk.huntress.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [Some(200), None, Some(200), Some(200)]);
}

#[tokio::test]
async fn a_hang_lasts_until_the_stand_in_stops() {
    let desk = desk().await;
    desk.huntress.fault(Fault::new(FaultKind::Hang).times(1));
    let hanging = desk.try_get(LIST);
    let meanwhile = async {
        while desk.huntress.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(desk.get("/v1/account").await.status, 200, "others go on");
        desk.huntress.stop();
    };
    let (hung, ()) = tokio::join!(hanging, meanwhile);
    assert!(hung.is_err());
    assert_eq!(desk.huntress.requests()[0].status, None);
}

#[tokio::test]
async fn a_stopped_stand_in_answers_nobody_and_can_be_served_again() {
    let desk = desk().await;
    desk.get(LIST).await;
    desk.huntress.stop();
    assert!(desk.try_get(LIST).await.is_err(), "a kept-alive connection is closed too");
    let again = HuntressStandin::serve(desk.huntress.world().clone(), desk.huntress.address()).await.unwrap();
    assert_eq!(desk.get(LIST).await.status, 200);
    drop(again);
    assert!(desk.try_get(LIST).await.is_err());
}

#[tokio::test]
async fn a_hook_runs_before_the_answer() {
    let desk = desk().await;
    desk.huntress.on_request(Box::new(|request, world| {
        if request.path == "/v1/account" {
            world.revoke_key();
        }
    }));
    assert_eq!(desk.get(LIST).await.status, 200);
    assert_eq!(desk.get("/v1/account").await.status, 401);
}

#[tokio::test]
async fn it_serves_on_loopback_only() {
    let desk = desk().await;
    let refused = HuntressStandin::serve(desk.huntress.world().clone(), "0.0.0.0:0".parse().unwrap()).await;
    assert_eq!(refused.unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
}
