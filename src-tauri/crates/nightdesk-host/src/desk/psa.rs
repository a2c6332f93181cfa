//! The PSA in a window: connecting, choosing, and configurations whose names are the PSA's.

use super::Desk;
use crate::psa::{self, Listing};
use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_api as api;
use nightdesk_api::ConfigApplied;
use nightdesk_api::config_view::{self, DraftAsked, DraftChecked, DraftToApply};
use nightdesk_api::psa_connect::{PsaAsked, PsaChecked, PsaPreview};
use nightdesk_core::catalogue::Listed;
use nightdesk_core::config;
use nightdesk_core::port::PsaError;
use nightdesk_engine::configure;
use nightdesk_psa::algapsa::Credentials;
use nightdesk_store::{Setting, Tx};
use secrecy::SecretString;
use std::sync::{Mutex, PoisonError};

/// A form is checked at every stroke; the PSA allows 60 requests a minute, and a catalogue takes several.
const FRESH_FOR: TimeDelta = TimeDelta::seconds(60);

/// The catalogue that was read last for a form.
#[derive(Default)]
pub(super) struct Lately(Mutex<Option<Read>>);

struct Read {
    of: config::Desk,
    at: DateTime<Utc>,
    listed: Vec<Listed>,
}

impl Lately {
    /// `read` is when the engine last read the catalogue of the desk in force: what it knows, a form mustn't miss.
    fn get(&self, desk: &config::Desk, now: DateTime<Utc>, read: Option<DateTime<Utc>>) -> Option<Vec<Listed>> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Read { of, at, listed } = last.as_ref()?;
        let is_newest = read.is_none_or(|read| read <= *at);
        (of == desk && *at <= now && now - *at < FRESH_FOR && is_newest).then(|| listed.clone())
    }

    fn put(&self, of: config::Desk, at: DateTime<Utc>, listed: &[Listed]) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Read { of, at, listed: listed.to_vec() });
    }

    /// Another key may see another catalogue.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// A key that is only being tried.
struct Tried(SecretString);

impl Credentials for Tried {
    fn algapsa(&self) -> Result<SecretString, PsaError> {
        Ok(self.0.clone())
    }
}

impl Desk {
    pub(super) async fn check_config(&self, asked: DraftAsked) -> Result<DraftChecked, api::Error> {
        let listing = self.listing(&asked, false).await?;
        self.ask(move |tx, _| config_view::check(tx, &asked.draft, listing.listed)).await
    }

    pub(super) async fn apply_config(&self, asked: DraftToApply) -> Result<ConfigApplied, api::Error> {
        let listing = self.listing(&DraftAsked { draft: asked.draft.clone() }, true).await?;
        self.change(move |tx, at| config_view::apply(tx, at.now, &at.actor, &asked, listing.listed)).await
    }

    pub(super) async fn check_psa(&self, asked: PsaAsked) -> Result<PsaChecked, api::Error> {
        let set = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        let base_url = match set(asked.base_url) {
            Some(base_url) => Some(base_url),
            None => self.ask(|tx, _| Ok(configure::current(tx)?.0.desk.base_url)).await?,
        };
        if base_url.is_none() {
            return Err(api::Error::invalid("enter the PSA's address first, such as https://psa.example.com"));
        }
        let desk = config::Desk { kind: config::DeskKind::Algapsa, base_url };
        Ok(match set(asked.key) {
            Some(key) => {
                let tried = std::sync::Arc::new(Tried(key.into()));
                psa::check(&desk, tried, self.clock().clone()).await
            }
            None => psa::check(&desk, self.secrets().clone(), self.clock().clone()).await,
        })
    }

    pub(super) async fn preview_psa(&self, asked: DraftAsked) -> Result<PsaPreview, api::Error> {
        let (error, as_of, listed) = match self.listing(&asked, false).await {
            Ok(Listing { listed: Some(listed), .. }) => (None, None, Some(listed)),
            Ok(Listing { kept: Some(kept), .. }) => (Some(kept.why), Some(kept.at), Some(kept.listed)),
            Ok(Listing { .. }) => (None, None, None),
            Err(error) => (Some(error.message), None, None),
        };
        let (choices, guesses) = match &listed {
            Some(listed) => {
                let (choices, guesses) = config_view::offered(&asked.draft, listed);
                (Some(choices), Some(guesses))
            }
            None => (None, None),
        };
        let (problems, carry_over) = match (listed, &error) {
            (None, Some(_)) => Default::default(),
            (listed, _) => {
                let checked = self.tried(asked, listed).await?;
                (checked.problems, checked.carry_over)
            }
        };
        Ok(PsaPreview { choices, guesses, error, as_of, problems, carry_over })
    }

    /// Applies a draft, sees what that did, and takes all of it back.
    async fn tried(&self, asked: DraftAsked, listed: Option<Vec<Listed>>) -> Result<DraftChecked, api::Error> {
        let found = std::sync::Arc::new(Mutex::new(None));
        let seen = found.clone();
        let taken_back = self
            .change(move |tx, at| {
                let answer = config_view::preview(tx, at.now, &at.actor, &asked.draft, listed);
                *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
                Err::<(), _>(api::Error::new(api::Code::Stopped, "nothing of a preview is kept"))
            })
            .await;
        let answer = found.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (answer, taken_back) {
            (Some(answer), _) => answer,
            (None, Err(error)) => Err(error),
            (None, Ok(())) => Err(api::Error::new(api::Code::Internal, "the preview told nothing")),
        }
    }

    /// What a draft's names are compared with. One that has other problems is compared with nothing.
    async fn listing(&self, asked: &DraftAsked, is_fresh: bool) -> Result<Listing, api::Error> {
        let draft = asked.draft.clone();
        let asked = move |tx: &Tx<'_>, _: &api::rpc::At| {
            Ok((config_view::desk_asked(tx, &draft)?, tx.mark(Setting::PsaCatalogueAt)?))
        };
        let (Some(needed), read) = self.ask(asked).await? else {
            return Ok(Listing::default());
        };
        let (lately, now, desk) = (&self.inner.lately, self.clock().now(), needed.desk.clone());
        if let Some(listed) = lately.get(&desk, now, read).filter(|_| !is_fresh) {
            return Ok(Listing { listed: Some(listed), kept: None });
        }
        let listing = psa::listing(needed, self.secrets().clone(), self.clock().clone()).await?;
        if let Some(listed) = &listing.listed {
            lately.put(desk, now, listed);
        }
        Ok(listing)
    }
}
