//! Texts and calls that belong to no step: a PIN, and the word that somebody has a page. The carrier is asked what became
//! of them like of a step's (ND-7, ND-8), only that nobody is moved by the answer.

use super::carrier;
use super::delivered::{fail, refused};
use super::escalator::FIRST_LOOK;
use super::follower::{AFTER_TROUBLE, CALL_EVERY, LONGEST_CALL, PATIENCE};
use crate::db::Db;
use crate::pulse::Pulse;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::delivery::{Event, Kind, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::port::{CallStage, Carrier, CarrierError, Obstacle, TextState};
use nightdesk_store::{DeliveryRow, Error, PIN_MARKER, Stray, Topic, Tx};

/// When the carrier is asked of a text, in seconds since it took it. By the last its time to arrive (15 minutes at most)
/// is over; a network that has said nothing by then never will.
const TEXT_AT: [i64; 7] = [5, 10, 20, 40, 90, 300, 960];

/// No question is put off for longer.
pub(super) const LONGEST_APPOINTMENT: Duration = Duration::minutes(15);

/// How slowly a carrier that doesn't answer is asked in the end: nobody waits for it any more.
const SLOWEST: Duration = Duration::minutes(10);

/// A carrier that has given no answer for so long isn't asked any more.
const LONGEST_TROUBLE: Duration = Duration::days(1);

/// How far one has come.
enum Come {
    UnderWay,
    Arrived,
    Failed(Obstacle, String),
}

impl From<TextState> for Come {
    fn from(text: TextState) -> Self {
        match text {
            TextState::Waiting | TextState::Sent => Self::UnderWay,
            TextState::Delivered => Self::Arrived,
            TextState::Failed { obstacle, error, .. } => Self::Failed(obstacle, error),
        }
    }
}

impl From<CallStage> for Come {
    // No next step makes up for a call of no step that nobody took: it has come to nothing.
    fn from(stage: CallStage) -> Self {
        let nobody = |why: &str| Self::Failed(Obstacle::Passing, why.to_owned());
        match stage {
            CallStage::Waiting | CallStage::Ringing => Self::UnderWay,
            CallStage::Answered | CallStage::Ended => Self::Arrived,
            CallStage::NoAnswer => nobody("nobody took the call"),
            CallStage::Busy => nobody("the line was busy"),
            CallStage::Cancelled => nobody("the call ended before anybody took it"),
            CallStage::Failed { obstacle, error } => Self::Failed(obstacle, error),
        }
    }
}

/// The carrier took a delivery of no step.
pub(super) fn follow(tx: &Tx<'_>, now: DateTime<Utc>, delivery: DeliveryId) -> Result<(), Error> {
    tx.follow_stray(&Stray { delivery, since: now, look_at: now + FIRST_LOOK })
}

/// Asks the carrier of one, and takes in what it answers.
pub(super) async fn question(db: &Db, pulse: &Pulse, carrier: &dyn Carrier, stray: Stray) -> Result<(), Error> {
    let row = db.read(move |tx| tx.delivery(stray.delivery)).await?;
    let Some((kind, reference)) = row.and_then(|row| Some((row.kind, row.remote_ref?))) else {
        return db.write(move |tx| tx.drop_stray(stray.delivery)).await;
    };
    let asked = async {
        Ok(match kind {
            Kind::Call => carrier.call(&reference).await?.stage.into(),
            _ => carrier.text(&reference).await?.into(),
        })
    };
    let told: Result<Come, CarrierError> = tokio::time::timeout(PATIENCE, asked)
        .await
        .unwrap_or_else(|_| Err(CarrierError::Unreachable("no answer in time".to_owned())));
    let now = pulse.clock().now();
    db.write(move |tx| take_in(tx, now, stray, told)).await?;
    pulse.beat();
    Ok(())
}

fn take_in(tx: &Tx<'_>, now: DateTime<Utc>, stray: Stray, told: Result<Come, CarrierError>) -> Result<(), Error> {
    let Some(row) = tx.delivery(stray.delivery)?.filter(|row| row.state == State::Accepted) else {
        return tx.drop_stray(stray.delivery);
    };
    // ND-11: taken later than now means that the clock was set back since.
    let stray = Stray { since: stray.since.min(now), ..stray };
    let age = now - stray.since;
    let again = match told {
        Ok(Come::UnderWay) => next_look(row.kind, age).map(|at| stray.since + at),
        Ok(Come::Arrived) => {
            tx.change_delivery(row.id, Event::Deliver, now)?;
            if row.kind == Kind::Sms {
                tx.set_text_obstacle(&row.destination, now, None)?;
            }
            None
        }
        Ok(Come::Failed(obstacle, error)) => {
            failed(tx, now, &row, obstacle, &error)?;
            None
        }
        Err(error) => {
            tracing::warn!(delivery = %row.id, %error, "the carrier was asked in vain");
            if matches!(error, CarrierError::Refused(_) | CarrierError::NoSecret(_)) {
                carrier::doubt(tx, now)?;
            }
            let wait = (age / 4).clamp(AFTER_TROUBLE, SLOWEST);
            (age < LONGEST_TROUBLE).then(|| now + wait)
        }
    };
    match again {
        Some(look_at) => tx.follow_stray(&Stray { look_at, ..stray }),
        None => tx.drop_stray(row.id),
    }
}

/// When one that is under way is asked about again, since the carrier took it; `None` where that tells no more.
fn next_look(kind: Kind, age: Duration) -> Option<Duration> {
    match kind {
        Kind::Call => (age <= LONGEST_CALL).then(|| age + CALL_EVERY),
        _ => TEXT_AT.into_iter().map(Duration::seconds).find(|at| *at > age),
    }
}

/// ND-8: it is on record like any other, and the number that can't be had isn't tried again. Whoever waits for a PIN reads
/// of it with the contact.
fn failed(tx: &Tx<'_>, now: DateTime<Utc>, row: &DeliveryRow, obstacle: Obstacle, error: &str) -> Result<(), Error> {
    refused(tx, now, row, obstacle)?;
    fail(tx, now, row.id, error)?;
    if row.marker.starts_with(PIN_MARKER) {
        tx.touch(Topic::Contacts);
    }
    Ok(())
}
