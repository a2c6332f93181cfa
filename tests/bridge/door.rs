//! The loopback server.

use crate::control::Order;
use crate::page::{Page, said};
use crate::scene::Setting;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream::{self, Stream};
use nightdesk_api::rpc;
use nightdesk_host::Changes;
use serde::Deserialize;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::broadcast;

#[derive(Clone)]
struct Door {
    setting: Arc<Setting>,
    page: Arc<Page>,
    /// What a request may be addressed to, and come from.
    here: Arc<[String; 2]>,
}

/// The bridge's router on this port.
pub fn router(setting: Arc<Setting>, ui: &Path, port: u16) -> Router {
    let here = Arc::new([format!("127.0.0.1:{port}"), format!("localhost:{port}")]);
    let door = Door { setting, page: Arc::new(Page::of(ui)), here };
    Router::new()
        .route("/rpc", post(call))
        .route("/events", get(events))
        .route("/control", post(control))
        .fallback(get(page))
        .layer(middleware::from_fn_with_state(door.clone(), from_here))
        .with_state(door)
}

/// Only who is on this machine and says so: a web page elsewhere can make a browser ask loopback, but not under our
/// name.
async fn from_here(State(door): State<Door>, request: Request, next: Next) -> Response<Body> {
    if is_here(door.here.as_ref(), request.headers()) {
        next.run(request).await
    } else {
        said(StatusCode::FORBIDDEN, "only for pages of this machine")
    }
}

fn is_here(here: &[String], headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|v| v.to_str().unwrap_or_default());
    let host = text(header::HOST).is_some_and(|host| here.iter().any(|h| h == host));
    let origin = text(header::ORIGIN).is_none_or(|o| here.iter().any(|h| o.strip_prefix("http://") == Some(h)));
    host && origin
}

#[derive(Deserialize)]
struct Call {
    method: String,
    #[serde(default)]
    params: Value,
}

async fn call(State(door): State<Door>, Json(asked): Json<Call>) -> Response<Body> {
    let answer = rpc::call(&door.setting.desk, &door.setting.screen, &asked.method, asked.params).await;
    let body = match answer {
        Ok(value) => format!("{{\"ok\":true,\"value\":{}}}", value.get()),
        Err(error) => json!({ "ok": false, "error": error }).to_string(),
    };
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn control(State(door): State<Door>, Json(order): Json<Order>) -> Response<Body> {
    match order.carry_out(&door.setting).await {
        Ok(value) => Json(value).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    }
}

async fn page(State(door): State<Door>, uri: Uri) -> Response<Body> {
    door.page.file(uri.path())
}

/// What a page hears.
struct Ears {
    changes: Changes,
    goto: broadcast::Receiver<String>,
}

async fn events(State(door): State<Door>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let ears = Ears { changes: door.setting.desk.changes(), goto: door.setting.goto.subscribe() };
    let heard = stream::unfold(ears, |mut ears| async move {
        let event = tokio::select! {
            topics = ears.changes.next() => Event::default().event("changed").data(json!({ "topics": topics? }).to_string()),
            goto = ears.goto.recv() => Event::default().event("goto").data(goto.ok()?),
        };
        Some((Ok(event), ears))
    });
    Sse::new(heard).keep_alive(KeepAlive::default())
}
