//! The running consumer.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Response};
use nightdesk_core::clock::Clock;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::post::Post;
use super::reaction::Reaction;
use crate::connection::{Cut, Scissors};
use crate::serving::Serving;

/// A running consumer: a handle, cheap to clone. When the last one is dropped, or [`stop`](Self::stop) is called, it ends
/// and closes every connection.
#[derive(Clone)]
pub struct Consumer {
    book: Arc<Mutex<Book>>,
    address: SocketAddr,
    serving: Arc<Serving>,
}

/// What it knows.
struct Book {
    clock: Arc<dyn Clock>,
    secrets: Vec<String>,
    script: VecDeque<Reaction>,
    usual: Reaction,
    posts: Vec<Post>,
    /// How many were posted in all, for who waits for them.
    arrived: watch::Sender<usize>,
    /// Counts the times that everybody who waited was left without an answer.
    hung_up: watch::Sender<u64>,
}

#[derive(Clone)]
struct Counter {
    book: Arc<Mutex<Book>>,
    stop: CancellationToken,
}

fn lock(book: &Mutex<Book>) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Consumer {
    /// Listens on a free port of 127.0.0.1, and takes whatever comes.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(clock: Arc<dyn Clock>) -> io::Result<Self> {
        let book = Book {
            clock,
            secrets: Vec::new(),
            script: VecDeque::new(),
            usual: Reaction::Take,
            posts: Vec::new(),
            arrived: watch::channel(0).0,
            hung_up: watch::channel(0).0,
        };
        let book = Arc::new(Mutex::new(book));
        let served = book.clone();
        let serving = Serving::open(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), |_, stop| {
            Router::new().fallback(take).with_state(Counter { book: served, stop })
        });
        let serving = serving.await?;
        Ok(Self { book, address: serving.address(), serving: Arc::new(serving) })
    }

    /// Where it takes webhooks.
    pub fn url(&self) -> String {
        format!("http://{}/in", self.address)
    }

    /// Verifies by these secrets (`whsec_…`) from now on. What none of them signed is answered 401.
    pub fn trust(&self, secrets: impl IntoIterator<Item = String>) {
        lock(&self.book).secrets = secrets.into_iter().collect();
    }

    /// Answers the next posts so, one after the other; then as usual.
    pub fn script(&self, reactions: impl IntoIterator<Item = Reaction>) {
        lock(&self.book).script.extend(reactions);
    }

    /// Answers so from now on, where the script says nothing.
    pub fn usually(&self, reaction: Reaction) {
        lock(&self.book).usual = reaction;
    }

    /// Everything that was posted, in the order in which it came.
    pub fn posts(&self) -> Vec<Post> {
        lock(&self.book).posts.clone()
    }

    /// Everything that was posted since the last time, and forgets it.
    pub fn take_posts(&self) -> Vec<Post> {
        std::mem::take(&mut lock(&self.book).posts)
    }

    /// Completes when there are so many in [`posts`](Self::posts).
    pub async fn posted(&self, many: usize) {
        let mut arrived = lock(&self.book).arrived.subscribe();
        while self.posts().len() < many {
            if arrived.changed().await.is_err() {
                return;
            }
        }
    }

    /// Breaks off, unanswered, every post that hangs now.
    pub fn hang_up(&self) {
        lock(&self.book).hung_up.send_modify(|n| *n += 1);
    }

    /// Stops listening and closes every connection.
    pub fn stop(&self) {
        self.serving.stop();
    }
}

async fn take(
    State(counter): State<Counter>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let (reaction, mut hung_up) = {
        let mut book = lock(&counter.book);
        let mut post = Post::read(&headers, &body, &book.secrets, book.clock.now());
        let refused = matches!(post.verdict, super::post::Verdict::Refused(_));
        let reaction = match book.script.pop_front() {
            _ if refused => Reaction::Status(401),
            Some(next) => next,
            None => book.usual.clone(),
        };
        post.status = reaction.status();
        book.posts.push(post);
        book.arrived.send_modify(|n| *n += 1);
        // Listened to before anybody can have seen the post.
        (reaction, book.hung_up.subscribe())
    };
    if reaction == Reaction::Hang {
        tokio::select! {
            () = counter.stop.cancelled() => {}
            _ = hung_up.changed() => scissors.cut(Cut::Before),
        }
    }
    reaction.response()
}

impl fmt::Debug for Consumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consumer").field("address", &self.address).finish_non_exhaustive()
    }
}
