//! The open sweep: Huntress's own list of what is open, compared with ours, both ways.

use crate::context::Context;
use crate::ingest::Counts;
use crate::pace::Counted;
use crate::poller::{Desk, PollError};
use nightdesk_core::incident::Status;
use nightdesk_core::port::{Listing, Urgency};
use nightdesk_core::walk::FULL_PAGE;
use nightdesk_store::{Error, LookUpKind, Setting};
use std::collections::HashSet;

impl Desk {
    /// Lists every open status to its end. What is listed and unknown is taken in; what is open here and not listed is
    /// to be fetched by id. A sweep that breaks off changes no verdict: the last whole one stands.
    pub(crate) async fn sweep(&self, pace: &Counted<'_>, counts: &mut Counts) -> Result<(), PollError> {
        let sweep = self
            .db
            .write(|tx| {
                let last: i64 = number(tx)?;
                tx.clear_sweep(Context::load(tx)?.account_id(), last + 1, last)?;
                Ok::<_, Error>(last + 1)
            })
            .await?;
        let watched = self.watched_account().await?;
        for status in Status::OPEN_FILTERS {
            let listing = Listing::WithStatus(status);
            let mut token: Option<String> = None;
            let mut tokens = HashSet::new();
            loop {
                let page = self.huntress.incidents(pace, Urgency::Sweep, &listing, FULL_PAGE, token.as_deref()).await?;
                self.suspect_account(pace, watched, &page.rows).await?;
                let mut stored = self.store_swept(page.rows, sweep).await?;
                // Rows of the sweep that the walk has just seen aren't counted twice.
                stored.fetched = 0;
                stored.unchanged = 0;
                counts.add(stored);
                let Some(next) = page.next else { break };
                if !tokens.insert(next.clone()) {
                    return Err(PollError::Endless);
                }
                token = Some(next);
            }
        }
        let now = self.clock.now();
        self.db
            .write(move |tx| {
                let account = Context::load(tx)?.account_id();
                tx.set(Setting::SweepNumber, Some(&sweep.to_string()))?;
                tx.set_mark(Setting::LastSweepAt, Some(now))?;
                for id in tx.open_but_not_listed(account, sweep)? {
                    tx.want(LookUpKind::Incident, account, id.0, "not_listed", now)?;
                }
                tx.clear_sweep(account, sweep + 1, sweep)
            })
            .await?;
        Ok(())
    }
}

fn number(tx: &nightdesk_store::Tx<'_>) -> Result<i64, Error> {
    Ok(tx.setting(Setting::SweepNumber)?.and_then(|s| s.parse().ok()).unwrap_or(0))
}
