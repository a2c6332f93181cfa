//! The watched account, and the answer to a key that belongs to another one.

use crate::error::Error;
use chrono::{DateTime, Utc};
use nightdesk_core::ids::AccountId;
use nightdesk_core::port::Account;
use nightdesk_engine::account;
use nightdesk_engine::context::Context;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which account is watched, and which other one the key belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "WatchedAccounts")]
pub struct Accounts {
    /// The watched one, once Huntress has named it.
    #[ts(type = "{ id: number; name: string; subdomain: string | null } | null")]
    pub watched: Option<Account>,
    /// The key's, where that is another: polling has stopped until a person answers.
    #[ts(type = "{ id: number; name: string; subdomain: string | null } | null")]
    pub other: Option<Account>,
}

/// Both accounts.
///
/// # Errors
/// The store's.
pub fn accounts(tx: &Tx<'_>) -> Result<Accounts, Error> {
    Ok(Accounts { watched: Context::load(tx)?.account, other: account::other(tx)? })
}

/// Watches the key's account from now on.
///
/// # Errors
/// `Conflict` when the key belongs to no other account, or to a third.
pub fn account_accept(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, id: AccountId) -> Result<Accounts, Error> {
    account::accept(tx, now, actor, id).map_err(|e| match e {
        account::Error::Store(e) => Error::from(e),
        refused => Error::conflict(refused.to_string()),
    })?;
    accounts(tx)
}
