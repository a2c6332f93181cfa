//! The call tree as clients show it: each contact with what is known of the number.

use crate::error::Error;
use crate::words::Channel;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::{self, Paging};
use nightdesk_core::phone::{Number, REGIONS};
use nightdesk_core::pin;
use nightdesk_engine::contacts::{Reachable, can_reply, listening_only, pin_failed, reachable};
use nightdesk_engine::context::Context;
use nightdesk_store::{CallAdvice, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Contact {
    /// The contact's name, unique.
    pub name: String,
    /// The number, in E.164.
    pub phone: String,
    /// Its country, by its ISO code; `None` for a number that this version no longer reads.
    pub country: Option<String>,
    /// The country's name.
    pub country_name: Option<String>,
    /// The ways that may be used, by the configuration.
    pub channels: Vec<Channel>,
    /// When the number was verified; an unverified one is never paged.
    pub verified_at: Option<DateTime<Utc>>,
    /// By what way its PIN came.
    pub verified_by: Option<Channel>,
    /// Digits for a phone menu.
    pub extension: Option<String>,
    /// Minutes until the next step, where they are this step's own.
    pub wait_minutes: Option<u32>,
    /// Minutes until the next step.
    pub waits: u32,
    /// What the number can do.
    pub can: Can,
    /// The ways that a page would take now.
    pub reachable: Vec<Channel>,
    /// Why others of its channels wouldn't be used, each in a sentence without its full stop.
    pub trouble: Vec<String>,
    /// What would make it answer better, each in a sentence.
    pub advice: Vec<String>,
    /// The PIN under way.
    pub pin: Option<PinUnderWay>,
    /// When the next PIN may be sent, where that isn't now.
    pub next_pin_at: Option<DateTime<Utc>>,
}

/// What can be done with a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Can {
    /// Texts can be sent to it.
    pub sms: bool,
    /// Only if it is a mobile, which its digits don't tell.
    pub sms_uncertain: bool,
    /// It can be called.
    pub call: bool,
    /// A reply to a text comes back.
    pub two_way: bool,
}

/// A PIN that was sent and not entered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PinUnderWay {
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// Until when it counts.
    pub expires_at: DateTime<Utc>,
    /// How many entries it may still be met with.
    pub tries_left: u32,
    /// Why it never reached the phone, in the carrier's words.
    pub failed: Option<String>,
}

/// A country in which people can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Country {
    /// Its ISO code.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What its numbers begin with; others may share it.
    pub prefix: String,
    /// A number as it may be entered there.
    pub hint: String,
    /// Whether texts are sent there.
    pub sms: bool,
    /// Whether calls are made there.
    pub call: bool,
    /// Whether a reply to a text comes back.
    pub two_way: bool,
}

/// The call tree, in its order.
///
/// # Errors
/// The store's.
pub fn contacts(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Vec<Contact>, Error> {
    let config = Context::load(tx)?.config;
    reachable(tx, &config)?.into_iter().map(|r| contact(tx, now, &config.paging, r)).collect()
}

fn contact(tx: &Tx<'_>, now: DateTime<Utc>, paging: &Paging, r: Reachable) -> Result<Contact, Error> {
    let number = Number::read(&r.contact.phone).ok();
    let region = number.as_ref().map(Number::region);
    let pin = match tx.pin(&r.contact.phone)?.filter(|p| !p.is_expired(now)) {
        Some(p) => Some(PinUnderWay {
            sent_at: p.made_at,
            expires_at: p.expires_at,
            tries_left: p.left(),
            failed: pin_failed(tx, &r.contact.phone)?,
        }),
        None => None,
    };
    let sent = tx.pin_sendings(&r.contact.phone, now - Duration::minutes(pin::SENDS_MINUTES))?;
    let listens = !listening_only(tx, std::slice::from_ref(&r))?.is_empty();
    let advice = advice(&r, number.as_ref(), paging, listens);
    let config::Contact { name, phone, channels, extension, wait_minutes } = r.contact;
    Ok(Contact {
        name,
        phone,
        country: region.map(|r| r.id.to_owned()),
        country_name: region.map(|r| r.name.to_owned()),
        channels: channels.into_iter().map(Channel::from).collect(),
        verified_at: r.known.verified.map(|(at, _)| at),
        verified_by: r.known.verified.map(|(_, by)| by.into()),
        extension,
        wait_minutes,
        waits: wait_minutes.unwrap_or(paging.step_wait_minutes),
        can: number.as_ref().map(can).unwrap_or_default(),
        reachable: r.ways.into_iter().map(Channel::from).collect(),
        trouble: r.why_not,
        advice,
        pin,
        next_pin_at: pin::may_send(&sent, now).err(),
    })
}

fn can(number: &Number) -> Can {
    let can = number.can();
    Can { sms: can.sms, sms_uncertain: can.sms_uncertain, call: can.call, two_way: can.two_way }
}

/// What a contact whose every channel is of one way only would need.
fn listens_only(r: &Reachable) -> String {
    let why = match r.ways.contains(&config::Channel::Call) {
        true if can_reply(&r.contact.phone) => {
            "Calls can't ask for a key with this carrier account, and no text is sent: add texts, or see `nightdesk doctor`"
        }
        true => {
            "Calls can't ask for a key with this carrier account, and replies don't come back: see `nightdesk doctor`"
        }
        false => "Replies don't come back, and no call is made: add calls",
    };
    format!("{why}. Until then this contact can acknowledge only in Nightdesk or on the command line.")
}

/// Why calls die is mostly a phone menu or a screening: what was seen of them says which.
fn advice(r: &Reachable, number: Option<&Number>, paging: &Paging, listens: bool) -> Vec<String> {
    let mut advice = Vec::new();
    let ours = paging.from.as_deref().unwrap_or("the desk's number");
    match r.known.call_advice.map(|(seen, _)| seen) {
        Some(CallAdvice::EndsAtOnce) => advice.push(format!(
            "Calls end within seconds without being answered: the line is engaged, or something hangs up. Save {ours} among the phone's contacts \
             and let it through call screening and do-not-disturb."
        )),
        Some(CallAdvice::NoKey) => advice.push(format!(
            "Calls are answered, but nobody presses a key: by a phone menu or a long greeting. Enter the menu's digits as \
             the extension, route {ours} past it, or use a direct number."
        )),
        Some(CallAdvice::BadNumber) | None => {}
    }
    if listens {
        advice.push(listens_only(r));
    }
    let Some(number) = number else { return advice };
    let (can, texts) = (number.can(), r.contact.channels.contains(&config::Channel::Sms));
    let text_proved = r.known.verified.is_some_and(|(_, by)| by == config::Channel::Sms);
    if texts && can.sms_uncertain && !text_proved {
        advice
            .push("Whether this is a mobile can't be told from the number: verify it by a text to be sure.".to_owned());
    }
    if texts && !can.two_way && !listens {
        advice.push(format!(
            "Replies to texts don't come back from {}: only a call's key, the app or a command acknowledges.",
            number.region().name
        ));
    }
    advice
}

/// The supported countries, by name.
pub fn countries() -> Vec<Country> {
    let country = |r: &nightdesk_core::phone::Region| Country {
        id: r.id.to_owned(),
        name: r.name.to_owned(),
        prefix: r.prefix.to_owned(),
        hint: r.hint.to_owned(),
        sms: r.sms,
        call: r.voice,
        two_way: r.two_way_sms,
    };
    REGIONS.iter().map(country).collect()
}
