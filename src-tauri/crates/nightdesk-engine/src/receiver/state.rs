//! Whether webhooks are listened for, as other processes and the window see it.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use nightdesk_core::port::{OWN_TEST, Refusal};
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
    /// Until when the certificate that is served is valid; `None` without one.
    pub certificate_until: Option<DateTime<Utc>>,
    /// Since when it is listened on.
    pub since: Option<DateTime<Utc>>,
    /// Since when posts are verified by the secret in use, and which change of it that is.
    pub secret_since: Option<DateTime<Utc>>,
    /// See `secret_since`.
    pub secret_revision: Option<i64>,
}

/// A certificate that ends so soon and hasn't been renewed probably won't be by itself.
const RENEWAL_DAYS: i64 = 7;

/// Refusals longer ago than this are no news: Huntress's last attempt comes within 10 hours of the one before.
const RECENT_HOURS: i64 = 24;

impl ReceiverState {
    /// What keeps posts from being taken in, if anything does.
    pub fn trouble(&self) -> Option<&str> {
        self.error.as_deref().or(self.secret_error.as_deref()).or(self.certificate_error.as_deref())
    }

    /// What is wrong with the time for which the certificate is valid, as a sentence.
    pub fn certificate_ends(&self, now: DateTime<Utc>) -> Option<String> {
        let until = self.certificate_until.filter(|until| *until - now < Duration::days(RENEWAL_DAYS))?;
        let at = until.to_rfc3339_opts(SecondsFormat::Secs, true);
        Some(if until <= now {
            format!("the certificate in webhook_in.tls_cert expired at {at}: Huntress's posts fail until it is renewed")
        } else {
            format!("the certificate in webhook_in.tls_cert expires at {at} and has not been renewed yet")
        })
    }
}

/// The receiver's state; the default while none was ever configured.
///
/// # Errors
/// The store's.
pub fn receiver_state(tx: &Tx<'_>) -> Result<ReceiverState, Error> {
    Ok(tx.setting(Setting::WebhookInState)?.and_then(|s| serde_json::from_str(&s).ok()).unwrap_or_default())
}

/// Says that posts are refused for their signatures, and none has been accepted since: after a rotation it is mostly the
/// secret that is another, and then nothing of Huntress's gets in.
///
/// # Errors
/// The store's.
pub fn wrongly_signed(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Option<String>, Error> {
    let recent = now - Duration::hours(RECENT_HOURS);
    let since = receiver_state(tx)?.secret_since.map_or(recent, |at| at.max(recent));
    let refused = tx.refused_since_accepted(&Refusal::BadSignature.to_string(), OWN_TEST, since)?;
    Ok(refused.map(|refused| {
        let posts = if refused.count == 1 { "1 post".to_owned() } else { format!("{} posts", refused.count) };
        let [first, last] = [refused.first, refused.last].map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
        format!(
            "{posts} since {first}, the last at {last}, were refused because none of their signatures is by this desk's signing \
             secret, and nothing has been accepted since: WEBHOOK_SIGNING_SECRET is not the endpoint's at Huntress, or they are \
             forged"
        )
    }))
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
