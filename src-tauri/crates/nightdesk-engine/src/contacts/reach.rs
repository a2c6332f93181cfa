//! Who can be reached, by what way, and what is missing where nobody can.

use super::Error;
use crate::paging;
use nightdesk_core::config::{Channel, Config, Contact};
use nightdesk_core::phone::Number;
use nightdesk_core::port::CarrierError;
use nightdesk_store::{CallAdvice, ContactRow, Setting, TextObstacle, Tx};
use std::collections::HashMap;

/// A step of the call tree as it can be used now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reachable {
    /// The contact, as configured.
    pub contact: Contact,
    /// What is known of the number.
    pub known: ContactRow,
    /// The channels that may be used; none for a step that can reach nobody.
    pub ways: Vec<Channel>,
    /// Why others of the contact's channels may not, each a sentence without its full stop.
    pub why_not: Vec<String>,
}

impl Reachable {
    fn of(contact: &Contact, known: ContactRow) -> Self {
        let mut reachable = Self { contact: contact.clone(), known, ways: Vec::new(), why_not: Vec::new() };
        if reachable.known.verified.is_none() {
            reachable.why_not.push("the number isn't verified; verify it with a PIN".to_owned());
            return reachable;
        }
        for channel in &contact.channels {
            match reachable.obstacle(*channel) {
                None => reachable.ways.push(*channel),
                Some(why) => reachable.why_not.push(why.to_owned()),
            }
        }
        reachable
    }

    /// Why a channel can't be used with a verified number. What was merely seen of calls doesn't count: a call too many
    /// is better than none.
    fn obstacle(&self, channel: Channel) -> Option<&'static str> {
        // A number that the next version reads differently stays usable: the carrier has the last word.
        let can = Number::read(&self.contact.phone).map(|n| n.can()).ok();
        match channel {
            Channel::Sms if can.is_some_and(|c| !c.sms) => Some("the number takes no texts"),
            Channel::Sms => Some(match self.known.text_obstacle?.0 {
                TextObstacle::NoTexts => "the carrier says that the number takes no texts",
                TextObstacle::OptedOut => {
                    "the number has sent STOP; texts go on once it sends START to the desk's number"
                }
                TextObstacle::BadNumber => {
                    "the carrier can't reach the number with texts; check it, then verify it again"
                }
            }),
            Channel::Call if can.is_some_and(|c| !c.call) => Some("the number can't be called"),
            Channel::Call => match self.known.call_advice?.0 {
                CallAdvice::BadNumber => Some("the carrier can't call the number; check it, then verify it again"),
                CallAdvice::EndsAtOnce | CallAdvice::NoKey => None,
            },
        }
    }
}

/// Whether a reply from a number comes back to the desk. A number that the next version reads differently keeps what it
/// had: it was accepted once.
pub fn can_reply(phone: &str) -> bool {
    Number::read(phone).map_or(true, |number| number.can().two_way)
}

/// The contacts who would be told of a page and could acknowledge it by no channel of theirs: no reply of theirs comes
/// back, and their calls, if they have any, can't ask for a key.
///
/// # Errors
/// The store's.
pub fn listening_only(tx: &Tx<'_>, tree: &[Reachable]) -> Result<Vec<String>, nightdesk_store::Error> {
    // A desk that was armed has asked its carrier for what asks for keys.
    let keys = tx.mark(Setting::PagingArmedAt)?.is_none() || tx.setting(Setting::PagingKeys)?.is_some();
    let answers = |r: &Reachable| {
        r.ways.iter().any(|way| match way {
            Channel::Sms => can_reply(&r.contact.phone),
            Channel::Call => keys,
        })
    };
    Ok(tree.iter().filter(|r| !r.ways.is_empty() && !answers(r)).map(|r| r.contact.name.clone()).collect())
}

/// The call tree as it can be used now, in its order. An unverified contact has no ways: it is never paged.
///
/// # Errors
/// The store's.
pub fn reachable(tx: &Tx<'_>, config: &Config) -> Result<Vec<Reachable>, nightdesk_store::Error> {
    let known: HashMap<String, ContactRow> = tx.contacts()?.into_iter().map(|c| (c.phone.clone(), c)).collect();
    let tree = config.contacts.iter().map(|contact| {
        // Two steps may share a number.
        let row = known.get(&contact.phone).cloned();
        Reachable::of(contact, row.unwrap_or_else(|| ContactRow::unknown(&contact.phone)))
    });
    Ok(tree.collect())
}

/// What is missing for a page to reach anybody, in words for the status card and the doctor; empty for an armed desk.
/// `carrier` is what asking it for a seal came to, or `Ok` where the keychain shouldn't be asked: what the carrier said
/// when it was last asked counts then.
///
/// # Errors
/// The store's.
pub fn armed(
    tx: &Tx<'_>,
    config: &Config,
    carrier: &Result<(), CarrierError>,
) -> Result<Vec<String>, nightdesk_store::Error> {
    let mut missing = Vec::new();
    if !config.paging.is_set_up() {
        missing.push(CarrierError::NotConfigured.to_string());
    } else if let Err(error) = carrier {
        missing.push(error.to_string());
    } else {
        missing.extend(paging::trouble(tx)?);
    }
    let tree = reachable(tx, config)?;
    if tree.is_empty() {
        missing.push("the call tree has no contacts: nobody would be paged".to_owned());
    } else if tree.iter().all(|r| r.known.verified.is_none()) {
        missing.push("no contact is verified: nobody would be paged".to_owned());
    } else if tree.iter().all(|r| r.ways.is_empty()) {
        let each = tree.iter().map(|r| format!("{}: {}", r.contact.name, r.why_not.join(", ")));
        missing.push(format!("no contact can be reached: {}", each.collect::<Vec<_>>().join("; ")));
    }
    Ok(missing)
}

/// The way that a PIN takes: the one asked for, else the first of the contact's channels that nothing stands in the way
/// of, else whatever the number can.
///
/// # Errors
/// Where the number can't take what was asked for.
pub fn way(contact: &Contact, known: &ContactRow, asked: Option<Channel>) -> Result<Channel, Error> {
    let can = Number::read(&contact.phone).map(|n| n.can()).ok();
    let possible = |channel: Channel| match channel {
        Channel::Sms => can.is_none_or(|c| c.sms),
        Channel::Call => can.is_none_or(|c| c.call),
    };
    let name = contact.name.clone();
    match asked {
        Some(channel) if possible(channel) => Ok(channel),
        Some(Channel::Sms) => Err(Error::NoTexts { name }),
        Some(Channel::Call) => Err(Error::NoCalls { name }),
        None => {
            let clear = |c: &Channel| possible(*c) && (*c != Channel::Sms || known.text_obstacle.is_none());
            let first = contact.channels.iter().chain(&Channel::ALL).copied().find(clear);
            first.ok_or(Error::NoCalls { name })
        }
    }
}
