//! What follows a poll when it is due: the sweep, organizations, escalations and platform actions.

use super::{Desk, PollError, PollReport};
use crate::context::Context;
use crate::ingest::Counts;
use crate::mapping;
use crate::notices;
use crate::pace::Counted;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::port::NoticeListing;
use nightdesk_store::{Error, Setting, Tx};
use std::collections::HashSet;

const SWEEP_MINUTES: i64 = 60;
const ORGANIZATIONS_MINUTES: i64 = 60;
const NOTICES_MINUTES: i64 = 5;

const CHORES: [(Setting, i64); 3] = [
    (Setting::LastSweepAt, SWEEP_MINUTES),
    (Setting::OrganizationsListedAt, ORGANIZATIONS_MINUTES),
    (Setting::NoticesListedAt, NOTICES_MINUTES),
];

/// When the next chore is due: notices come every few minutes however long the poll interval is.
pub(super) fn next_due(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
    let mut next = now + Duration::minutes(NOTICES_MINUTES);
    for (mark, minutes) in CHORES {
        let due = tx.mark(mark)?.filter(|last| *last <= now).map_or(now, |last| last + Duration::minutes(minutes));
        next = next.min(due);
    }
    Ok(next)
}

impl Desk {
    /// Does what is due. A chore that fails is logged and due again with the next poll; what was read proves the poll
    /// all the same.
    pub async fn chores(&self, report: &mut PollReport) {
        let counted = Counted::new(&self.pace);
        let mut counts = Counts::default();
        for (mark, minutes) in CHORES {
            let done = match self.is_due(mark, minutes).await {
                Ok(false) => continue,
                Ok(true) => match mark {
                    Setting::LastSweepAt => self.sweep(&counted, &mut counts).await,
                    Setting::OrganizationsListedAt => self.list_organizations(&counted).await,
                    _ => self.list_notices(&counted).await,
                },
                Err(e) => Err(e.into()),
            };
            if let Err(e) = done {
                tracing::warn!(chore = ?mark, error = %e, "a chore failed and stays due");
            }
        }
        report.count(counts);
        report.requests += counted.requests();
    }

    async fn is_due(&self, mark: Setting, minutes: i64) -> Result<bool, Error> {
        let now = self.clock.now();
        let last: Option<DateTime<Utc>> = self.db.read(move |tx| tx.mark(mark)).await?;
        // A mark in the future comes from a clock that was set back, and proves nothing.
        Ok(last.is_none_or(|l| now - l >= Duration::minutes(minutes) || l > now))
    }

    pub(super) async fn list_organizations(&self, pace: &Counted<'_>) -> Result<(), PollError> {
        let mut token: Option<String> = None;
        let mut tokens = HashSet::new();
        loop {
            let page = self.huntress.organizations(pace, token.as_deref()).await?;
            let now = self.clock.now();
            let last = page.next.is_none();
            let rows = page.rows;
            self.db
                .write(move |tx| {
                    let ctx = Context::load(tx)?;
                    mapping::put_listing(tx, &ctx, now, &rows, last)?;
                    if last {
                        tx.set_mark(Setting::OrganizationsListedAt, Some(now))?;
                    }
                    Ok::<_, crate::desk::Error>(())
                })
                .await?;
            match page.next {
                None => return Ok(()),
                Some(next) if tokens.insert(next.clone()) => token = Some(next),
                Some(_) => return Err(PollError::Endless),
            }
        }
    }

    /// One page of each kind, newest change first: what isn't on it was stored when it was.
    async fn list_notices(&self, pace: &Counted<'_>) -> Result<(), PollError> {
        for listing in [NoticeListing::Escalations, NoticeListing::PlatformActions] {
            let page = self.huntress.notices(pace, listing, None).await?;
            let (now, destinations) = (self.clock.now(), self.destinations.clone());
            self.db
                .write(move |tx| {
                    let ctx = Context::load(tx)?;
                    page.rows.iter().try_for_each(|n| notices::take(tx, &ctx, now, &destinations, n, None).map(drop))
                })
                .await?;
        }
        let now = self.clock.now();
        self.db.write(move |tx| tx.set_mark(Setting::NoticesListedAt, Some(now))).await?;
        Ok(())
    }
}
