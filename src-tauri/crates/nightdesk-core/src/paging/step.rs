//! A contact tried by one channel, as far as anything was heard of it.

use crate::config::Channel;
use crate::delivery;
use crate::port::{AnsweredBy, CallStage, CallStatus, TextState};
use chrono::Duration;
use serde::{Deserialize, Serialize};

/// A network that never confirms has had its time: what it was given may not have arrived.
const UNCONFIRMED_AFTER: Duration = Duration::seconds(90);

/// Where a step is. "Delivered" and "answered" are not "reached": only a key, a reply or a click is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Waits in the outbox.
    Queued,
    /// With the carrier.
    Sent,
    /// The text is on the handset.
    Delivered,
    /// The phone rings.
    Ringing,
    /// Somebody or something took the call.
    Answered,
    /// A machine took it.
    Voicemail,
    /// Nobody took it.
    NoAnswer,
    /// The line was busy.
    Busy,
    /// Taken, and ended without a key.
    NoKey,
    /// The contact wants the next one to be asked.
    PassedOn,
    /// The contact has it.
    Acknowledged,
    /// It could not be sent, or never arrived.
    Failed,
    /// Left out: the carrier's budget or the number doesn't allow it now.
    Skipped,
    /// Taken back before it left, or hung up, because it was no longer needed.
    Cancelled,
    /// The network never said whether it arrived.
    Unconfirmed,
}

impl StepState {
    /// Every state.
    pub const ALL: [Self; 15] = [
        Self::Queued,
        Self::Sent,
        Self::Delivered,
        Self::Ringing,
        Self::Answered,
        Self::Voicemail,
        Self::NoAnswer,
        Self::Busy,
        Self::NoKey,
        Self::PassedOn,
        Self::Acknowledged,
        Self::Failed,
        Self::Skipped,
        Self::Cancelled,
        Self::Unconfirmed,
    ];

    /// The word for it, as stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Ringing => "ringing",
            Self::Answered => "answered",
            Self::Voicemail => "voicemail",
            Self::NoAnswer => "no_answer",
            Self::Busy => "busy",
            Self::NoKey => "no_key",
            Self::PassedOn => "passed_on",
            Self::Acknowledged => "acknowledged",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Cancelled => "cancelled",
            Self::Unconfirmed => "unconfirmed",
        }
    }

    /// The inverse of [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.word() == word)
    }

    /// Whether nothing more can come of it by itself. A text that was sent can be answered for as long as its code counts.
    pub fn is_spent(self) -> bool {
        match self {
            Self::Failed | Self::Skipped | Self::Cancelled | Self::PassedOn | Self::Acknowledged => true,
            Self::Voicemail | Self::NoAnswer | Self::Busy | Self::NoKey => true,
            Self::Sent | Self::Delivered | Self::Unconfirmed => false,
            Self::Queued | Self::Ringing | Self::Answered => false,
        }
    }

    /// Whether the contact may have heard of it, and so is told when somebody else has it.
    pub fn was_told(self) -> bool {
        !matches!(self, Self::Queued | Self::Failed | Self::Skipped | Self::Cancelled)
    }

    /// Whether the carrier still has something to tell.
    pub fn is_followed(self, channel: Channel) -> bool {
        match channel {
            Channel::Sms => self == Self::Sent,
            Channel::Call => matches!(self, Self::Sent | Self::Ringing | Self::Answered),
        }
    }
}

/// What a delivery's own state says of its step; `None` where it says nothing new.
pub fn heard_of_delivery(state: delivery::State) -> Option<StepState> {
    use delivery::State as S;
    Some(match state {
        S::Accepted => StepState::Sent,
        S::Delivered => StepState::Delivered,
        S::Rejected | S::DeadLettered | S::NeedsHuman | S::Expired => StepState::Failed,
        S::Cancelled | S::Superseded => StepState::Cancelled,
        S::Acknowledged => StepState::Acknowledged,
        S::Queued | S::Claimed | S::Sending | S::Retrying | S::InDoubt => return None,
    })
}

/// What the carrier's word of a text makes of its step, `since` it was accepted.
pub fn heard_of_text(text: &TextState, since: Duration) -> StepState {
    match text {
        TextState::Delivered => StepState::Delivered,
        TextState::Failed { .. } => StepState::Failed,
        TextState::Waiting | TextState::Sent if since >= UNCONFIRMED_AFTER => StepState::Unconfirmed,
        TextState::Waiting | TextState::Sent => StepState::Sent,
    }
}

/// What the carrier's word of a call makes of its step. A voicemail is not a person, whatever it seems to press.
pub fn heard_of_call(call: &CallStatus) -> StepState {
    let machine = call.by == AnsweredBy::Machine;
    match (&call.stage, call.key) {
        (_, Some('1')) if !machine => StepState::Acknowledged,
        (_, Some('2')) if !machine => StepState::PassedOn,
        (CallStage::Waiting, _) => StepState::Sent,
        (CallStage::Ringing, _) => StepState::Ringing,
        (CallStage::Answered, _) => StepState::Answered,
        (CallStage::Ended, _) if machine => StepState::Voicemail,
        (CallStage::Ended, _) => StepState::NoKey,
        (CallStage::NoAnswer, _) => StepState::NoAnswer,
        (CallStage::Busy, _) => StepState::Busy,
        (CallStage::Cancelled, _) => StepState::Cancelled,
        (CallStage::Failed { .. }, _) => StepState::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::Obstacle;

    #[test]
    fn every_word_is_read_back() {
        for state in StepState::ALL {
            assert_eq!(StepState::parse(state.word()), Some(state));
        }
    }

    #[test]
    fn only_a_person_with_a_key_acknowledges_a_call() {
        let heard =
            |stage: CallStage, by, key| heard_of_call(&CallStatus { stage, by, key, asks: true, seconds: None });
        use AnsweredBy::{Human, Machine, Unknown};
        assert_eq!(heard(CallStage::Answered, Human, Some('1')), StepState::Acknowledged);
        assert_eq!(heard(CallStage::Ended, Unknown, Some('1')), StepState::Acknowledged);
        assert_eq!(heard(CallStage::Ended, Human, Some('2')), StepState::PassedOn);
        assert_eq!(heard(CallStage::Ended, Machine, Some('1')), StepState::Voicemail);
        assert_eq!(heard(CallStage::Ended, Human, None), StepState::NoKey);
        assert_eq!(heard(CallStage::Ended, Human, Some('5')), StepState::NoKey);
        let failed = CallStage::Failed { obstacle: Obstacle::BadNumber, error: String::new() };
        assert_eq!(heard(failed, Unknown, None), StepState::Failed);
    }

    #[test]
    fn a_network_that_never_confirms_is_not_waited_for() {
        assert_eq!(heard_of_text(&TextState::Sent, Duration::seconds(89)), StepState::Sent);
        assert_eq!(heard_of_text(&TextState::Sent, Duration::seconds(90)), StepState::Unconfirmed);
        assert_eq!(heard_of_text(&TextState::Delivered, Duration::seconds(900)), StepState::Delivered);
    }

    #[test]
    fn a_text_can_be_answered_for_long_and_a_call_only_while_it_lasts() {
        for state in [StepState::Sent, StepState::Delivered, StepState::Unconfirmed] {
            assert!(!state.is_spent());
        }
        for state in [StepState::Voicemail, StepState::NoAnswer, StepState::Busy, StepState::NoKey] {
            assert!(state.is_spent());
        }
        for state in [StepState::Queued, StepState::Ringing, StepState::Answered] {
            assert!(!state.is_spent());
        }
    }
}
