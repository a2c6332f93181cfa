//! A consumer that answers by a script, and what posts to it.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::port::Outgoing;
use nightdesk_core::webhook::{Post, Terms};
use nightdesk_http::{Addresses, Resolver};
use nightdesk_senders::webhook::{KeyError, Keys, MasterKey, Webhooks};
use nightdesk_standin::clock::ManualClock;

pub const KEY: [u8; 32] = [7; 32];
pub const ID: &str = "msg_0123456789abcdef";
pub const BODY: &str = r#"{"type":"webhook.test","timestamp":"2026-03-01T12:00:00Z","data":{"é":1}}"#;

/// One answer.
pub struct Says {
    pub status: u16,
    pub headers: Vec<(&'static str, &'static str)>,
    pub body: String,
    pub hangs: bool,
}

pub fn says(status: u16) -> Says {
    Says { status, headers: Vec::new(), body: String::new(), hangs: false }
}

#[derive(Clone, Default)]
pub struct Consumer {
    script: Arc<Mutex<VecDeque<Says>>>,
    pub seen: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    pub url: String,
}

impl Consumer {
    #[allow(clippy::disallowed_methods, reason = "the consumer ends with the test's runtime")]
    pub async fn start(script: impl IntoIterator<Item = Says>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/in", listener.local_addr().unwrap());
        let consumer = Self { script: Arc::new(Mutex::new(script.into_iter().collect())), url, ..Self::default() };
        let app = Router::new().fallback(answer).with_state(consumer.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        consumer
    }

    pub fn seen(&self) -> Vec<(HeaderMap, Bytes)> {
        self.seen.lock().unwrap().clone()
    }
}

async fn answer(State(consumer): State<Consumer>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    consumer.seen.lock().unwrap().push((headers, body));
    let next = consumer.script.lock().unwrap().pop_front();
    let says = next.expect("a post that the script has no answer for");
    if says.hangs {
        std::future::pending::<()>().await;
    }
    let mut response = Response::builder().status(says.status);
    for (name, value) in says.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(says.body)).unwrap()
}

/// A clock that stands still.
pub fn noon() -> Arc<ManualClock> {
    ManualClock::at("2026-03-01T12:00:00Z".parse().unwrap())
}

pub struct Drawer(pub Option<[u8; 32]>);

impl Keys for Drawer {
    fn webhook_out(&self) -> Result<MasterKey, KeyError> {
        self.0.map(MasterKey::new).ok_or_else(|| KeyError::NoKey("the keychain is locked".into()))
    }
}

/// Every name leads there.
pub struct Leads(pub IpAddr);

impl Resolver for Leads {
    fn addresses<'a>(&'a self, _: &'a str) -> Addresses<'a> {
        Box::pin(std::future::ready(Ok(vec![self.0])))
    }
}

pub fn sender() -> Webhooks {
    Webhooks::new(Arc::new(Drawer(Some(KEY))), noon())
}

pub fn terms() -> Terms {
    Terms { generation: 1, earlier: 0, allow_private: true }
}

pub fn outgoing(url: &str, terms: Terms) -> Outgoing {
    let post = Post { id: ID.into(), event_type: "webhook.test".into(), body: BODY.into(), terms: Some(terms) };
    Outgoing {
        id: DeliveryId(1),
        attempt: 1,
        marker: "test".into(),
        destination: url.into(),
        payload: serde_json::to_value(post).unwrap(),
        possible_repeat: false,
        since: chrono::DateTime::UNIX_EPOCH,
    }
}
