//! Messages that a person asks for: a test, or one sent again.

use super::Error;
use super::endpoint::of;
use crate::context::Context;
use crate::desk::Listed;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::delivery::{Kind, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::webhook::{Event, EventType, KEPT_DAYS, Post, test_data};
use nightdesk_store::{DeliveryRow, EndpointRow, MessageRow, NewDelivery, Tx};

/// What the mark of a test's delivery begins with.
const TEST: &str = "webhook-test:";

/// A test is of no use later: nobody waits for it any more.
const TEST_MINUTES: i64 = 2;

/// A message that was queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Its delivery.
    pub delivery: DeliveryId,
    /// Its id.
    pub message_id: String,
    /// Where it goes.
    pub url: String,
}

/// Whether a delivery is a test, which is tried once and whose failure is nobody's alarm.
pub(crate) fn is_test(row: &DeliveryRow) -> bool {
    row.marker.starts_with(TEST)
}

/// The endpoint that a person means: by its address as it is configured, or as it would be normalised.
///
/// # Errors
/// [`Error::Unknown`] with those there are.
pub fn find(tx: &Tx<'_>, url: &str) -> Result<EndpointRow, Error> {
    let config = Context::load(tx)?.config;
    let loosely = |url: &str| url.trim().trim_end_matches('/').to_lowercase();
    let exact = of(&config, url.trim());
    let found = exact.or_else(|| config.webhooks_out.iter().find(|e| loosely(&e.url) == loosely(url)));
    let unknown = || Error::Unknown {
        url: url.to_owned(),
        known: Listed(config.webhooks_out.iter().map(|e| e.url.clone()).collect()),
    };
    let url = &found.ok_or_else(unknown)?.url;
    tx.endpoint(url)?.filter(|e| e.deleted_at.is_none()).ok_or_else(unknown)
}

pub(super) fn endpoint(tx: &Tx<'_>, url: &str) -> Result<EndpointRow, Error> {
    find(tx, url)
}

fn open_endpoint(tx: &Tx<'_>, url: &str) -> Result<EndpointRow, Error> {
    let row = find(tx, url)?;
    match row.disabled {
        Some((since, _)) => Err(Error::Disabled { url: row.url, since }),
        None => Ok(row),
    }
}

/// Queues a test message, which leaves at once and is tried once. `cause` ties it to a command that sends it itself.
///
/// # Errors
/// [`Error::Unknown`], [`Error::Disabled`].
pub fn test(tx: &Tx<'_>, now: DateTime<Utc>, url: &str, cause: Option<&str>) -> Result<Queued, Error> {
    let url = open_endpoint(tx, url)?.url;
    let event = Event::new(EventType::Test, now, test_data(&url));
    // Counted up, so that two tests within a millisecond are two.
    let marker = format!("{TEST}{}:{}:{url}", now.timestamp_millis(), tx.newest_delivery()?);
    let post = event.outgoing(&marker, &url);
    let new = NewDelivery {
        kind: Kind::Webhook,
        destination: url.clone(),
        marker,
        payload: serde_json::to_value(&post).map_err(nightdesk_store::Error::from)?,
        due_at: now,
        expires_at: Some(now + Duration::minutes(TEST_MINUTES)),
        incident: None,
        ticket: None,
        fallback_of: None,
        cause: cause.map(str::to_owned),
    };
    queue(tx, now, &new, &post, &url)?.ok_or(Error::NoMessage(post.id))
}

/// Queues a message again under its own id, so that its consumer knows it. The new delivery takes the place of one that
/// waits, or that ended badly and is nobody's trouble any more.
///
/// # Errors
/// [`Error::NoMessage`], [`Error::Deleted`], [`Error::Disabled`]; [`Error::Leaving`] for one that is under way.
pub fn resend(tx: &Tx<'_>, now: DateTime<Utc>, message_id: &str, cause: Option<&str>) -> Result<Queued, Error> {
    let sent = tx.message(message_id.trim())?;
    let unknown = || Error::NoMessage(message_id.to_owned());
    let last = sent.first().ok_or_else(unknown)?;
    let row = tx.delivery(last.delivery)?.ok_or_else(unknown)?;
    let url = match open_endpoint(tx, &last.url) {
        Err(Error::Unknown { url, .. }) => return Err(Error::Deleted { message: last.message_id.clone(), url }),
        other => other?.url,
    };
    replace(tx, now, &row)?.ok_or_else(|| Error::Leaving(last.message_id.clone()))?;
    let post: Post = serde_json::from_str(&row.payload).map_err(nightdesk_store::Error::from)?;
    let is_test = is_test(&row);
    let n = sent.len();
    let kept = if is_test { Duration::minutes(TEST_MINUTES) } else { Duration::days(KEPT_DAYS) };
    let new = NewDelivery {
        kind: Kind::Webhook,
        destination: url.clone(),
        // Of a test it stays a test.
        marker: format!("{}webhook-again:{n}:{}", if is_test { TEST } else { "" }, last.message_id),
        payload: serde_json::to_value(&post).map_err(nightdesk_store::Error::from)?,
        due_at: now,
        expires_at: Some(now + kept),
        incident: row.incident,
        ticket: row.ticket,
        fallback_of: None,
        cause: cause.map(str::to_owned),
    };
    queue(tx, now, &new, &post, &url)?.ok_or_else(unknown)
}

/// Ends a delivery whose place another one takes; `None` where it is just leaving.
fn replace(tx: &Tx<'_>, now: DateTime<Utc>, row: &DeliveryRow) -> Result<Option<()>, nightdesk_store::Error> {
    use nightdesk_core::delivery::Event as E;
    let steps: &[E] = match row.state {
        State::Claimed | State::Sending => return Ok(None),
        State::Queued | State::Retrying => &[E::Supersede],
        State::InDoubt => &[E::Refer, E::Supersede],
        State::NeedsHuman | State::DeadLettered | State::Rejected => &[E::Cancel],
        _ => &[],
    };
    for step in steps {
        // It was claimed in this very moment.
        if tx.change_delivery(row.id, *step, now)?.is_none() {
            return Ok(None);
        }
    }
    Ok(Some(()))
}

/// Queues a message; `None` where its mark is queued or sent already.
pub(super) fn queue(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    new: &NewDelivery,
    post: &Post,
    url: &str,
) -> Result<Option<Queued>, nightdesk_store::Error> {
    let Some(delivery) = tx.queue(now, new)? else { return Ok(None) };
    let (message_id, url) = (post.id.clone(), url.to_owned());
    let row =
        MessageRow { delivery, message_id: message_id.clone(), url: url.clone(), event_type: post.event_type.clone() };
    tx.add_message(&row)?;
    Ok(Some(Queued { delivery, message_id, url }))
}
