//! A phone at the other end.

use std::sync::Arc;

use super::exchange::Exchange;
use super::reading;
use super::record::{Call, Text};
use super::script::{OnCall, OnText};
use super::text::Message;

/// A phone: what it does when it is called or texted, what has reached it, and what its owner does now. One that was
/// told nothing gets texts after 2 s and rings until the caller gives up.
pub struct Phone {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) number: String,
}

impl Phone {
    /// What it does with every call for which nothing else is planned.
    pub fn on_call(&self, what: OnCall) -> &Self {
        self.exchange.at(|state, _| state.script(&self.number).call = Some(what));
        self
    }

    /// What it does with the next calls, one after the other, after those planned already.
    pub fn next_calls(&self, what: impl IntoIterator<Item = OnCall>) -> &Self {
        let what: Vec<OnCall> = what.into_iter().collect();
        self.exchange.at(|state, _| state.script(&self.number).next_calls.extend(what));
        self
    }

    /// What it does with every text for which nothing else is planned. [`OnText::ReplyWithCode`] reads the text: it
    /// answers the 4 to 6 digits after the word "Reply", and the word in capitals before them where there is one; a
    /// text that asks for none is left unanswered.
    pub fn on_text(&self, what: OnText) -> &Self {
        self.exchange.at(|state, _| state.script(&self.number).text = Some(what));
        self
    }

    /// What it does with the next texts, one after the other, after those planned already.
    pub fn next_texts(&self, what: impl IntoIterator<Item = OnText>) -> &Self {
        let what: Vec<OnText> = what.into_iter().collect();
        self.exchange.at(|state, _| state.script(&self.number).next_texts.extend(what));
        self
    }

    /// Its owner sends a text now.
    pub fn reply(&self, words: &str) {
        let ours = &self.exchange.account.number;
        self.exchange.at(|state, now| state.texts.push(Message::inbound(&self.number, ours, words, now)));
    }

    /// Its owner presses a key now; `false` when there is no answered call.
    pub fn press(&self, key: char) -> bool {
        self.meddle(true, |meddling, now| meddling.pressed.push((now, key)))
    }

    /// Its owner hangs up now, or refuses the call that rings; `false` when there is none.
    pub fn hang_up(&self) -> bool {
        self.meddle(false, |meddling, now| meddling.hung_up = Some(now))
    }

    fn meddle(
        &self,
        answered_only: bool,
        change: impl FnOnce(&mut super::leg::Meddling, chrono::DateTime<chrono::Utc>),
    ) -> bool {
        self.exchange.at(|state, now| {
            let found = state.calls.iter().rposition(|call| {
                let status = (call.to == self.number).then(|| state.leg(call).status(now));
                status == Some("in-progress") || (!answered_only && status == Some("ringing"))
            });
            if let Some(at) = found {
                change(&mut state.calls[at].meddling, now);
            }
            found.is_some()
        })
    }

    /// Whether it rings now.
    pub fn rings(&self) -> bool {
        self.calls().iter().any(|call| call.status == "ringing")
    }

    /// The texts that have reached it by now, oldest first.
    pub fn texts(&self) -> Vec<Text> {
        self.exchange.at(|state, now| {
            let own = state.texts.iter().filter(|text| !text.inbound && text.to == self.number);
            own.map(|text| Text::of(text, now)).filter(|text| text.read_at.is_some()).collect()
        })
    }

    /// The calls to it so far, answered or not, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.exchange.at(|state, now| {
            let own = state.calls.iter().filter(|call| call.to == self.number);
            own.map(|call| Call::of(call, &state.leg(call), now)).collect()
        })
    }

    /// The last six-digit PIN that its owner has read, or heard on a call.
    pub fn last_pin(&self) -> Option<String> {
        let texts = self.texts().into_iter().filter_map(|text| Some((text.read_at?, text.body)));
        let calls = self.calls().into_iter().filter_map(|call| Some((call.answered_at?, call.words())));
        let read = texts.chain(calls).filter_map(|(at, words)| Some((at, reading::pin(&words)?)));
        read.max_by_key(|(at, _)| *at).map(|(_, pin)| pin)
    }
}
