//! One contact added, changed, moved or removed, as a configuration of its own: so that revision, difference and ledger
//! hold for it as for a file.

use crate::config_file::{self, Used};
use crate::contact::{Contact, contacts};
use crate::error::Error;
use crate::words::Channel;
use chrono::{DateTime, Utc};
use nightdesk_core::config::{self, Config};
use nightdesk_engine::configure;
use nightdesk_engine::contacts::find;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What to do with one contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ContactSet {
    /// The contact's present name; `None` adds one.
    pub name: Option<String>,
    /// What the contact shall be; `None` removes it.
    pub contact: Option<ContactDraft>,
    /// Its place in the call tree, from 0; `None` leaves it there, and puts a new one last.
    pub place: Option<u32>,
    /// Refused where another revision is in force by now.
    pub if_revision: Option<i64>,
}

/// A contact as a form edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ContactDraft {
    /// Unique.
    pub name: String,
    /// As a person writes it, with + and the country's code.
    pub phone: String,
    /// The ways that may be used.
    pub channels: Vec<Channel>,
    /// Digits for a phone menu.
    pub extension: Option<String>,
    /// Minutes until the next step, where they shall be this step's own.
    pub wait_minutes: Option<u32>,
}

/// Changes one contact; answers the call tree.
///
/// # Errors
/// `NotFound` for a name that no contact has; `Conflict` for a stale base; `InvalidInput` with every problem. Nothing may
/// then be committed.
pub fn contact_set(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, asked: &ContactSet) -> Result<Vec<Contact>, Error> {
    let (before, revision) = configure::current(tx)?;
    if asked.if_revision.is_some_and(|r| r != revision) {
        return Err(Error::conflict(
            "somebody changed the configuration meanwhile; nothing was changed. Look at the call tree and try again",
        ));
    }
    let tree = changed(&before, asked)?;
    let text = config_file::render_contacts(&tree);
    // Of a base without contacts nothing is kept but what is named: the tree is what was asked for, in its order.
    let base = Config { contacts: Vec::new(), ..before };
    let draft = config_file::parse(&text, &base, &Used::default(), false).map_err(|mut problems| {
        problems.iter_mut().for_each(|p| p.line = None);
        Error::problems("the contact is not valid and nothing was changed", problems)
    })?;
    configure::apply(tx, now, actor, &draft.config, false, None)?;
    contacts(tx, now)
}

fn changed(before: &Config, asked: &ContactSet) -> Result<Vec<config::Contact>, Error> {
    let mut tree = before.contacts.clone();
    let old = match asked.name.as_deref() {
        None => None,
        Some(name) => {
            let wanted = &find(before, name)?.name;
            tree.iter().position(|c| c.name == *wanted)
        }
    };
    if let Some(at) = old {
        tree.remove(at);
    }
    match &asked.contact {
        Some(contact) => {
            let place = asked.place.map(|p| p as usize).or(old).unwrap_or(tree.len());
            tree.insert(place.min(tree.len()), contact.to_contact());
        }
        None if asked.name.is_none() => {
            return Err(Error::invalid("name the contact to remove, or say what the new one shall be"));
        }
        None => {}
    }
    Ok(tree)
}

impl ContactDraft {
    /// As a contact, unchecked.
    fn to_contact(&self) -> config::Contact {
        config::Contact {
            name: self.name.trim().to_owned(),
            phone: self.phone.trim().to_owned(),
            channels: self.channels.iter().map(|c| (*c).into()).collect(),
            extension: self.extension.clone().filter(|e| !e.trim().is_empty()),
            wait_minutes: self.wait_minutes,
        }
    }
}

/// A contact as it would be entered again.
impl From<&Contact> for ContactDraft {
    fn from(c: &Contact) -> Self {
        Self {
            name: c.name.clone(),
            phone: c.phone.clone(),
            channels: c.channels.clone(),
            extension: c.extension.clone(),
            wait_minutes: c.wait_minutes,
        }
    }
}
