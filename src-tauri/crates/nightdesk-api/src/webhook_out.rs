//! Webhooks out as clients show them: the endpoints with their standing, and what went over the wire.

use crate::error::{Code, Error};
use crate::words::{DeliveryState, WebhookCategory, WebhookDisabled};
use chrono::{DateTime, Utc};
use nightdesk_core::config::Category;
use nightdesk_core::delivery::State;
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::port::Exchange;
use nightdesk_core::webhook::Post;
use nightdesk_engine::context::Context;
use nightdesk_engine::hooks::{self, find, overlap_ends};
use nightdesk_store::{PostRow, Tx};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Webhook {
    /// Its address, by which it is known.
    pub url: String,
    /// What it is told of.
    #[ts(as = "Vec<WebhookCategory>")]
    pub categories: Vec<Category>,
    /// Whether it may be on a private or loopback address.
    pub allow_private: bool,
    /// Whether anything is sent to it.
    pub enabled: bool,
    /// Since when nothing is.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Why nothing is.
    pub disabled_why: Option<WebhookDisabled>,
    /// Since when it has only failed.
    pub failing_since: Option<DateTime<Utc>>,
    /// When it was last tried.
    pub last_at: Option<DateTime<Utc>>,
    /// The HTTP status that it answered then.
    pub last_status: Option<u16>,
    /// What was wrong then, in words.
    pub last_error: Option<String>,
    /// Messages that wait for it.
    pub waiting: u32,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// When its signing secret was last rotated.
    pub rotated_at: Option<DateTime<Utc>>,
    /// Until when the secret from before that signs too; `None` once it is over.
    pub overlap_ends_at: Option<DateTime<Utc>>,
}

/// An attempt to deliver a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WebhookAttempt {
    /// When it began.
    pub at: DateTime<Utc>,
    /// The message's id, the same on every attempt.
    pub message_id: String,
    /// The event's name.
    pub event_type: String,
    /// The HTTP status that was answered; `None` where nothing was.
    pub status: Option<u16>,
    /// How long it took; `None` while it is under way, and where nothing left.
    pub duration_ms: Option<u32>,
    /// What was sent.
    pub request: WebhookRequest,
    /// What was answered.
    pub response: Option<WebhookResponse>,
    /// The number of the attempt in its delivery, from 1.
    pub attempt: u32,
    /// The delivery in the outbox.
    #[ts(type = "number")]
    pub delivery_id: DeliveryId,
    /// How this attempt ended; `None` while it is under way.
    #[ts(as = "Option<DeliveryState>")]
    pub outcome: Option<State>,
    /// What was wrong, in words.
    pub error: Option<String>,
    /// How the delivery stands now.
    #[ts(as = "DeliveryState")]
    pub state: State,
    /// When the next attempt is due, where there is to be one.
    pub next_at: Option<DateTime<Utc>>,
}

/// A request as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WebhookRequest {
    /// Where to.
    pub url: String,
    /// Its headers.
    #[ts(type = "Record<string, string>")]
    pub headers: BTreeMap<String, String>,
    /// Its body, as the very text.
    pub body: String,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WebhookResponse {
    /// Those of its headers that say something about the answer.
    #[ts(type = "Record<string, string>")]
    pub headers: BTreeMap<String, String>,
    /// The start of its body, as text.
    pub body: String,
    /// Whether the body went on.
    pub is_cut: bool,
}

/// Which attempts to list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WebhookAttemptsAsked {
    /// The endpoint.
    pub url: String,
    /// At most so many, newest first.
    pub limit: u32,
}

impl From<hooks::Error> for Error {
    fn from(error: hooks::Error) -> Self {
        use hooks::Error as E;
        let code = match error {
            E::Store(error) => return error.into(),
            E::Unknown { .. } | E::NoMessage(_) => Code::NotFound,
            E::Deleted { .. } | E::Disabled { .. } | E::Rotated { .. } | E::Leaving(_) => Code::Conflict,
        };
        Self::new(code, error.to_string())
    }
}

/// The endpoints, in the configuration's order.
///
/// # Errors
/// The store's.
pub fn webhooks(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Vec<Webhook>, Error> {
    let config = Context::load(tx)?.config;
    let waiting = tx.posts_waiting()?;
    let mut out = Vec::with_capacity(config.webhooks_out.len());
    for endpoint in config.webhooks_out {
        let Some(row) = tx.endpoint(&endpoint.url)? else { continue };
        let n = waiting.iter().find(|(url, _)| *url == endpoint.url).map_or(0, |(_, n)| *n);
        out.push(Webhook {
            categories: endpoint.categories,
            allow_private: endpoint.allow_private,
            enabled: row.disabled.is_none(),
            disabled_at: row.disabled.map(|(at, _)| at),
            disabled_why: row.disabled.map(|(_, why)| why.into()),
            failing_since: row.failing.map(|f| f.since),
            last_at: row.last_at,
            last_status: row.last_status,
            waiting: n,
            added_at: row.added_at,
            rotated_at: row.rotated_at,
            overlap_ends_at: overlap_ends(&row).filter(|ends| now < *ends),
            last_error: row.last_error,
            url: endpoint.url,
        });
    }
    Ok(out)
}

/// The last attempts to deliver to an endpoint, newest first.
///
/// # Errors
/// `NotFound`.
pub fn webhook_attempts(tx: &Tx<'_>, asked: &WebhookAttemptsAsked) -> Result<Vec<WebhookAttempt>, Error> {
    let url = find(tx, &asked.url)?.url;
    Ok(tx.posts(&url, None, asked.limit)?.into_iter().map(attempt).collect())
}

/// The last attempt of one delivery.
///
/// # Errors
/// The store's.
pub(crate) fn last_attempt(tx: &Tx<'_>, url: &str, delivery: DeliveryId) -> Result<Option<WebhookAttempt>, Error> {
    Ok(tx.posts(url, Some(delivery), 1)?.into_iter().next().map(attempt))
}

fn attempt(row: PostRow) -> WebhookAttempt {
    let body = serde_json::from_str::<Post>(&row.payload).map(|post| post.body).unwrap_or_default();
    let (headers, answer, duration) = match row.exchange {
        Some(Exchange { request_headers, answer, duration, .. }) => (request_headers, answer, Some(duration)),
        None => (Vec::new(), None, None),
    };
    let waits = matches!(row.state, State::Queued | State::Retrying | State::InDoubt);
    WebhookAttempt {
        at: row.began_at,
        message_id: row.message.message_id,
        event_type: row.message.event_type,
        status: answer.as_ref().map(|a| a.status),
        duration_ms: duration.map(|d| u32::try_from(d.as_millis()).unwrap_or(u32::MAX)),
        request: WebhookRequest { url: row.message.url, headers: headers.into_iter().collect(), body },
        response: answer.map(|a| WebhookResponse {
            headers: a.headers.into_iter().collect(),
            body: a.body,
            is_cut: a.is_cut,
        }),
        attempt: row.number,
        delivery_id: row.message.delivery,
        outcome: row.outcome.as_deref().and_then(State::parse),
        error: row.detail,
        state: row.state,
        next_at: waits.then_some(row.due_at),
    }
}
