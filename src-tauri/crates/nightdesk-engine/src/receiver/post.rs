//! One post: limits, signature, storing, answer.

use super::keeper::{Job, Refusals};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use nightdesk_core::clock::Clock;
use nightdesk_core::config::WEBHOOK_IN_PATH;
use nightdesk_core::port::{About, Refusal, Signed, Verified, Verifier, WebhookIn};
use nightdesk_store::{Kept, NewWebhook, RefusedWebhook};
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Longest body. Huntress promises no limit; its longest reports are some tens of KiB.
const LIMIT: usize = 256 * 1024;

/// Longest wait for a body. Svix gives up after 15 s.
const BODY_WITHIN: Duration = Duration::from_secs(10);

/// The two families of headers; Huntress's article promises Svix's, and some Svix accounts send the plain ones.
const FAMILIES: [[&str; 3]; 2] =
    [["svix-id", "svix-timestamp", "svix-signature"], ["webhook-id", "webhook-timestamp", "webhook-signature"]];

/// What every connection works with.
pub(super) struct Receiving {
    clock: Arc<dyn Clock>,
    webhooks: Arc<dyn WebhookIn>,
    verifier: RwLock<Option<Arc<dyn Verifier>>>,
    jobs: mpsc::Sender<Job>,
    refusals: Arc<Refusals>,
}

impl Receiving {
    pub fn new(
        clock: Arc<dyn Clock>,
        webhooks: Arc<dyn WebhookIn>,
        jobs: mpsc::Sender<Job>,
        refusals: Arc<Refusals>,
    ) -> Self {
        Self { clock, webhooks, verifier: RwLock::new(None), jobs, refusals }
    }

    /// Verifies by these secrets from here on; by none, everything is put off.
    pub fn verify_by(&self, verifier: Option<Arc<dyn Verifier>>) {
        *self.verifier.write().unwrap_or_else(PoisonError::into_inner) = verifier;
    }

    fn verifier(&self) -> Option<Arc<dyn Verifier>> {
        self.verifier.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Everything about one post. `Err` is a refusal, which is counted and logged.
    async fn take(&self, request: Request) -> Result<(), (StatusCode, String)> {
        let headers = request.headers().clone();
        let signed = signed(&headers);
        let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
        if length.is_some_and(|n: u64| n > LIMIT as u64) {
            return Err(too_large());
        }
        // Before a byte of the body is read: who signs nothing gets no memory.
        if let Some(missing) = missing(&signed) {
            return Err((StatusCode::UNAUTHORIZED, Refusal::Unsigned(missing).to_string()));
        }
        let verifier = self.verifier().ok_or_else(|| {
            let why = "this desk has no signing secret that it can read; enter WEBHOOK_SIGNING_SECRET";
            (StatusCode::SERVICE_UNAVAILABLE, why.to_owned())
        })?;
        let body = match tokio::time::timeout(BODY_WITHIN, Bytes::from_request(request, &())).await {
            Ok(Ok(body)) => body,
            Ok(Err(rejected)) if rejected.status() == StatusCode::PAYLOAD_TOO_LARGE => return Err(too_large()),
            Ok(Err(_)) => return Err((StatusCode::BAD_REQUEST, "its body broke off".into())),
            Err(_) => return Err((StatusCode::REQUEST_TIMEOUT, "its body did not come in time".into())),
        };
        let verified = verifier
            .verify(signed, &body, self.clock.now())
            .map_err(|refusal| (StatusCode::UNAUTHORIZED, refusal.to_string()))?;
        self.store(verified, body).await
    }

    /// Has it stored, together with whatever else comes at the moment, and waits until it is durable.
    async fn store(&self, verified: Verified, body: Bytes) -> Result<(), (StatusCode, String)> {
        let read = self.webhooks.read(&body);
        let incident = match &read.about {
            About::Incident { record, .. } => record.reading.incident().map(|i| i.id.0),
            _ => None,
        };
        let new = NewWebhook {
            delivery_id: verified.id,
            signed_at: verified.signed_at,
            digest: Sha256::digest(&body).into(),
            body: body.into(),
            event_type: read.event_type,
            incident,
        };
        let not_now = || (StatusCode::SERVICE_UNAVAILABLE, "it could not be stored; send it again".to_owned());
        let (done, stored) = oneshot::channel();
        self.jobs.send(Job { new, done }).await.map_err(|_| not_now())?;
        match stored.await {
            Ok(Some(Kept::New | Kept::Again)) => Ok(()),
            Ok(Some(Kept::Otherwise)) => {
                Err((StatusCode::CONFLICT, "a delivery of this id came before, with another body".into()))
            }
            Ok(None) | Err(_) => Err(not_now()),
        }
    }
}

/// The routes of one connection.
pub(super) fn router(receiving: Arc<Receiving>, peer: IpAddr) -> Router {
    Router::new().route(WEBHOOK_IN_PATH, post(answer)).layer(DefaultBodyLimit::max(LIMIT)).with_state((receiving, peer))
}

async fn answer(State((receiving, peer)): State<(Arc<Receiving>, IpAddr)>, request: Request) -> Response {
    let id = signed(request.headers()).id.filter(|id| is_id(id)).map(str::to_owned);
    match receiving.take(request).await {
        Ok(()) => (StatusCode::OK, "stored").into_response(),
        Err((status, reason)) => {
            tracing::info!(%peer, %status, %reason, "a post was refused");
            let at = receiving.clock.now();
            let refused = RefusedWebhook {
                at,
                delivery_id: id,
                status: status.as_u16(),
                reason: reason.clone(),
                peer: peer.to_string(),
            };
            receiving.refusals.add(refused);
            // Huntress shows the answer's body among the delivery attempts, where it tells the reason.
            (status, reason).into_response()
        }
    }
}

fn too_large() -> (StatusCode, String) {
    (StatusCode::PAYLOAD_TOO_LARGE, format!("its body is longer than {} KiB", LIMIT / 1024))
}

/// What the headers say: of the first family of which any is there.
fn signed(headers: &HeaderMap) -> Signed<'_> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let family = FAMILIES.iter().find(|names| names.iter().any(|name| headers.contains_key(*name)));
    let [id, timestamp, signature] = family.unwrap_or(&FAMILIES[0]).map(text);
    Signed { id, timestamp, signature }
}

fn missing(signed: &Signed<'_>) -> Option<&'static str> {
    let [id, timestamp, signature] = FAMILIES[0];
    [(signed.id, id), (signed.timestamp, timestamp), (signed.signature, signature)]
        .into_iter()
        .find(|(value, _)| value.is_none())
        .map(|(_, name)| name)
}

/// Of the form that a log may hold.
fn is_id(id: &str) -> bool {
    (1..=255).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
