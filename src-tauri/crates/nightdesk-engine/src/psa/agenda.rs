//! What is to be read of the PSA now, and when there is more.

use super::desk_of;
use super::follow::is_under_way;
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_store::{Error, Setting, Tx};
use std::collections::HashSet;

/// Between two readings of the catalogue.
const CATALOGUE: Duration = Duration::minutes(60);

/// Between two looks at what changed there. One request of the sixty that it takes a minute.
pub(super) const CHANGES: Duration = Duration::seconds(60);

/// Between two comparisons of all that is open.
const SWEEP: Duration = Duration::minutes(60);

/// So many tickets are looked at singly before it is seen what else is due: half a minute at the pace that AlgaPSA allows.
const LOOKS_AT_ONCE: usize = 30;

/// What is to be done now, and when there is more.
pub(super) struct Agenda {
    /// Of which PSA.
    pub desk: String,
    /// By whom it was asked for, if by anybody.
    pub asked: Option<String>,
    /// Its catalogue is due.
    pub catalogue: bool,
    /// What people changed there is.
    pub changes: bool,
    /// The comparison of all that is open is.
    pub sweep: bool,
    /// Tickets that are to be looked at singly, so many that the rest doesn't wait for long.
    pub look: Vec<String>,
    /// Whether there are more of those.
    pub has_more_to_look: bool,
    /// When there is more to do.
    pub next: DateTime<Utc>,
}

impl Agenda {
    /// `None` where the desk is no PSA. After a failure everything is held back but what somebody asks for; `unshown` are
    /// tickets that couldn't be looked at by themselves.
    pub fn of(
        tx: &Tx<'_>,
        now: DateTime<Utc>,
        is_held: bool,
        unshown: &HashSet<String>,
    ) -> Result<Option<Self>, Error> {
        let ctx = Context::load(tx)?;
        let Some(desk) = desk_of(&ctx.config) else { return Ok(None) };
        let asked = tx.setting(Setting::PsaAsked)?;
        let is_asked = asked.is_some();
        let due = |mark, every| -> Result<bool, Error> {
            // A mark in the future comes from a clock that was set back, and proves nothing.
            Ok(!is_held && tx.mark(mark)?.is_none_or(|last| now - last >= every || last > now))
        };
        let mut look = Vec::new();
        if !is_held {
            for row in tx.psa_to_look(&desk)? {
                if look.len() > LOOKS_AT_ONCE {
                    break;
                }
                if row.remote_id.as_ref().is_some_and(|id| unshown.contains(id)) {
                    continue;
                }
                if let (Some(id), Some(ticket)) = (row.remote_id, tx.ticket(row.ticket)?)
                    && !is_under_way(tx, &desk, &ticket)?
                {
                    look.push(id);
                }
            }
        }
        let has_more_to_look = look.len() > LOOKS_AT_ONCE;
        look.truncate(LOOKS_AT_ONCE);
        let is_watching = ctx.bound.is_some();
        Ok(Some(Self {
            catalogue: is_asked || due(Setting::PsaCatalogueAt, CATALOGUE)?,
            changes: is_watching && (is_asked || due(Setting::PsaSeenAt, CHANGES)?),
            sweep: is_watching && due(Setting::PsaSweptAt, SWEEP)?,
            look,
            has_more_to_look,
            next: Self::next_after(tx, now, is_watching)?.unwrap_or(now + CHANGES),
            asked,
            desk,
        }))
    }

    /// What is not to be done while routing is incomplete is nothing to wake up for either.
    pub fn next_after(tx: &Tx<'_>, now: DateTime<Utc>, is_watching: bool) -> Result<Option<DateTime<Utc>>, Error> {
        let mut next = None::<DateTime<Utc>>;
        let watched = [(Setting::PsaSeenAt, CHANGES), (Setting::PsaSweptAt, SWEEP)];
        let watched = watched.into_iter().filter(|_| is_watching);
        for (mark, every) in [(Setting::PsaCatalogueAt, CATALOGUE)].into_iter().chain(watched) {
            let at = tx.mark(mark)?.filter(|last| *last <= now).map_or(now + every, |last| last + every);
            next = Some(next.map_or(at, |n| n.min(at)));
        }
        Ok(next)
    }

    /// Whether nothing is due.
    pub fn is_empty(&self) -> bool {
        !self.catalogue && !self.changes && !self.sweep && self.look.is_empty()
    }
}
