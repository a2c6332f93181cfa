//! Steps' deliveries, beyond their being accepted: the outbox follows what the carrier says (ND-7), and what it refuses
//! for good counts against the number.

use super::carry::is_pointless;
use super::{carrier, strays};
use crate::dispatcher::conclude;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Channel;
use nightdesk_core::delivery::{Event, Kind, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::paging::{How, PageState};
use nightdesk_core::port::{CallStage, Obstacle, TextState};
use nightdesk_store::{CallAdvice, DeliveryRow, Error, Purpose, StepRow, TextObstacle, Tx};

/// A handset that was out of reach isn't in reach a second later; well before the next contact's turn it may be.
const AGAIN_AFTER: Duration = Duration::seconds(20);

/// A text or call was answered by the carrier at once.
pub(crate) fn settled(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    id: DeliveryId,
    event: Event,
    obstacle: Option<Obstacle>,
) -> Result<(), Error> {
    if event == Event::Refer {
        carrier::doubt(tx, now)?;
    }
    if event == Event::Accept && tx.step_of_delivery(id)?.is_none() {
        strays::follow(tx, now, id)?;
    }
    let Some(obstacle) = obstacle else { return Ok(()) };
    tx.delivery(id)?.map_or(Ok(()), |row| refused(tx, now, &row, obstacle))
}

/// The number can't be had by this channel: the next step and the next page don't try it again.
pub(super) fn refused(tx: &Tx<'_>, now: DateTime<Utc>, row: &DeliveryRow, obstacle: Obstacle) -> Result<(), Error> {
    match (row.kind, TextObstacle::of(obstacle)) {
        (Kind::Sms, Some(why)) => tx.set_text_obstacle(&row.destination, now, Some(why)),
        (Kind::Call, _) if obstacle == Obstacle::BadNumber => {
            tx.set_call_advice(&row.destination, now, Some(CallAdvice::BadNumber))
        }
        _ => Ok(()),
    }
}

/// The carrier tells of a text that it took. Answers whether the text leaves once more.
pub(super) fn text_came(tx: &Tx<'_>, now: DateTime<Utc>, step: &StepRow, text: &TextState) -> Result<bool, Error> {
    match (text, step.delivery) {
        (TextState::Delivered, _) => change(tx, now, step, Event::Deliver)?,
        (TextState::Failed { error, again: true, .. }, Some(id)) if leaves_again(tx, now, id, error)? => {
            return Ok(true);
        }
        (TextState::Failed { error, .. }, Some(id)) => fail(tx, now, id, error)?,
        (TextState::Failed { .. } | TextState::Waiting | TextState::Sent, _) => {}
    }
    Ok(false)
}

/// A text that its network let fall leaves once more and no oftener, while somebody still waits for an answer to it and
/// it would arrive in time. It is the same step with the same code, so whoever is told is told by one message.
fn leaves_again(tx: &Tx<'_>, now: DateTime<Utc>, id: DeliveryId, error: &str) -> Result<bool, Error> {
    let due_at = now + AGAIN_AFTER;
    let in_time = tx.delivery_expiry(id)?.is_none_or(|at| due_at < at);
    let rejected = Some(State::Rejected.word());
    let was_rejected = || tx.attempts(id).map(|all| all.iter().any(|a| a.outcome.as_deref() == rejected));
    if !in_time || is_pointless(tx, id)? || was_rejected()? {
        return Ok(false);
    }
    tx.retry_accepted(id, due_at, error)
}

/// The carrier tells of a call that it placed. One that nobody took was made all the same: the page tells of it, and
/// there is nothing about it to repair.
pub(super) fn call_came(tx: &Tx<'_>, now: DateTime<Utc>, step: &StepRow, stage: &CallStage) -> Result<(), Error> {
    match stage {
        CallStage::Answered | CallStage::Ended => change(tx, now, step, Event::Deliver),
        CallStage::Failed { error, .. } => step.delivery.map_or(Ok(()), |id| fail(tx, now, id, error)),
        CallStage::Waiting | CallStage::Ringing | CallStage::NoAnswer | CallStage::Busy | CallStage::Cancelled => {
            Ok(())
        }
    }
}

/// Somebody has a page: by a key or a reply that one message was answered, by a click all that told of the page.
pub(super) fn answered(tx: &Tx<'_>, now: DateTime<Utc>, page: i64, who: &str, how: How) -> Result<(), Error> {
    for step in tx.steps_of_page(page)? {
        let is_meant = match how {
            How::Key => step.contact == who && step.channel == Channel::Call,
            How::Reply => step.contact == who && step.channel == Channel::Sms,
            How::App | How::Command => true,
        };
        if is_meant {
            change(tx, now, &step, Event::Acknowledge)?;
        }
    }
    Ok(())
}

fn change(tx: &Tx<'_>, now: DateTime<Utc>, step: &StepRow, event: Event) -> Result<(), Error> {
    let Some(row) = step.delivery.map(|id| tx.delivery(id)).transpose()?.flatten() else { return Ok(()) };
    // What is still in the sender's hands is settled by it alone.
    if matches!(row.state, State::Accepted | State::Delivered) {
        tx.change_delivery(row.id, event, now)?;
    }
    Ok(())
}

/// ND-8: what fails after the carrier took it has ended as badly as what it never took.
pub(super) fn fail(tx: &Tx<'_>, now: DateTime<Utc>, id: DeliveryId, error: &str) -> Result<(), Error> {
    if tx.delivery(id)?.is_none_or(|row| row.state != State::Accepted) {
        return Ok(());
    }
    if let Some(state) = tx.change_delivery(id, Event::Reject, now)? {
        tx.set_delivery_error(id, error)?;
        conclude(tx, id, state, now)?;
    }
    Ok(())
}

/// Whether a delivery belongs to a drill or a test.
pub(crate) fn is_tried_out(tx: &Tx<'_>, delivery: DeliveryId) -> Result<bool, Error> {
    let Some(step) = tx.step_of_delivery(delivery)? else { return Ok(false) };
    Ok(tx.run(step.run)?.is_some_and(|run| run.purpose != Purpose::Page))
}

/// Whether what a delivery tells of is in somebody's hands already, or needs nobody's any more.
pub(crate) fn is_answered(tx: &Tx<'_>, delivery: DeliveryId) -> Result<bool, Error> {
    let Some(step) = tx.step_of_delivery(delivery)? else { return Ok(false) };
    let mut pages = Vec::new();
    for page in tx.pages_of_step(step.id)? {
        pages.extend(tx.page(page)?.map(|p| p.state));
    }
    Ok(!pages.is_empty() && pages.iter().all(|s| matches!(s, PageState::Acknowledged | PageState::Ended)))
}
