//! Whether mail works, by evidence: a server that has taken a message for one of the default addresses.

use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Config;
use nightdesk_core::delivery::{Event, Kind, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::mail::is_same_address;
use nightdesk_store::{Error, Setting, Tx};
use serde::{Deserialize, Serialize};

/// A proof is written anew when it is older than this, not with each message of a storm.
const FRESH: Duration = Duration::minutes(10);

/// Mail that waited for a person for longer than this isn't sent by itself any more: its news are old.
const WAITED: Duration = Duration::hours(24);

/// How the fallback stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
}

#[derive(Serialize, Deserialize)]
struct Proof {
    at: DateTime<Utc>,
    way: String,
}

/// How the fallback stands. A proof counts for the server, sign-in and sender that it was made with: change one, and
/// there is no fallback until mail has been taken again.
///
/// # Errors
/// The store's.
pub fn standing(tx: &Tx<'_>, config: &Config) -> Result<Standing, Error> {
    let Some(email) = &config.email else { return Ok(Standing::NotConfigured) };
    Ok(match proof(tx)? {
        Some(proof) if proof.way == email.way() => Standing::Proved { at: proof.at },
        _ => Standing::Untested,
    })
}

fn proof(tx: &Tx<'_>) -> Result<Option<Proof>, Error> {
    Ok(tx.setting(Setting::MailProved)?.and_then(|text| serde_json::from_str(&text).ok()))
}

/// A mail's attempt was settled. One that was taken is a proof, and lets what waited for somebody to repair mail out again.
pub(crate) fn settled(tx: &Tx<'_>, now: DateTime<Utc>, id: DeliveryId, state: State) -> Result<(), Error> {
    if !matches!(state, State::Accepted | State::Delivered) {
        return Ok(());
    }
    for waiting in tx.waiting_for_a_person(Kind::Email, now - WAITED)? {
        tx.change_delivery(waiting, Event::Redrive, now)?;
    }
    let Some(email) = Context::load(tx)?.config.email else { return Ok(()) };
    let Some(row) = tx.delivery(id)? else { return Ok(()) };
    let way = email.way();
    let is_known = proof(tx)?.is_some_and(|p| p.way == way && now - p.at < FRESH && now >= p.at);
    let is_default = email.default.iter().any(|address| is_same_address(address, &row.destination));
    if is_default && !is_known {
        tx.set(Setting::MailProved, Some(&serde_json::to_string(&Proof { at: now, way })?))?;
    }
    Ok(())
}
