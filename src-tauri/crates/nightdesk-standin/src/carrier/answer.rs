//! From a request to an answer: log, fault, key, form, data.

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::endpoint::Endpoint;
use super::exchange::lock;
use super::execution_requests::Part;
use super::fault::FaultKind;
use super::form::Form;
use super::refusal::{Outcome, Refusal, Reply};
use super::request::Request;
use super::server::{Counter, Desk};
use super::{call_requests, execution_requests, flow_requests, text_requests};
use crate::connection::{Cut, Scissors};

const LARGEST_BODY: usize = 1 << 20;
const FORM: &str = "application/x-www-form-urlencoded";

/// A request with its fields decoded.
struct Asked {
    post: bool,
    path: String,
    query: Form,
    form: Form,
    is_form: bool,
}

/// Answers every request.
pub(crate) async fn answer(
    State(counter): State<Counter>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    incoming: axum::extract::Request,
) -> Response {
    let exchange = &counter.exchange;
    let (head, body) = incoming.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
    let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_form = content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM));
    let asked = Asked {
        post: head.method == "POST",
        path: head.uri.path().to_owned(),
        query: Form::of(head.uri.query().unwrap_or_default().as_bytes()),
        form: if is_form { Form::of(&body) } else { Form::default() },
        is_form,
    };
    let authorized = credentials(&head.headers).is_some_and(|given| exchange.account.accepts(&given));
    let request = Request {
        at: exchange.now(),
        method: head.method.to_string(),
        path: asked.path.clone(),
        query: asked.query.pairs().to_vec(),
        form: asked.form.pairs().to_vec(),
        authorized,
        status: None,
        slip: None,
    };
    let number = lock(&exchange.log).push(request.clone());
    let fault = lock(&exchange.faults).strike(&request);
    let outcome = match &fault {
        Some(FaultKind::Hang) => return hang(&counter, &scissors).await,
        Some(FaultKind::CutBefore) => return cut(&scissors),
        Some(FaultKind::Status(status, code)) => {
            let refusal = Refusal::new(*status, code.unwrap_or_default(), "The request was not done");
            Err(Refusal { code: *code, ..refusal })
        }
        Some(FaultKind::AuthRefused) => Err(Refusal::credentials()),
        _ if !matches!(head.method.as_str(), "GET" | "POST") => Err(not_allowed()),
        _ => respond(&counter, &asked, authorized),
    };
    if let Err(refusal) = outcome.as_ref()
        && refusal.is_slip
    {
        lock(&exchange.log).slipped(number, &refusal.message);
    }
    match &fault {
        Some(FaultKind::HangAfter) => return hang(&counter, &scissors).await,
        Some(FaultKind::ResponseLost) => return cut(&scissors),
        Some(FaultKind::Slow(time)) => tokio::time::sleep(*time).await,
        _ => {}
    }
    let reply = outcome.unwrap_or_else(|refusal| Reply { status: refusal.status, body: refusal.body() });
    lock(&exchange.log).settle(number, reply.status);
    render(&reply, fault == Some(FaultKind::MalformedJson))
}

async fn hang(counter: &Counter, scissors: &Scissors) -> Response {
    counter.stop.cancelled().await;
    cut(scissors)
}

fn cut(scissors: &Scissors) -> Response {
    scissors.cut(Cut::Before);
    Response::new(Body::empty())
}

/// The credentials of a Basic header, decoded.
fn credentials(headers: &HeaderMap) -> Option<String> {
    let (scheme, encoded) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()
}

fn not_allowed() -> Refusal {
    Refusal::slip(405, 20_004, "Method not allowed")
}

fn respond(counter: &Counter, asked: &Asked, authorized: bool) -> Outcome {
    if !authorized {
        return Err(Refusal::credentials());
    }
    let account = &counter.exchange.account;
    let (path, query, form) = (asked.path.as_str(), &asked.query, &asked.form);
    let Some(endpoint) = Endpoint::of(path, &account.sid) else {
        return Err(Refusal { is_slip: true, ..Refusal::not_found(path) });
    };
    if asked.post && !asked.is_form {
        return Err(Refusal::slip(415, 20_415, "Only forms are understood"));
    }
    if asked.post {
        // The query of a POST is no place for parameters.
        query.check(&[])?;
    }
    let desk = Desk { account, base: &counter.base };
    counter.exchange.at(|state, now| match (endpoint, asked.post) {
        (Endpoint::Messages, true) => text_requests::create(state, account, form, now),
        (Endpoint::Messages, false) => text_requests::list(state, account, query, path, now),
        (Endpoint::Message(sid), false) => text_requests::fetch(state, account, sid, path, now),
        (Endpoint::Calls, true) => call_requests::create(state, account, form, now),
        (Endpoint::Calls, false) => call_requests::list(state, account, query, path, now),
        (Endpoint::Call(sid), true) => call_requests::update(state, account, sid, form, path, now),
        (Endpoint::Call(sid), false) => call_requests::fetch(state, account, sid, path, now),
        (Endpoint::Notifications(sid), false) => call_requests::notifications(state, sid, query, path),
        (Endpoint::FlowsValidate, true) => flow_requests::validate(form),
        (Endpoint::Flows, true) => flow_requests::create(state, &desk, form, now),
        (Endpoint::Flows, false) => flow_requests::list(state, &desk, query, path),
        (Endpoint::Flow(sid), true) => flow_requests::update(state, &desk, sid, form, path, now),
        (Endpoint::Flow(sid), false) => flow_requests::fetch(state, &desk, sid, path),
        (Endpoint::Executions(flow), true) => execution_requests::create(state, &desk, flow, form, path, now),
        (Endpoint::Executions(flow), false) => execution_requests::list(state, &desk, flow, query, path, now),
        (Endpoint::Execution(flow, sid, Part::Whole), true) => {
            execution_requests::update(state, &desk, flow, sid, form, path, now)
        }
        (Endpoint::Execution(flow, sid, part), false) => {
            execution_requests::fetch(state, &desk, (flow, sid, part), query, path, now)
        }
        _ => Err(not_allowed()),
    })
}

fn render(reply: &Reply, malformed: bool) -> Response {
    let mut bytes = reply.body.to_string().into_bytes();
    if malformed {
        bytes.truncate(bytes.len() / 2);
    }
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
