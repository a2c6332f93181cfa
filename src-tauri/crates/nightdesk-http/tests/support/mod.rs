//! A server on loopback that does what the test tells it, request by request, and remembers what it was sent.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use nightdesk_http::{Client, Limits, Pace, Pacer, PacerStopped};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// What the server does once it has read a request.
pub enum Act {
    /// Writes this and keeps the connection.
    Answer(String),
    /// Writes this and closes the connection.
    AnswerAndClose(String),
    /// Writes this, which may be nothing, and resets the connection.
    Reset(String),
    /// Writes this, which may be nothing, and then keeps silent.
    Hang(String),
}

#[derive(Clone)]
pub struct Server {
    pub url: Url,
    acts: Arc<Mutex<VecDeque<Act>>>,
    seen: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicU32>,
}

/// An answer with a body and extra header lines (each ending in `\r\n`).
pub fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

impl Server {
    /// A request beyond the acts is answered 418, which no test expects.
    #[allow(clippy::disallowed_methods, reason = "the stand-in's tasks end with the test's runtime")]
    pub async fn start(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            url: Url::parse(&format!("http://{}/v1/list?token=QUERYSECRET", listener.local_addr().unwrap())).unwrap(),
            acts: Arc::new(Mutex::new(acts.into_iter().collect())),
            seen: Arc::default(),
            connections: Arc::default(),
        };
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                accepting.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(accepting.clone().serve(stream));
            }
        });
        server
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut unread = Vec::new();
        while let Some(request) = next_request(&mut stream, &mut unread).await {
            self.seen.lock().unwrap().push(request);
            let act = self.acts.lock().unwrap().pop_front();
            match act.unwrap_or_else(|| Act::Answer(answer("418 Unexpected", "", ""))) {
                Act::Answer(text) => stream.write_all(text.as_bytes()).await.unwrap(),
                Act::AnswerAndClose(text) => {
                    stream.write_all(text.as_bytes()).await.unwrap();
                    return;
                }
                Act::Reset(text) => {
                    stream.write_all(text.as_bytes()).await.unwrap();
                    // Lets the client read what was written: a reset discards what is still on its way.
                    tokio::time::sleep(Duration::from_millis(if text.is_empty() { 0 } else { 5 })).await;
                    stream.set_zero_linger().unwrap();
                    return;
                }
                Act::Hang(text) => {
                    stream.write_all(text.as_bytes()).await.unwrap();
                    std::future::pending::<()>().await;
                }
            }
        }
    }

    /// The requests as they came, head and body.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    pub fn connections(&self) -> u32 {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn next_request(stream: &mut TcpStream, unread: &mut Vec<u8>) -> Option<String> {
    loop {
        let text = String::from_utf8_lossy(unread).into_owned();
        if let Some((head, rest)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
            if rest.len() >= length {
                unread.clear();
                return Some(text);
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(n) => unread.extend_from_slice(&chunk[..n]),
        }
    }
}

pub fn noon() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

/// Counts the attempts, and stops at one.
pub struct Counter {
    pub asked: AtomicU32,
    pub stop_after: u32,
}

impl Counter {
    pub fn new() -> Self {
        Self { asked: AtomicU32::new(0), stop_after: u32::MAX }
    }

    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Pacer for Counter {
    fn before_attempt(&self) -> Pace<'_> {
        Box::pin(async {
            if self.asked.fetch_add(1, Ordering::SeqCst) >= self.stop_after { Err(PacerStopped) } else { Ok(()) }
        })
    }

    fn now(&self) -> DateTime<Utc> {
        noon()
    }
}

/// No delays. The timeout is far off, so that a busy machine doesn't fail a test.
pub fn quick() -> Limits {
    Limits { base_delay: Duration::ZERO, max_delay: Duration::ZERO, ..Limits::default() }
}

/// The same, for a server that hangs.
pub fn impatient() -> Limits {
    Limits { total_timeout: Duration::from_millis(100), ..quick() }
}

pub fn client(limits: Limits) -> Client {
    Client::new(limits, "nightdesk-test/1").unwrap()
}
