//! Connecting to Huntress: a key is asked about before it is kept.

use super::Desk;
use crate::doctor::connection;
use crate::open_guest;
use crate::secrets::Name;
use crate::switching::SwitchingHuntress;
use nightdesk_api as api;
use nightdesk_api::Code;
use nightdesk_api::config_draft::ConfigDraft;
use nightdesk_api::config_view::{self, DraftToApply};
use nightdesk_api::setup::{Connect, Connected, NamedAccount};
use nightdesk_core::port::HuntressError;
use nightdesk_engine::configure;
use nightdesk_huntress::Credentials;
use secrecy::SecretString;
use std::sync::Arc;

/// A key that is only being tried.
struct Tried {
    key: SecretString,
    secret: SecretString,
}

impl Credentials for Tried {
    fn huntress(&self) -> Result<(SecretString, SecretString), HuntressError> {
        Ok((self.key.clone(), self.secret.clone()))
    }
}

impl Desk {
    /// Asks Huntress whose key it is, then keeps key and address. Nothing is kept of what doesn't work.
    pub(super) async fn connected(&self, with: Connect) -> Result<Connected, api::Error> {
        let Connect { base_url, key, secret, fallback_file, passphrase } = with;
        let (key, secret) = (key.trim().to_owned(), secret.trim().to_owned());
        if key.is_empty() || secret.is_empty() {
            return Err(api::Error::invalid("both halves of the API key are needed: the key and its secret"));
        }
        if self.beside(|s| Ok(Name::HUNTRESS.into_iter().any(|n| s.is_in_environment(n)))).await? {
            return Err(api::Error::conflict(
                "the API key is given in the environment (NIGHTDESK_SECRET_…), which wins over any that is stored; \
                 remove it there first",
            ));
        }
        let base_url = base_url.filter(|u| !u.trim().is_empty());
        let (draft, moves) = self.ask(move |tx, _| addressed(tx, base_url.as_deref())).await?;
        let tried = Tried { key: key.clone().into(), secret: secret.clone().into() };
        let account = self.whose(&draft, tried).await?;

        let passphrase = passphrase.map(SecretString::from);
        self.beside(move |secrets| {
            if let (true, Some(passphrase)) = (fallback_file, &passphrase) {
                secrets.choose_file(passphrase)?;
            }
            secrets.set(Name::HuntressApiKey, &key.into())?;
            secrets.set(Name::HuntressApiSecret, &secret.into())
        })
        .await
        .map_err(|error| match error.code {
            Code::SecretUnavailable if !fallback_file => api::Error::new(
                error.code,
                format!(
                    "Huntress takes the key, but it can't be kept safely: {}. Unlock or install a keychain, or choose \
                     the encrypted file with a passphrase of its own",
                    error.message
                ),
            ),
            _ => error,
        })?;
        if moves {
            self.change(move |tx, at| {
                let asked = DraftToApply { draft, if_revision: None };
                config_view::apply(tx, at.now, &at.actor, &asked, None).map(drop)
            })
            .await?;
        }
        self.secrets_changed().await?;
        Ok(Connected { account })
    }

    /// The account that Huntress says the key belongs to.
    async fn whose(&self, draft: &ConfigDraft, tried: Tried) -> Result<NamedAccount, api::Error> {
        let huntress = SwitchingHuntress::new(&draft.huntress.base_url, Arc::new(tried));
        let dir = self.dir().clone();
        let store = tokio::task::spawn_blocking(move || open_guest(&dir))
            .await
            .map_err(|e| api::Error::new(Code::Internal, e.to_string()))?
            .map_err(|e| api::Error::new(Code::DatabaseUnreadable, e.to_string()))?;
        let per_minute = draft.huntress.requests_per_minute;
        let asked = connection::ask(store, per_minute, &huntress, self.clock()).await;
        let (account, _date) = asked.map_err(unconnected)?;
        Ok(NamedAccount { id: account.id, name: account.name })
    }
}

/// Why a key couldn't be tried, for somebody who has just entered it: no command of the terminal helps them.
fn unconnected(error: HuntressError) -> api::Error {
    let said = match &error {
        HuntressError::Refused { status, .. } => format!(
            "Huntress refused this key (HTTP {status}). Check that both halves were copied whole; a new key is made in \
             the Huntress portal under API Credentials"
        ),
        other => other.to_string(),
    };
    api::Error { message: said, ..error.into() }
}

/// The configuration in force with this address in it, and whether that changes it.
fn addressed(tx: &nightdesk_store::Tx<'_>, base_url: Option<&str>) -> Result<(ConfigDraft, bool), api::Error> {
    let (config, _) = configure::current(tx)?;
    let mut draft = ConfigDraft::of(&config);
    let Some(base_url) = base_url else { return Ok((draft, false)) };
    draft.huntress.base_url = base_url.trim().trim_end_matches('/').to_owned();
    let moves = draft.huntress.base_url != config.huntress.base_url;
    let problem = config_view::check(tx, &draft, None)?.problems.into_iter().find(|p| p.key.starts_with("huntress."));
    match problem {
        Some(p) => {
            let expected = p.remedy.map(|r| format!("; expected {r}")).unwrap_or_default();
            Err(api::Error::invalid(format!("the address {}{expected}", p.message)))
        }
        None => Ok((draft, moves)),
    }
}
