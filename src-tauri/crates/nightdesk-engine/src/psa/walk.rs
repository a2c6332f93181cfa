//! Walks through the PSA's tickets: what changed there, what is open there, and single ones.

use super::follow::{Taken, gone, take_in};
use super::keeper::{Failure, Keeper, UNSHOWN};
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::port::PsaError;
use nightdesk_core::psa::Seen;
use nightdesk_store::{PsaTicketRow, Setting, Tx};
use std::collections::{HashMap, HashSet};

/// Changes are listed again from so long before the last one: one that was begun earlier may have become visible later.
const OVERLAP: Duration = Duration::seconds(30);

/// The first look at changes goes back so far: what was changed before is known from how it stood when it was created.
const FIRST_LOOK: Duration = Duration::minutes(10);

/// More pages than any list has: a list that never ends isn't one.
const MOST_PAGES: u32 = 1000;

impl Keeper {
    /// Walks what changed there, oldest first. The mark moves with the end of the walk alone: what a lost page held is
    /// listed again. Pages are counted by offset there, and a ticket that changes meanwhile moves to the end, so that the
    /// first of the next page slips onto one that has been read: each page therefore begins where the last one ended.
    pub(super) async fn read_changes(&self, desk: &str) -> Result<(), Failure> {
        let now = self.pulse.clock().now();
        let to: Option<DateTime<Utc>> = self.db.read(|tx| tx.mark(Setting::PsaChangesTo)).await?;
        // A change dated in the future, as an import may be, would hide all that come before that day.
        let to = to.map(|to| to.min(now));
        let since = to.map_or(now - FIRST_LOOK, |to| to - OVERLAP);
        let (mut newest, mut from, mut page) = (to, since, 1);
        for _ in 1..=MOST_PAGES {
            let changes = self.of(desk, self.psa.changes(from, page).await)?;
            let last = changes.tickets.iter().filter_map(|t| t.updated_at).max();
            newest = newest.max(last.map(|last| last.min(now)));
            // More of them at one moment than a page has are walked by its number.
            (from, page) = last.filter(|last| *last > from).map_or((from, page + 1), |last| (last, 1));
            // What was listed before the catalogue was read anew names nothing that is younger: once a page is enough.
            let mut is_known = false;
            for seen in self.ours(desk, changes.tickets).await? {
                self.take(desk, seen, &mut is_known).await?;
            }
            if !changes.has_more {
                break;
            }
        }
        self.db
            .write(move |tx| {
                tx.set_mark(Setting::PsaChangesTo, Some(newest.unwrap_or(since)))?;
                tx.set_mark(Setting::PsaSeenAt, Some(now))
            })
            .await?;
        Ok(())
    }

    /// Those of a page that are ours. Few are, and only for those is it worth to hold up everybody who writes.
    async fn ours(&self, desk: &str, page: Vec<Seen>) -> Result<Vec<Seen>, Failure> {
        let desk = desk.to_owned();
        let ours = move |tx: &Tx<'_>| {
            let mut ours = Vec::new();
            for seen in &page {
                if tx.psa_ticket_by_remote(&desk, &seen.id)?.is_some() {
                    ours.push(seen.clone());
                }
            }
            Ok::<_, nightdesk_store::Error>(ours)
        };
        Ok(self.db.read(ours).await?)
    }

    /// Takes a ticket in; `is_known` where the catalogue was read since it was listed.
    async fn take(&self, desk: &str, seen: Seen, is_known: &mut bool) -> Result<(), Failure> {
        let (now, of, again, is_last_word) = (self.pulse.clock().now(), desk.to_owned(), seen.clone(), *is_known);
        let taken = self.db.write(move |tx| take_in(tx, &Context::load(tx)?, &of, now, &again, is_last_word)).await?;
        if taken == Taken::Foreign {
            // A board or client that is younger than our catalogue.
            self.read_catalogue(desk).await?;
            *is_known = true;
            let of = desk.to_owned();
            self.db.write(move |tx| take_in(tx, &Context::load(tx)?, &of, now, &seen, true).map(drop)).await?;
        }
        Ok(())
    }

    /// Looks at tickets singly. One that the PSA can't show, though it answers, is left for a while: it mustn't hide all
    /// others.
    pub(super) async fn look_at(
        &self,
        desk: &str,
        ids: &[String],
        unshown: &mut HashMap<String, DateTime<Utc>>,
    ) -> Result<(), Failure> {
        for id in ids {
            match self.look_at_one(desk, id).await {
                Err(Failure::Psa(PsaError::BadAnswer(why))) => {
                    tracing::warn!(
                        ticket = id,
                        why,
                        "the PSA can't show a ticket; it is looked at again within the hour"
                    );
                    unshown.insert(id.clone(), self.pulse.clock().now() + UNSHOWN);
                }
                looked => looked?,
            }
        }
        Ok(())
    }

    async fn look_at_one(&self, desk: &str, id: &str) -> Result<(), Failure> {
        match self.of(desk, self.psa.ticket(id).await)? {
            Some(seen) => self.take(desk, seen, &mut false).await,
            None => {
                let (now, desk, id) = (self.pulse.clock().now(), desk.to_owned(), id.to_owned());
                let mark = move |tx: &Tx<'_>| match tx.psa_ticket_by_remote(&desk, &id)? {
                    Some(row) => gone(tx, &Context::load(tx)?, &desk, now, &row),
                    None => Ok(()),
                };
                Ok(self.db.write(mark).await?)
            }
        }
    }

    /// Marks what is to be looked at singly: each ticket that is open here and isn't listed as open there (closed, moved out
    /// of sight, or deleted), and each that was gone and is listed.
    pub(super) async fn sweep(&self, desk: &str) -> Result<(), Failure> {
        let now = self.pulse.clock().now();
        let mut listed = HashSet::new();
        for page in 1..=MOST_PAGES {
            let (ids, has_more) = self.of(desk, self.psa.open_tickets(page).await)?;
            listed.extend(ids);
            if !has_more {
                break;
            }
        }
        let of = desk.to_owned();
        self.db
            .write(move |tx| {
                let is_odd = |row: &PsaTicketRow| {
                    let is_listed = row.remote_id.as_ref().is_some_and(|id| listed.contains(id));
                    is_listed == row.gone_at.is_some() && !row.look_again
                };
                for row in tx.psa_swept(&of)?.into_iter().filter(is_odd) {
                    tx.put_psa_ticket(&of, &PsaTicketRow { look_again: true, ..row })?;
                }
                // And the other way: whatever of ours never came to be asked for is compared once more.
                tx.psa_compare_open()?;
                tx.set_mark(Setting::PsaSweptAt, Some(now))
            })
            .await?;
        self.pulse.beat();
        Ok(())
    }
}
