//! From a connection to an answer on it: log, hook, fault, desk.

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::bucket::Level;
use super::desk::Desk;
use super::fault::FaultKind;
use super::refusal::Refusal;
use super::request::Request;
use super::route::{Settled, respond};
use crate::connection::{Cut, Scissors};
use crate::huntress::http_date;

const LARGEST_BODY: usize = 1 << 20;

/// What the handler needs.
#[derive(Clone)]
pub(crate) struct Counter {
    pub(crate) desk: Desk,
    pub(crate) stop: CancellationToken,
}

/// An answer before it is put on the wire.
struct Parcel {
    status: u16,
    body: Option<Value>,
    retry_after: Option<String>,
    level: Option<Level>,
}

/// Answers every request.
pub(crate) async fn answer(
    State(counter): State<Counter>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    incoming: axum::extract::Request,
) -> Response<Body> {
    let desk = &counter.desk;
    let (head, body) = incoming.into_parts();
    let bytes = to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
    let (body, malformed) = read_body(&bytes);
    let header = |name: &str| text(&head.headers, name);
    let authorized = header("x-api-key") == Some(Desk::key()) && desk.read(|state| state.key_valid);
    let request = Request {
        at: desk.now(),
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: Query::try_from_uri(&head.uri).map(|Query(pairs)| pairs).unwrap_or_default(),
        body,
        authorized,
        status: None,
    };
    let number = desk.log().push(request.clone());
    desk.run_hook(&request);
    let fault = desk.strike(&request);
    match &fault {
        Some(FaultKind::Hang) => return hang(&counter, &scissors).await,
        Some(FaultKind::ResetBefore) => return cut(&scissors),
        Some(FaultKind::Delay(time)) => tokio::time::sleep(*time).await,
        _ => {}
    }
    let mut parcel = if fault.as_ref().is_none_or(FaultKind::acts) {
        let settled = respond(&request, header("x-tenant-id"), &mut desk.state(), desk.now());
        note(desk, &request, &settled, malformed);
        Parcel::of(settled)
    } else {
        Parcel { status: 200, body: Some(Value::Null), retry_after: None, level: None }
    };
    match &fault {
        Some(FaultKind::HangAfter) => return hang(&counter, &scissors).await,
        Some(FaultKind::LostAnswer) => return cut(&scissors),
        Some(FaultKind::Status(status, retry_after)) => {
            parcel.status = *status;
            parcel.body = Some(Refusal::of_status(*status).body());
            parcel.retry_after = retry_after.as_ref().map(|form| form.header(desk.now()));
        }
        Some(FaultKind::StatusAfter(status)) => {
            parcel.status = *status;
            parcel.body = Some(Refusal::of_status(*status).body());
        }
        Some(FaultKind::WrongShape) => {
            let data = parcel.body.as_mut().and_then(|body| body.get_mut("data")).map(Value::take);
            parcel.body = Some(json!({ "result": data }));
        }
        _ => {}
    }
    desk.log().settle(number, parcel.status);
    parcel.posted(desk, fault.as_ref(), &scissors)
}

/// The JSON of a body. What isn't JSON is an empty object to the vendor, so that errors are about missing fields.
fn read_body(bytes: &[u8]) -> (Value, bool) {
    if bytes.is_empty() {
        return (Value::Null, false);
    }
    serde_json::from_slice(bytes).map_or_else(|_| (json!({}), true), |body| (body, false))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn note(desk: &Desk, request: &Request, settled: &Settled, malformed: bool) {
    let mut log = desk.log();
    if malformed {
        log.slipped(request, "the body isn't JSON and was taken for an empty object".to_owned());
    }
    for what in &settled.slips {
        log.slipped(request, what.clone());
    }
}

async fn hang(counter: &Counter, scissors: &Scissors) -> Response<Body> {
    counter.stop.cancelled().await;
    cut(scissors)
}

fn cut(scissors: &Scissors) -> Response<Body> {
    scissors.cut(Cut::Before);
    Response::new(Body::empty())
}

impl Parcel {
    fn of(settled: Settled) -> Self {
        let wait = settled.level.and_then(|level| level.wait);
        let (status, body) = match settled.outcome {
            Ok(reply) => (reply.status, reply.body),
            Err(refusal) => (refusal.status, Some(refusal.body())),
        };
        // Whole seconds, rounded up: coming back then is never too early.
        let retry_after = wait.map(|wait| ((wait.num_milliseconds() + 999) / 1000).to_string());
        Self { status, body, retry_after, level: settled.level }
    }

    fn posted(self, desk: &Desk, fault: Option<&FaultKind>, scissors: &Scissors) -> Response<Body> {
        let mut bytes = self.body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let mut content_type = (!bytes.is_empty()).then(|| "application/json".to_owned());
        match fault {
            Some(FaultKind::Truncated) => bytes.truncate(bytes.len() / 2),
            Some(FaultKind::ResetMidBody) if bytes.is_empty() => scissors.cut(Cut::Before),
            Some(FaultKind::ResetMidBody) => scissors.cut(Cut::InBody(bytes.len() / 2)),
            Some(FaultKind::NotJson) => {
                bytes = b"<!doctype html><title>Sign in</title><p>Please sign in to the network.</p>".to_vec();
                content_type = Some("text/html; charset=utf-8".to_owned());
            }
            _ => {}
        }
        let now = desk.now();
        let mut response = Response::new(Body::from(bytes));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // Its unit is not documented; seconds since 1970 are what such headers mostly hold.
        let reset = self.level.and_then(|level| level.wait).map(|wait| (now + wait).timestamp().to_string());
        let headers = [
            ("content-type", content_type),
            ("date", Some(http_date(now))),
            ("retry-after", self.retry_after),
            ("x-ratelimit-limit", self.level.map(|level| level.limit.to_string())),
            ("x-ratelimit-remaining", self.level.map(|level| level.remaining.to_string())),
            ("x-ratelimit-reset", reset),
        ];
        for (name, value) in headers {
            if let Some(value) = value.and_then(|text| HeaderValue::from_str(&text).ok()) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
