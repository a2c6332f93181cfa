//! The PSA as a command or a window asks it, beside or without an engine.

use crate::Secrets;
use chrono::{DateTime, SecondsFormat, Utc};
use nightdesk_api as api;
use nightdesk_api::DeskAsked;
use nightdesk_api::psa_connect::PsaChecked;
use nightdesk_api::psa_status::remedy;
use nightdesk_core::catalogue::Listed;
use nightdesk_core::clock::Clock;
use nightdesk_core::config::Desk;
use nightdesk_core::port::{Psa as _, PsaError};
use nightdesk_psa::algapsa::{AlgaPsa, Credentials};
use std::sync::Arc;
use std::time::Duration;

/// Longest wait for a whole catalogue, its pages and their retries included.
const CATALOGUE_WITHIN: Duration = Duration::from_secs(60);

/// Longest wait for what a key may do.
const ACCESS_WITHIN: Duration = Duration::from_secs(30);

/// What a document's names are compared with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The PSA's catalogue as it is now; `None` where none is needed, or the kept one serves.
    pub listed: Option<Vec<Listed>>,
    /// Why the kept one serves, and as of when that is.
    pub kept: Option<Kept>,
}

/// The catalogue that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// It.
    pub listed: Vec<Listed>,
    /// As of when.
    pub at: DateTime<Utc>,
    /// Why the PSA couldn't be read, and what to do about it.
    pub why: String,
}

impl Kept {
    /// In a sentence.
    pub fn words(&self, psa: &str) -> String {
        let at = self.at.to_rfc3339_opts(SecondsFormat::Secs, true);
        format!("{psa} can't be read now, so its catalogue as of {at} serves. {}", self.why)
    }
}

/// A connector for a desk that is a PSA.
///
/// # Errors
/// [`PsaError::Unreachable`] for an address that can't be asked.
pub fn connect(desk: &Desk, credentials: Arc<dyn Credentials>, clock: Arc<dyn Clock>) -> Result<AlgaPsa, PsaError> {
    AlgaPsa::new(desk.base_url.as_deref().unwrap_or_default(), credentials, clock)
}

/// Reads a PSA's catalogue.
///
/// # Errors
/// The PSA's; one that doesn't answer in a minute counts as unreachable.
pub async fn catalogue(
    desk: &Desk,
    credentials: Arc<dyn Credentials>,
    clock: Arc<dyn Clock>,
) -> Result<Vec<Listed>, PsaError> {
    within(CATALOGUE_WITHIN, connect(desk, credentials, clock)?.catalogue()).await
}

/// Reads the catalogue that a document has to be compared with; where that can't be had, the kept one serves.
///
/// # Errors
/// Where the PSA can't be read and nothing of it is kept.
pub async fn listing(asked: DeskAsked, secrets: Arc<Secrets>, clock: Arc<dyn Clock>) -> Result<Listing, api::Error> {
    let DeskAsked { desk, cached, is_to_be_read, .. } = asked;
    if !is_to_be_read {
        return Ok(Listing::default());
    }
    match catalogue(&desk, secrets, clock).await {
        Ok(listed) => Ok(Listing { listed: Some(listed), kept: None }),
        Err(error) => match cached {
            Some((listed, at)) => Ok(Listing { listed: None, kept: Some(Kept { listed, at, why: advised(&error) }) }),
            None => {
                let message = format!(
                    "{} has to be read before anything can be compared with it. {}",
                    desk.kind.name(),
                    advised(&error)
                );
                Err(api::Error { message, ..error.into() })
            }
        },
    }
}

/// What a key may do there. Changes nothing there.
pub async fn check(desk: &Desk, credentials: Arc<dyn Credentials>, clock: Arc<dyn Clock>) -> PsaChecked {
    let base_url = desk.base_url.clone();
    let asked = match connect(desk, credentials, clock) {
        Ok(psa) => within(ACCESS_WITHIN, psa.access()).await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(access) => PsaChecked::of(base_url, access),
        Err(error) => PsaChecked::failed(base_url, &error),
    }
}

/// An error with what to do about it, as a sentence.
pub fn advised(error: &PsaError) -> String {
    let why = error.to_string();
    let remedy = remedy(&why);
    let mut letters = why.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}: {remedy}", letters.as_str())
}

async fn within<T>(time: Duration, asked: impl Future<Output = Result<T, PsaError>>) -> Result<T, PsaError> {
    match tokio::time::timeout(time, asked).await {
        Ok(answer) => answer,
        Err(_) => Err(PsaError::Unreachable(format!("no answer within {} seconds", time.as_secs()))),
    }
}
