//! The poll: account, walk, cursor (ND-3), and the chores that follow it.

mod account;
mod chores;
mod task;
mod walk;

pub use task::{Poke, Poller, Running};

use crate::context::Context;
use crate::db::Db;
use crate::ingest::Counts;
use crate::pace::{Counted, SharedPace};
use crate::watch;
use chrono::{DateTime, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::Kind;
use nightdesk_core::port::{Huntress, HuntressError};
use nightdesk_store::{Error, PollRow, Setting};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a poll came to, as the command line shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollReport {
    /// Whether its walk reached its boundary and everything is stored.
    pub ok: bool,
    /// Why not, in words.
    pub error: Option<String>,
    /// Requests that left, retries included.
    pub requests: u32,
    /// Records received.
    pub fetched: u32,
    /// Seen for the first time.
    pub new: u32,
    /// Known, and different.
    pub changed: u32,
    /// Known, and the same.
    pub unchanged: u32,
    /// Tickets opened.
    pub tickets_created: u32,
    /// Tickets closed.
    pub tickets_closed: u32,
    /// Records quarantined.
    pub quarantined: u32,
    /// How long it took.
    pub duration_ms: i64,
    /// It didn't run, because routing is incomplete.
    #[serde(default)]
    pub paused: bool,
    /// It failed because the store is damaged.
    #[serde(default)]
    pub damaged: bool,
}

impl PollReport {
    fn count(&mut self, c: Counts) {
        self.fetched += c.fetched;
        self.new += c.new;
        self.changed += c.changed;
        self.unchanged += c.unchanged;
        self.tickets_created += c.tickets_created;
        self.tickets_closed += c.tickets_closed;
        self.quarantined += c.quarantined;
    }
}

/// Why a poll failed.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    /// Routing is incomplete: these keys are missing.
    #[error("polling is paused until routing is complete; missing: {}. Set them with `nightdesk config apply FILE`", .0.join(", "))]
    Paused(Vec<&'static str>),
    /// The key belongs to another account than the one that this desk watches.
    #[error(
        "the API key belongs to Huntress account {found} ({name}), but this desk watches account {watched}; nothing was read. Enter the right key, or use another data directory for the other account"
    )]
    OtherAccount {
        /// The account of the key.
        found: i64,
        /// Its name.
        name: String,
        /// The account on record.
        watched: i64,
    },
    /// Huntress couldn't be read.
    #[error(transparent)]
    Huntress(#[from] HuntressError),
    /// It couldn't be stored; the cursor stays where it was.
    #[error(transparent)]
    Store(#[from] Error),
    /// The mapping table couldn't take a listing.
    #[error(transparent)]
    Mapping(#[from] crate::desk::Error),
    /// The listing repeats its page token, so it would never end.
    #[error("Huntress's listing repeats a page token, so that it has no end; the cursor stays where it was")]
    Endless,
}

/// Told what was taken in so far, after each stored page.
pub type Progress = Arc<dyn Fn(&Counts) + Send + Sync>;

/// What a poll works with.
#[derive(Clone)]
pub struct Desk {
    /// The store.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Huntress.
    pub huntress: Arc<dyn Huntress>,
    /// The shared bucket.
    pub pace: SharedPace,
    /// The kinds of delivery that this engine has a sender for and that alert people.
    pub destinations: Arc<[Kind]>,
    /// Told after each stored page.
    pub progress: Option<Progress>,
}

impl Desk {
    /// One poll: account check where due, walk, and on the first run the sweep, since only that takes every open
    /// incident whatever its age. Its record and what it means for the watch are stored, whatever comes of it.
    pub async fn poll(&self) -> (PollReport, Option<PollError>) {
        let began = self.clock.now();
        let counted = Counted::new(&self.pace);
        let mut report = PollReport::default();
        let mut counts = Counts::default();
        let failed = self.poll_inner(&counted, &mut counts).await.err();
        report.count(counts);
        report.requests = counted.requests();
        self.finish(began, report, failed).await
    }

    async fn poll_inner(&self, pace: &Counted<'_>, counts: &mut Counts) -> Result<(), PollError> {
        let now = self.clock.now();
        let ctx = self.db.read(Context::load).await?;
        self.pace.set_rate(ctx.config.huntress.requests_per_minute);
        if ctx.bound.is_none() {
            return Err(PollError::Paused(ctx.config.routing.missing()));
        }
        self.check_account(pace, &ctx, now).await?;
        let first = self.db.read(|tx| tx.mark(Setting::LastSweepAt)).await?.is_none();
        let unlisted = self.db.read(|tx| tx.mark(Setting::OrganizationsListedAt)).await?.is_none();
        if unlisted {
            // Names first, so that what can be linked by name is filed under its client at once. Not worth failing for.
            if let Err(e) = self.list_organizations(pace).await {
                if matches!(e, PollError::Huntress(HuntressError::Refused { .. } | HuntressError::Stopped)) {
                    return Err(e);
                }
                tracing::warn!(error = %e, "organizations could not be listed");
            }
        }
        self.walk(pace, counts).await?;
        if first {
            self.sweep(pace, counts).await?;
        }
        Ok(())
    }

    async fn finish(
        &self,
        began: DateTime<Utc>,
        mut report: PollReport,
        failed: Option<PollError>,
    ) -> (PollReport, Option<PollError>) {
        let ended = self.clock.now();
        report.duration_ms = (ended - began).num_milliseconds().max(0);
        report.ok = failed.is_none();
        report.error = failed.as_ref().map(ToString::to_string);
        report.paused = matches!(failed, Some(PollError::Paused(_)));
        report.damaged = matches!(failed, Some(PollError::Store(Error::Damaged(_))));
        let stopped = matches!(failed, Some(PollError::Huntress(HuntressError::Stopped)));
        if !report.paused && !stopped {
            let row = report.clone();
            let stored = self
                .db
                .write(move |tx| {
                    let body = serde_json::to_string(&row)?;
                    tx.add_poll(&PollRow { began_at: began, ended_at: ended, ok: row.ok, body })?;
                    match &row.error {
                        Some(why) => watch::failed_read(tx, ended, why),
                        None => Ok(()),
                    }
                })
                .await;
            if let Err(e) = stored {
                tracing::error!(error = %e, "a poll's outcome could not be stored");
            }
        }
        (report, failed)
    }
}
