//! What a complete answer becomes, and what is refused.
#![allow(clippy::unwrap_used, reason = "a helper that fails has failed its test")]

mod support;

use std::time::Duration;

use nightdesk_http::{Client, Error, Limits, Method, NoPace, Request};
use support::{Act, Counter, Server, answer, client, noon, quick};
use url::Url;

#[tokio::test]
async fn an_answer_carries_status_body_date_and_kept_headers() {
    let headers = "Date: Sun, 01 Mar 2026 12:00:07 GMT\r\nX-Request-Id: abc\r\nSet-Cookie: session=hush\r\n";
    let server = Server::start([Act::Answer(answer("200 OK", headers, "{\"ok\":true}"))]).await;
    let request = Request::get(server.url.clone()).basic("key", "s3cret").header("X-Api-Key", "k");
    let response = client(quick()).send(request, &NoPace(noon)).await.unwrap();

    assert_eq!((response.status, response.attempts, response.is_success()), (200, 1, true));
    assert_eq!(&response.body[..], b"{\"ok\":true}");
    assert_eq!(response.date, Some(noon() + chrono::TimeDelta::seconds(7)));
    assert_eq!(response.header("x-request-id"), Some("abc"));
    assert_eq!(response.header("set-cookie"), None);
    let sent = server.seen()[0].to_ascii_lowercase();
    assert!(sent.starts_with("get /v1/list?token=querysecret http/1.1\r\n"));
    assert!(sent.contains("authorization: basic a2v5onmzy3jlda==\r\n") && sent.contains("x-api-key: k\r\n"), "{sent}");
    assert!(sent.contains("user-agent: nightdesk-test/1\r\n") && !sent.contains("accept-encoding"), "{sent}");
}

#[tokio::test]
async fn a_post_carries_its_body_and_bearer() {
    let server = Server::start([Act::Answer(answer("201 Created", "", ""))]).await;
    let request = Request::post(server.url.clone()).bearer("tok").body("application/json", "{}");
    let response = client(quick()).send(request, &Counter::new()).await.unwrap();
    assert_eq!(response.status, 201);
    let sent = &server.seen()[0];
    assert!(sent.starts_with("POST ") && sent.ends_with("\r\n\r\n{}"), "{sent}");
    assert!(sent.contains("authorization: Bearer tok") && sent.contains("content-type: application/json"), "{sent}");
}

#[tokio::test]
async fn a_form_is_escaped_and_keeps_its_order() {
    let server = Server::start([Act::Answer(answer("201 Created", "", ""))]).await;
    let request = Request::post(server.url.clone()).form([("To", "+15005550006"), ("Body", "a&b=c é"), ("Empty", "")]);
    client(quick()).send(request, &Counter::new()).await.unwrap();
    let sent = &server.seen()[0];
    assert!(sent.ends_with("\r\n\r\nTo=%2B15005550006&Body=a%26b%3Dc+%C3%A9&Empty="), "{sent}");
    assert!(sent.contains("content-type: application/x-www-form-urlencoded\r\n"), "{sent}");
}

#[tokio::test]
async fn a_redirect_is_refused_and_the_second_server_never_sees_the_credential() {
    let second = Server::start([]).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("Location: {}&code=LOCATIONSECRET\r\n", second.url);
        let first = Server::start([Act::Answer(answer(&format!("{status} Moved"), &location, ""))]).await;
        let pacer = Counter::new();
        let error =
            client(quick()).send(Request::get(first.url.clone()).basic("key", "s3cret"), &pacer).await.unwrap_err();
        assert!(matches!(error, Error::Redirect { status: found, .. } if found == status), "{error:?}");
        assert!(error.answered() && !error.is_transient() && !error.never_sent());
        assert!(error.to_string().contains(&status.to_string()));
        assert!(!format!("{error} {error:?}").contains("SECRET"), "{error:?}");
        assert_eq!(pacer.asked(), 1);
    }
    assert_eq!(second.connections(), 0);
}

#[tokio::test]
async fn a_body_beyond_the_cap_is_refused_announced_or_not() {
    let limits = Limits { max_body: 1000, ..quick() };
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n{}\r\n1\r\nx\r\n0\r\n\r\n",
        "x".repeat(1000)
    );
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(5000));
    let announced = "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n".to_owned();
    for act in [Act::Answer(chunked), Act::AnswerAndClose(endless), Act::Hang(announced)] {
        let server = Server::start([act]).await;
        let error = client(limits).send(Request::get(server.url.clone()), &Counter::new()).await.unwrap_err();
        assert!(matches!(error, Error::TooLarge { limit: 1000, status: 200, .. }), "{error:?}");
        assert!(error.answered() && !error.is_transient());
        assert_eq!(server.seen().len(), 1, "too large is not retried");
    }
    let server = Server::start([Act::Answer(answer("200 OK", "", &"x".repeat(1000)))]).await;
    let response = client(limits).send(Request::get(server.url.clone()), &Counter::new()).await.unwrap();
    assert_eq!(response.body.len(), 1000);
}

#[tokio::test]
async fn refusals_and_429_come_back_at_once() {
    for status in ["400 Bad", "401 No", "403 No", "404 None", "409 Conflict", "429 Slow", "501 Never"] {
        let server = Server::start([Act::Answer(answer(status, "Retry-After: 7\r\n", "why"))]).await;
        let pacer = Counter::new();
        let response = client(quick()).send(Request::get(server.url.clone()), &pacer).await.unwrap();
        assert_eq!(response.status.to_string(), status[..3]);
        assert_eq!((response.attempts, pacer.asked(), &response.body[..]), (1, 1, &b"why"[..]));
        assert_eq!(response.retry_after, Some(Duration::from_secs(7)));
    }
}

#[tokio::test]
async fn retry_after_is_read_in_both_forms_and_capped() {
    for (header, wait) in [
        ("30", Some(30)),
        ("Sun, 01 Mar 2026 12:00:45 GMT", Some(45)),
        ("86400", Some(120)),
        ("Mon, 02 Mar 2026 12:00:00 GMT", Some(120)),
        ("-3", None),
        ("Sun, 01 Mar 2026 11:59:00 GMT", None),
        ("later", None),
    ] {
        let server = Server::start([Act::Answer(answer("429 Slow", &format!("Retry-After: {header}\r\n"), ""))]).await;
        let response = client(quick()).send(Request::get(server.url.clone()), &Counter::new()).await.unwrap();
        assert_eq!(response.retry_after, wait.map(Duration::from_secs), "{header}");
    }
}

#[tokio::test]
async fn https_is_required_and_checked_before_anything_leaves() {
    let pacer = Counter::new();
    let client = client(quick());
    for address in [
        "http://api.huntress.io/v1?token=QUERYSECRET",
        "http://192.0.2.1/",
        "http://[::ffff:127.0.0.1]/",
        "ftp://localhost/",
    ] {
        let request = Request::new(Method::GET, Url::parse(address).unwrap()).bearer("s3cret");
        let error = client.send(request, &pacer).await.unwrap_err();
        assert!(matches!(error, Error::InsecureUrl { .. } | Error::InvalidUrl { .. }), "{error:?}");
        assert!(error.never_sent() && !error.answered() && !error.is_transient());
        assert!(!format!("{error} {error:?}").contains("QUERYSECRET"));
    }
    assert_eq!(pacer.asked(), 0);
}

#[tokio::test]
async fn localhost_is_this_machine_whatever_a_name_server_says() {
    let server = Server::start([Act::Answer(answer("200 OK", "", ""))]).await;
    let mut url = server.url.clone();
    url.set_host(Some("localhost")).unwrap();
    assert_eq!(client(quick()).send(Request::get(url), &Counter::new()).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_header_http_cannot_carry_is_named_but_not_shown() {
    let url = Url::parse("http://127.0.0.1:9/").unwrap();
    let requests = [
        Request::get(url.clone()).bearer("hush\nhush"),
        Request::get(url.clone()).header("x-api-key", "hush\r\nhush"),
        Request::get(url).header("x api", "hush"),
    ];
    for request in requests {
        let pacer = Counter::new();
        let error = client(quick()).send(request, &pacer).await.unwrap_err();
        assert!(matches!(error, Error::InvalidHeader { .. }) && error.never_sent(), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("hush"));
        assert_eq!(pacer.asked(), 0);
    }
    assert!(matches!(Client::new(quick(), "bad\nagent"), Err(Error::Setup { .. })));
}

#[test]
fn a_request_prints_no_secret() {
    let url = Url::parse("https://example.com:8443/hooks/PATHHUSH?q=QUERYHUSH").unwrap();
    let request =
        Request::post(url).basic("USERHUSH", "HUSH").header("x-api-key", "KEYHUSH").body("text/plain", "BODYHUSH");
    let printed = format!("{request:?}");
    assert!(printed.contains("POST") && printed.contains("example.com:8443") && !printed.contains("HUSH"), "{printed}");
}

#[test]
fn sending_can_move_between_threads() {
    fn movable<T: Send>(_: &T) {}
    let (client, pacer) = (client(quick()), Counter::new());
    movable(&client.send(Request::get(Url::parse("http://127.0.0.1/").unwrap()), &pacer));
}
