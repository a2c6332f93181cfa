//! What a phone does when it is called or texted.

use std::collections::VecDeque;
use std::time::Duration;

use chrono::TimeDelta;

/// What happens when a phone is called. Times until an answer count from the first ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnCall {
    /// A person answers and presses keys.
    Answers {
        /// How long it rings.
        after: Duration,
        /// Each key with its delay from the start of the question that it answers: the first key belongs to the first
        /// question, the next one to the same question while that waits for more keys, else to the next question. A
        /// key that comes when nobody asks is lost.
        presses: Vec<(Duration, char)>,
    },
    /// A voicemail box answers after 20 s, with a greeting of 8 s, and never presses a key.
    Voicemail,
    /// Rings until the caller gives up.
    NoAnswer,
    /// Is engaged.
    Busy,
    /// The carrier can't connect the call.
    Fails,
    /// Something answers after 2 s and hangs up so much later: a phone menu that nobody operates, say.
    HangsUp {
        /// How long it stays.
        after: Duration,
    },
    /// A phone menu answers after 2 s. With the right `SendDigits` it rings somebody; else it hangs up after 20 s.
    /// What the carrier says while the extension still rings is heard by nobody.
    Menu {
        /// The keys that lead on, without pauses.
        digits: String,
        /// What the extension does.
        then: Box<OnCall>,
    },
}

impl OnCall {
    /// Answers after 4 s and presses this key 3 s into the question.
    pub fn acknowledges(key: char) -> Self {
        Self::Answers { after: Duration::from_secs(4), presses: vec![(Duration::from_secs(3), key)] }
    }

    /// Answers after 4 s and listens to the end.
    pub fn listens() -> Self {
        Self::Answers { after: Duration::from_secs(4), presses: Vec::new() }
    }
}

/// What happens when a phone is sent a text. Times count from the carrier's acceptance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnText {
    /// It arrives, with a receipt. Later than its validity period it doesn't arrive (30036).
    Delivered {
        /// How long it takes.
        after: Duration,
    },
    /// It is accepted, and after 3 s reported as undelivered with this error code (30003, 30007, …).
    Undelivered(u32),
    /// It is accepted and sent, and this long after that reported as undelivered with this error code.
    UndeliveredLate(u32, Duration),
    /// The request is refused with this error code (21211, 21408, 21610, 21612, 21614, …) and no text exists.
    RejectedAtOnce(u32),
    /// It arrives after 2 s, and the person answers with this so long after that.
    ReplyWith(String, Duration),
    /// It arrives after 2 s, and the person answers what the text asks for: see [`Phone::on_text`](super::Phone::on_text).
    ReplyWithCode {
        /// How long the person takes.
        after: Duration,
    },
    /// It arrives after 2 s, but no receipt ever comes: its status stays `sent`.
    NoReceipt,
}

/// The script of one phone: what comes next, in turn, and then for good.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) call: Option<OnCall>,
    pub(crate) next_calls: VecDeque<OnCall>,
    pub(crate) text: Option<OnText>,
    pub(crate) next_texts: VecDeque<OnText>,
}

impl Script {
    pub(crate) fn take_call(&mut self) -> OnCall {
        self.next_calls.pop_front().or_else(|| self.call.clone()).unwrap_or(OnCall::NoAnswer)
    }

    pub(crate) fn take_text(&mut self) -> OnText {
        let usual = || OnText::Delivered { after: Duration::from_secs(2) };
        self.next_texts.pop_front().or_else(|| self.text.clone()).unwrap_or_else(usual)
    }
}

/// A span that can be added to any date a test uses without leaving the calendar.
pub(crate) fn span(time: Duration) -> TimeDelta {
    let longest = TimeDelta::days(3_650);
    TimeDelta::from_std(time).unwrap_or(longest).min(longest)
}
