//! A small client and a clock that only moves when told.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Once};

use chrono::{DateTime, Utc};
use nightdesk_standin::{Account, Clock, HuntressStandin};
use serde_json::Value;

pub const START: i64 = 1_780_000_000;

#[derive(Clone)]
pub struct Time(Arc<AtomicI64>);

impl Time {
    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
    }
}

pub struct Desk {
    pub huntress: HuntressStandin,
    pub time: Time,
    client: reqwest::Client,
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

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl Desk {
    pub async fn open(account: Account) -> Self {
        let time = Time(Arc::new(AtomicI64::new(START)));
        let ticking = time.clone();
        let clock: Clock = Arc::new(move || ticking.now());
        let huntress = HuntressStandin::start(account, clock).await.unwrap();
        // Most tests aren't about it.
        huntress.world().dialect(|dialect| dialect.rate_limit = None);
        Self { huntress, time, client: client() }
    }

    pub async fn try_get(&self, path: &str) -> reqwest::Result<Answer> {
        let (key, secret) = self.huntress.key();
        self.send(self.client.get(self.url(path)).basic_auth(key, Some(secret))).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.try_get(path).await.unwrap()
    }

    pub async fn get_as(&self, path: &str, key: &str, secret: &str) -> Answer {
        self.send(self.client.get(self.url(path)).basic_auth(key, Some(secret))).await.unwrap()
    }

    pub async fn post(&self, path: &str) -> Answer {
        let (key, secret) = self.huntress.key();
        self.send(self.client.post(self.url(path)).basic_auth(key, Some(secret))).await.unwrap()
    }

    pub async fn get_without_key(&self, path: &str) -> Answer {
        self.send(self.client.get(self.url(path))).await.unwrap()
    }

    /// The ids of a whole walk, page sizes in turn (the last one for the rest).
    pub async fn walk(&self, path: &str, plural: &str, limits: &[usize]) -> Vec<i64> {
        let mut ids = Vec::new();
        let mut token: Option<String> = None;
        for page in 0..200 {
            let limit = limits.get(page).or(limits.last()).unwrap();
            let mut url = format!("{path}{}limit={limit}", if path.contains('?') { '&' } else { '?' });
            if let Some(token) = &token {
                url += &format!("&page_token={token}");
            }
            let body = self.get(&url).await.json();
            ids.extend(body[plural].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()));
            match body["pagination"]["next_page_token"].as_str() {
                Some(next) => token = Some(next.to_owned()),
                None => return ids,
            }
        }
        panic!("the walk doesn't end");
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.huntress.base_url()) }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { status, headers, text: response.text().await? })
    }
}

fn client() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}
