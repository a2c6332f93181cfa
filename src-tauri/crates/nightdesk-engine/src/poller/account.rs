//! Whose account the key belongs to: incidents are keyed by account, so a foreign key must not be read into it.

use super::{Desk, PollError};
use crate::configure;
use crate::context::Context;
use crate::pace::Counted;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::ids::AccountId;
use nightdesk_core::incident::Record;
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_core::port::Account;
use nightdesk_store::{Error, Setting};

/// How long a checked account holds while the key stays the same.
const HOLDS_MINUTES: i64 = 60;

impl Desk {
    pub(super) async fn check_account(
        &self,
        pace: &Counted<'_>,
        ctx: &Context,
        now: DateTime<Utc>,
    ) -> Result<(), PollError> {
        let fingerprint = self.huntress.key_fingerprint()?;
        let (known, checked) = self
            .db
            .read(|tx| Ok::<_, Error>((tx.setting(Setting::KeyFingerprint)?, tx.mark(Setting::AccountCheckedAt)?)))
            .await?;
        let same_key = known.as_deref() == Some(&fingerprint);
        let fresh = checked.is_some_and(|c| now - c < Duration::minutes(HOLDS_MINUTES) && c <= now);
        if same_key && fresh && ctx.account.is_some() {
            return Ok(());
        }
        self.ask_for_account(pace, ctx, now, fingerprint).await
    }

    /// The account on record.
    pub(crate) async fn watched_account(&self) -> Result<AccountId, Error> {
        self.db.read(|tx| Ok(Context::load(tx)?.account_id())).await
    }

    /// Asks at once when a listing holds rows of another account: the key may have changed hands within the hour.
    pub(crate) async fn suspect_account(
        &self,
        pace: &Counted<'_>,
        watched: AccountId,
        rows: &[Record],
    ) -> Result<(), PollError> {
        if !rows.iter().any(|r| r.reading.incident().and_then(|i| i.account).is_some_and(|a| a != watched)) {
            return Ok(());
        }
        let ctx = self.db.read(Context::load).await?;
        let fingerprint = self.huntress.key_fingerprint()?;
        self.ask_for_account(pace, &ctx, self.clock.now(), fingerprint).await
    }

    async fn ask_for_account(
        &self,
        pace: &Counted<'_>,
        ctx: &Context,
        now: DateTime<Utc>,
        fingerprint: String,
    ) -> Result<(), PollError> {
        let (account, _) = self.huntress.account(pace).await?;
        let watched = ctx.account.clone();
        self.db.write(move |tx| store(tx, now, watched.as_ref(), &account, &fingerprint)).await?
    }
}

fn store(
    tx: &nightdesk_store::Tx<'_>,
    now: DateTime<Utc>,
    watched: Option<&Account>,
    found: &Account,
    fingerprint: &str,
) -> Result<Result<(), PollError>, Error> {
    if let Some(watched) = watched.filter(|w| w.id != found.id) {
        tx.set(Setting::OtherAccount, Some(&serde_json::to_string(found)?))?;
        return Ok(Err(PollError::OtherAccount { found: found.id.0, name: found.name.clone(), watched: watched.id.0 }));
    }
    if watched.is_none() {
        configure::adopt_account(tx, now, found.id)?;
        tx.append(now, &Draft::new(Kind::Account, format!("watching account {}", found.id)).text(&found.name))?;
    }
    tx.set(Setting::Account, Some(&serde_json::to_string(found)?))?;
    tx.set(Setting::KeyFingerprint, Some(fingerprint))?;
    tx.set_mark(Setting::AccountCheckedAt, Some(now))?;
    tx.set(Setting::OtherAccount, None)?;
    Ok(Ok(()))
}
