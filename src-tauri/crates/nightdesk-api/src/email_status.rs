//! Whether there is a fallback: mail that is configured, has been seen to work and doesn't fail.

use crate::error::Error;
use chrono::{DateTime, SecondsFormat, Utc};
use nightdesk_core::config::{Config, Email};
use nightdesk_core::content;
use nightdesk_core::notice::NotificationType;
use nightdesk_engine::mail::{Standing, Unproved, standing};
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How the fallback stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EmailStatus {
    /// Whether mail is configured.
    pub configured: bool,
    /// Whether there is a fallback: configured, proved to work, and not failing since.
    pub fallback: bool,
    /// When the server last took a message for a default address, to within some minutes, with the settings in force.
    pub tested_at: Option<DateTime<Utc>>,
    /// Why there is no fallback, or none by some of the default addresses, and what to do.
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
    let configured = found != Standing::NotConfigured;
    let fallback = matches!(found, Standing::Proved { .. });
    let (tested_at, why) = match found {
        Standing::Proved { at, unproved } => (Some(at), doubt(config, &unproved)),
        Standing::Failing { since, error, taken } => {
            let since = since.to_rfc3339_opts(SecondsFormat::Secs, true);
            (taken, Some(format!("mail has failed since {since}: {}", content::line(&error))))
        }
        Standing::Untested => {
            let to = config.email.as_ref().map(|email| email.addresses(None).join(", ")).unwrap_or_default();
            (None, Some(format!("mail to {to} was never tried with these settings; send a test ({})", trial(config))))
        }
        Standing::NotConfigured => {
            (None, Some("mail isn't set up: what can't be delivered otherwise reaches nobody".to_owned()))
        }
    };
    let server = config.email.as_ref().map(nightdesk_core::config::Email::server);
    Ok(EmailStatus { configured, fallback, tested_at, why, server })
}

/// Which of the default addresses may get nothing, though others do.
fn doubt(config: &Config, unproved: &[Unproved]) -> Option<String> {
    let untried: Vec<&str> = unproved.iter().filter(|u| u.refused.is_none()).map(|u| u.address.as_str()).collect();
    let mut said: Vec<String> = unproved
        .iter()
        .filter_map(|u| Some(format!("mail to {} was refused last: {}", u.address, content::line(u.refused.as_ref()?))))
        .collect();
    if !untried.is_empty() {
        said.push(format!("mail to {} was never tried with these settings", untried.join(", ")));
    }
    (!said.is_empty()).then(|| format!("{}; send a test ({})", said.join("; "), trial(config)))
}

/// The command that tries the fallback.
pub fn trial(config: &Config) -> String {
    let of = config.email.as_ref().map_or(NotificationType::Incidents, Email::fallback_trial);
    format!("nightdesk email test {}", of.word())
}

/// The alarm of mail that fails, as a sentence.
pub(crate) fn alarm(tx: &Tx<'_>, config: &Config) -> Result<Option<String>, Error> {
    if !matches!(standing(tx, config)?, Standing::Failing { .. }) {
        return Ok(None);
    }
    let why = email_status(tx, config)?.why.unwrap_or_default();
    Ok(Some(format!(
        "no fallback, {why}. What can't be delivered otherwise reaches nobody: repair it, then run: {}",
        trial(config)
    )))
}
