//! What asking for a PIN came to, and the whole of it for a command without an engine.

use super::verification::let_go;
use super::{Drawn, Error, Started, find, start_verification};
use crate::context::Context;
use crate::db::Db;
use crate::dispatcher;
use chrono::{DateTime, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_core::config::Channel;
use nightdesk_core::delivery::State;
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::port::{Carrier, Sender};
use nightdesk_store::Tx;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What came of asking for a PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationReport {
    /// Whether the carrier took it.
    pub ok: bool,
    /// Why not, or not yet, in words.
    pub error: Option<String>,
    /// The contact's name.
    pub name: String,
    /// The number that it went to.
    pub phone: Option<String>,
    /// How it went.
    pub channel: Option<Channel>,
    /// Its delivery.
    pub delivery_id: Option<DeliveryId>,
    /// How far that is.
    pub state: Option<State>,
    /// Until when the PIN counts.
    pub expires_at: Option<DateTime<Utc>>,
}

impl VerificationReport {
    /// Nothing was sent.
    pub fn refused(name: &str, error: &Error) -> Self {
        Self {
            ok: false,
            error: Some(error.to_string()),
            name: name.to_owned(),
            phone: None,
            channel: None,
            delivery_id: None,
            state: None,
            expires_at: None,
        }
    }

    /// How far it is.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn of(tx: &Tx<'_>, started: &Started) -> Result<Self, nightdesk_store::Error> {
        let row = tx.delivery(started.delivery)?;
        let state = row.as_ref().map(|r| r.state);
        let ok = state.is_some_and(is_with_the_carrier);
        let error = match (ok, row) {
            (true, _) => None,
            (false, Some(row)) => row.last_error.or_else(|| Some(unsent(row.state).to_owned())),
            (false, None) => Some("it was not sent".to_owned()),
        };
        Ok(Self {
            ok,
            error,
            name: started.name.clone(),
            phone: Some(started.phone.clone()),
            channel: Some(started.channel),
            delivery_id: Some(started.delivery),
            state,
            expires_at: Some(started.expires_at),
        })
    }

    /// Whether more will be known by waiting.
    pub(super) fn is_final(&self) -> bool {
        !self.state.is_some_and(may_still_leave)
    }
}

/// Why the newest PIN to a number never reached it, in words: it wasn't sent, or the carrier took it and told of its end
/// later. `None` while it may still be read or heard.
///
/// # Errors
/// The store's.
pub fn pin_failed(tx: &Tx<'_>, phone: &str) -> Result<Option<String>, nightdesk_store::Error> {
    let row = tx.newest_pin_delivery(phone)?;
    let row = row.filter(|row| !is_with_the_carrier(row.state) && !may_still_leave(row.state));
    Ok(row.map(|row| row.last_error.unwrap_or_else(|| unsent(row.state).to_owned())))
}

fn is_with_the_carrier(state: State) -> bool {
    matches!(state, State::Accepted | State::Delivered | State::Acknowledged)
}

fn may_still_leave(state: State) -> bool {
    matches!(state, State::Queued | State::Claimed | State::Sending | State::Retrying | State::InDoubt)
}

fn unsent(state: State) -> &'static str {
    match state {
        State::Superseded => "a newer PIN took its place",
        State::Expired => "it could not be sent in time; ask for a new one",
        State::Queued | State::Claimed | State::Sending | State::Retrying => "it has not been sent yet",
        State::InDoubt => "nobody knows whether it was sent; it is looked into",
        _ => "it was not sent",
    }
}

/// Finds the number, draws a PIN for it outside of any transaction, and queues it.
pub(super) async fn start(
    db: &Db,
    now: DateTime<Utc>,
    carrier: &Arc<dyn Carrier>,
    name: &str,
    channel: Option<Channel>,
    cause: &str,
) -> Result<Started, Error> {
    let asked = name.to_owned();
    let phone = db.read(move |tx| Ok::<_, Error>(find(&Context::load(tx)?.config, &asked)?.phone.clone())).await?;
    let carrier = carrier.clone();
    let mut random = [0_u8; 16];
    let no_random = |e| nightdesk_store::Error::Io(format!("no PIN could be drawn: {e}"));
    OsRng.try_fill_bytes(&mut random).map_err(no_random)?;
    let drawn = tokio::task::spawn_blocking(move || Drawn::new(carrier.as_ref(), &phone, random));
    let drawn = drawn.await.map_err(|e| nightdesk_store::Error::Io(format!("no PIN could be drawn: {e}")))??;
    let (name, cause) = (name.to_owned(), cause.to_owned());
    db.write(move |tx| start_verification(tx, now, &name, channel, &drawn, &cause)).await
}

/// The whole of it where no engine runs: the PIN is queued, tried once, and its outcome told. The caller holds the
/// directory's lock and has taken the sender's duty, which `epoch` proves. What is then not sent yet waits for an engine,
/// at the longest for as long as the PIN counts.
///
/// # Errors
/// The store's; everything else is in the report.
#[allow(clippy::too_many_arguments)] // what a command without an engine has, each once
pub async fn verify_alone(
    db: &Db,
    clock: &Arc<dyn Clock>,
    carrier: &Arc<dyn Carrier>,
    senders: &[Arc<dyn Sender>],
    owner: &str,
    epoch: i64,
    name: &str,
    channel: Option<Channel>,
) -> Result<VerificationReport, nightdesk_store::Error> {
    let now = clock.now();
    let cause = format!("command {owner} {}", now.timestamp_millis());
    let started = match start(db, now, carrier, name, channel, &cause).await {
        Ok(started) => started,
        Err(Error::Store(error)) => return Err(error),
        Err(error) => return Ok(VerificationReport::refused(name, &error)),
    };
    dispatcher::once(db, clock, senders, owner, epoch, &cause).await?;
    let now = clock.now();
    db.write(move |tx| {
        let report = VerificationReport::of(tx, &started)?;
        let_go(tx, now, started.delivery)?;
        Ok(report)
    })
    .await
}
