//! The carrier's pace: no more leaves at a time than a caller number and an account of the usual kind may send, so that
//! neither is blocked. What waits here, waits on record.

use chrono::{DateTime, Duration, Utc};
use nightdesk_core::budget::{Ask, Budget, FIRST_TEXT_HOLD};
use nightdesk_core::delivery::Kind;
use nightdesk_store::{Due, Error, Tx};
use std::collections::BTreeMap;

/// More attempts than any limit of the account's counts.
const REMEMBERED: u32 = 32;

/// What left lately, and which kinds wait because of it.
#[derive(Debug, Default)]
pub(super) struct Pacing {
    budget: Budget,
    waits: BTreeMap<Kind, DateTime<Utc>>,
}

impl Pacing {
    /// From the attempts on record: a restart earns nothing.
    pub fn on_record(tx: &Tx<'_>) -> Result<Self, Error> {
        let mut pacing = Self::default();
        for (kind, ask) in [(Kind::Sms, Ask::Text { first: false }), (Kind::Call, Ask::Keys)] {
            tx.last_attempts(kind, REMEMBERED)?.into_iter().rev().for_each(|at| pacing.budget.spent(ask, at));
        }
        Ok(pacing)
    }

    /// Forgets who waited, before what is due is looked through anew.
    pub fn begin(&mut self) {
        self.waits.clear();
    }

    /// Whether this may leave now, which then counts. How often one number is called is decided where calls are
    /// planned: whoever can't be called is passed over there, which is of no use here.
    pub fn admits(&mut self, kind: Kind, due: &Due, now: DateTime<Utc>) -> bool {
        let ask = match kind {
            // Asking what became of it takes nothing.
            _ if due.in_doubt => return true,
            Kind::Sms => Ask::Text { first: due.first_text },
            Kind::Call => Ask::Keys,
            _ => return true,
        };
        match self.budget.check(ask, due.due_at, now) {
            Ok(()) => {
                self.budget.spent(ask, now);
                true
            }
            Err(wait) => {
                let until = self.waits.entry(kind).or_insert(wait.until);
                *until = wait.until.min(*until);
                false
            }
        }
    }

    /// Until when what is due of a kind waits.
    pub fn held(&self, kind: Kind, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // No wait is as long as that: it comes from before the clock was set back.
        let latest = now + Duration::seconds(FIRST_TEXT_HOLD);
        self.waits.get(&kind).copied().filter(|until| *until > now && *until <= latest)
    }
}
