//! The task that asks the carrier: how far texts and calls have come, what was replied; and hangs up what is no longer
//! needed. Each question is bounded and on its own, so that one that hangs holds up no other (ND-9).

use super::carrier;
use super::carry::heard;
use super::delivered::{call_came, text_came};
use super::keys::Keys;
use super::replies::Replies;
use super::strays;
use super::telling::tell_late;
use crate::context::Context;
use crate::db::Db;
use crate::faults;
use crate::pulse::Pulse;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Channel;
use nightdesk_core::delivery::{Event as Of, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::paging::{StepState, heard_of_call, heard_of_text};
use nightdesk_core::port::{AnsweredBy, CallStage, CallStatus, Carrier, CarrierError, Obstacle, TextState};
use nightdesk_store::{CallAdvice, Error, StepRow, TextObstacle, Tx};
use std::collections::HashSet;
use std::sync::Arc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long the carrier may take to answer a question.
pub(super) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// How long answers are waited for before this task rests; what takes longer is taken in when it comes.
const AT_ONCE_MS: std::time::Duration = std::time::Duration::from_millis(100);

/// How often the carrier is asked of a call that runs.
pub(super) const CALL_EVERY: Duration = Duration::seconds(2);

/// When the carrier is asked of a text, counted from the last time.
const TEXT_AFTER: [i64; 5] = [3, 5, 10, 20, 50];

/// How often it is asked of one that the network has confirmed too late, and for how long: a text that a handset was out of
/// reach for counts as undelivered only when its time to arrive (15 minutes) is over.
const UNCONFIRMED_EVERY: Duration = Duration::seconds(100);
const LONGEST_UNCONFIRMED: Duration = Duration::minutes(16);

/// No question is put off for longer.
const LONGEST_APPOINTMENT: Duration = Duration::minutes(2);

/// How soon a carrier that didn't answer is asked again.
pub(super) const AFTER_TROUBLE: Duration = Duration::seconds(5);

/// Longer than any call of ours lasts: what the carrier still calls running then isn't followed any more.
pub(super) const LONGEST_CALL: Duration = Duration::minutes(15);

/// A call of which the carrier tells nothing for so long is taken to be over.
const LONGEST_UNHEARD: Duration = Duration::minutes(5);

/// Seconds within which a call that was answered and ended without a key has met a phone menu.
const AT_ONCE: u32 = 6;

/// A call that ends unanswered so soon hasn't rung for anybody: what is heard of it comes every two seconds.
const UNANSWERED_AT_ONCE: Duration = Duration::seconds(8);

/// How long to wait before looking again after the store failed.
const AFTER_STORE_ERROR: Duration = Duration::seconds(5);

/// The task.
pub struct Follower {
    /// The store.
    pub db: Db,
    /// What wakes it.
    pub pulse: Pulse,
    /// Who is asked.
    pub carrier: Arc<dyn Carrier>,
    /// Ends it.
    pub stop: CancellationToken,
}

/// What is being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Question {
    /// What became of a step.
    Step(i64),
    /// What became of a text or call of no step.
    Stray(DeliveryId),
    /// Whether calls can ask for keys.
    Keys,
}

/// What came of a question.
enum Told {
    Text(Result<TextState, CarrierError>),
    Call(Result<CallStatus, CarrierError>),
    HungUp(Result<(), CarrierError>),
}

impl Follower {
    /// The task's name in the pulse.
    pub const NAME: &'static str = "follower";

    /// Follows until stopped.
    pub async fn run(self) {
        let mut waiter = self.pulse.waiter(Self::NAME);
        let mut questions: JoinSet<Question> = JoinSet::new();
        let mut asked: HashSet<Question> = HashSet::new();
        let mut replies = Replies::new(self.db.clone(), self.pulse.clone(), self.carrier.clone());
        let mut keys = Keys::default();
        loop {
            waiter.look();
            if self.stop.is_cancelled() {
                return;
            }
            let now = self.pulse.clock().now();
            let next = match self.ask(now, &mut questions, &mut asked).await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(%error, "what the carrier knows could not be asked; trying again in 5 seconds");
                    Some(now + AFTER_STORE_ERROR)
                }
            };
            let next =
                next.into_iter().chain(replies.go_on(now).await).chain(keys.go_on(&self, now, &mut questions).await);
            let next = next.min();
            // Most answers come at once: until then this task doesn't count as being at rest.
            let answered = async {
                loop {
                    tokio::select! {
                        Some(done) = questions.join_next(), if !questions.is_empty() => {
                            done.iter().for_each(|question| { asked.remove(question); });
                        }
                        () = replies.answered(), if !replies.is_idle() => {}
                        else => return,
                    }
                }
            };
            if tokio::time::timeout(AT_ONCE_MS, answered).await.is_err() {
                tracing::debug!("the carrier takes its time");
            }
            let next = next.into_iter().chain(replies.next(now)).min();
            tokio::select! {
                () = waiter.rest(next) => {}
                Some(done) = questions.join_next(), if !questions.is_empty() => {
                    done.iter().for_each(|question| { asked.remove(question); });
                }
                () = replies.answered(), if !replies.is_idle() => {}
                () = self.stop.cancelled() => return,
            }
        }
    }

    /// Puts every question that is due; answers when the next is.
    async fn ask(
        &self,
        now: DateTime<Utc>,
        questions: &mut JoinSet<Question>,
        asked: &mut HashSet<Question>,
    ) -> Result<Option<DateTime<Utc>>, Error> {
        let (due, next, strays) = self
            .db
            .read(move |tx| {
                let due = tx.steps_to_look_at(now, now + LONGEST_APPOINTMENT)?;
                let next = tx.next_look(now)?.into_iter().chain(tx.next_look_at_strays(now)?).min();
                Ok::<_, Error>((due, next, tx.strays_to_look_at(now, now + strays::LONGEST_APPOINTMENT)?))
            })
            .await?;
        for step in due {
            // What is being asked already isn't asked twice.
            if !asked.insert(Question::Step(step.id)) {
                continue;
            }
            let (db, pulse, carrier) = (self.db.clone(), self.pulse.clone(), self.carrier.clone());
            questions.spawn(async move {
                let id = step.id;
                if let Err(error) = question(&db, &pulse, carrier.as_ref(), step).await {
                    tracing::error!(%error, "what the carrier answered could not be stored");
                }
                Question::Step(id)
            });
        }
        for stray in strays {
            if !asked.insert(Question::Stray(stray.delivery)) {
                continue;
            }
            let (db, pulse, carrier) = (self.db.clone(), self.pulse.clone(), self.carrier.clone());
            questions.spawn(async move {
                if let Err(error) = strays::question(&db, &pulse, carrier.as_ref(), stray).await {
                    tracing::error!(%error, "what the carrier answered could not be stored");
                }
                Question::Stray(stray.delivery)
            });
        }
        Ok(next)
    }
}

async fn question(db: &Db, pulse: &Pulse, carrier: &dyn Carrier, step: StepRow) -> Result<(), Error> {
    let Some(delivery) = step.delivery else { return Ok(()) };
    let row = db.read(move |tx| tx.delivery(delivery)).await?;
    let (state, reference) = row.map_or((None, None), |r| (Some(r.state), r.remote_ref));
    // Of a text that leaves once more the carrier knows the earlier attempt alone.
    let waits = |s| matches!(s, State::Queued | State::Claimed | State::Sending | State::Retrying | State::InDoubt);
    let reference = reference.filter(|_| !state.is_some_and(waits));
    let Some(reference) = reference else {
        // Called off while it was leaving: once the carrier has it, it is hung up.
        let leaving = matches!(state, Some(State::Claimed | State::Sending | State::InDoubt));
        let again = leaving.then(|| pulse.clock().now() + CALL_EVERY);
        let now = pulse.clock().now();
        return db
            .write(move |tx| {
                if step.state == StepState::Cancelled {
                    // It was in doubt, and the carrier doesn't have it: now it can be taken back.
                    tx.change_delivery(delivery, Of::Cancel, now)?;
                }
                tx.look_again(step.id, again)
            })
            .await;
    };
    if (step.channel, step.state) == (Channel::Sms, StepState::Cancelled) {
        // Called off while it was leaving, and it has left: nothing brings it back, so its reader hears who has it.
        let now = pulse.clock().now();
        let told = db.write(move |tx| {
            tell_late(tx, &Context::load(tx)?, now, &step)?;
            tx.look_again(step.id, None)
        });
        told.await?;
        pulse.beat();
        return Ok(());
    }
    let late = || CarrierError::Unreachable("no answer in time".to_owned());
    let told = match (step.channel, step.state) {
        (Channel::Call, StepState::Cancelled) => {
            let done = tokio::time::timeout(PATIENCE, carrier.hang_up(&reference)).await;
            Told::HungUp(done.unwrap_or_else(|_| Err(late())))
        }
        (Channel::Call, _) => {
            let done = tokio::time::timeout(PATIENCE, carrier.call(&reference)).await;
            Told::Call(done.unwrap_or_else(|_| Err(late())))
        }
        (Channel::Sms, _) => {
            let done = tokio::time::timeout(PATIENCE, carrier.text(&reference)).await;
            Told::Text(done.unwrap_or_else(|_| Err(late())))
        }
    };
    faults::point("pages.asked");
    let now = pulse.clock().now();
    db.write(move |tx| take_in(tx, now, step.id, told)).await?;
    pulse.beat();
    Ok(())
}

fn take_in(tx: &Tx<'_>, now: DateTime<Utc>, step: i64, told: Told) -> Result<(), Error> {
    // As it is now: something may have happened while the carrier was asked.
    let Some(step) = tx.step(step)? else { return Ok(()) };
    let ctx = Context::load(tx)?;
    match told {
        Told::HungUp(Ok(()) | Err(CarrierError::NotFound)) => tx.look_again(step.id, None),
        Told::Text(Ok(text)) => {
            if step.state == StepState::Cancelled {
                return tx.look_again(step.id, None);
            }
            let leaves_again = text_came(tx, now, &step, &text)?;
            // It is the carrier's since the last time that it was taken.
            let since = now - step.changed_at.max(step.began_at);
            let was_given_up = step.state == StepState::Unconfirmed;
            let state = match heard_of_text(&text, since) {
                _ if leaves_again => StepState::Queued,
                StepState::Sent if was_given_up => StepState::Unconfirmed,
                heard => heard,
            };
            let detail = match &text {
                TextState::Failed { obstacle, error, .. } => {
                    tx.set_text_obstacle(&step.phone, now, TextObstacle::of(*obstacle))?;
                    let again = format!("sent once more, as the first failed: {error}");
                    Some(if leaves_again { again } else { error.clone() })
                }
                TextState::Delivered => {
                    tx.set_text_obstacle(&step.phone, now, None)?;
                    None
                }
                TextState::Waiting | TextState::Sent => None,
            };
            // A carrier that couldn't be asked for a while has used up the looks, and still has something to tell.
            let after = TEXT_AFTER.get(step.looks as usize).or(TEXT_AFTER.last()).copied().unwrap_or_default();
            // ND-8: nobody waits for it any more, but that it has failed must not go unheard.
            let is_late = state == StepState::Unconfirmed && !(was_given_up && since >= LONGEST_UNCONFIRMED);
            let look_at = match state.is_followed(step.channel) {
                true => Some(now + Duration::seconds(after)),
                false => is_late.then(|| now + UNCONFIRMED_EVERY),
            };
            tx.look_again(step.id, look_at)?;
            if step.state.is_followed(step.channel) || was_given_up {
                heard(tx, &ctx, now, &step, state, look_at, detail.as_deref())?;
            }
            Ok(())
        }
        Told::Call(Ok(call)) => {
            if step.state == StepState::Cancelled {
                return tx.look_again(step.id, Some(now));
            }
            // Before the run moves on: what a key answers has arrived.
            call_came(tx, now, &step, &call.stage)?;
            let state = heard_of_call(&call);
            let too_long = now - step.began_at > LONGEST_CALL;
            // A key was heard, and the call may go on to say thanks: that needs nobody's eye.
            let look_at = (state.is_followed(step.channel) && !too_long).then(|| now + CALL_EVERY);
            let state = if too_long && state.is_followed(step.channel) { StepState::NoKey } else { state };
            let advice = call_advice(&call, state, now - step.began_at);
            // Only a key shows that calls get through to a person: one that just rings on shows nothing.
            if advice.is_some() || matches!(state, StepState::Acknowledged | StepState::PassedOn) {
                tx.set_call_advice(&step.phone, now, advice.map(|a| a.0))?;
            }
            let failed = match &call.stage {
                CallStage::Failed { error, .. } => Some(error.as_str()),
                _ => advice.map(|a| a.1),
            };
            tx.look_again(step.id, look_at)?;
            heard(tx, &ctx, now, &step, state, look_at, failed)
        }
        Told::Text(Err(error)) | Told::Call(Err(error)) | Told::HungUp(Err(error)) => {
            tracing::warn!(step = step.id, %error, "the carrier was asked in vain");
            if matches!(error, CarrierError::Refused(_) | CarrierError::NoSecret(_)) {
                carrier::doubt(tx, now)?;
            }
            let wait = match error {
                CarrierError::Busy { retry_after: Some(after) } => {
                    Duration::from_std(after).unwrap_or(AFTER_TROUBLE).clamp(AFTER_TROUBLE, Duration::minutes(1))
                }
                _ => AFTER_TROUBLE * i32::try_from(step.looks.clamp(1, 6)).unwrap_or(1),
            };
            let age = now - step.began_at;
            if step.channel == Channel::Call && step.state.is_followed(step.channel) && age > LONGEST_UNHEARD {
                // Nobody speaks for so long: the line is free again, whatever became of the call.
                tx.look_again(step.id, None)?;
                let why = "the carrier can't be asked what became of it";
                return heard(tx, &ctx, now, &step, StepState::NoKey, None, Some(why));
            }
            tx.look_again(step.id, (age <= Duration::hours(1)).then(|| now + wait))
        }
    }
}

/// What a call that nobody answered with a key says of the phone behind the number, `lasted` after it was asked for: a
/// screening or do-not-disturb ends calls at once, and a menu or a long greeting takes them.
fn call_advice(call: &CallStatus, state: StepState, lasted: Duration) -> Option<(CallAdvice, &'static str)> {
    match (&call.stage, state) {
        (CallStage::Failed { obstacle: Obstacle::BadNumber, .. }, _) => {
            Some((CallAdvice::BadNumber, "the number can't be called"))
        }
        // What is to be set right at the carrier says nothing of the phone.
        (CallStage::Failed { obstacle: Obstacle::Configuration, .. }, _) => None,
        (CallStage::NoAnswer | CallStage::Busy | CallStage::Cancelled | CallStage::Failed { .. }, _)
            if lasted <= UNANSWERED_AT_ONCE =>
        {
            Some((CallAdvice::EndsAtOnce, "ended within seconds and unanswered: does something hang up?"))
        }
        // A call that asks for nothing says nothing of the phone.
        (CallStage::Ended, StepState::NoKey) if call.asks && call.by != AnsweredBy::Machine => {
            let words = match call.seconds {
                Some(seconds) if seconds <= AT_ONCE => {
                    "answered and ended within seconds: a phone menu or a long greeting?"
                }
                _ => "answered without a key: a phone menu, or nobody listened?",
            };
            Some((CallAdvice::NoKey, words))
        }
        _ => None,
    }
}
