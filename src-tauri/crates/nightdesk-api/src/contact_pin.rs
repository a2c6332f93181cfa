//! Verifying a contact's number by a PIN.
//!
//! Asking for one is the engine's work ([`crate::Request::ContactVerify`]). Entering it is an edit by whoever has the
//! carrier's secret, since a PIN is never stored: seal it with [`Entered::new`] for the number that [`contact_phone`]
//! answers, then compare it with [`contact_confirm`] in one write transaction, and commit that whatever its outcome is.

use crate::error::Error;
use crate::words::{Channel, DeliveryState};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::pin::Entry;
pub use nightdesk_engine::contacts::Entered;
use nightdesk_engine::contacts::{VerificationReport, confirm, find};
use nightdesk_engine::context::Context;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A PIN to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ContactVerify {
    /// The contact.
    pub name: String,
    /// The way; `None` for the usual one.
    pub by: Option<Channel>,
}

/// A PIN that somebody entered. Not `Debug` (ND-12).
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ContactConfirm {
    /// The contact.
    pub name: String,
    /// As typed.
    pub pin: String,
}

/// What asking for a PIN came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PinSent {
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
    #[ts(type = "number | null")]
    pub delivery_id: Option<DeliveryId>,
    /// How far that is.
    #[ts(as = "Option<DeliveryState>")]
    pub state: Option<nightdesk_core::delivery::State>,
    /// Until when the PIN counts.
    pub expires_at: Option<DateTime<Utc>>,
}

impl From<VerificationReport> for PinSent {
    fn from(r: VerificationReport) -> Self {
        let VerificationReport { ok, error, name, phone, channel, delivery_id, state, expires_at } = r;
        Self { ok, error, name, phone, channel: channel.map(Channel::from), delivery_id, state, expires_at }
    }
}

/// What an entry came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PinOutcome {
    /// It was the PIN.
    Verified,
    /// It wasn't; there are tries left.
    Wrong,
    /// There were too many tries.
    Spent,
    /// The PIN's time was over.
    Expired,
    /// No PIN was sent to the number.
    NoPin,
}

/// What an entry came to, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PinEntered {
    /// Whether the number is verified now.
    pub ok: bool,
    /// What it came to.
    pub outcome: PinOutcome,
    /// The tries left, where it was wrong.
    pub left: Option<u32>,
    /// Why it is not verified, with the remedy.
    pub error: Option<String>,
    /// The contact's name.
    pub name: String,
    /// When its number was verified, now or before.
    pub verified_at: Option<DateTime<Utc>>,
}

/// The number of a contact, for which an entry is to be sealed.
///
/// # Errors
/// `NotFound`.
pub fn contact_phone(tx: &Tx<'_>, name: &str) -> Result<String, Error> {
    Ok(find(&Context::load(tx)?.config, name)?.phone.clone())
}

/// Compares an entry with the PIN under way. To be committed whatever it answers: a wrong entry counts.
///
/// # Errors
/// `NotFound`; `Conflict` where the number was changed meanwhile.
pub fn contact_confirm(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    name: &str,
    entered: &Entered,
) -> Result<PinEntered, Error> {
    let entry = confirm(tx, now, actor, name, entered)?;
    let contact = find(&Context::load(tx)?.config, name)?.clone();
    let (outcome, left, error) = match entry {
        Entry::Verified => (PinOutcome::Verified, None, None),
        Entry::Wrong { left } => {
            let tries = if left == 1 { "1 try is".to_owned() } else { format!("{left} tries are") };
            (PinOutcome::Wrong, Some(left), Some(format!("that is not the PIN; {tries} left")))
        }
        Entry::Spent => (
            PinOutcome::Spent,
            None,
            Some("that is not the PIN, and there are no tries left; ask for a new one".into()),
        ),
        Entry::Expired => (PinOutcome::Expired, None, Some("the PIN's time is over; ask for a new one".into())),
        Entry::NoPin => (PinOutcome::NoPin, None, Some("no PIN was sent to this number; ask for one first".into())),
    };
    let known = tx.contact(&contact.phone)?;
    Ok(PinEntered {
        ok: outcome == PinOutcome::Verified,
        outcome,
        left,
        error,
        name: contact.name,
        verified_at: known.and_then(|k| k.verified).map(|(at, _)| at),
    })
}
