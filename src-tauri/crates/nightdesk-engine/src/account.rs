//! The watched account, and a person's answer when the key turns out to belong to another one.

use chrono::{DateTime, Utc};
use nightdesk_core::ids::AccountId;
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_core::port::Account;
use nightdesk_store::{Error as StoreError, Setting, Topic, Tx};

/// Why another account isn't watched from now on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The key belongs to the watched account, or hasn't been tried.
    #[error("there is nothing to accept: no key of another account was met; enter the key and poll first")]
    NoOther,
    /// The key belongs to yet another account.
    #[error("the key belongs to account {found} ({name}), not to {asked}")]
    Different {
        /// The account of the key.
        found: AccountId,
        /// Its name.
        name: String,
        /// The one that was asked for.
        asked: AccountId,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The account that a key was found to belong to, while it waits for an answer.
pub fn other(tx: &Tx<'_>) -> Result<Option<Account>, StoreError> {
    Ok(tx.setting(Setting::OtherAccount)?.map(|a| serde_json::from_str(&a)).transpose()?)
}

/// Watches the other account from now on, as on a first run: its own cursor, sweep and organizations. Tickets and
/// records of the account before stay, since incidents are keyed by account.
pub fn accept(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, id: AccountId) -> Result<Account, Error> {
    let found = other(tx)?.ok_or(Error::NoOther)?;
    if found.id != id {
        return Err(Error::Different { found: found.id, name: found.name, asked: id });
    }
    let text = serde_json::to_string(&found).map_err(StoreError::from)?;
    tx.set(Setting::Account, Some(&text))?;
    tx.set(Setting::OtherAccount, None)?;
    for mark in [
        Setting::Cursor,
        Setting::LastSweepAt,
        Setting::OrganizationsListedAt,
        Setting::NoticesListedAt,
        Setting::AccountCheckedAt,
        Setting::LastProvenRead,
        Setting::WatchingSince,
    ] {
        tx.set_mark(mark, None)?;
    }
    let said = format!("{actor} chose to watch {}", found.name);
    tx.append(now, &Draft::new(Kind::Account, format!("watching account {id}")).text(said))?;
    // The engine polls at once, as with a new key.
    tx.touch(Topic::Secrets);
    Ok(found)
}
