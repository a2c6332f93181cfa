//! Whether there is a fallback: mail that is configured and has been seen to work.

use crate::error::Error;
use chrono::{DateTime, Utc};
use nightdesk_core::config::Config;
use nightdesk_engine::mail::{Standing, standing};
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How the fallback stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EmailStatus {
    /// Whether mail is configured.
    pub configured: bool,
    /// Whether there is a fallback: configured, and proved to work.
    pub fallback: bool,
    /// When the server last took a message for a default address, to within some minutes, with the settings in force.
    pub tested_at: Option<DateTime<Utc>>,
    /// Why there is no fallback, and what to do.
    pub why: Option<String>,
    /// The server, as people know it.
    pub server: Option<String>,
}

/// Reads it, without asking the server.
///
/// # Errors
/// The store's.
pub fn email_status(tx: &Tx<'_>, config: &Config) -> Result<EmailStatus, Error> {
    let found = standing(tx, config)?;
    let (tested_at, why) = match found {
        Standing::Proved { at } => (Some(at), None),
        Standing::Untested => {
            (None, Some("mail was never tried with these settings; send a test (nightdesk email test incidents)"))
        }
        Standing::NotConfigured => (None, Some("mail isn't set up: what can't be delivered otherwise reaches nobody")),
    };
    Ok(EmailStatus {
        configured: found != Standing::NotConfigured,
        fallback: tested_at.is_some(),
        tested_at,
        why: why.map(str::to_owned),
        server: config.email.as_ref().map(nightdesk_core::config::Email::server),
    })
}
