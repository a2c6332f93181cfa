//! The test's side: phones, faults, and the record of what happened.

use super::exchange::lock;
use super::fault::Fault;
use super::phone::Phone;
use super::record::{Call, Text};
use super::request::Request;
use super::server::Carrier;
use crate::fault::FaultId;

impl Carrier {
    /// The phone with this number (E.164). Every number has one.
    pub fn phone(&self, number: &str) -> Phone {
        Phone { exchange: self.exchange.clone(), number: number.to_owned() }
    }

    /// This number texts ours now.
    pub fn reply_from(&self, number: &str, words: &str) {
        self.phone(number).reply(words);
    }

    /// Makes something go wrong, for as long as the fault says.
    pub fn fault(&self, fault: Fault) -> FaultId {
        lock(&self.exchange.faults).add(fault)
    }

    /// Ends one fault; `false` when it had ended already.
    pub fn lift(&self, fault: FaultId) -> bool {
        lock(&self.exchange.faults).lift(fault)
    }

    /// Ends every fault.
    pub fn clear_faults(&self) {
        lock(&self.exchange.faults).clear();
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.exchange.log).snapshot()
    }

    /// Every request since the last time, and forgets them.
    pub fn take_requests(&self) -> Vec<Request> {
        lock(&self.exchange.log).take()
    }

    /// Every text that was accepted so far, oldest first; the phones' answers aren't among them.
    pub fn texts(&self) -> Vec<Text> {
        self.exchange.at(|state, now| {
            let ours = state.texts.iter().filter(|text| !text.inbound);
            ours.map(|text| Text::of(text, now)).collect()
        })
    }

    /// Every call that was placed so far, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.exchange.at(|state, now| state.calls.iter().map(|call| Call::of(call, &state.leg(call), now)).collect())
    }

    /// The texts accepted since the last time. The carrier's own lists keep them.
    pub fn take_texts(&self) -> Vec<Text> {
        self.exchange.at(|state, now| {
            let fresh = state.texts.iter().filter(|text| !text.taken).map(|text| Text::of(text, now)).collect();
            state.texts.iter_mut().for_each(|text| text.taken = true);
            fresh
        })
    }

    /// The calls placed since the last time, as far as they have got. The carrier's own lists keep them.
    pub fn take_calls(&self) -> Vec<Call> {
        self.exchange.at(|state, now| {
            let fresh: Vec<Call> = state
                .calls
                .iter()
                .filter(|call| !call.taken)
                .map(|call| Call::of(call, &state.leg(call), now))
                .collect();
            state.calls.iter_mut().for_each(|call| call.taken = true);
            fresh
        })
    }

    /// What no story has taken: texts, calls, and requests that no correct client makes.
    pub fn unexpected(&self) -> Vec<String> {
        let mut left = lock(&self.exchange.log).slips();
        self.exchange.at(|state, now| {
            let texts = state.texts.iter().filter(|text| !text.taken);
            left.extend(texts.map(|text| format!("text to {} at {}: {}", text.to, text.created, text.body)));
            for call in state.calls.iter().filter(|call| !call.taken) {
                let seen = Call::of(call, &state.leg(call), now);
                left.push(format!("call to {} at {} ({}): {}", seen.to, seen.at, seen.status, seen.words()));
            }
        });
        left
    }

    /// Forgets the malformed requests that were made on purpose, and says what they were.
    pub fn take_slips(&self) -> Vec<String> {
        lock(&self.exchange.log).take_slips()
    }

    /// Fails the test when anything happened that it hasn't taken.
    ///
    /// # Panics
    /// When [`unexpected`](Self::unexpected) names anything.
    #[allow(clippy::panic, reason = "a check for tests, which fail by panicking")]
    #[track_caller]
    pub fn assert_quiet(&self) {
        let left = self.unexpected();
        if !left.is_empty() {
            panic!("unexpected at the carrier:\n{}", left.join("\n"));
        }
    }
}
