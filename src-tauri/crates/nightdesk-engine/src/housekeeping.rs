//! What keeps the store sound and small: check, nightly backup, retention.

use crate::db::Db;
use crate::pulse::Pulse;
use chrono::{DateTime, Duration, Utc};
use nightdesk_store::{Error, Opening, Setting, Store};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Time between two runs of each chore, in hours.
const EVERY_HOURS: i64 = 24;

/// Nothing heavy but the check runs in the first minutes, so that a start stays light.
const SETTLE_MINUTES: i64 = 10;

/// A chore that failed is tried again after this many minutes.
const RETRY_MINUTES: i64 = 15;

/// Raw vendor bytes are kept for this many days.
const RAW_DAYS: i64 = 90;

/// Attempts are kept for this many days.
const ATTEMPT_DAYS: i64 = 365;

/// Webhooks are remembered by their ids for this many days, which is far beyond the day and a few hours in which Huntress
/// tries again.
const DELIVERY_DAYS: i64 = 365;

/// So many polls are kept: two weeks at one a minute.
const POLLS: u32 = 20_000;

/// Incidents whose raw bytes go in one transaction; small, so that no poll waits for it.
const BATCH: u32 = 200;

/// A chore that comes round once a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chore {
    Check,
    Backup,
    Retention,
}

impl Chore {
    const ALL: [Self; 3] = [Self::Check, Self::Backup, Self::Retention];

    /// Where its last success is marked.
    fn mark(self) -> Setting {
        match self {
            Self::Check => Setting::LastCheckAt,
            Self::Backup => Setting::LastBackupAt,
            Self::Retention => Setting::LastRetentionAt,
        }
    }
}

/// The task that does the chores.
pub struct Housekeeper {
    db: Db,
    pulse: Pulse,
    damaged: watch::Sender<Option<String>>,
}

impl Housekeeper {
    /// The task's name in the pulse.
    pub const NAME: &'static str = "housekeeping";

    /// A housekeeper that says on `damaged` what it found when the store turns out damaged.
    pub fn new(db: Db, pulse: Pulse, damaged: watch::Sender<Option<String>>) -> Self {
        Self { db, pulse, damaged }
    }

    /// Does what is due, until `stop`. A chore that fails is logged and retried; only the check finding damage is
    /// passed on.
    pub async fn run(self, stop: CancellationToken) {
        let clock = self.pulse.clock().clone();
        let started = clock.now();
        let mut waiter = self.pulse.waiter(Self::NAME);
        let mut not_before = Chore::ALL.map(|chore| match chore {
            Chore::Check => started,
            Chore::Backup | Chore::Retention => started + Duration::minutes(SETTLE_MINUTES),
        });
        // A pulse beats often, a chore is due once a day: between two due times the store isn't even asked.
        let mut next = started;
        loop {
            waiter.look();
            let now = clock.now();
            // A clock that was set back must not put the chores off for as long again.
            if now >= next || next - now > Duration::hours(EVERY_HOURS) {
                for (chore, from) in Chore::ALL.into_iter().zip(&mut not_before) {
                    *from = self.attend(chore, *from, now).await;
                    if stop.is_cancelled() {
                        return;
                    }
                }
                next = not_before.into_iter().min().unwrap_or(now + Duration::hours(1));
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = waiter.rest(Some(next)) => {}
            }
        }
    }

    /// Does a chore if it is due; answers when to look at it again.
    async fn attend(&self, chore: Chore, from: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let retry = now + Duration::minutes(RETRY_MINUTES);
        if now < from && from - now <= Duration::hours(EVERY_HOURS) {
            return from;
        }
        match self.db.read(move |tx| tx.mark(chore.mark())).await {
            Ok(Some(last)) if last <= now && now - last < Duration::hours(EVERY_HOURS) => {
                return last + Duration::hours(EVERY_HOURS);
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(?chore, %error, "a chore could not be looked up; it is tried again later");
                return retry;
            }
        }
        let done = match chore {
            Chore::Check => self.beside(|store| store.quick_check()).await,
            Chore::Backup => self.back_up(now).await,
            Chore::Retention => self.forget(now).await,
        };
        let done = match done {
            Ok(()) => self.db.write(move |tx| tx.set_mark(chore.mark(), Some(now))).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => now + Duration::hours(EVERY_HOURS),
            Err(Error::Damaged(what)) => {
                tracing::error!(?chore, %what, "the database is damaged");
                self.damaged.send_replace(Some(what));
                retry
            }
            Err(error) => {
                tracing::error!(?chore, %error, "a chore failed; it is tried again later");
                retry
            }
        }
    }

    async fn back_up(&self, now: DateTime<Utc>) -> Result<(), Error> {
        self.beside(move |store| store.back_up(now)).await.map(|backup| {
            tracing::info!(path = %backup.path.display(), bytes = backup.bytes, "backup made");
        })
    }

    async fn forget(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let old = now - Duration::days(RAW_DAYS);
        while self.db.write(move |tx| tx.forget_raw(old, BATCH)).await? > 0 {}
        while self.db.write(move |tx| tx.forget_webhook_bodies(old, BATCH)).await? > 0 {}
        let ancient = now - Duration::days(DELIVERY_DAYS);
        while self.db.write(move |tx| tx.drop_webhooks(ancient, BATCH)).await? > 0 {}
        self.db
            .write::<_, Error>(move |tx| {
                tx.drop_attempts(now - Duration::days(ATTEMPT_DAYS))?;
                tx.drop_polls(POLLS)?;
                tx.drop_requests(now - Duration::days(1))?;
                Ok(())
            })
            .await?;
        self.db.with(|store| store.checkpoint()).await?
    }

    /// On a connection and a thread of its own: a check of a large store takes seconds, in which polls must go on.
    async fn beside<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Store) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let path = self.db.with(|store| store.path().to_owned()).await?;
        tokio::task::spawn_blocking(move || f(&Store::open(&path, Opening::Guest)?))
            .await
            .map_err(|error| Error::Io(format!("the chore's thread ended: {error}")))?
    }
}

#[cfg(test)]
mod tests;
