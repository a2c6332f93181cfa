//! What has happened, as a story tells it.

use chrono::{DateTime, Utc};

use super::call::{Cause, PlacedCall};
use super::conversation::{Answerer, Spoken};
use super::hand::Key;
use super::leg::Leg;
use super::text::Message;

/// A text that was sent to a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The carrier's id (`SM…`).
    pub sid: String,
    /// When the carrier accepted it.
    pub at: DateTime<Utc>,
    /// The sender.
    pub from: String,
    /// The phone.
    pub to: String,
    /// Its words.
    pub body: String,
    /// Its status now.
    pub status: String,
    /// Why it wasn't delivered.
    pub error_code: Option<u32>,
    /// When its reader had it before their eyes, if by now.
    pub read_at: Option<DateTime<Utc>>,
}

impl Text {
    pub(crate) fn of(message: &Message, now: DateTime<Utc>) -> Self {
        let (status, error_code) = message.status(now);
        Self {
            sid: message.sid.clone(),
            at: message.created,
            from: message.from.clone(),
            to: message.to.clone(),
            body: message.body.clone(),
            status: status.to_owned(),
            error_code,
            read_at: message.read.filter(|at| *at <= now),
        }
    }
}

/// A call to a phone, as far as it has got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The carrier's id (`CA…`).
    pub sid: String,
    /// The flow's execution that made it (`FN…`), if one did.
    pub execution: Option<String>,
    /// When it was placed.
    pub at: DateTime<Utc>,
    /// The caller.
    pub from: String,
    /// The phone.
    pub to: String,
    /// Its status now: `queued`, `ringing`, `in-progress`, `completed`, `busy`, `no-answer`, `failed` or `canceled`.
    pub status: String,
    /// Who picked up, if by now.
    pub answerer: Answerer,
    /// When, if by now.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it ended, if by now.
    pub ended_at: Option<DateTime<Utc>>,
    /// Digits that were sent after the answer.
    pub sent_digits: Option<String>,
    /// What was said that somebody, or a machine, could hear, in order.
    pub spoken: Vec<Spoken>,
    /// What was pressed, in order.
    pub keys: Vec<Key>,
}

impl Call {
    pub(crate) fn of(call: &PlacedCall, leg: &Leg, now: DateTime<Utc>) -> Self {
        let answered_at = leg.answered.filter(|at| *at <= now);
        Self {
            sid: call.sid.clone(),
            execution: match &call.cause {
                Cause::Execution { sid, .. } => Some(sid.clone()),
                Cause::Twiml { .. } => None,
            },
            at: leg.placed,
            from: call.from.clone(),
            to: call.to.clone(),
            status: leg.status(now).to_owned(),
            answerer: answered_at.map_or(Answerer::Nobody, |_| leg.answerer),
            answered_at,
            ended_at: Some(leg.ended).filter(|at| *at <= now),
            sent_digits: leg.sent_digits.clone().filter(|_| answered_at.is_some()),
            spoken: leg.spoken.iter().filter(|spoken| spoken.at < now).map(|spoken| spoken.up_to(now)).collect(),
            keys: leg.keys.iter().filter(|key| key.at <= now).cloned().collect(),
        }
    }

    /// Everything that could be heard, in one line.
    pub fn words(&self) -> String {
        self.spoken.iter().map(|spoken| spoken.words.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The keys that the carrier was waiting for.
    pub fn digits(&self) -> String {
        self.keys.iter().filter(|key| key.taken).map(|key| key.key).collect()
    }
}
