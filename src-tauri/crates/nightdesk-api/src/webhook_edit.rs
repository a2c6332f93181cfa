//! What a person does with endpoints: adds, changes and deletes them, rotates a secret, tries one, sends a message again.

use crate::config_file::{self, Used};
use crate::error::Error;
use crate::webhook_out::{Webhook, WebhookAttempt, last_attempt, webhooks};
use crate::words::WebhookCategory;
use chrono::{DateTime, Utc};
use nightdesk_core::config::{Category, Config, WebhookOut};
use nightdesk_core::delivery::State;
use nightdesk_core::ids::DeliveryId;
use nightdesk_engine::{configure, hooks};
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What to do with one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WebhookSet {
    /// The endpoint's present address; `None` adds one.
    pub url: Option<String>,
    /// What it shall be; `None` deletes it, and cancels what waits for it. Another address is another endpoint, with
    /// another secret.
    pub endpoint: Option<WebhookDraft>,
    /// Refused where another revision is in force by now.
    #[ts(type = "number | null")]
    pub if_revision: Option<i64>,
}

/// An endpoint as a form edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WebhookDraft {
    /// https, or with `allow_private` http to an address inside.
    pub url: String,
    /// What it is told of.
    #[ts(as = "Vec<WebhookCategory>")]
    pub categories: Vec<Category>,
    /// Whether it may be on a private or loopback address.
    pub allow_private: bool,
}

/// An endpoint by its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WebhookAsked {
    /// The address.
    pub url: String,
}

/// A message by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WebhookMessageAsked {
    /// The id.
    pub message_id: String,
}

/// An endpoint's signing secret, for whoever asked to see it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WebhookSecret {
    /// `whsec_…`
    pub secret: String,
}

/// A message that was queued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WebhookQueued {
    /// Its delivery.
    #[ts(type = "number")]
    pub delivery_id: DeliveryId,
    /// Its id.
    pub message_id: String,
    /// Where it goes.
    pub url: String,
}

/// What came of a message that somebody waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WebhookTried {
    /// Whether the endpoint took it.
    pub ok: bool,
    /// Whether this is its outcome, rather than how far it is.
    pub is_final: bool,
    /// The message's id.
    pub message_id: String,
    /// The endpoint.
    pub url: String,
    /// The HTTP status that was answered.
    pub status: Option<u16>,
    /// How long it took.
    pub duration_ms: Option<u32>,
    /// What was wrong, in words.
    pub error: Option<String>,
    /// The last attempt, once there is one.
    pub attempt: Option<WebhookAttempt>,
}

/// What a rotation came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WebhookRotated {
    /// The endpoint.
    pub url: String,
    /// Until when the old secret signs too.
    pub overlap_ends_at: DateTime<Utc>,
}

/// What enabling came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WebhookEnabled {
    /// The endpoint.
    pub url: String,
    /// It was not disabled at all.
    pub was_enabled: bool,
    /// Messages that waited and leave now.
    pub waiting: u32,
}

/// The secret is no part of a debug print (ND-12).
impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

/// Adds, changes or deletes one endpoint; answers all of them.
///
/// # Errors
/// `NotFound` for an address that no endpoint has; `Conflict` for a stale base; `InvalidInput` with every problem. Nothing
/// may then be committed.
pub fn webhook_set(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, asked: &WebhookSet) -> Result<Vec<Webhook>, Error> {
    let (before, revision) = configure::current(tx)?;
    if asked.if_revision.is_some_and(|r| r != revision) {
        return Err(Error::conflict(
            "somebody changed the configuration meanwhile; nothing was changed. Look at the endpoints and try again",
        ));
    }
    let endpoints = changed(tx, &before, asked)?;
    let text = match config_file::render_webhooks_out(&endpoints) {
        none if none.is_empty() => "webhook_out = []".to_owned(),
        some => some,
    };
    let draft = config_file::parse(&text, &before, &Used::default(), false).map_err(|mut problems| {
        problems.iter_mut().for_each(|p| p.line = None);
        Error::problems("the endpoint is not valid and nothing was changed", problems)
    })?;
    configure::apply(tx, now, actor, &draft.config, false, None)?;
    webhooks(tx, now)
}

fn changed(tx: &Tx<'_>, before: &Config, asked: &WebhookSet) -> Result<Vec<WebhookOut>, Error> {
    let mut endpoints = before.webhooks_out.clone();
    let place = match asked.url.as_deref() {
        None => endpoints.len(),
        Some(url) => {
            let url = hooks::find(tx, url)?.url;
            let at = endpoints.iter().position(|e| e.url == url).unwrap_or(endpoints.len());
            endpoints.retain(|e| e.url != url);
            at
        }
    };
    match &asked.endpoint {
        Some(draft) => endpoints.insert(place.min(endpoints.len()), draft.to_endpoint()),
        None if asked.url.is_none() => {
            return Err(Error::invalid("name the endpoint to delete, or say what the new one shall be"));
        }
        None => {}
    }
    Ok(endpoints)
}

impl WebhookDraft {
    /// As an endpoint, unchecked.
    fn to_endpoint(&self) -> WebhookOut {
        let categories = self.categories.clone();
        WebhookOut { url: self.url.trim().to_owned(), categories, allow_private: self.allow_private }
    }
}

/// How many messages wait for an endpoint: deleting it cancels them.
///
/// # Errors
/// `NotFound`.
pub fn webhook_waiting(tx: &Tx<'_>, url: &str) -> Result<u32, Error> {
    let url = hooks::find(tx, url)?.url;
    Ok(tx.posts_waiting()?.into_iter().find(|(of, _)| *of == url).map_or(0, |(_, n)| n))
}

/// Deletes an endpoint; answers those that are left.
///
/// # Errors
/// As [`webhook_set`].
pub fn webhook_delete(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, url: &str) -> Result<Vec<Webhook>, Error> {
    webhook_set(tx, now, actor, &WebhookSet { url: Some(url.to_owned()), endpoint: None, if_revision: None })
}

/// Makes a new signing secret for an endpoint; each old one signs too for a day from when it was replaced.
///
/// # Errors
/// `NotFound`; `Conflict` where so many sign already that a consumer might not read them.
pub fn webhook_rotate(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, url: &str) -> Result<WebhookRotated, Error> {
    let url = hooks::find(tx, url)?.url;
    let rotated = hooks::rotate(tx, now, actor, &url)?;
    Ok(WebhookRotated { url, overlap_ends_at: rotated.overlap_ends })
}

/// Sends to an endpoint again that was disabled.
///
/// # Errors
/// `NotFound`.
pub fn webhook_enable(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, url: &str) -> Result<WebhookEnabled, Error> {
    let url = hooks::find(tx, url)?.url;
    let done = hooks::enable(tx, now, actor, &url)?;
    Ok(WebhookEnabled { url, was_enabled: done.was_enabled, waiting: done.waiting })
}

/// What an endpoint's secret is derived by: its address as it is kept, and the generation that counts now.
///
/// # Errors
/// `NotFound`.
pub fn webhook_generation(tx: &Tx<'_>, url: &str) -> Result<(String, u32), Error> {
    let row = hooks::find(tx, url)?;
    Ok((row.url, row.generation))
}

/// Queues a test message, which is tried once. `cause` ties it to a command that sends it itself.
///
/// # Errors
/// `NotFound`; `Conflict` for a disabled endpoint.
pub fn webhook_test(tx: &Tx<'_>, now: DateTime<Utc>, url: &str, cause: Option<&str>) -> Result<WebhookQueued, Error> {
    Ok(hooks::test(tx, now, url, cause)?.into())
}

/// Queues a message again, under its own id.
///
/// # Errors
/// `NotFound`; `Conflict` where its endpoint is disabled or deleted, or it is just being sent.
pub fn webhook_resend(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    message_id: &str,
    cause: Option<&str>,
) -> Result<WebhookQueued, Error> {
    Ok(hooks::resend(tx, now, message_id, cause)?.into())
}

impl From<hooks::Queued> for WebhookQueued {
    fn from(queued: hooks::Queued) -> Self {
        Self { delivery_id: queued.delivery, message_id: queued.message_id, url: queued.url }
    }
}

/// How far a queued message is. Its first attempt's outcome is final for whoever waits: what comes after takes minutes.
///
/// # Errors
/// `NotFound` where the delivery is gone.
pub fn webhook_tried(tx: &Tx<'_>, queued: &WebhookQueued) -> Result<WebhookTried, Error> {
    let gone = || Error::not_found("the message is gone");
    let row = tx.delivery(queued.delivery_id)?.ok_or_else(gone)?;
    let attempt = last_attempt(tx, &queued.url, queued.delivery_id)?;
    let ok = matches!(row.state, State::Accepted | State::Delivered | State::Acknowledged);
    let is_over = !matches!(row.state, State::Queued | State::Claimed | State::Sending);
    let ended = attempt.as_ref().is_some_and(|a| a.outcome.is_some());
    Ok(WebhookTried {
        ok,
        is_final: is_over || ended,
        message_id: queued.message_id.clone(),
        url: queued.url.clone(),
        status: attempt.as_ref().and_then(|a| a.status),
        duration_ms: attempt.as_ref().and_then(|a| a.duration_ms),
        error: if ok { None } else { row.last_error },
        attempt,
    })
}
