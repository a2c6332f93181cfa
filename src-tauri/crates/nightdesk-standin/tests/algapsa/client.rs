//! A small client and a clock that only moves when told.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Once};

use chrono::{DateTime, Utc};
use nightdesk_standin::algapsa::{AlgaStandin, Clock, Desk};
use serde_json::{Value, json};

const START: i64 = 1_780_000_000_000;

#[derive(Clone)]
pub struct Time(Arc<AtomicI64>);

impl Time {
    pub fn forward_millis(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    pub fn forward(&self, seconds: i64) {
        self.forward_millis(seconds * 1000);
    }

    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

pub struct Client {
    pub alga: AlgaStandin,
    pub time: Time,
    http: reqwest::Client,
}

pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn data(&self) -> Value {
        assert!(self.status < 300, "{} {}", self.status, self.text);
        self.json()["data"].clone()
    }

    pub fn rows(&self) -> Vec<Value> {
        self.data().as_array().unwrap().clone()
    }

    /// One field of every row.
    pub fn texts(&self, field: &str) -> Vec<String> {
        self.rows().iter().map(|row| row[field].as_str().unwrap().to_owned()).collect()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Status, code, and the paths of the details, joined.
    pub fn refusal(&self) -> (u16, String, Vec<String>) {
        let error = &self.json()["error"];
        assert!(error["message"].is_string(), "{}", self.text);
        let join = |path: &Value| {
            let parts: Vec<&str> = path.as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
            parts.join(".")
        };
        let details = error["details"].as_array().into_iter().flatten();
        let paths = details.map(|detail| join(&detail["path"])).collect();
        (self.status, error["code"].as_str().unwrap().to_owned(), paths)
    }
}

impl Client {
    pub async fn open(desk: Desk) -> Self {
        let time = Time(Arc::new(AtomicI64::new(START)));
        let ticking = time.clone();
        let clock: Clock = Arc::new(move || ticking.now());
        let alga = AlgaStandin::start(desk, clock).await.unwrap();
        // Most tests aren't about it.
        alga.desk().observe_rate_only();
        Self { alga, time, http: http() }
    }

    pub async fn msp() -> Self {
        Self::open(Desk::msp()).await
    }

    pub fn desk(&self) -> &Desk {
        self.alga.desk()
    }

    pub async fn try_ask(&self, method: &str, path: &str, body: Option<&Value>) -> reqwest::Result<Answer> {
        let mut request = self.request(method, path).header("x-api-key", self.alga.key());
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        send(request).await
    }

    pub async fn ask(&self, method: &str, path: &str, body: Value) -> Answer {
        self.try_ask(method, path, Some(&body)).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.try_ask("GET", path, None).await.unwrap()
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask("PUT", path, body).await
    }

    /// With these headers only.
    pub async fn with_headers(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let bare = self.request("GET", path);
        send(headers.iter().fold(bare, |request, (name, value)| request.header(*name, *value))).await.unwrap()
    }

    pub async fn post_text(&self, path: &str, body: &str) -> Answer {
        let request = self.request("POST", path).header("x-api-key", self.alga.key());
        send(request.body(body.to_owned())).await.unwrap()
    }

    /// A body that makes a ticket on Security for Acme.
    pub fn draft(&self, title: &str) -> Value {
        let desk = self.desk();
        json!({
            "title": title,
            "board_id": desk.board("Security").unwrap().id,
            "client_id": desk.client("Acme").unwrap().id,
            "status_id": desk.status("Security", "New").unwrap().id,
            "priority_id": desk.priority("High").unwrap().id,
        })
    }

    /// Makes one; its id.
    pub async fn ticket(&self, title: &str) -> String {
        let made = self.post("/tickets", self.draft(title)).await.data();
        made["ticket_id"].as_str().unwrap().to_owned()
    }

    pub fn status_id(&self, board: &str, status: &str) -> String {
        self.desk().status(board, status).unwrap().id
    }

    /// What went wrong since the last time.
    pub fn slips(&self) -> Vec<String> {
        self.alga.take_unexpected().into_iter().map(|slip| slip.to_string()).collect()
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let path = if path.starts_with("/api") { path.to_owned() } else { format!("/api/v1{path}") };
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        self.http.request(method, format!("{}{path}", self.alga.base_url()))
    }
}

async fn send(request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Answer { status, headers, text: response.text().await? })
}

fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}
