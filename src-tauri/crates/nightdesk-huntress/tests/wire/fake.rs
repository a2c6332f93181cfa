//! A server with a script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[derive(Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Reply {
    pub fn ok(body: &str) -> Self {
        Self::with(200, body)
    }

    pub fn with(status: u16, body: &str) -> Self {
        Self::bytes(status, body.as_bytes().to_vec())
    }

    pub fn bytes(status: u16, body: Vec<u8>) -> Self {
        Self { status, headers: vec![("date", "Tue, 01 Mar 2022 21:00:00 GMT".into())], body }
    }

    pub fn retry_after(mut self, value: &str) -> Self {
        self.headers.push(("retry-after", value.into()));
        self
    }

    pub fn location(mut self, value: &str) -> Self {
        self.headers.push(("location", value.into()));
        self
    }
}

#[derive(Clone, Debug)]
pub struct Seen {
    pub path_and_query: String,
    pub authorization: String,
    pub accept: String,
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
}

/// Ends with the test's runtime.
#[allow(clippy::disallowed_methods, reason = "a test's server is no work of the engine's")]
fn serve(server: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(server);
}

async fn answer(State(book): State<Arc<Mutex<Book>>>, request: Request) -> Response<Body> {
    let header = |name: &str| request.headers().get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    let mut book = book.lock().unwrap();
    book.seen.push(Seen {
        path_and_query: request.uri().path_and_query().unwrap().to_string(),
        authorization: header("authorization"),
        accept: header("accept"),
    });
    let reply = book.script.pop_front().unwrap_or_else(|| Reply::with(418, "the script is over"));
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    response.body(Body::from(reply.body)).unwrap()
}

/// A server that promises more than it sends, each time.
pub async fn cutting_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    serve(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut request = [0; 4_096];
            let _ = connection.read(&mut request).await;
            let _ = connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"account\":{\"id\":5").await;
            let _ = connection.shutdown().await;
        }
    });
    url
}

/// An address where nobody listens.
pub async fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
