//! From a request to an answer: log, hook, fault, key, rate limit, data.

use axum::body::Body;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::dialect::{LastPage, RetryAfterForm};
use super::endpoint::Endpoint;
use super::fault::{FaultKind, RetryAfter};
use super::listing::{Ask, limit};
use super::reply::{Reply, http_date};
use super::request::Request;
use super::resource::Resource;
use super::world::World;
use crate::connection::{Cut, Scissors};

/// What the handler needs.
#[derive(Clone)]
pub(crate) struct Counter {
    pub(crate) world: World,
    pub(crate) base_url: String,
    pub(crate) stop: CancellationToken,
}

/// Answers every request.
pub(crate) async fn answer(
    State(counter): State<Counter>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    incoming: axum::extract::Request,
) -> Response {
    let world = &counter.world;
    let request = Request {
        at: world.now(),
        method: incoming.method().to_string(),
        path: incoming.uri().path().to_owned(),
        query: Query::try_from_uri(incoming.uri()).map(|Query(pairs)| pairs).unwrap_or_default(),
        authorized: world.accepts(credentials(incoming.headers())),
        status: None,
    };
    let number = world.log(request.clone());
    world.run_hook(&request);
    let fault = world.strike(&request);
    match &fault {
        Some(FaultKind::Hang) => {
            counter.stop.cancelled().await;
            scissors.cut(Cut::Before);
            return Response::new(Body::empty());
        }
        Some(FaultKind::ResetBefore) => {
            scissors.cut(Cut::Before);
            return Response::new(Body::empty());
        }
        Some(FaultKind::Delay(time)) => tokio::time::sleep(*time).await,
        _ => {}
    }
    let mut reply = match &fault {
        Some(FaultKind::Status(code, retry_after)) => {
            let mut reply = Reply::plain_status(*code);
            reply.retry_after = retry_after.as_ref().map(|form| form.header(world.date()));
            reply
        }
        Some(FaultKind::Redirect(to)) => {
            let mut reply = Reply::error(302, "Moved");
            reply.location = Some(to.clone());
            reply
        }
        Some(FaultKind::NotJson | FaultKind::Body(_) | FaultKind::HugeBody(_)) => Reply::ok(Value::Null),
        _ => respond(&counter, &request),
    };
    if let Some(fault) = &fault {
        spoil(&mut reply, fault, &request, &counter.base_url);
    }
    world.settle(number, reply.status);
    render(world, reply, fault, &scissors)
}

/// The credentials of a Basic header, decoded.
fn credentials(headers: &HeaderMap) -> Option<String> {
    let (scheme, encoded) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()
}

fn respond(counter: &Counter, request: &Request) -> Reply {
    let world = &counter.world;
    // The key is looked at again: the hook may just have taken it away.
    if !request.authorized || !world.key_is_valid() {
        return Reply::error(401, "The API key is missing or wrong");
    }
    if let Err(wait) = world.admit(request.at) {
        return throttled(world, wait);
    }
    let Some(endpoint) = Endpoint::of(&request.path) else { return Reply::error(404, "There is nothing at this path") };
    if request.method != "GET" {
        return Reply::error(403, "This API key may only read");
    }
    match endpoint {
        Endpoint::Account => {
            let account = world.account_json();
            Reply::ok(if world.speaks().account_wrapped { json!({ "account": account }) } else { account })
        }
        Endpoint::Actor => Reply::ok(world.actor_json()),
        Endpoint::List(resource) => list(counter, resource, request).unwrap_or_else(|why| Reply::error(400, &why)),
        Endpoint::One(resource, id) => match world.one_json(resource, id) {
            None => Reply::not_found(),
            Some(bare) if resource == Resource::Escalations && !world.speaks().escalation_wrapped => Reply::ok(bare),
            Some(record) => Reply::ok(json!({ resource.singular(): record })),
        },
        Endpoint::Remediations(id) => match (world.remediations(id), limit(request)) {
            (None, _) => Reply::not_found(),
            (_, Err(why)) => Reply::error(400, &why),
            (Some(list), Ok(limit)) => remediations(counter, request, list, limit),
        },
        Endpoint::Remediation(id, remediation) => world
            .remediations(id)
            .and_then(|list| list.into_iter().find(|one| one.get("id").and_then(Value::as_i64) == Some(remediation)))
            .map_or_else(Reply::not_found, |one| Reply::ok(json!({ "remediation": one }))),
        Endpoint::WriteOnly => Reply::not_found(),
    }
}

fn throttled(world: &World, wait: TimeDelta) -> Reply {
    // One second more than what is left, in whole seconds: coming back then is never too early.
    let seconds = wait.num_seconds() + 1;
    let form = match world.speaks().retry_after {
        RetryAfterForm::Silent => None,
        RetryAfterForm::Seconds => Some(RetryAfter::Seconds(seconds.unsigned_abs())),
        RetryAfterForm::HttpDate => Some(RetryAfter::DateIn(TimeDelta::seconds(seconds))),
    };
    let mut reply = Reply::plain_status(429);
    reply.retry_after = form.map(|form| form.header(world.date()));
    reply
}

fn list(counter: &Counter, resource: Resource, request: &Request) -> Result<Reply, String> {
    let ask = Ask::of(resource, request)?;
    let (rows, token) = counter.world.page_json(resource, &ask, request.at);
    Ok(Reply::ok(wrap(counter, request, resource.plural(), rows, token, ask.limit)))
}

/// Remediations have no place in the sorted tables: their order is that of the report, and the token is a position.
fn remediations(counter: &Counter, request: &Request, list: Vec<Value>, limit: usize) -> Reply {
    let start = match request.param("page_token").map(str::parse::<usize>) {
        None => 0,
        Some(Ok(start)) => start,
        Some(Err(_)) => return Reply::error(400, "page_token is invalid"),
    };
    let token = (list.len() > start + limit).then(|| (start + limit).to_string());
    let rows = list.into_iter().skip(start).take(limit).collect();
    Reply::ok(wrap(counter, request, "remediations", rows, token, limit))
}

fn wrap(
    counter: &Counter,
    request: &Request,
    plural: &str,
    rows: Vec<Value>,
    token: Option<String>,
    limit: usize,
) -> Value {
    let mut body = Map::new();
    body.insert(plural.to_owned(), Value::Array(rows));
    let pagination = match (token, counter.world.speaks().last_page) {
        (Some(token), _) => Some(next_page(&counter.base_url, request, &token, limit)),
        (None, LastPage::EmptyObject) => Some(json!({})),
        (None, LastPage::Null) => Some(Value::Null),
        (None, LastPage::Absent) => None,
    };
    if let Some(pagination) = pagination {
        body.insert("pagination".to_owned(), pagination);
    }
    Value::Object(body)
}

/// The next page with the same filters and order: the token is bound to them.
fn next_page(base_url: &str, request: &Request, token: &str, limit: usize) -> Value {
    let kept = request.query.iter().filter(|(name, _)| name != "page_token" && name != "limit").cloned();
    let added = [("page_token".to_owned(), token.to_owned()), ("limit".to_owned(), limit.to_string())];
    let address = format!("{base_url}{}", request.path);
    let url = url::Url::parse_with_params(&address, kept.chain(added)).map_or(address, String::from);
    json!({ "next_page_url": url, "next_page_token": token })
}

/// Applies what a fault does to the content of an answer.
fn spoil(reply: &mut Reply, fault: &FaultKind, request: &Request, base_url: &str) {
    match fault {
        FaultKind::Body(body) => reply.body = body.clone(),
        FaultKind::HugeBody(size) => reply.body = json!({ "padding": "x".repeat(*size) }),
        FaultKind::ListAsObject => {
            for value in reply.body.as_object_mut().into_iter().flat_map(Map::values_mut) {
                if let Value::Array(items) = value {
                    let keyed = std::mem::take(items).into_iter().enumerate();
                    *value = Value::Object(keyed.map(|(at, item)| (at.to_string(), item)).collect());
                }
            }
        }
        FaultKind::RepeatPageToken => {
            if let (Some(token), Some(fields)) = (request.param("page_token"), reply.body.as_object_mut()) {
                let limit = limit(request).unwrap_or_default();
                fields.insert("pagination".to_owned(), next_page(base_url, request, token, limit));
            }
        }
        _ => {}
    }
}

fn render(world: &World, reply: Reply, fault: Option<FaultKind>, scissors: &Scissors) -> Response {
    let mut bytes = reply.body.to_string().into_bytes();
    let mut content_type = "application/json".to_owned();
    match fault {
        Some(FaultKind::TruncatedJson) => bytes.truncate(bytes.len() / 2),
        Some(FaultKind::NotJson) => {
            bytes = b"<!doctype html><title>One moment</title><p>Checking your browser.</p>".to_vec();
        }
        Some(FaultKind::ContentType(other)) => content_type = other,
        Some(FaultKind::ResetMidBody) => scissors.cut(Cut::InBody(bytes.len() / 2)),
        _ => {}
    }
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        (header::CONTENT_TYPE, Some(content_type)),
        (header::DATE, Some(http_date(world.date()))),
        (header::RETRY_AFTER, reply.retry_after),
        (header::LOCATION, reply.location),
    ];
    for (name, value) in headers {
        if let Some(value) = value.and_then(|text| HeaderValue::from_str(&text).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
