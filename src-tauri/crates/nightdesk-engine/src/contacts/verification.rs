//! A PIN from its drawing to what somebody enters.
//!
//! What is kept of it (ND-12): its keyed hash, under a key that comes from the carrier's secret and is never stored
//! beside it; and, since the outbox must be able to send what it has promised, the text or speech of the one delivery
//! that brings it. That payload is blanked by the very update that ends the delivery (`nightdesk_store`'s outbox, by the
//! marker's `pin:`), at the latest after the PIN's ten minutes, and a delivery without its payload can't be sent again.
//! The store overwrites what is blanked instead of leaving it in a page's free space; the write-ahead log may hold it
//! until it is next emptied, by when the PIN counts no more or has been used. No log line, error or request holds a PIN.

use super::{Error, find, way};
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Channel;
use nightdesk_core::delivery::{Event, Kind, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::ledger::{self, Draft};
use nightdesk_core::pin::{self, Entry, Pin, SENDS_MINUTES, Seal, Sealed};
use nightdesk_core::port::{Carrier, CarrierError};
use nightdesk_store::{ContactRow, NewDelivery, PIN_MARKER, Tx};

/// A PIN for one number with its seal. Drawn outside of any transaction, since sealing may ask the keychain.
pub struct Drawn {
    phone: String,
    pin: Pin,
    seal: Seal,
}

impl Drawn {
    /// Draws one; `random` is the operating system's.
    ///
    /// # Errors
    /// The carrier's: without its secret there is no key.
    pub fn new(carrier: &dyn Carrier, phone: &str, random: [u8; 16]) -> Result<Self, CarrierError> {
        let pin = Pin::draw(random);
        let seal = carrier.seal(&pin.to_seal(phone))?;
        Ok(Self { phone: phone.to_owned(), pin, seal })
    }
}

/// What somebody entered for a number, sealed. Likewise made outside of any transaction.
pub struct Entered {
    phone: String,
    seal: Seal,
}

impl Entered {
    /// Seals an entry.
    ///
    /// # Errors
    /// [`Error::NotAPin`] for what has not six digits; the carrier's.
    pub fn new(carrier: &dyn Carrier, phone: &str, typed: &str) -> Result<Self, Error> {
        let pin = Pin::read(typed).ok_or(Error::NotAPin)?;
        Ok(Self { phone: phone.to_owned(), seal: carrier.seal(&pin.to_seal(phone))? })
    }
}

/// A verification under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The contact's name, as configured.
    pub name: String,
    /// The number.
    pub phone: String,
    /// How the PIN goes out.
    pub channel: Channel,
    /// The delivery that brings it.
    pub delivery: DeliveryId,
    /// Until when it counts.
    pub expires_at: DateTime<Utc>,
}

/// Stores the PIN's hash and queues the delivery that brings it. `cause` is the request or command that asked: asking
/// again with the same one, as an engine does that takes over after a crash, sends nothing more.
///
/// # Errors
/// Where there is no such contact, no carrier, no such way, or too many were sent.
pub fn start_verification(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    name: &str,
    asked: Option<Channel>,
    drawn: &Drawn,
    cause: &str,
) -> Result<Started, Error> {
    let config = Context::load(tx)?.config;
    let contact = find(&config, name)?;
    if !config.paging.is_set_up() {
        return Err(CarrierError::NotConfigured.into());
    }
    if contact.phone != drawn.phone {
        return Err(Error::Changed { name: contact.name.clone() });
    }
    let phone = contact.phone.as_str();
    let known = tx.contact(phone)?.unwrap_or_else(|| ContactRow::unknown(phone));
    let channel = way(contact, &known, asked)?;
    let started = |delivery, expires_at| Started {
        name: contact.name.clone(),
        phone: phone.to_owned(),
        channel,
        delivery,
        expires_at,
    };
    let marker = format!("{PIN_MARKER}{cause}");
    if let Some(delivery) = tx.delivery_by_marker(&marker)? {
        return Ok(started(delivery, tx.pin(phone)?.map_or(now, |p| p.expires_at)));
    }
    let since = now - Duration::minutes(SENDS_MINUTES);
    pin::may_send(&tx.pin_sendings(phone, since)?, now).map_err(|next| Error::TooMany { next })?;
    // One that still waits would arrive after this one and be wrong; one that failed needs nobody's eyes any more.
    for earlier in tx.pins_left_over(phone)? {
        let superseded = tx.change_delivery(earlier, Event::Supersede, now)?;
        if superseded.is_none() {
            tx.change_delivery(earlier, Event::Cancel, now)?;
        }
    }
    let sealed = Sealed::new(drawn.seal, now);
    let (kind, payload) = match channel {
        Channel::Sms => (Kind::Sms, serde_json::to_value(drawn.pin.text(&config.paging, &contact.name))),
        Channel::Call => (
            Kind::Call,
            serde_json::to_value(drawn.pin.call(&config.paging, &contact.name, contact.extension.as_deref())),
        ),
    };
    let new = NewDelivery {
        kind,
        destination: phone.to_owned(),
        marker,
        payload: payload.map_err(nightdesk_store::Error::from)?,
        due_at: now,
        expires_at: Some(sealed.expires_at),
        incident: None,
        ticket: None,
        fallback_of: None,
        cause: Some(cause.to_owned()),
    };
    let queued = tx.queue(now, &new)?;
    let delivery = queued.ok_or_else(|| nightdesk_store::Error::Value("a marker that is new was taken".into()))?;
    tx.put_pin(phone, &sealed)?;
    tx.drop_pin_sendings(since)?;
    tx.add_pin_sending(phone, now)?;
    Ok(started(delivery, sealed.expires_at))
}

/// Lets go of a PIN's delivery that ended badly, once whoever asked for it has been told: it can't be sent again, and
/// would else raise the alarm for good (ND-8).
pub(super) fn let_go(tx: &Tx<'_>, now: DateTime<Utc>, delivery: DeliveryId) -> Result<(), nightdesk_store::Error> {
    let failed = |state| matches!(state, State::Rejected | State::DeadLettered | State::NeedsHuman);
    if tx.delivery(delivery)?.is_some_and(|d| failed(d.state)) {
        tx.change_delivery(delivery, Event::Cancel, now)?;
    }
    Ok(())
}

/// Compares an entry with the PIN under way. Its outcome must be committed whatever it is, or a wrong entry wouldn't
/// count; a right one verifies the number and uses the PIN up.
///
/// # Errors
/// Where there is no such contact, or its number was just changed.
pub fn confirm(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, name: &str, entered: &Entered) -> Result<Entry, Error> {
    let config = Context::load(tx)?.config;
    let contact = find(&config, name)?;
    if contact.phone != entered.phone {
        return Err(Error::Changed { name: contact.name.clone() });
    }
    let phone = contact.phone.as_str();
    let stored = tx.pin(phone)?;
    let entry = pin::judge(stored.as_ref(), &entered.seal, now);
    match entry {
        Entry::Verified => {
            let by = brought_by(tx, phone, contact.channels.first().copied())?;
            tx.verify_contact(phone, now, by)?;
            tx.drop_pin(phone)?;
            let text = format!("{actor} verified {} ({phone}) with a PIN by {}", contact.name, by.word());
            tx.append(now, &Draft::new(ledger::Kind::Configured, "contact verified").text(text))?;
        }
        Entry::Wrong { .. } => tx.count_pin_try(phone)?,
        // The last try is counted too; a spent PIN isn't compared any more.
        Entry::Spent if stored.is_some_and(|s| s.left() > 0) => tx.count_pin_try(phone)?,
        Entry::Spent | Entry::Expired | Entry::NoPin => {}
    }
    Ok(entry)
}

/// How the PIN came: as the newest delivery of one to the number says.
fn brought_by(tx: &Tx<'_>, phone: &str, usual: Option<Channel>) -> Result<Channel, nightdesk_store::Error> {
    let kind = tx.newest_pin_delivery(phone)?.map(|d| d.kind);
    Ok(match kind {
        Some(Kind::Sms) => Channel::Sms,
        Some(Kind::Call) => Channel::Call,
        _ => usual.unwrap_or(Channel::Call),
    })
}
