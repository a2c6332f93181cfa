//! What becomes of an endpoint: configured, rotated, given up, enabled again, deleted.

use super::Error;
use super::message::is_test;
use crate::announce;
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::{Config, WebhookOut};
use nightdesk_core::delivery::{Event, Kind, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::ledger::{self, Draft};
use nightdesk_core::port::Exchange;
use nightdesk_core::webhook::{self, Failing, MOST_EARLIER, OVERLAP_HOURS, Post, Terms};
use nightdesk_store::{DeliveryRow, Disabled, EndpointRow, Error as Fault, Tx};
use std::collections::BTreeSet;

/// One attempt that was made.
#[derive(Debug)]
pub(crate) struct Tried {
    /// Its number.
    pub number: u32,
    /// What went over the wire, if anything did.
    pub exchange: Option<Exchange>,
}

/// What a rotation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// The generation of the secret that counts from now on.
    pub generation: u32,
    /// Until when the one before signs too.
    pub overlap_ends: DateTime<Utc>,
}

/// What enabling came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enabled {
    /// It was not disabled at all.
    pub was_enabled: bool,
    /// Messages that waited and leave now.
    pub waiting: u32,
}

/// Follows the configuration: begins endpoints that are new and deletes those that are gone. What waits for a deleted one
/// is cancelled, and the ledger says how much (ND-8).
pub(crate) fn configured(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    before: &Config,
    after: &Config,
) -> Result<(), Fault> {
    if before.webhooks_out == after.webhooks_out {
        return Ok(());
    }
    let urls = |config: &Config| config.webhooks_out.iter().map(|e| e.url.clone()).collect::<BTreeSet<_>>();
    let wanted = urls(after);
    for url in &wanted {
        tx.add_endpoint(url, now)?;
    }
    for row in tx.endpoints()?.into_iter().filter(|row| !wanted.contains(&row.url)) {
        let url = row.url.clone();
        tx.save_endpoint(&EndpointRow { deleted_at: Some(now), ..row })?;
        tx.forget_rotations(&url)?;
        let waiting = tx.unsettled_posts(&url)?;
        let n = waiting.len();
        let_go(tx, now, waiting)?;
        let text =
            format!("{actor} deleted the webhook endpoint {url}; {n} messages that waited for it were cancelled");
        tx.append(now, &Draft::new(ledger::Kind::Configured, "webhook endpoint deleted").text(text))?;
    }
    Ok(())
}

/// Ends what is meant for no endpoint any more: it was under way when its endpoint was deleted.
pub(crate) fn let_go_of_strays(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), Fault> {
    let strays = tx.stray_posts()?;
    let_go(tx, now, strays)
}

fn let_go(tx: &Tx<'_>, now: DateTime<Utc>, posts: Vec<(DeliveryId, State)>) -> Result<(), Fault> {
    for (id, state) in posts {
        if state == State::InDoubt {
            tx.change_delivery(id, Event::Refer, now)?;
        }
        tx.change_delivery(id, Event::Cancel, now)?;
    }
    Ok(())
}

/// The endpoint as configured.
pub(super) fn of<'a>(config: &'a Config, url: &str) -> Option<&'a WebhookOut> {
    config.webhooks_out.iter().find(|e| e.url == url)
}

/// The terms of an attempt that begins now; `None` where nothing may be sent there.
pub(crate) fn terms(tx: &Tx<'_>, now: DateTime<Utc>, url: &str) -> Result<Option<Terms>, Fault> {
    let Some(row) = tx.endpoint(url)?.filter(|e| e.disabled.is_none() && e.deleted_at.is_none()) else {
        return Ok(None);
    };
    let config = Context::load(tx)?.config;
    let earlier = earlier(tx, now, url)?;
    Ok(of(&config, url).map(|endpoint| Terms {
        generation: row.generation,
        earlier,
        allow_private: endpoint.allow_private,
    }))
}

/// Until when the secret from before the last rotation signs too; `None` where there was none.
pub fn overlap_ends(row: &EndpointRow) -> Option<DateTime<Utc>> {
    row.rotated_at.map(|at| at + Duration::hours(OVERLAP_HOURS))
}

/// How many secrets from before sign too: one for each rotation of the last hours.
fn earlier(tx: &Tx<'_>, now: DateTime<Utc>, url: &str) -> Result<u32, Fault> {
    tx.rotations(url, now - Duration::hours(OVERLAP_HOURS))
}

/// Draws the conclusions from an attempt, in the transaction that settles it: what is known of the endpoint, whether it
/// is given up, and that a test is over after one try.
pub(crate) fn settled(tx: &Tx<'_>, now: DateTime<Utc>, id: DeliveryId, tried: &Tried) -> Result<(), Fault> {
    let Some(delivery) = tx.delivery(id)? else { return Ok(()) };
    if let Some(exchange) = tried.exchange.as_ref().filter(|x| !x.is_unfound) {
        tx.add_exchange(id, tried.number, exchange)?;
    }
    let is_well = matches!(delivery.state, State::Accepted | State::Delivered | State::Acknowledged);
    if is_test(&delivery) && !is_well {
        let_go(tx, now, vec![(id, delivery.state)])?;
    }
    let Some(mut row) = tx.endpoint(&delivery.destination)? else { return Ok(()) };
    if row.deleted_at.is_some() {
        return let_go(tx, now, vec![(id, delivery.state)]);
    }
    row.last_at = Some(now);
    row.last_status = tried.exchange.as_ref().and_then(|x| x.answer.as_ref()).map(|a| a.status);
    row.last_error = (!is_well).then(|| delivery.last_error.clone()).flatten();
    // What never left this machine says nothing about the endpoint.
    match &tried.exchange {
        _ if is_well => row.failing = None,
        Some(x) if webhook::counts(x.is_unfound, last_reached(tx)?, interval(tx)?, now) => {
            row.failing = Some(Failing::after(row.failing, now));
        }
        Some(_) | None => {}
    }
    let is_farewell = tried.exchange.as_ref().is_some_and(|x| x.is_farewell);
    if row.disabled.is_none() {
        if is_farewell {
            give_up(tx, now, &mut row, &delivery, Disabled::Gone)?;
        } else if row.failing.is_some_and(|f| f.is_too_long(now)) {
            give_up(tx, now, &mut row, &delivery, Disabled::Failing)?;
        }
    }
    tx.save_endpoint(&row)
}

/// When Huntress was last reached, unless it wasn't the last time that it was asked.
fn last_reached(tx: &Tx<'_>) -> Result<Option<DateTime<Utc>>, Fault> {
    Ok(tx.polls(1)?.into_iter().find(|poll| poll.ok).map(|poll| poll.ended_at))
}

/// How often it is asked.
fn interval(tx: &Tx<'_>) -> Result<Duration, Fault> {
    Ok(Duration::minutes(i64::from(Context::load(tx)?.config.routing.poll_interval_minutes.clamp(1, 60))))
}

/// Whether an endpoint takes no more: it was disabled, with an alarm that says what is undelivered, or a person deleted
/// it. What was under way to it meanwhile is no news of its own.
pub(crate) fn is_closed(tx: &Tx<'_>, delivery: &DeliveryRow) -> Result<bool, Fault> {
    if delivery.kind != Kind::Webhook {
        return Ok(false);
    }
    Ok(tx.endpoint(&delivery.destination)?.is_some_and(|row| row.disabled.is_some() || row.deleted_at.is_some()))
}

const DISABLED: &str = "Tickets, pages and mail go on. See what it answered under Webhooks, or run: nightdesk webhooks";

/// Disables an endpoint for what its answer to `last`, or the lack of one, came to.
fn give_up(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    row: &mut EndpointRow,
    last: &DeliveryRow,
    why: Disabled,
) -> Result<(), Fault> {
    row.disabled = Some((now, why));
    let url = &row.url;
    let because = match why {
        Disabled::Gone => "it answered that it wants no more",
        Disabled::Failing => "it has failed for five days",
    };
    let undelivered = undelivered(last, tx.open_posts(url)?);
    let text = format!(
        "The webhook endpoint {url} was disabled: {because}.{undelivered} What is for it waits until it is enabled"
    );
    tracing::error!(why = why.word(), "a webhook endpoint was disabled");
    tx.append(now, &Draft::new(ledger::Kind::Alarm, "webhook endpoint disabled").text(&text))?;
    announce::alarm(tx, now, &format!("webhook-disabled:{url}:{}", now.timestamp_millis()), &text, DISABLED)
}

/// A sentence on what the endpoint hasn't got; nothing where it has got everything. A message that ended with it must be
/// named: it doesn't leave by itself when the endpoint is enabled.
fn undelivered(last: &DeliveryRow, open: u32) -> String {
    let ended = matches!(last.state, State::Rejected | State::DeadLettered | State::NeedsHuman) && !is_test(last);
    let post = serde_json::from_str::<Post>(&last.payload).ok().filter(|_| ended);
    match (post, open) {
        (None, 0) => String::new(),
        (None, n) => format!(" Undelivered: {n} under way or waiting."),
        (Some(post), 0) => format!(" Undelivered: {} {}, to be sent again by hand.", post.event_type, post.id),
        (Some(post), n) => {
            format!(
                " Undelivered: {} {}, to be sent again by hand, and {n} under way or waiting.",
                post.event_type, post.id
            )
        }
    }
}

/// Makes a new secret. The one before signs too for a day, so that the consumer can be changed in between; so does each
/// from before that, until its own day is over.
///
/// # Errors
/// [`Error::Unknown`]; [`Error::Rotated`] where too many would sign.
pub fn rotate(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, url: &str) -> Result<Rotated, Error> {
    let row = super::message::endpoint(tx, url)?;
    if earlier(tx, now, &row.url)? >= MOST_EARLIER {
        return Err(Error::Rotated { url: row.url });
    }
    let row = EndpointRow { generation: row.generation + 1, rotated_at: Some(now), ..row };
    tx.save_endpoint(&row)?;
    tx.add_rotation(&row.url, now, now - Duration::hours(OVERLAP_HOURS))?;
    let text = format!("{actor} rotated the signing secret of {}", row.url);
    tx.append(now, &Draft::new(ledger::Kind::Configured, "webhook secret rotated").text(text))?;
    Ok(Rotated { generation: row.generation, overlap_ends: now + Duration::hours(OVERLAP_HOURS) })
}

/// Sends to an endpoint again that was given up: what waited for it leaves by its schedule.
///
/// # Errors
/// [`Error::Unknown`].
pub fn enable(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, url: &str) -> Result<Enabled, Error> {
    let row = super::message::endpoint(tx, url)?;
    let waiting = u32::try_from(tx.unsettled_posts(&row.url)?.len()).unwrap_or(u32::MAX);
    if row.disabled.is_none() {
        return Ok(Enabled { was_enabled: true, waiting });
    }
    let row = EndpointRow { disabled: None, failing: None, ..row };
    tx.save_endpoint(&row)?;
    // The dispatcher looks at the outbox when that changes.
    tx.touch(nightdesk_store::Topic::Outbox);
    let text = format!("{actor} enabled the webhook endpoint {} again; {waiting} messages wait for it", row.url);
    tx.append(now, &Draft::new(ledger::Kind::Configured, "webhook endpoint enabled").text(text))?;
    Ok(Enabled { was_enabled: false, waiting })
}
