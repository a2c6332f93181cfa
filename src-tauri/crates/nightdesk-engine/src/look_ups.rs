//! Host details and incidents by id: fetched when tokens are to spare, after the ticket exists, never before.

use crate::context::{Context, Mapping};
use crate::ingest;
use crate::poller::Desk;
use crate::pulse::Pulse;
use crate::retry;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::content;
use nightdesk_core::ids::{AgentId, IncidentId, IncidentKey};
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_core::port::{HuntressError, Pace};
use nightdesk_store::{Error, FirstSeen, LookUp, LookUpKind, Tx};
use tokio_util::sync::CancellationToken;

/// Host details older than this are looked up again for a new ticket.
const HOST_FRESH_HOURS: i64 = 6;

/// After this many failures a look-up is given up; the ticket says what is missing.
const MOST_ATTEMPTS: u32 = 8;

/// The look-up task.
pub struct LookUps {
    /// What it looks up with.
    pub desk: Desk,
    /// What wakes it.
    pub pulse: Pulse,
    /// Ends it.
    pub stop: CancellationToken,
}

impl LookUps {
    /// Looks up until stopped.
    pub async fn run(self) {
        let mut waiter = self.pulse.waiter("look_ups");
        while !self.stop.is_cancelled() {
            waiter.look();
            match retry::answer_requests(&self.desk).await {
                Ok(true) => self.pulse.beat(),
                Ok(false) => {}
                Err(e) => tracing::warn!(error = %e, "a request to read an incident again could not be answered"),
            }
            let until = match next(&self.desk).await {
                Ok(Some(look_up)) if look_up.due_at <= self.pulse.clock().now() => {
                    let done = tokio::select! {
                        done = one(&self.desk, &look_up, &self.desk.pace) => done,
                        () = self.stop.cancelled() => return,
                    };
                    if let Err(e) = done {
                        tracing::warn!(error = %e, "a look-up could not be stored");
                        Some(self.pulse.clock().now() + Duration::seconds(10))
                    } else {
                        // Whoever pages, alerts, posts or files by what was found.
                        self.pulse.beat();
                        continue;
                    }
                }
                Ok(waiting) => waiting.map(|l| l.due_at),
                Err(_) => Some(self.pulse.clock().now() + Duration::seconds(10)),
            };
            tokio::select! {
                () = waiter.rest(until) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }
}

/// The look-up that is due first: what a page waits for goes first, what completes a webhook's report next, and host
/// details last.
pub(crate) async fn next(desk: &Desk) -> Result<Option<LookUp>, Error> {
    const ORDER: [(LookUpKind, bool); 3] =
        [(LookUpKind::Incident, false), (LookUpKind::Incident, true), (LookUpKind::Agent, false)];
    let now = desk.clock.now();
    desk.db
        .read(move |tx| {
            let mut waiting = Vec::new();
            for (kind, completing) in ORDER {
                match tx.next_look_up(kind, completing)? {
                    Some(due) if due.due_at <= now => return Ok(Some(due)),
                    later => waiting.extend(later),
                }
            }
            Ok(waiting.into_iter().min_by_key(|l| l.due_at))
        })
        .await
}

/// Does one look-up and stores what it found.
pub(crate) async fn one(desk: &Desk, look_up: &LookUp, pace: &dyn Pace) -> Result<(), Error> {
    let failed = match look_up.kind {
        LookUpKind::Agent => agent(desk, look_up, pace).await,
        LookUpKind::Incident => incident(desk, look_up, pace).await,
    }?;
    let (now, look_up) = (desk.clock.now(), look_up.clone());
    match failed {
        None => desk.db.write(move |tx| tx.look_up_done(&look_up)).await,
        Some(HuntressError::Stopped) => Ok(()),
        Some(e) => {
            tracing::info!(kind = ?look_up.kind, id = look_up.id, error = %e, "a look-up failed");
            let wait = Duration::minutes(1_i64 << look_up.attempts.min(6));
            desk.db
                .write(move |tx| {
                    if look_up.attempts + 1 >= MOST_ATTEMPTS {
                        tx.look_up_done(&look_up)
                    } else {
                        tx.look_up_again(&look_up, now + wait)
                    }
                })
                .await
        }
    }
}

async fn agent(desk: &Desk, look_up: &LookUp, pace: &dyn Pace) -> Result<Option<HuntressError>, Error> {
    let (account, id) = (look_up.account, AgentId(look_up.id));
    let now = desk.clock.now();
    let known = desk.db.read(move |tx| tx.host(account, id)).await?;
    if known.is_some_and(|(_, at)| now - at < Duration::hours(HOST_FRESH_HOURS)) {
        return Ok(None);
    }
    match desk.huntress.agent(pace, id).await {
        Ok(host) => {
            let now = desk.clock.now();
            desk.db.write(move |tx| tx.put_host(account, id, now, host.as_ref())).await?;
            Ok(None)
        }
        Err(e) => Ok(Some(e)),
    }
}

pub(crate) async fn incident(desk: &Desk, look_up: &LookUp, pace: &dyn Pace) -> Result<Option<HuntressError>, Error> {
    let key = IncidentKey { account: look_up.account, id: IncidentId(look_up.id) };
    match desk.huntress.incident(pace, key.id).await {
        Ok(record) => {
            let (now, destinations) = (desk.clock.now(), desk.destinations.clone());
            desk.db
                .write(move |tx| match record {
                    Some(record) => {
                        let ctx = Context::load(tx)?;
                        let mut mapping = Mapping::load(tx, ctx.account_id())?;
                        if ctx.bound.is_some() && ctx.account_id() == key.account {
                            ingest::page(tx, &ctx, &mut mapping, now, &[record], FirstSeen::ById, &destinations)?;
                        }
                        Ok::<_, Error>(None)
                    }
                    // Huntress's list is behind its own webhook: nothing is undone, and it is asked again. What stays
                    // away is the open sweep's business.
                    None if only_posted(tx, key)? => Ok(Some(HuntressError::NotFound)),
                    None => gone(tx, now, key).map(|()| None),
                })
                .await
        }
        Err(e) => Ok(Some(e)),
    }
}

/// Whether only a webhook has told of it so far.
fn only_posted(tx: &Tx<'_>, key: IncidentKey) -> Result<bool, Error> {
    Ok(tx.incident(key)?.is_some_and(|i| i.posted_at.is_some() && i.polled_at.is_none()))
}

/// Huntress no longer has an incident that is open here: a note, and the ticket stays open.
fn gone(tx: &Tx<'_>, now: DateTime<Utc>, key: IncidentKey) -> Result<(), Error> {
    let Some(stored) = tx.incident(key)?.filter(|i| i.gone_at.is_none()) else { return Ok(()) };
    tx.mark_gone(key, now)?;
    let mut draft = Draft::new(Kind::Gone, "404").incident(key);
    draft.ticket = stored.ticket;
    tx.append(now, &draft)?;
    if let Some(ticket) = stored.ticket {
        tx.add_to_timeline(ticket, now, "gone", None, &content::gone_note(&stored.facts()?))?;
    }
    Ok(())
}
