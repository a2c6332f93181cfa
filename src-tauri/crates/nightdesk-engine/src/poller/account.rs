//! Whose account the key belongs to: incidents are keyed by account, so a foreign key must not be read into it.

use super::{Desk, PollError};
use crate::configure;
use crate::context::Context;
use crate::pace::Counted;
use chrono::{DateTime, Duration, Utc};
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
