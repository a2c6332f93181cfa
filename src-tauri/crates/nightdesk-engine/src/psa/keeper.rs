//! What is read of the PSA: its catalogue hourly and on demand, what people changed there every minute, and hourly whether
//! all that is open here is still there.

use super::agenda::{Agenda, CHANGES};
use super::plan::Planner;
use super::{catalogue, desk_of};
use crate::context::Context;
use crate::db::Db;
use crate::pulse::Pulse;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::delivery::State;
use nightdesk_core::port::{Psa, PsaError};
use nightdesk_store::{Error, Setting, Topic, Tx};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// After it couldn't be read.
const AFTER_FAILURE: Duration = Duration::seconds(60);

/// After a ticket couldn't be shown by itself, though the PSA answers.
pub(super) const UNSHOWN: Duration = Duration::minutes(60);

/// Until a connector that follows the configuration has caught up with it.
const BEHIND: Duration = Duration::milliseconds(250);

/// What a key that leads elsewhere looks like.
const ANOTHERS: &str = "nothing that it lists is known here, as if the API key were another tenant's; if the key is right, \
                        apply the configuration again";

/// Since when the PSA can't be read, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why, in words that a person can act on.
    pub why: String,
}

/// Asks for the catalogue and the changes to be read now.
///
/// # Errors
/// The store's.
pub fn ask(tx: &Tx<'_>) -> Result<(), Error> {
    // Each asker is told apart from one whose answer is on its way: what was read before the question is no answer to it.
    let before = tx.setting(Setting::PsaAsked)?.and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
    tx.set(Setting::PsaAsked, Some(&before.wrapping_add(1).to_string()))?;
    tx.touch(Topic::Requests);
    Ok(())
}

/// [`ask`], where the desk is a PSA: when an engine starts, or a key has been entered that may see something else.
///
/// # Errors
/// The store's.
pub fn ask_anew(tx: &Tx<'_>) -> Result<(), Error> {
    if Context::load(tx)?.config.desk.is_remote() { ask(tx) } else { Ok(()) }
}

/// What isn't asked for now, because it failed lately.
#[derive(Debug, Default)]
struct Held {
    /// Everything that nobody asks for, until then.
    until: Option<DateTime<Utc>>,
    /// Tickets that the PSA couldn't show by themselves, each until then.
    tickets: HashMap<String, DateTime<Utc>>,
}

/// The task that reads the PSA.
pub struct Keeper {
    /// The store.
    pub db: Db,
    /// Wake-ups, and the clock.
    pub pulse: Pulse,
    /// The PSA.
    pub psa: Arc<dyn Psa>,
    /// Ends it.
    pub stop: CancellationToken,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Psa(#[from] PsaError),
    #[error(transparent)]
    Store(#[from] Error),
    #[error("the desk is another one now")]
    Moved,
}

impl Keeper {
    /// The task's name in the pulse.
    pub const NAME: &'static str = "psa_keeper";

    /// Runs until stopped.
    pub async fn run(self) {
        let mut waiter = self.pulse.waiter(Self::NAME);
        let mut held = Held::default();
        // People may have renamed and moved what there is while no engine ran.
        if let Err(error) = self.db.write(ask_anew).await {
            tracing::warn!(%error, "the PSA is read only when it is due");
        }
        while !self.stop.is_cancelled() {
            waiter.look();
            let next = match self.stop.run_until_cancelled(self.turn(&mut held)).await {
                Some(next) => next,
                None => return,
            };
            tokio::select! {
                () = waiter.rest(next) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    /// Reads catalogue and changes once, now, for a command without an engine; answers why it couldn't.
    ///
    /// # Errors
    /// The store's.
    pub async fn once(&self) -> Result<Option<Failing>, Error> {
        self.db.write(ask).await?;
        self.turn(&mut Held::default()).await;
        let failing = self.db.read(|tx| tx.setting(Setting::PsaFails)).await?;
        Ok(failing.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Does what is due; answers when there is more to do.
    async fn turn(&self, held: &mut Held) -> Option<DateTime<Utc>> {
        let now = self.pulse.clock().now();
        let until = held.until.filter(|at| *at > now && *at - now <= AFTER_FAILURE);
        held.tickets.retain(|_, at| *at > now && *at - now <= UNSHOWN);
        let unshown: HashSet<String> = held.tickets.keys().cloned().collect();
        let agenda = match self.db.read(move |tx| Agenda::of(tx, now, until.is_some(), &unshown)).await {
            Ok(Some(agenda)) => agenda,
            Ok(None) => return None,
            Err(error) => {
                tracing::warn!(%error, "it could not be seen what is to be read of the PSA");
                return Some(now + AFTER_FAILURE);
            }
        };
        if agenda.is_empty() {
            return Some(until.unwrap_or(agenda.next));
        }
        if !self.psa.serves(&agenda.desk) {
            return Some(now + BEHIND);
        }
        let carried_out = self.carry_out(&agenda, held).await;
        self.pass_on().await;
        match carried_out {
            Ok(()) => {
                held.until = None;
                match self.db.write(move |tx| succeeded(tx, now)).await {
                    Ok(true) => self.pulse.beat(),
                    Ok(false) => {}
                    Err(error) => tracing::warn!(%error, "that the PSA was read could not be written down"),
                }
                let now = self.pulse.clock().now();
                if agenda.has_more_to_look {
                    return Some(now);
                }
                let next =
                    self.db.read(move |tx| Agenda::next_after(tx, now, Context::load(tx)?.bound.is_some())).await;
                Some(next.ok().flatten().unwrap_or(now + CHANGES))
            }
            Err(Failure::Moved) => Some(self.pulse.clock().now() + BEHIND),
            Err(failure) => {
                tracing::warn!(error = %failure, "the PSA could not be read");
                let (why, at) = (failure.to_string(), self.pulse.clock().now());
                held.until = Some(at + AFTER_FAILURE);
                if let Err(error) = self.db.write(move |tx| failed(tx, at, why)).await {
                    tracing::warn!(%error, "that the PSA can't be read could not be written down");
                }
                Some(at + AFTER_FAILURE)
            }
        }
    }

    /// Has planned at once what was found to differ: nobody is told of this process's own commits in any other way.
    async fn pass_on(&self) {
        if self.db.read(|tx| tx.is_psa_due()).await.unwrap_or(true) {
            self.pulse.wake(Planner::NAME);
        }
    }

    async fn carry_out(&self, agenda: &Agenda, held: &mut Held) -> Result<(), Failure> {
        if agenda.catalogue {
            self.read_catalogue(&agenda.desk).await?;
        }
        if agenda.changes {
            self.read_changes(&agenda.desk).await?;
        }
        if agenda.asked.is_some() {
            let (asked, now) = (agenda.asked.clone(), self.pulse.clock().now());
            // Whoever asks may have mended there what something waited for, and reading can't show that of everything.
            self.db
                .write(move |tx| {
                    catalogue::try_again(tx, now, &[State::NeedsHuman, State::Rejected, State::DeadLettered])?;
                    answered(tx, asked.as_deref())
                })
                .await?;
            self.pulse.beat();
        }
        if agenda.sweep {
            self.sweep(&agenda.desk).await?;
        }
        self.look_at(&agenda.desk, &agenda.look, &mut held.tickets).await
    }

    /// An answer that is this desk's: a connector that follows the configuration may be before or behind it.
    pub(super) fn of<T>(&self, desk: &str, answer: Result<T, PsaError>) -> Result<T, Failure> {
        if self.psa.serves(desk) { Ok(answer?) } else { Err(Failure::Moved) }
    }

    pub(super) async fn read_catalogue(&self, desk: &str) -> Result<(), Failure> {
        let listed = self.of(desk, self.psa.catalogue().await)?;
        let (now, desk) = (self.pulse.clock().now(), desk.to_owned());
        let put = move |tx: &Tx<'_>| {
            let ctx = Context::load(tx)?;
            // Somebody may have chosen another desk while this one answered.
            if desk_of(&ctx.config).as_deref() != Some(desk.as_str()) {
                return Ok::<_, Error>(Some(false));
            }
            if catalogue::is_anothers(&ctx.catalogue, &listed) {
                return Ok(None);
            }
            catalogue::put(tx, now, &listed).map(Some)
        };
        match self.db.write(put).await? {
            Some(true) => self.pulse.beat(),
            Some(false) => {}
            // All tickets would seem to be deleted, which is for good.
            None => return Err(PsaError::BadAnswer(ANOTHERS.to_owned()).into()),
        }
        Ok(())
    }
}

/// Whoever asked has the answer, unless somebody has asked since.
fn answered(tx: &Tx<'_>, asked: Option<&str>) -> Result<(), Error> {
    if tx.setting(Setting::PsaAsked)?.as_deref() == asked {
        tx.set(Setting::PsaAsked, None)?;
        tx.touch(Topic::Watch);
    }
    Ok(())
}

/// Answers whether it couldn't be read before, so that what waited for that goes on now.
fn succeeded(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<bool, Error> {
    if tx.setting(Setting::PsaFails)?.is_none() {
        return Ok(false);
    }
    tx.set(Setting::PsaFails, None)?;
    tx.touch(Topic::Watch);
    // It is back, or a refused key has been replaced: what waits for its next try goes now, and so does what gave up.
    catalogue::try_again(tx, now, &[State::NeedsHuman, State::DeadLettered])?;
    tx.psa_hasten(now)?;
    Ok(true)
}

fn failed(tx: &Tx<'_>, now: DateTime<Utc>, why: String) -> Result<(), Error> {
    // An asker isn't kept waiting for what can't be had: the failure is the answer, the same one as before too.
    answered(tx, tx.setting(Setting::PsaAsked)?.as_deref())?;
    let known: Option<Failing> = tx.setting(Setting::PsaFails)?.and_then(|text| serde_json::from_str(&text).ok());
    if known.as_ref().is_some_and(|k| k.why == why) {
        return Ok(());
    }
    let since = known.map_or(now, |k| k.since);
    tx.set(Setting::PsaFails, Some(&serde_json::to_string(&Failing { since, why })?))?;
    tx.touch(Topic::Watch);
    Ok(())
}
