//! Microsoft Graph.

use super::desk::{drawer, email, mail, send, words};
use super::tokens::Giver;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use base64::Engine as _;
use nightdesk_core::config::{Auth, Security};
use nightdesk_senders::mail::Mail;
use std::sync::{Arc, Mutex};

type Posts = Arc<Mutex<Vec<(String, String, String)>>>;

#[allow(clippy::disallowed_methods, reason = "the stand-in's task ends with the test's runtime")]
async fn graph(status: u16) -> (String, Posts) {
    let posts = Posts::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = move |State(posts): State<Posts>, request: Request| async move {
        let path = request.uri().path().to_owned();
        let (bearer, kind) = {
            let header =
                |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or("-").to_owned();
            (header("authorization"), header("content-type"))
        };
        let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
        posts.lock().unwrap().push((path, format!("{bearer} {kind}"), String::from_utf8_lossy(&body).into_owned()));
        let said = r#"{"error":{"code":"ErrorSendAsDenied","message":"The user account has no right\nto send"}}"#;
        match (bearer.as_str(), status) {
            ("Bearer stale-token", _) => (StatusCode::UNAUTHORIZED, String::new()),
            (_, 202) => (StatusCode::ACCEPTED, String::new()),
            (_, status) => (StatusCode::from_u16(status).unwrap(), said.to_owned()),
        }
    };
    let app = Router::new().fallback(answer).with_state(posts.clone());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (url, posts)
}

async fn sender(url: &str, tokens: &[&str], user: Option<&str>) -> Mail {
    let giver = Giver::start(tokens).await;
    let mut settings = email("unused", 25, Security::Tls, Auth::Graph);
    settings.login_base_url = Some(giver.url());
    settings.graph_base_url = Some(url.to_owned());
    settings.username = user.map(str::to_owned);
    mail(settings, &drawer(""))
}

#[tokio::test]
async fn the_whole_message_goes_as_mime_and_a_stale_token_is_renewed_once() {
    let (url, posts) = graph(202).await;
    let sender = sender(&url, &["stale-token", "good-token"], Some("desk@contoso.com")).await;
    assert_eq!(words(&send(&sender, "soc@example.com").await), "taken");
    let posts = posts.lock().unwrap().clone();
    assert_eq!(posts.len(), 2);
    assert_eq!(posts[1].0, "/v1.0/users/desk@contoso.com/sendMail");
    assert_eq!(posts[1].1, "Bearer good-token text/plain");
    let mime = base64::engine::general_purpose::STANDARD.decode(&posts[1].2).unwrap();
    let mime = String::from_utf8(mime).unwrap();
    assert!(
        mime.contains("To: soc@example.com\r\n") && mime.contains("Message-ID: <inc-5-42.m@example.com>\r\n"),
        "{mime}"
    );
}

#[tokio::test]
async fn each_answer_is_told_from_the_others() {
    for (status, expected) in [
        (403, "human: Microsoft Graph answered HTTP 403 ErrorSendAsDenied The user account has no right to send"),
        (400, "permanent: Microsoft Graph answered HTTP 400"),
        (429, "temporary: Microsoft Graph answered HTTP 429"),
        (503, "temporary: Microsoft Graph answered HTTP 503"),
        (500, "unknown: Microsoft Graph answered HTTP 500"),
    ] {
        let (url, posts) = graph(status).await;
        let told = words(&send(&sender(&url, &["good-token"], None).await, "soc@example.com").await);
        assert!(told.starts_with(expected), "{status}: {told}");
        assert_eq!(posts.lock().unwrap()[0].0, "/v1.0/me/sendMail");
        assert!(!told.contains("good-token"));
    }
    let told = words(&send(&sender("http://127.0.0.1:9", &["good-token"], None).await, "soc@example.com").await);
    assert!(told.starts_with("temporary: "), "{told}");
}
