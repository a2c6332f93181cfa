//! Whether webhooks are listened for, as other processes and the window see it.

use chrono::{DateTime, Utc};
use nightdesk_store::{Error, Setting, Topic, Tx};
use serde::{Deserialize, Serialize};

/// The receiver as its engine left it last. Only a running engine listens: without one, this is the past.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReceiverState {
    /// The address that the configuration names.
    pub configured: Option<String>,
    /// The address that is listened on, its port in numbers.
    pub listening: Option<String>,
    /// Why it isn't.
    pub error: Option<String>,
    /// Why posts can't be verified.
    pub secret_error: Option<String>,
    /// Why a renewed certificate wasn't taken; the one before serves on.
    pub certificate_error: Option<String>,
    /// Since when it is listened on.
    pub since: Option<DateTime<Utc>>,
}

impl ReceiverState {
    /// What keeps posts from being taken in, if anything does.
    pub fn trouble(&self) -> Option<&str> {
        self.error.as_deref().or(self.secret_error.as_deref()).or(self.certificate_error.as_deref())
    }
}

/// The receiver's state; the default while none was ever configured.
///
/// # Errors
/// The store's.
pub fn receiver_state(tx: &Tx<'_>) -> Result<ReceiverState, Error> {
    Ok(tx.setting(Setting::WebhookInState)?.and_then(|s| serde_json::from_str(&s).ok()).unwrap_or_default())
}

pub(super) fn remember(tx: &Tx<'_>, state: &ReceiverState) -> Result<(), Error> {
    // A desk that never had a receiver needs no row to say so, and its idle start writes nothing.
    if *state == receiver_state(tx)? {
        return Ok(());
    }
    tx.set(Setting::WebhookInState, Some(&serde_json::to_string(state)?))?;
    tx.touch(Topic::Webhooks);
    Ok(())
}
