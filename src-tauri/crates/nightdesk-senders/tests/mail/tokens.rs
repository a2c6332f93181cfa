//! Those who give tokens.

use super::desk::{drawer, email, mail, send, words};
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use nightdesk_core::config::{Auth, Security};
use std::sync::{Arc, Mutex};

/// Gives these tokens, one after another.
#[derive(Clone)]
pub struct Giver {
    url: String,
    book: Arc<Mutex<(Vec<String>, Vec<String>)>>,
    pub status: u16,
}

impl Giver {
    pub async fn start(tokens: &[&str]) -> Self {
        Self::answering(tokens, 200).await
    }

    #[allow(clippy::disallowed_methods, reason = "the stand-in's task ends with the test's runtime")]
    pub async fn answering(tokens: &[&str], status: u16) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let tokens = tokens.iter().rev().map(|t| (*t).to_owned()).collect();
        let giver = Self { url, book: Arc::new(Mutex::new((tokens, Vec::new()))), status };
        let app = Router::new().fallback(answer).with_state(giver.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        giver
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Path and form of what was asked.
    pub fn asked(&self) -> Vec<String> {
        self.book.lock().unwrap().1.clone()
    }
}

async fn answer(State(giver): State<Giver>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let form = axum::body::to_bytes(request.into_body(), 65_536).await.unwrap();
    let mut book = giver.book.lock().unwrap();
    book.1.push(format!("{path} {}", String::from_utf8_lossy(&form)));
    if giver.status != 200 {
        let body =
            serde_json::json!({ "error": "invalid_grant", "error_description": "AADSTS70000: expired.\r\nTrace" });
        return (axum::http::StatusCode::from_u16(giver.status).unwrap(), body.to_string()).into_response();
    }
    let token = book.0.pop().unwrap();
    let next = format!("refresh-after-{token}");
    serde_json::json!({ "access_token": token, "refresh_token": next, "expires_in": 3599 }).to_string().into_response()
}

async fn told(giver: &Giver, tenant: Option<&str>, password: &'static str) -> String {
    let mut settings = email("127.0.0.1", 9, Security::Tls, Auth::Xoauth2);
    settings.login_base_url = Some(giver.url());
    settings.tenant = tenant.map(str::to_owned);
    settings.auth = Auth::Graph;
    settings.graph_base_url = Some("http://127.0.0.1:9".into());
    if tenant.is_none() {
        settings.auth = Auth::Xoauth2;
    }
    words(&send(&mail(settings, &drawer(password)), "soc@example.com").await)
}

#[tokio::test]
async fn a_refused_refresh_token_says_what_to_do_and_shows_nothing_of_it() {
    let giver = Giver::answering(&[], 400).await;
    let told = told(&giver, Some("contoso"), "").await;
    assert!(told.starts_with("human: 127.0.0.1 gives no token (invalid_grant: AADSTS70000: expired. Trace)"), "{told}");
    assert!(told.contains("nightdesk secret set SMTP_REFRESH_TOKEN") && !told.contains("refresh-1"), "{told}");
    let asked = giver.asked().remove(0);
    assert!(asked.starts_with("/contoso/oauth2/v2.0/token client_id=client-1&grant_type=refresh_token"), "{asked}");
    assert!(asked.contains("Mail.Send+offline_access") && !asked.contains("client_secret"), "{asked}");
}

#[tokio::test]
async fn a_giver_that_is_down_is_waited_for() {
    let giver = Giver::answering(&[], 503).await;
    assert!(told(&giver, Some("contoso"), "").await.starts_with("temporary: 127.0.0.1 gives no token for now"));
}
