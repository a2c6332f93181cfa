//! A server with a script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::Response;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[derive(Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Reply {
    pub fn ok(body: Value) -> Self {
        Self::with(200, body)
    }

    pub fn created(sid: &str) -> Self {
        Self::with(201, json!({ "sid": sid, "status": "queued" }))
    }

    pub fn with(status: u16, body: Value) -> Self {
        Self::raw(status, &body.to_string())
    }

    pub fn raw(status: u16, body: &str) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }

    /// A refusal in Twilio's form; its sentence names the number, as Twilio's do.
    pub fn refused(status: u16, code: u32) -> Self {
        let message = "The number +15005550001 is not to our liking";
        Self::with(status, json!({ "code": code, "message": message, "more_info": "x", "status": status }))
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub form: Vec<(String, String)>,
    pub authorization: String,
    pub content_type: String,
}

impl Seen {
    pub fn field(&self, name: &str) -> Option<&str> {
        self.form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Method and path behind the account's or Studio's root.
    pub fn what(&self) -> String {
        let path = self.path.strip_prefix(&format!("/2010-04-01/Accounts/{}", crate::desk::ACCOUNT));
        format!("{} {}", self.method, path.unwrap_or(&self.path))
    }
}

#[derive(Default)]
struct Book {
    script: VecDeque<Reply>,
    seen: Vec<Seen>,
}

/// Answers with its script, in order, and writes down what it was asked. After the script's end everything is a 418, which
/// no test expects.
pub struct Fake {
    pub url: String,
    book: Arc<Mutex<Book>>,
}

impl Fake {
    pub async fn new(script: impl IntoIterator<Item = Reply>) -> Self {
        let book = Arc::new(Mutex::new(Book { script: script.into_iter().collect(), seen: Vec::new() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&book));
        serve(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, book }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.book.lock().unwrap().seen.clone()
    }

    pub fn whats(&self) -> Vec<String> {
        self.seen().iter().map(Seen::what).collect()
    }
}

/// Ends with the test's runtime.
#[allow(clippy::disallowed_methods, reason = "a test's server is no work of the engine's")]
fn serve(server: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(server);
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

async fn answer(State(book): State<Arc<Mutex<Book>>>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let header = |name: &str| head.headers.get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    let mut book = book.lock().unwrap();
    book.seen.push(Seen {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: pairs(head.uri.query().unwrap_or_default().as_bytes()),
        form: pairs(&body),
        authorization: header("authorization"),
        content_type: header("content-type"),
    });
    let reply = book.script.pop_front().unwrap_or_else(|| Reply::raw(418, "the script is over"));
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    response.body(Body::from(reply.body)).unwrap()
}

/// A server that reads a request, writes this, and then closes the connection or keeps silent.
pub async fn rude(begins: &'static str, hangs: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    serve(async move {
        let mut open = Vec::new();
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut request = [0; 4_096];
            let _ = connection.read(&mut request).await;
            let _ = connection.write_all(begins.as_bytes()).await;
            if hangs {
                open.push(connection);
            } else {
                let _ = connection.shutdown().await;
            }
        }
    });
    url
}

/// An address where nobody listens.
pub async fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
