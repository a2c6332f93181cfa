//! How far the first set-up has got, and the key to Huntress.

use crate::email_status::EmailStatus;
use crate::error::Error;
use crate::status::status;
use chrono::{DateTime, Utc};
use nightdesk_core::ids::AccountId;
use nightdesk_store::{Setting, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How far the first set-up has got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Setup {
    /// Whether both halves of the API key can be read.
    pub key_present: bool,
    /// Whether secrets can be kept safely here.
    pub keychain: Keychain,
    /// The watched account, once Huntress has named it.
    pub account: Option<NamedAccount>,
    /// How many organizations are known.
    pub organizations: i64,
    /// Those without a client that aren't ignored.
    pub unmapped: i64,
    /// Whether polling may begin.
    pub routing_complete: bool,
    /// The keys that it waits for.
    pub missing: Vec<String>,
    /// Whether a poll ever reached its boundary.
    pub polled: bool,
    /// Whether there is a fallback: mail that is configured and was tried.
    pub email: EmailStatus,
    /// Whether this is the demo night.
    pub demo: bool,
}

/// An account with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "WatchedAccount")]
pub struct NamedAccount {
    /// Its number.
    #[ts(type = "number")]
    pub id: AccountId,
    /// The MSP's name.
    pub name: String,
}

/// Where secrets are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Keychain {
    /// Whether it can be used now.
    pub ok: bool,
    /// Why not, with the remedy.
    pub why: Option<String>,
    /// What it is.
    pub kind: KeychainKind,
}

/// What keeps the secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeychainKind {
    /// The operating system's keychain.
    System,
    /// The encrypted file that the user chose for want of a keychain, open now.
    File,
    /// That file, waiting for its passphrase (`secrets_unlock`).
    FileLocked,
    /// Every secret is given in the environment.
    Environment,
}

/// The secrets there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Secrets {
    /// Each by its name.
    pub names: Vec<SecretName>,
    /// Where they are kept.
    pub keychain: Keychain,
}

/// A secret, without its value (ND-12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SecretName {
    /// Its name.
    pub name: String,
    /// Whether it can be read.
    pub stored: bool,
}

/// A secret to be stored. Not `Debug`: it holds the value (ND-12).
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SecretToSet {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A secret by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SecretAsked {
    /// Its name.
    pub name: String,
}

/// The passphrase of the encrypted file. Not `Debug` (ND-12).
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// The passphrase.
    pub passphrase: String,
}

/// A key to be tried at Huntress and, where it works, stored. Not `Debug` (ND-12).
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Connect {
    /// Huntress's address, where it isn't the one in force.
    pub base_url: Option<String>,
    /// The public half of the API key.
    pub key: String,
    /// Its secret half.
    pub secret: String,
    /// The explicit choice of the encrypted file where there is no keychain.
    pub fallback_file: bool,
    /// That file's passphrase.
    pub passphrase: Option<String>,
}

/// Whose key it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Connected {
    /// The account.
    pub account: NamedAccount,
}

/// One of the doctor's checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// What was checked, in a word.
    pub area: String,
    /// Whether it is as it should be.
    pub ok: bool,
    /// How bad it is.
    pub severity: FindingSeverity,
    /// What was found.
    pub text: String,
    /// What to do.
    pub remedy: Option<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FindingSeverity {
    /// As it should be.
    Ok,
    /// The desk watches, but something will fail one day.
    Warning,
    /// The desk can't do its work.
    Error,
}

/// How far the first set-up has got, with what the host knows of the keys.
///
/// # Errors
/// The store's.
pub fn setup(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    key_present: bool,
    keychain: Keychain,
    demo: bool,
) -> Result<Setup, Error> {
    let status = status(tx, now)?;
    let account = status.account.id.zip(status.account.name).map(|(id, name)| NamedAccount { id, name });
    Ok(Setup {
        key_present,
        keychain,
        account,
        organizations: status.organizations,
        unmapped: status.unmapped_organizations,
        routing_complete: status.routing.complete,
        missing: status.routing.missing,
        polled: tx.mark(Setting::LastProvenRead)?.is_some(),
        email: status.email,
        demo,
    })
}
