//! Whether mail works, by evidence: a server that has taken a message for a default address, and none since then that it
//! didn't take. What was seen with one address says nothing of another.

use super::is_trial;
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::{Config, Email};
use nightdesk_core::delivery::{Event, Kind, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::mail::is_same_address;
use nightdesk_store::{DeliveryRow, Error, Setting, Tx};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// It was never tried with this server, sign-in and sender for any of the default addresses.
    Untested,
    /// It has worked.
    Proved {
        /// When it last did, to within some minutes.
        at: DateTime<Utc>,
        /// The default addresses for which it wasn't seen to.
        unproved: Vec<Unproved>,
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

/// A default address of which it isn't known that mail for it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproved {
    /// The address.
    pub address: String,
    /// The server's words, where it has refused the address since it last took mail for it.
    pub refused: Option<String>,
}

/// What was seen with a server, sign-in and sender, by address.
#[derive(Default, Serialize, Deserialize)]
struct Proof {
    way: String,
    /// When mail was last taken.
    #[serde(default)]
    taken: BTreeMap<String, DateTime<Utc>>,
    /// Who was refused last.
    #[serde(default)]
    refused: BTreeMap<String, Refusal>,
}

#[derive(Serialize, Deserialize)]
struct Refusal {
    since: DateTime<Utc>,
    error: String,
}

/// Mail that the server takes for nobody, for this address last.
#[derive(Serialize, Deserialize)]
struct Failure {
    since: DateTime<Utc>,
    way: String,
    address: String,
    error: String,
}

/// How the fallback stands. A proof counts for the server, sign-in and sender that it was made with, and for the address:
/// change one, and there is no such fallback until mail has been taken again.
///
/// # Errors
/// The store's.
pub fn standing(tx: &Tx<'_>, config: &Config) -> Result<Standing, Error> {
    let Some(email) = &config.email else { return Ok(Standing::NotConfigured) };
    let way = email.way();
    let Proof { taken, mut refused, .. } = proof(tx, &way)?;
    let default: Vec<String> = email.addresses(None).into_iter().map(str::to_lowercase).collect();
    let last = default.iter().filter_map(|address| taken.get(address)).max().copied();
    if let Some(Failure { since, error, .. }) = failure(tx, &way)? {
        return Ok(Standing::Failing { since, error, taken: last });
    }
    refused.retain(|address, _| default.contains(address));
    let Some(at) = last else {
        let first = refused.into_values().min_by_key(|refusal| refusal.since);
        return Ok(first.map_or(Standing::Untested, |r| Standing::Failing {
            since: r.since,
            error: r.error,
            taken: None,
        }));
    };
    let unproved = default.into_iter().filter(|address| !taken.contains_key(address));
    let unproved =
        unproved.map(|address| Unproved { refused: refused.remove(&address).map(|refusal| refusal.error), address });
    Ok(Standing::Proved { at, unproved: unproved.collect() })
}

/// What was seen this way; nothing where it was another way.
fn proof(tx: &Tx<'_>, way: &str) -> Result<Proof, Error> {
    let stored = tx.setting(Setting::MailProved)?.and_then(|text| serde_json::from_str::<Proof>(&text).ok());
    Ok(stored.filter(|p| p.way == way).unwrap_or_else(|| Proof { way: way.to_owned(), ..Proof::default() }))
}

/// Keeps what was seen, of addresses that still count.
fn keep(tx: &Tx<'_>, email: &Email, mut proof: Proof) -> Result<(), Error> {
    let counts = |address: &String| email.default.iter().any(|default| is_same_address(default, address));
    proof.taken.retain(|address, _| counts(address));
    proof.refused.retain(|address, _| counts(address));
    tx.set(Setting::MailProved, Some(&serde_json::to_string(&proof)?))
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
    let address = row.destination.to_lowercase();
    // A refusal concerns its address alone; everything else, the server.
    if state == State::Rejected && is_default {
        let mut proof = proof(tx, &way)?;
        proof.taken.remove(&address);
        let since = proof.refused.get(&address).map_or(now, |before| before.since);
        proof.refused.insert(address, Refusal { since, error: why(&row) });
        return keep(tx, &email, proof);
    }
    if !is_taken {
        return if is_failure(tx, &row, state, is_default)? { failed(tx, now, &row, way, is_default) } else { Ok(()) };
    }
    let failure = failure(tx, &way)?;
    if failure.as_ref().is_some_and(|f| is_default || is_same_address(&f.address, &row.destination)) {
        tx.set(Setting::MailFails, None)?;
    }
    let mut proof = proof(tx, &way)?;
    let is_known = failure.is_none() && proof.taken.get(&address).is_some_and(|at| now - *at < FRESH && now >= *at);
    if is_default && !is_known {
        proof.refused.remove(&address);
        proof.taken.insert(address, now);
        keep(tx, &email, proof)?;
    }
    Ok(())
}

/// Whether an attempt that wasn't taken says that the server takes nothing.
fn is_failure(tx: &Tx<'_>, row: &DeliveryRow, state: State, is_default: bool) -> Result<bool, Error> {
    Ok(match state {
        State::NeedsHuman | State::DeadLettered => true,
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
    let error = why(row);
    let failure = match before {
        // A default address stays the one: only mail for such a one shows then that it is over.
        Some(before) => {
            Failure { address: if is_default { row.destination.clone() } else { before.address }, error, ..before }
        }
        None => Failure { since: now, way, address: row.destination.clone(), error },
    };
    tx.set(Setting::MailFails, Some(&serde_json::to_string(&failure)?))
}

fn why(row: &DeliveryRow) -> String {
    row.last_error.clone().unwrap_or_else(|| "no reason was given".to_owned())
}
