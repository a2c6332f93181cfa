//! How the PSA that holds the tickets stands, and what is to be done about it.

use crate::error::Error;
use crate::status::count;
use crate::words::DeskName;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use nightdesk_core::config::Desk;
use nightdesk_core::delivery::State;
use nightdesk_engine::context::Context;
use nightdesk_engine::psa::{self, Failing};
use nightdesk_store::{Setting, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A PSA that can't be read for so long is worth an alarm: people's changes there aren't seen, and tickets pile up here.
const ALARM_AFTER: TimeDelta = TimeDelta::minutes(15);

/// `status.psa`. Its trouble never makes the desk blind: tickets go on being opened here, and go there when they can.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PsaStatus {
    /// Which connector.
    pub kind: DeskName,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub base_url: Option<String>,
    /// Whether it could be read when that was last tried; `None` before the first time.
    pub reachable: Option<bool>,
    /// Since when it can't be read.
    pub since: Option<DateTime<Utc>>,
    /// Why not.
    pub error: Option<String>,
    /// What to do about that.
    pub remedy: Option<String>,
    /// As of when its catalogue is known.
    pub catalogue_at: Option<DateTime<Utc>>,
    /// As of when people's changes there are known.
    pub seen_at: Option<DateTime<Utc>>,
    /// What is on its way there, or waits to be.
    pub waiting: i64,
    /// What was refused there, or waits for a person.
    pub failed: i64,
    /// Whether it is just to be read, because somebody asked.
    pub is_asked: bool,
}

/// How the PSA stands; `None` for the built-in desk.
///
/// # Errors
/// The store's.
pub fn psa_status(tx: &Tx<'_>) -> Result<Option<PsaStatus>, Error> {
    of(tx, &Context::load(tx)?)
}

/// Has the PSA's catalogue and what people changed there read now, by an engine.
///
/// # Errors
/// `Conflict` for the built-in desk.
pub fn psa_sync(tx: &Tx<'_>) -> Result<Option<PsaStatus>, Error> {
    let context = Context::load(tx)?;
    if !context.config.desk.is_remote() {
        return Err(none());
    }
    psa::ask(tx)?;
    of(tx, &context)
}

/// The PSA that holds the tickets.
///
/// # Errors
/// `Conflict` for the built-in desk.
pub fn desk_in_force(tx: &Tx<'_>) -> Result<Desk, Error> {
    let desk = Context::load(tx)?.config.desk;
    if desk.is_remote() { Ok(desk) } else { Err(none()) }
}

/// The PSA, by name, that something changed here is for and that hasn't been told yet.
///
/// # Errors
/// The store's.
pub fn psa_waits(tx: &Tx<'_>) -> Result<Option<&'static str>, Error> {
    let desk = Context::load(tx)?.config.desk;
    Ok((desk.is_remote() && tx.is_psa_due()?).then(|| desk.kind.name()))
}

fn none() -> Error {
    Error::conflict("the built-in desk holds the tickets: there is no PSA to be asked")
}

pub(crate) fn of(tx: &Tx<'_>, context: &Context) -> Result<Option<PsaStatus>, Error> {
    let desk = &context.config.desk;
    if !desk.is_remote() {
        return Ok(None);
    }
    let failing = failing(tx)?;
    let (catalogue_at, seen_at) = (tx.mark(Setting::PsaCatalogueAt)?, tx.mark(Setting::PsaSeenAt)?);
    use State as S;
    let on_the_way = tx.psa_deliveries(&[S::Queued, S::Claimed, S::Sending, S::Retrying, S::InDoubt])?.len();
    let failed = tx.psa_deliveries(&[S::NeedsHuman, S::Rejected, S::DeadLettered])?.len();
    Ok(Some(PsaStatus {
        kind: desk.kind.into(),
        name: desk.kind.name().to_owned(),
        base_url: desk.base_url.clone(),
        reachable: match (&failing, catalogue_at.or(seen_at)) {
            (Some(_), _) => Some(false),
            (None, seen) => seen.map(|_| true),
        },
        since: failing.as_ref().map(|f| f.since),
        remedy: failing.as_ref().map(|f| remedy(&f.why).to_owned()),
        error: failing.map(|f| f.why),
        catalogue_at,
        seen_at,
        waiting: count(on_the_way) + tx.psa_due_count()?,
        failed: count(failed),
        is_asked: tx.setting(Setting::PsaAsked)?.is_some(),
    }))
}

/// What a person should know at once: that it can't be read for a while, or that the key is of no use, which nothing but a
/// person mends.
pub(crate) fn alarm(tx: &Tx<'_>, context: &Context, now: DateTime<Utc>) -> Result<Option<String>, Error> {
    if !context.config.desk.is_remote() {
        return Ok(None);
    }
    let Some(Failing { since, why }) = failing(tx)? else { return Ok(None) };
    if !is_about_key(&why) && now - since < ALARM_AFTER {
        return Ok(None);
    }
    let (name, at) = (context.config.desk.kind.name(), since.to_rfc3339_opts(SecondsFormat::Secs, true));
    Ok(Some(format!(
        "{name} can't be read since {at}: {why}. Incidents still become tickets here; what is for {name} waits. {}",
        sentence(remedy(&why))
    )))
}

/// What to do about a PSA that couldn't be read, to be read after a colon.
pub fn remedy(why: &str) -> &'static str {
    if why.starts_with(KEYCHAIN) {
        "unlock it; the variable that the key may be given in instead is NIGHTDESK_SECRET_ALGAPSA_API_KEY"
    } else if why.starts_with(NO_KEY) {
        "make one in the PSA for a user of its own; `nightdesk psa check` says what it may do"
    } else if why.starts_with(REFUSED) && why.contains("HTTP 403") {
        "give a role of the key's user what it lacks there; `nightdesk psa check` lists every right that the desk uses"
    } else if why.starts_with(REFUSED) {
        "make an API key in the PSA for a user of its own and store it in Settings or with \
         `nightdesk secret set ALGAPSA_API_KEY`; Check there, or `nightdesk psa check`, says what it may do"
    } else if why.contains("HTTP 429") {
        "nothing: it is asked again once it allows it"
    } else if why.contains("could not be reached") {
        "check this machine's network, proxy and name resolution, and desk.base_url; it is tried again every minute"
    } else {
        "look at the PSA's own state, and at desk.base_url; it is tried again every minute"
    }
}

/// How [`nightdesk_core::port::PsaError`] begins, by whose words its cases are told apart: they are what the engine keeps.
const REFUSED: &str = "the PSA refused the API key";
const NO_KEY: &str = "no API key for the PSA";
const KEYCHAIN: &str = "the keychain could not be read";

fn is_about_key(why: &str) -> bool {
    [REFUSED, NO_KEY, KEYCHAIN].iter().any(|words| why.starts_with(words))
}

fn failing(tx: &Tx<'_>) -> Result<Option<Failing>, Error> {
    Ok(tx.setting(Setting::PsaFails)?.and_then(|text| serde_json::from_str(&text).ok()))
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => format!("{}{}", first.to_uppercase(), chars.as_str()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nightdesk_core::port::PsaError;

    #[test]
    fn each_cause_has_its_own_remedy() {
        let of = |error: PsaError| remedy(&error.to_string());
        for (key, mends) in [
            (PsaError::Refused("HTTP 401".into()), "nightdesk secret set ALGAPSA_API_KEY"),
            (PsaError::Refused("its user may not read boards (HTTP 403)".into()), "nightdesk psa check"),
            (PsaError::NoCredentials("ALGAPSA_API_KEY"), "make one in the PSA"),
            (PsaError::Keychain("locked".into()), "NIGHTDESK_SECRET_ALGAPSA_API_KEY"),
        ] {
            assert!(is_about_key(&key.to_string()));
            assert!(of(key).contains(mends), "{mends}");
        }
        assert!(of(PsaError::Unreachable("connection refused".into())).contains("network"));
        assert!(of(PsaError::RateLimited { retry_after: None }).starts_with("nothing"));
        assert!(of(PsaError::BadAnswer("HTTP 502".into())).contains("own state"));
    }
}
