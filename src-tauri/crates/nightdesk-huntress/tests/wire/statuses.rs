//! What a status means, what is repeated, and which key is used.

use std::time::Duration;

use nightdesk_core::port::{Huntress, HuntressError, Listing, Urgency};

use crate::fake::{self, Fake, Reply};
use crate::keys::{KEY, MAX_BODY, SECRET, basic, client, client_with_keys};
use crate::pace::Pace;

const ACCOUNT: &str = r#"{"account":{"id":5,"name":"Test MSP","subdomain":"testmsp"}}"#;

#[tokio::test]
async fn a_429_is_told_to_the_pace_and_repeated() {
    let dated = "Tue, 01 Mar 2022 21:00:20 GMT";
    let fake =
        Fake::new([Reply::with(429, "").retry_after("3"), Reply::with(429, "").retry_after(dated), Reply::ok(ACCOUNT)])
            .await;
    let pace = Pace::default();
    client(&fake.url).account(&pace).await.unwrap();
    assert_eq!(pace.throttled_for(), [Some(Duration::from_secs(3)), Some(Duration::from_secs(20))]);
    assert_eq!(pace.passed().len(), 3, "each attempt costs a token");
}

#[tokio::test]
async fn three_429s_are_the_end() {
    let fake = Fake::new([Reply::with(429, ""), Reply::with(429, ""), Reply::with(429, "").retry_after("7")]).await;
    let pace = Pace::default();
    let error = client(&fake.url).account(&pace).await.unwrap_err();
    assert_eq!(error, HuntressError::RateLimited { retry_after: Some(Duration::from_secs(7)) });
    assert_eq!(pace.throttled_for(), [None, None, Some(Duration::from_secs(7))], "everyone else hears of each");
    assert_eq!(fake.seen().len(), 3);
}

#[tokio::test]
async fn a_refused_key_is_not_tried_again() {
    for status in [401, 403] {
        let fake = Fake::new([Reply::with(status, r#"{"error":"Missing or incorrect authorization scheme"}"#)]).await;
        let error = client(&fake.url).account(&Pace::default()).await.unwrap_err();
        assert_eq!(error, HuntressError::Refused { status });
        assert_eq!(fake.seen().len(), 1);
        assert!(!format!("{error} {error:?}").contains(SECRET));
    }
}

#[tokio::test]
async fn other_statuses() {
    let long = format!("{{\"message\":\"bad\\nlimit \u{7} {}\"}}", "x".repeat(500));
    for (reply, expected) in [
        (Reply::with(400, "bad\r\n limit"), HuntressError::Rejected { status: 400, detail: "bad limit".into() }),
        (Reply::with(422, ""), HuntressError::Rejected { status: 422, detail: "it gave no reason".into() }),
        (Reply::with(404, "x"), HuntressError::NotFound),
        (Reply::with(302, "").location("https://elsewhere.example/"), HuntressError::Redirect { status: 302 }),
        (Reply::with(501, ""), HuntressError::Fault { status: 501 }),
    ] {
        let fake = Fake::new([reply]).await;
        assert_eq!(client(&fake.url).account(&Pace::default()).await.unwrap_err(), expected);
        assert_eq!(fake.seen().len(), 1);
    }
    let fake = Fake::new([Reply::with(409, &long)]).await;
    match client(&fake.url).account(&Pace::default()).await.unwrap_err() {
        HuntressError::Rejected { status: 409, detail } => {
            assert_eq!(detail.chars().count(), 200);
            assert!(!detail.contains(char::is_control));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_fault_is_repeated_and_each_attempt_costs_a_token() {
    let fake = Fake::new([Reply::with(503, ""), Reply::with(500, ""), Reply::ok(ACCOUNT)]).await;
    let pace = Pace::default();
    client(&fake.url).account(&pace).await.unwrap();
    assert_eq!(pace.passed().len(), 3);

    let down = Fake::new([502, 502, 502].map(|status| Reply::with(status, "<html>"))).await;
    assert_eq!(client(&down.url).account(&Pace::default()).await.unwrap_err(), HuntressError::Fault { status: 502 });
}

#[tokio::test]
async fn what_is_not_json_is_a_bad_answer_that_says_so() {
    for (body, words) in [
        ("<html><body>Sign in to Hotel WiFi</body></html>", "captive portal"),
        (r#"{"incident_reports":[{"id":1"#, "breaks off"),
        ("", "empty answer"),
        (r#"{"incidents":[]}"#, "no list `incident_reports`"),
        ("[]", "a list where an object belongs"),
        (r#"{"incident_reports":[],"pagination":"more"}"#, "pagination"),
    ] {
        let fake = Fake::new([Reply::ok(body)]).await;
        let asked = client(&fake.url).incidents(&Pace::default(), Urgency::Walk, &Listing::Changes, 50, None).await;
        match asked.unwrap_err() {
            HuntressError::BadAnswer(why) => assert!(why.contains(words), "{why}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_body_that_is_cut_off_or_too_large_is_a_bad_answer() {
    let cut = fake::cutting_server().await;
    assert!(matches!(client(&cut).account(&Pace::default()).await.unwrap_err(), HuntressError::BadAnswer(_)));
    let fake = Fake::new([Reply::bytes(200, vec![b' '; MAX_BODY + 1])]).await;
    assert!(matches!(client(&fake.url).account(&Pace::default()).await.unwrap_err(), HuntressError::BadAnswer(_)));
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let gone = fake::closed_port().await;
    match client(&gone).account(&Pace::default()).await.unwrap_err() {
        HuntressError::Unreachable(why) => assert!(!why.contains("/v1"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_stop_while_waiting_ends_the_request() {
    let fake = Fake::new([Reply::with(429, "")]).await;
    let pace = Pace::stopping_after(1);
    assert_eq!(client(&fake.url).account(&pace).await.unwrap_err(), HuntressError::Stopped);
    assert_eq!(fake.seen().len(), 1);
}

#[tokio::test]
async fn a_key_entered_anew_is_used_at_once() {
    let fake = Fake::new([Reply::with(401, ""), Reply::ok(ACCOUNT)]).await;
    let (client, keys) = client_with_keys(&fake.url);
    let before = client.key_fingerprint().unwrap();
    assert!(client.account(&Pace::default()).await.is_err());
    keys.replace("hk_new\n", " hs_new ");
    client.account(&Pace::default()).await.unwrap();
    assert_eq!(fake.seen()[1].authorization, basic("hk_new", "hs_new"));

    let after = client.key_fingerprint().unwrap();
    assert_ne!(before, after);
    assert_eq!(after.len(), 16);
    keys.replace("hk_new", "hs_other");
    assert_eq!(client.key_fingerprint().unwrap(), after, "of the key alone, never of its secret");
}

#[tokio::test]
async fn without_a_key_nothing_is_sent() {
    let fake = Fake::new([]).await;
    let (client, keys) = client_with_keys(&fake.url);
    keys.forget();
    let expected = HuntressError::NoCredentials { name: "HUNTRESS_API_KEY" };
    assert_eq!(client.account(&Pace::default()).await.unwrap_err(), expected);
    assert_eq!(client.key_fingerprint().unwrap_err(), expected);
    assert!(fake.seen().is_empty());
}

#[test]
fn nd_12_a_debug_print_tells_no_key() {
    let printed = format!("{:?}", client("http://127.0.0.1:1"));
    assert!(printed.contains("127.0.0.1") && !printed.contains(KEY) && !printed.contains(SECRET), "{printed}");
}
