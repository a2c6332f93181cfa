//! Whether mail works, by evidence: a server that has taken a message for one of the default addresses, and none since then
//! that it didn't take.

use super::is_trial;
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Config;
use nightdesk_core::delivery::{Event, Kind, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::mail::is_same_address;
use nightdesk_store::{DeliveryRow, Error, Setting, Tx};
use serde::{Deserialize, Serialize};

/// A proof is written anew when it is older than this, not with each message of a storm.
const FRESH: Duration = Duration::minutes(10);

/// Mail that waited for a person for longer than this isn't sent by itself any more: its news are old.
const WAITED: Duration = Duration::hours(48);

/// How long a message may be tried before that counts as a failure: servers that don't know a sender let it wait for some
/// minutes.
const TOLERATED: Duration = Duration::minutes(10);

/// How the fallback stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is configured.
    NotConfigured,
    /// It was never tried with this server, sign-in and sender.
    Untested,
    /// It has worked.
    Proved {
        /// When it last did, to within some minutes.
        at: DateTime<Utc>,
    },
    /// It fails, whatever it did before.
    Failing {
        /// Since when.
        since: DateTime<Utc>,
        /// Why the last one failed, in words.
        error: String,
        /// When mail was last taken, if ever.
        taken: Option<DateTime<Utc>>,
    },
}

#[derive(Serialize, Deserialize)]
struct Proof {
    at: DateTime<Utc>,
    way: String,
}

/// Mail that wasn't taken, for this address last.
#[derive(Serialize, Deserialize)]
struct Failure {
    since: DateTime<Utc>,
    way: String,
    address: String,
    error: String,
}

/// How the fallback stands. A proof counts for the server, sign-in and sender that it was made with: change one, and
/// there is no fallback until mail has been taken again.
///
/// # Errors
/// The store's.
pub fn standing(tx: &Tx<'_>, config: &Config) -> Result<Standing, Error> {
    let Some(email) = &config.email else { return Ok(Standing::NotConfigured) };
    let way = email.way();
    let taken = proof(tx)?.filter(|proof| proof.way == way).map(|proof| proof.at);
    Ok(match (failure(tx, &way)?, taken) {
        (Some(Failure { since, error, .. }), taken) => Standing::Failing { since, error, taken },
        (None, Some(at)) => Standing::Proved { at },
        (None, None) => Standing::Untested,
    })
}

fn proof(tx: &Tx<'_>) -> Result<Option<Proof>, Error> {
    Ok(tx.setting(Setting::MailProved)?.and_then(|text| serde_json::from_str(&text).ok()))
}

fn failure(tx: &Tx<'_>, way: &str) -> Result<Option<Failure>, Error> {
    let stored = tx.setting(Setting::MailFails)?.and_then(|text| serde_json::from_str::<Failure>(&text).ok());
    Ok(stored.filter(|failure| failure.way == way))
}

/// A mail's attempt was settled. One that was taken is a proof, and lets what waited for somebody to repair mail out again;
/// one that wasn't takes the proof back.
pub(crate) fn settled(tx: &Tx<'_>, now: DateTime<Utc>, id: DeliveryId, state: State) -> Result<(), Error> {
    let is_taken = matches!(state, State::Accepted | State::Delivered);
    if is_taken {
        for waiting in tx.waiting_for_a_person(Kind::Email, now - WAITED)? {
            tx.change_delivery(waiting, Event::Redrive, now)?;
        }
    }
    let Some(email) = Context::load(tx)?.config.email else { return Ok(()) };
    let Some(row) = tx.delivery(id)? else { return Ok(()) };
    let way = email.way();
    let is_default = email.default.iter().any(|address| is_same_address(address, &row.destination));
    if !is_taken {
        return if is_failure(tx, &row, state, is_default)? { failed(tx, now, &row, way, is_default) } else { Ok(()) };
    }
    let failure = failure(tx, &way)?;
    if failure.as_ref().is_some_and(|f| is_default || is_same_address(&f.address, &row.destination)) {
        tx.set(Setting::MailFails, None)?;
    }
    let is_known = failure.is_none() && proof(tx)?.is_some_and(|p| p.way == way && now - p.at < FRESH && now >= p.at);
    if is_default && !is_known {
        tx.set(Setting::MailProved, Some(&serde_json::to_string(&Proof { at: now, way })?))?;
    }
    Ok(())
}

/// Whether an attempt that wasn't taken says that mail fails. A refusal concerns its address alone; everything else, the
/// server.
fn is_failure(tx: &Tx<'_>, row: &DeliveryRow, state: State, is_default: bool) -> Result<bool, Error> {
    Ok(match state {
        State::NeedsHuman | State::DeadLettered => true,
        State::Rejected => is_default,
        // Whoever tries mail is told that it didn't work; the desk mustn't claim the contrary meanwhile.
        State::Retrying if is_trial(&row.marker) => is_default,
        State::Retrying => {
            let first = tx.attempts(row.id)?.first().map(|attempt| attempt.began_at);
            first.is_some_and(|first| row.due_at - first >= TOLERATED)
        }
        _ => false,
    })
}

fn failed(tx: &Tx<'_>, now: DateTime<Utc>, row: &DeliveryRow, way: String, is_default: bool) -> Result<(), Error> {
    let before = failure(tx, &way)?;
    let error = row.last_error.clone().unwrap_or_else(|| "no reason was given".to_owned());
    let failure = match before {
        // A default address stays the one: only mail for such a one shows then that it is over.
        Some(before) => {
            Failure { address: if is_default { row.destination.clone() } else { before.address }, error, ..before }
        }
        None => Failure { since: now, way, address: row.destination.clone(), error },
    };
    tx.set(Setting::MailFails, Some(&serde_json::to_string(&failure)?))
}
