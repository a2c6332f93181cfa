//! The walk: newest change first, down to the cursor less its overlap, each page stored before the next is asked for.

use super::{Desk, PollError};
use crate::context::{Context, Mapping};
use crate::ingest::{self, Counts};
use crate::pace::Counted;
use crate::{faults, watch};
use chrono::{DateTime, Utc};
use nightdesk_core::incident::Record;
use nightdesk_core::port::{Listing, Urgency};
use nightdesk_core::walk::{Walk, boundary, page_limit};
use nightdesk_store::{Error, FirstSeen, Setting, Topic, Tx};
use std::collections::HashSet;
use std::sync::Mutex;

/// The context of a walk, read again only when somebody changed it.
#[derive(Default)]
pub(super) struct Cached(Mutex<Option<(i64, Context)>>);

impl Cached {
    /// Runs with the present context and mapping.
    pub fn with<T>(&self, tx: &Tx<'_>, f: impl FnOnce(&Context, &mut Mapping) -> Result<T, Error>) -> Result<T, Error> {
        let mut held = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = tx.revision(Topic::Configuration)?;
        if held.as_ref().is_none_or(|(seen, _)| *seen != now) {
            *held = Some((now, Context::load(tx)?));
        }
        let Some((_, ctx)) = held.as_ref() else { return Err(Error::Value("no context".into())) };
        let mut mapping = Mapping::load(tx, ctx.account_id())?;
        f(ctx, &mut mapping)
    }
}

impl Desk {
    /// ND-3: the cursor moves only with the walk's last page, in the same transaction; a failure anywhere leaves it.
    pub(super) async fn walk(&self, pace: &Counted<'_>, counts: &mut Counts) -> Result<(), PollError> {
        let cursor = self.db.read(|tx| tx.mark(Setting::Cursor)).await?;
        let watched = self.watched_account().await?;
        let until = boundary(cursor, self.clock.now());
        let mut walk = Walk::new(until);
        let mut token: Option<String> = None;
        let mut tokens = HashSet::new();
        let cached = std::sync::Arc::new(Cached::default());
        for number in 0.. {
            let limit = page_limit(number, cursor);
            let page = self.huntress.incidents(pace, Urgency::Walk, &Listing::Changes, limit, token.as_deref()).await?;
            self.suspect_account(pace, watched, &page.rows).await?;
            let dates: Vec<_> = page.rows.iter().map(|r| r.reading.updated_at()).collect();
            let reached = walk.page(&dates, page.date);
            let last = reached || page.next.is_none();
            let end = last.then(|| walk.cursor(cursor));
            let stored = self.store_page(&cached, page.rows, FirstSeen::Poll, until, page.date, end).await?;
            counts.add(stored);
            if let Some(progress) = &self.progress {
                progress(counts);
            }
            if last {
                return Ok(());
            }
            if !page.next.as_ref().is_some_and(|t| tokens.insert(t.clone())) {
                return Err(PollError::Endless);
            }
            token = page.next;
        }
        Ok(())
    }

    async fn store_page(
        &self,
        cached: &std::sync::Arc<Cached>,
        mut rows: Vec<Record>,
        by: FirstSeen,
        until: DateTime<Utc>,
        date: Option<DateTime<Utc>>,
        end: Option<Option<DateTime<Utc>>>,
    ) -> Result<Counts, Error> {
        let (now, destinations, cached) = (self.clock.now(), self.destinations.clone(), cached.clone());
        let fetched = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        // What was finished before the boundary is history, not news.
        rows.retain(|r| {
            let old = r.reading.updated_at().is_some_and(|u| u < until);
            !(old && r.reading.incident().is_some_and(|i| i.status.is_closed_like()))
        });
        let mut counts = self
            .db
            .write(move |tx| {
                cached.with(tx, |ctx, mapping| {
                    let counts = ingest::page(tx, ctx, mapping, now, &rows, by, &destinations)?;
                    if let Some(cursor) = end {
                        tx.set_mark(Setting::Cursor, cursor)?;
                        watch::proven_read(tx, now)?;
                        note_skew(tx, now, date)?;
                    }
                    Ok(counts)
                })
            })
            .await?;
        faults::point("ingest.committed");
        counts.fetched = fetched;
        Ok(counts)
    }

    /// Stores a page of the sweep.
    pub(crate) async fn store_swept(&self, rows: Vec<Record>, sweep: i64) -> Result<Counts, Error> {
        let (now, destinations) = (self.clock.now(), self.destinations.clone());
        let counts = self
            .db
            .write(move |tx| {
                let open: Vec<_> = rows
                    .iter()
                    .filter_map(|r| r.reading.incident())
                    .filter(|i| i.status.is_open())
                    .map(|i| i.id)
                    .collect();
                let ctx = Context::load(tx)?;
                let mut mapping = Mapping::load(tx, ctx.account_id())?;
                tx.add_to_sweep(ctx.account_id(), sweep, &open)?;
                ingest::page(tx, &ctx, &mut mapping, now, &rows, FirstSeen::Sweep, &destinations)
            })
            .await?;
        faults::point("sweep.committed");
        Ok(counts)
    }
}

/// Remembers how far our clock is from Huntress's, when that changed by more than noise.
fn note_skew(tx: &Tx<'_>, now: DateTime<Utc>, date: Option<DateTime<Utc>>) -> Result<(), Error> {
    let Some(date) = date else { return Ok(()) };
    let skew = (now - date).num_milliseconds();
    let before: i64 = tx.setting(Setting::ClockSkewMs)?.and_then(|s| s.parse().ok()).unwrap_or(0);
    if (skew - before).abs() > 5_000 {
        tx.set(Setting::ClockSkewMs, Some(&skew.to_string()))?;
    }
    Ok(())
}
