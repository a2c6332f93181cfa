//! One claimed delivery on its way: an attempt, or a question about an earlier one.

use super::verdict;
use super::verdict::{Verdict, conclude};
use crate::db::Db;
use crate::faults;
use crate::hooks::{self, Tried};
use crate::mail;
use crate::paging;
use crate::psa;
use chrono::{Duration, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::{Doubt, Event, Kind, LEASE_SECONDS, Outcome, State, doubt};
use nightdesk_core::port::{Found, Outgoing, PortFuture, Sender};
use nightdesk_store::{Claimed, Error, Fence, Settlement};
use std::future::Future;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Well below the lease, so that a hung send is in doubt before anyone else could claim it.
const LONGEST_SEND: i64 = LEASE_SECONDS / 2;

/// How often a settling that the store refused is tried again, in seconds: the outcome is known and must not be lost.
const SETTLE_AGAIN: i64 = 1;

/// What carries deliveries of one kind.
pub(super) struct Carrier {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub sender: Arc<dyn Sender>,
    pub tasks: TaskTracker,
    pub stop: CancellationToken,
}

impl Carrier {
    /// Takes a claim to its settling. `None` when nothing was settled: the claim was taken over, or the store failed
    /// and the lease will run out.
    pub async fn carry(&self, claimed: Claimed) -> Option<State> {
        if claimed.in_doubt { self.resolve(claimed).await } else { self.attempt(claimed).await }
    }

    async fn attempt(&self, claimed: Claimed) -> Option<State> {
        let Claimed { fence, mut outgoing, .. } = claimed;
        if self.stop.is_cancelled() {
            return self.settle(fence, Verdict::new(Event::Release), None).await;
        }
        let now = self.clock.now();
        let (kind, to) = (self.sender.kind(), outgoing.destination.clone());
        // ND-5: in a transaction of its own, committed before a byte leaves.
        let begun = self.db.write(move |tx| {
            let terms = if kind == Kind::Webhook { hooks::terms(tx, now, &to)? } else { None };
            if kind == Kind::Webhook && terms.is_none() {
                return Ok(None);
            }
            Ok::<_, Error>(Some((tx.begin_attempt(fence, now)?, terms)))
        });
        match begun.await {
            Ok(Some((number, terms))) => {
                outgoing.attempt = number;
                if let Some(terms) = terms {
                    outgoing.payload["terms"] = serde_json::json!(terms);
                }
            }
            // Its endpoint was given up or deleted since it was claimed.
            Ok(None) => return self.settle(fence, Verdict::new(Event::Release), None).await,
            Err(error) => {
                tracing::warn!(delivery = %fence.delivery, %error, "an attempt could not begin; nothing was sent");
                return None;
            }
        }
        faults::point("dispatch.begun");
        let number = outgoing.attempt;
        let sender = self.sender.clone();
        let (outcome, exchange) = match self.bounded(ask(sender, outgoing, |s, o| s.send_and_show(o))).await {
            Ok(told) => told,
            Err(error) => (Outcome::Unknown { error }, None),
        };
        faults::point("dispatch.sent");
        let verdict = verdict::of_outcome(kind, outcome, number, self.clock.now(), rand::random());
        let state = self.settle(fence, verdict, Some(Arc::new(Tried { number, exchange }))).await;
        faults::point("dispatch.settled");
        state
    }

    /// ND-5: what to do about a delivery in doubt follows from `delivery::doubt` alone.
    async fn resolve(&self, claimed: Claimed) -> Option<State> {
        let now = self.clock.now();
        let (kind, attempts) = (self.sender.kind(), claimed.outgoing.attempt);
        let verdict = match doubt(kind, self.sender.idempotency()) {
            Doubt::Ask if self.stop.is_cancelled() => return None,
            Doubt::Ask => {
                let (doubts, due_at) = (claimed.doubts, claimed.due_at);
                let sender = self.sender.clone();
                let found = match self.bounded(ask(sender, claimed.outgoing, |s, o| s.look_up(o))).await {
                    Ok(found) => found,
                    Err(error) => Found::Unknown(error),
                };
                let found = self.unless_known(found).await;
                verdict::of_look_up(found, kind, attempts, doubts, due_at, self.clock.now())
            }
            decided => verdict::of_doubt(kind, decided, attempts, now, rand::random()),
        };
        self.settle(claimed.fence, verdict, None).await
    }

    /// What a look-up found by number and time alone may be another delivery, sent before or after this one, or an earlier
    /// attempt of this one, which the provider took and which came to nothing.
    async fn unless_known(&self, found: Found) -> Found {
        let Found::Yes { remote_ref: Some(reference) } = &found else { return found };
        let reference = reference.clone();
        match self.db.read(move |tx| tx.is_reference_taken(&reference)).await {
            Ok(true) => Found::No,
            Ok(false) => found,
            Err(error) => Found::Unknown(error.to_string()),
        }
    }

    /// Runs a sender's work in a task of its own, so that its panic ends only that task, and for so long at most. Both
    /// clocks count, since the wall clock can be set back meanwhile.
    async fn bounded<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Result<T, String> {
        let bound = Duration::seconds(LONGEST_SEND);
        let (deadline, begun) = (self.clock.now() + bound, self.clock.awake());
        let mut task = self.tasks.spawn(work);
        loop {
            tokio::select! {
                biased;
                done = &mut task => return done.map_err(|e| {
                    if e.is_panic() { "the sender failed by a fault of its own" } else { "the sender was stopped" }.to_owned()
                }),
                () = self.clock.wait_until(deadline) => {
                    let awake = self.clock.awake().saturating_sub(begun);
                    if self.clock.now() >= deadline || awake.as_secs() >= LONGEST_SEND.unsigned_abs() {
                        task.abort();
                        return Err(format!("no answer within {LONGEST_SEND} seconds"));
                    }
                }
            }
        }
    }

    async fn settle(&self, fence: Fence, verdict: Verdict, tried: Option<Arc<Tried>>) -> Option<State> {
        let verdict = Arc::new(verdict);
        let give_up: chrono::DateTime<Utc> = self.clock.now() + Duration::seconds(LONGEST_SEND);
        loop {
            let (now, verdict) = (self.clock.now(), verdict.clone());
            let (kind, tried) = (self.sender.kind(), tried.clone());
            let settled = self
                .db
                .write(move |tx| {
                    let settlement = Settlement {
                        event: verdict.event,
                        due_at: verdict.due_at,
                        error: verdict.error.as_deref(),
                        remote_ref: verdict.remote_ref.as_deref(),
                        possible_repeat: verdict.possible_repeat,
                    };
                    let mut state = tx.settle(fence, now, &settlement)?;
                    if kind.is_for_psa() {
                        state = psa::settled(tx, now, fence.delivery, state)?;
                    }
                    if matches!(kind, Kind::Sms | Kind::Call) {
                        paging::settled(tx, now, fence.delivery, verdict.event, verdict.obstacle)?;
                    }
                    // Before the conclusion: an endpoint that this very attempt disables has an alarm of its own.
                    if let Some(tried) = tried.filter(|_| kind == Kind::Webhook) {
                        hooks::settled(tx, now, fence.delivery, &tried)?;
                    }
                    conclude(tx, fence.delivery, state, now)?;
                    if kind == Kind::Email {
                        mail::settled(tx, now, fence.delivery, state)?;
                    }
                    Ok::<_, Error>(state)
                })
                .await;
            match settled {
                Ok(state) => return Some(state),
                Err(Error::Fenced) => {
                    tracing::warn!(delivery = %fence.delivery, "the claim was taken over before its outcome was stored");
                    return None;
                }
                Err(error) if self.clock.now() >= give_up => {
                    tracing::error!(delivery = %fence.delivery, %error, "the outcome could not be stored; it will be in doubt");
                    return None;
                }
                Err(error) => {
                    tracing::warn!(delivery = %fence.delivery, %error, "the outcome could not be stored yet");
                    self.clock.wait_until(self.clock.now() + Duration::seconds(SETTLE_AGAIN)).await;
                }
            }
        }
    }
}

/// A sender's future together with what it borrows, so that it can run in a task of its own.
async fn ask<T>(
    sender: Arc<dyn Sender>,
    outgoing: Outgoing,
    call: impl for<'a> FnOnce(&'a dyn Sender, &'a Outgoing) -> PortFuture<'a, T> + Send,
) -> T {
    call(sender.as_ref(), &outgoing).await
}
