//! What happens when the other side hangs, resets, lies or is not there.
#![allow(clippy::unwrap_used, reason = "a helper that fails has failed its test")]

mod support;

use std::sync::atomic::AtomicU32;
use std::time::Duration;

use nightdesk_http::{ConnectKind, Error, Limits, Request};
use support::{Act, Counter, Server, answer, client, impatient, quick};
use url::Url;

fn ok() -> Act {
    Act::Answer(answer("200 OK", "", "fine"))
}

fn status(line: &str) -> Act {
    Act::Answer(answer(line, "", "broken"))
}

fn cut_off() -> String {
    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_owned()
}

#[tokio::test]
async fn a_get_is_retried_on_each_passing_status_and_each_attempt_is_paced() {
    for line in ["500 A", "502 B", "503 C", "504 D"] {
        let server = Server::start([status(line), status(line), ok()]).await;
        let pacer = Counter::new();
        let response = client(quick()).send(Request::get(server.url.clone()), &pacer).await.unwrap();
        assert_eq!((response.status, response.attempts, pacer.asked(), server.seen().len()), (200, 3, 3, 3), "{line}");
    }
}

#[tokio::test]
async fn after_the_last_retry_the_answer_is_handed_over() {
    let server = Server::start((0..9).map(|_| status("503 Busy"))).await;
    let pacer = Counter::new();
    let response = client(quick()).send(Request::get(server.url.clone()), &pacer).await.unwrap();
    assert_eq!((response.status, response.attempts, pacer.asked(), server.seen().len()), (503, 3, 3, 3));
    assert_eq!(&response.body[..], b"broken");

    let server = Server::start([status("503 Busy")]).await;
    let response =
        client(Limits { retries: 0, ..quick() }).send(Request::get(server.url.clone()), &pacer).await.unwrap();
    assert_eq!((response.status, response.attempts), (503, 1));
}

#[tokio::test]
async fn a_retry_waits_as_long_as_the_server_asks_up_to_the_cap() {
    let busy = || Act::Answer(answer("503 Busy", "Retry-After: 9999\r\n", ""));
    let server = Server::start([busy(), busy(), ok()]).await;
    let client = client(Limits { retry_after_cap: Duration::from_millis(10), ..quick() });
    let before = tokio::time::Instant::now();
    assert_eq!(client.send(Request::get(server.url.clone()), &Counter::new()).await.unwrap().status, 200);
    assert!(before.elapsed() >= Duration::from_millis(20), "{:?}", before.elapsed());
}

#[tokio::test]
async fn anything_but_a_get_is_sent_once() {
    for act in [status("503 Busy"), Act::Reset(String::new()), Act::Reset(cut_off()), Act::Hang(String::new())] {
        let server = Server::start([act, ok()]).await;
        let pacer = Counter::new();
        let outcome = client(impatient()).send(Request::post(server.url.clone()).body("text/plain", "x"), &pacer).await;
        assert!(outcome.as_ref().map_or(true, |response| response.status == 503), "{outcome:?}");
        assert_eq!((pacer.asked(), server.seen().len()), (1, 1));
    }
}

#[tokio::test]
async fn a_server_that_hangs_is_a_timeout() {
    let server = Server::start((0..3).map(|_| Act::Hang(String::new()))).await;
    let pacer = Counter::new();
    let error = client(impatient()).send(Request::get(server.url.clone()), &pacer).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { status: None, .. }), "{error:?}");
    assert!(error.is_transient() && !error.answered() && !error.never_sent());
    assert_eq!((pacer.asked(), server.seen().len()), (3, 3));

    let server = Server::start([Act::Hang(cut_off())]).await;
    let error =
        client(Limits { retries: 0, ..impatient() }).send(Request::get(server.url.clone()), &pacer).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { status: Some(200), .. }) && error.answered(), "{error:?}");
}

#[tokio::test]
async fn a_reset_or_a_cut_in_the_body_is_an_error_that_a_get_survives() {
    for cut in [Act::Reset, Act::AnswerAndClose] {
        let server = Server::start([cut(cut_off()), cut(cut_off()), ok()]).await;
        let response = client(quick()).send(Request::get(server.url.clone()), &Counter::new()).await.unwrap();
        assert_eq!((&response.body[..], response.attempts), (&b"fine"[..], 3));

        let server = Server::start([cut(cut_off()), ok()]).await;
        let error = client(quick()).send(Request::post(server.url.clone()), &Counter::new()).await.unwrap_err();
        assert!(matches!(error, Error::Reset { .. }) && error.is_transient(), "{error:?}");
    }
}

#[tokio::test]
async fn a_cut_answer_still_tells_its_status() {
    let server = Server::start([Act::AnswerAndClose(cut_off())]).await;
    let error = client(quick()).send(Request::post(server.url.clone()), &Counter::new()).await.unwrap_err();
    assert!(error.answered() && error.status() == Some(200), "{error:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_answer_is_replaced_silently_once() {
    let none = Limits { retries: 0, ..quick() };
    for silent in [Act::Reset, Act::AnswerAndClose] {
        let server = Server::start([silent(String::new()), ok()]).await;
        let pacer = Counter::new();
        let response = client(none).send(Request::get(server.url.clone()), &pacer).await.unwrap();
        assert_eq!((response.status, response.attempts, pacer.asked(), server.connections()), (200, 2, 2, 2));
    }
    let server = Server::start((0..9).map(|_| Act::Reset(String::new()))).await;
    let pacer = Counter::new();
    let error = client(quick()).send(Request::get(server.url.clone()), &pacer).await.unwrap_err();
    assert!(
        matches!(error, Error::Reset { status: None, .. }) && !error.answered() && !error.never_sent(),
        "{error:?}"
    );
    assert_eq!((pacer.asked(), server.seen().len()), (4, 4), "one at once, two by policy");
}

#[tokio::test]
async fn a_pooled_connection_that_went_stale_does_not_fail_the_next_request() {
    // Noticed only when it is used, as after sleep: the old connection answers the second request with a reset.
    let server = Server::start([ok(), Act::Reset(String::new()), ok()]).await;
    let none = client(Limits { retries: 0, ..quick() });
    assert_eq!(none.send(Request::get(server.url.clone()), &Counter::new()).await.unwrap().attempts, 1);
    let second = none.send(Request::get(server.url.clone()), &Counter::new()).await.unwrap();
    assert_eq!((second.status, second.attempts, server.connections()), (200, 2, 2));

    // Closed by the server while idle, without having said so.
    let server = Server::start([Act::AnswerAndClose(answer("200 OK", "", "")), ok()]).await;
    for _ in 0..2 {
        assert_eq!(none.send(Request::get(server.url.clone()), &Counter::new()).await.unwrap().status, 200);
    }

    // Dead without a word: the first attempt times out, the retry has a connection of its own.
    let server = Server::start([ok(), Act::Hang(String::new()), ok()]).await;
    let client = client(impatient());
    for _ in 0..2 {
        assert_eq!(client.send(Request::get(server.url.clone()), &Counter::new()).await.unwrap().status, 200);
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn gets_share_a_connection_and_a_post_never_uses_one_that_might_be_stale() {
    let server = Server::start((0..4).map(|_| ok())).await;
    let client = client(quick());
    for _ in 0..3 {
        client.clone().send(Request::get(server.url.clone()), &Counter::new()).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
    client.send(Request::post(server.url.clone()), &Counter::new()).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn the_pacer_can_call_off_a_retry() {
    let server = Server::start((0..3).map(|_| status("503 Busy"))).await;
    let pacer = Counter { asked: AtomicU32::new(0), stop_after: 1 };
    let error = client(quick()).send(Request::get(server.url.clone()), &pacer).await.unwrap_err();
    assert_eq!(error, Error::Stopped);
    assert!(!error.is_transient());
    assert_eq!((pacer.asked(), server.seen().len()), (2, 1));
}

#[tokio::test]
async fn a_refused_connection_is_known_to_have_sent_nothing() {
    let client = client(quick());
    let pacer = Counter::new();
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = Url::parse(&format!("http://{unused}/?token=QUERYSECRET")).unwrap();
    let error = client.send(Request::get(url), &pacer).await.unwrap_err();
    assert!(matches!(error, Error::Connect { kind: ConnectKind::Refused, .. }), "{error:?}");
    assert!(error.is_transient() && error.never_sent() && !error.answered());
    assert!(!format!("{error} {error:?}").contains("QUERYSECRET"));
    assert_eq!(pacer.asked(), 3);
}

#[tokio::test]
async fn an_answer_that_is_not_http_is_an_error_in_doubt() {
    let server = Server::start([Act::AnswerAndClose("220 mail.example.com ESMTP\r\n\r\n".to_owned())]).await;
    let error = client(quick()).send(Request::post(server.url.clone()), &Counter::new()).await.unwrap_err();
    assert!(matches!(error, Error::Io { status: None, .. }), "{error:?}");
    assert!(!error.answered() && !error.never_sent());
    assert!(error.to_string().contains("not HTTP"), "{error}");
}

#[tokio::test]
async fn no_failure_shows_a_secret() {
    let faults: [fn() -> Act; 6] = [
        || Act::Hang(String::new()),
        || Act::Hang(cut_off()),
        || Act::Reset(String::new()),
        || Act::Reset(cut_off()),
        || Act::AnswerAndClose("HEADERSECRET nonsense\r\n\r\n".to_owned()),
        || Act::Answer(answer("302 Found", "Location: https://x.example/?t=LOCATIONSECRET\r\n", "")),
    ];
    for fault in faults {
        let server = Server::start([fault()]).await;
        let mut url = server.url.clone();
        url.set_path("/hooks/PATHSECRET");
        let request = Request::post(url)
            .basic("USERSECRET", "PASSSECRET")
            .header("x-api-key", "KEYSECRET")
            .body("text/plain", "BODYSECRET");
        let error = client(impatient()).send(request, &Counter::new()).await.unwrap_err();
        let shown = format!("{error} {error:?} {error:#?}");
        assert!(!shown.contains("SECRET") && shown.contains("127.0.0.1"), "{shown}");
    }
}
