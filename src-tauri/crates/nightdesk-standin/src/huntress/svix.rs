//! Huntress's sender of webhooks, as Svix sends for it: signed posts, one id a message, the documented schedule.

mod line;
mod signed;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_core::clock::Clock;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

pub use line::Line;
pub use signed::{HeaderFamily, Signed};

/// Waits between attempts (Svix's documentation): at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h.
pub const SCHEDULE: [TimeDelta; 8] = [
    TimeDelta::zero(),
    TimeDelta::seconds(5),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(5),
    TimeDelta::hours(10),
    TimeDelta::hours(10),
];

/// An answer that takes longer is a failure to Svix.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// Where the endpoint is, below its host.
const PATH: &str = "/webhooks/huntress";

/// One attempt as the portal's View Delivery Attempts shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The message's id.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The status of the answer; `None` where there was none.
    pub status: Option<u16>,
    /// The start of the answer, or why there was none.
    pub answer: String,
}

/// A webhook endpoint as the portal has it: one address, its signing secret, and what was sent to it.
#[derive(Clone)]
pub struct WebhookEndpoint {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    stop: CancellationToken,
}

struct State {
    address: SocketAddr,
    /// The newest first; during a rotation there are two, and every post is signed by both.
    secrets: Vec<String>,
    family: HeaderFamily,
    sent: u64,
    attempts: Vec<Attempt>,
}

impl WebhookEndpoint {
    /// An endpoint at this address, with a secret of its own.
    pub fn new(address: SocketAddr, clock: Arc<dyn Clock>) -> Self {
        let state =
            State { address, secrets: vec![secret(1)], family: HeaderFamily::Svix, sent: 0, attempts: Vec::new() };
        Self { inner: Arc::new(Inner { clock, state: Mutex::new(state), stop: CancellationToken::new() }) }
    }

    /// View Signing Secret.
    pub fn secret(&self) -> String {
        self.lock().secrets.first().cloned().unwrap_or_default()
    }

    /// Begins a rotation: from now on posts are signed by a new secret and by the old one. Answers the new one.
    pub fn rotate(&self) -> String {
        let mut state = self.lock();
        let new = secret(state.secrets.len() as u64 + 1 + state.sent);
        state.secrets.insert(0, new.clone());
        new
    }

    /// Ends a rotation: only the newest secret signs.
    pub fn end_rotation(&self) {
        self.lock().secrets.truncate(1);
    }

    /// Posts go here from now on.
    pub fn move_to(&self, address: SocketAddr) {
        self.lock().address = address;
    }

    /// The family of headers that posts carry; [`HeaderFamily::Svix`] at first.
    pub fn speak(&self, family: HeaderFamily) {
        self.lock().family = family;
    }

    /// View Delivery Attempts.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.lock().attempts.clone()
    }

    /// A new message with this payload, not sent yet.
    pub fn message(&self, payload: &Value) -> Message {
        let mut state = self.lock();
        state.sent += 1;
        Message { id: format!("msg_{:027}", state.sent), body: payload.to_string().into_bytes() }
    }

    /// A message signed as of the clock's time.
    pub fn sign(&self, message: &Message) -> Signed {
        self.sign_at(message, self.inner.clock.now())
    }

    /// A message signed as of another time.
    pub fn sign_at(&self, message: &Message, at: DateTime<Utc>) -> Signed {
        let state = self.lock();
        Signed::new(state.family, &state.secrets, &message.id, at.timestamp(), &message.body)
    }

    /// One attempt, now.
    pub async fn post(&self, message: &Message) -> Attempt {
        self.send(&message.id, &self.sign(message)).await
    }

    /// A new message, posted once.
    pub async fn tell(&self, payload: &Value) -> Attempt {
        let message = self.message(payload);
        self.post(&message).await
    }

    /// Posts what was signed, or tampered with, elsewhere.
    pub async fn send(&self, id: &str, signed: &Signed) -> Attempt {
        let address = self.lock().address;
        let at = self.inner.clock.now();
        let exchange = async { Line::connect(address).await?.post(PATH, signed).await };
        let answered: io::Result<(u16, String)> = match tokio::time::timeout(ANSWER_WITHIN, exchange).await {
            Ok(answered) => answered,
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        };
        let attempt = match answered {
            Ok((status, answer)) => Attempt { id: id.to_owned(), at, status: Some(status), answer },
            Err(error) => Attempt { id: id.to_owned(), at, status: None, answer: error.to_string() },
        };
        self.lock().attempts.push(attempt.clone());
        attempt
    }

    /// A new message, sent until it is taken: at once and then by Svix's schedule, on the endpoint's clock. Answers its id;
    /// the attempts go on by themselves.
    #[allow(
        clippy::disallowed_methods,
        reason = "a stand-in is outside the engine and its task tracker; its task ends with its token"
    )]
    pub fn deliver(&self, payload: &Value) -> String {
        let message = self.message(payload);
        let (endpoint, id) = (self.clone(), message.id.clone());
        tokio::spawn(async move {
            let mut due = endpoint.inner.clock.now();
            for wait in SCHEDULE {
                due += wait;
                let stop = endpoint.inner.stop.clone();
                tokio::select! {
                    () = until(endpoint.inner.clock.as_ref(), due) => {}
                    () = stop.cancelled() => return,
                }
                if endpoint.post(&message).await.status.is_some_and(|status| (200..300).contains(&status)) {
                    return;
                }
            }
        });
        id
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl fmt::Debug for WebhookEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookEndpoint").field("address", &self.lock().address).finish_non_exhaustive()
    }
}

/// A message: its id and body stay the same on every attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// Its body.
    pub body: Vec<u8>,
}

async fn until(clock: &dyn Clock, due: DateTime<Utc>) {
    while clock.now() < due {
        clock.wait_until(due).await;
    }
}

/// A secret that differs for each number, and is nobody's.
fn secret(number: u64) -> String {
    use base64::Engine as _;
    let bytes: Vec<u8> = (0..24).map(|at: u64| (at * 7 + number * 31 + 11).to_le_bytes()[0]).collect();
    format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(bytes))
}
