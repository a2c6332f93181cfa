//! One request and its answer.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use chrono::{DateTime, Utc};
use nightdesk_core::ExposeSecret;
use nightdesk_http::{Method, Pace, Pacer, PacerStopped, Request, Response};
use serde_json::Value;
use url::Url;

use super::gate::{Gate, Turn, Urgency};
use super::miss::Miss;
use super::refusal::{Errand, Refusal};
use super::{AlgaPsa, address, credentials};

/// How long nothing is asked after a 429 that doesn't say.
const UNSAID: Duration = Duration::from_secs(10);

/// Takes every attempt past the gate, and keeps why one was called off.
struct Passing<'a> {
    gate: &'a Gate,
    turn: Turn,
    full_until: Mutex<Option<DateTime<Utc>>>,
}

impl Pacer for Passing<'_> {
    fn before_attempt(&self) -> Pace<'_> {
        Box::pin(async move {
            self.gate.pass(self.turn).await.map_err(|until| {
                *self.full_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
                PacerStopped
            })
        })
    }

    fn now(&self) -> DateTime<Utc> {
        self.gate.now()
    }
}

impl AlgaPsa {
    /// A place before the gate, for an errand that begins now.
    pub(super) fn turn(&self, urgency: Urgency) -> Turn {
        self.inner.gate.turn(urgency)
    }

    /// An address of the API.
    pub(super) fn url(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        address::below(&self.inner.api, path, query)
    }

    /// Gets an address and reads the object there.
    pub(super) async fn get(&self, turn: Turn, url: Url, errand: Errand) -> Result<Value, Miss> {
        object(&self.exchange(turn, Request::get(url), errand).await?)
    }

    /// Sends a body once and reads the object that is answered.
    pub(super) async fn put(
        &self,
        turn: Turn,
        method: Method,
        url: Url,
        body: &Value,
        errand: Errand,
    ) -> Result<Value, Miss> {
        let request = Request::new(method, url).body("application/json", body.to_string());
        object(&self.exchange(turn, request, errand).await?)
    }

    async fn exchange(&self, turn: Turn, request: Request, errand: Errand) -> Result<Response, Miss> {
        let inner = &self.inner;
        // Read each time: the key may have been entered anew since.
        let key = credentials::trimmed(&inner.credentials.algapsa().map_err(Miss::NoKey)?);
        let request =
            request.header("x-api-key", key.expose_secret().to_owned()).header("accept", "application/json".to_owned());
        let http = if turn.is_send() { &inner.once } else { &inner.patient };
        let passing = Passing { gate: &inner.gate, turn, full_until: Mutex::new(None) };
        let answer = http.send(request, &passing).await;
        let full = *passing.full_until.lock().unwrap_or_else(PoisonError::into_inner);
        let response = match (answer, full) {
            (Err(_), Some(until)) => return Err(Miss::Full((until - inner.gate.now()).to_std().unwrap_or_default())),
            (Err(error), None) => return Err(Miss::without_answer(&error, errand)),
            (Ok(response), _) => response,
        };
        self.heed(&response);
        if response.is_success() { Ok(response) } else { Err(Miss::of_refusal(Refusal::read(&response, errand))) }
    }

    /// What the answer says of the request budget.
    fn heed(&self, response: &Response) {
        if response.status == 429 {
            let asked = Refusal::read(response, Errand { to: "", permission: None }).retry_after;
            self.inner.gate.close(asked.unwrap_or(UNSAID));
        } else if let Some(left) = response.header("x-ratelimit-remaining").and_then(|n| n.trim().parse().ok()) {
            self.inner.gate.follow(left);
        }
    }
}

fn object(response: &Response) -> Result<Value, Miss> {
    let wrong = |words: &str| Err(Miss::Unreadable(words.to_owned()));
    match serde_json::from_slice::<Value>(&response.body) {
        Ok(value) if value.is_object() => Ok(value),
        Ok(_) => wrong("AlgaPSA's answer is no JSON object"),
        Err(_) if response.body.is_empty() => wrong("AlgaPSA's answer is empty"),
        Err(_) => wrong("AlgaPSA's answer is not JSON; check desk.base_url, and whether something stands in between"),
    }
}

/// The `data` of an answer about one thing.
pub(super) fn data(mut answer: Value) -> Result<Value, Miss> {
    match answer.get_mut("data").map(Value::take) {
        Some(data) if data.is_object() => Ok(data),
        _ => Err(Miss::Unreadable("AlgaPSA's answer holds no `data`".into())),
    }
}

/// The rows of a list, with what it says of its pages.
pub(super) fn rows(answer: &mut Value) -> Result<Vec<Value>, Miss> {
    match answer.get_mut("data").map(Value::take) {
        Some(Value::Array(rows)) => Ok(rows),
        _ => Err(Miss::Unreadable("AlgaPSA's answer holds no list `data`".into())),
    }
}
