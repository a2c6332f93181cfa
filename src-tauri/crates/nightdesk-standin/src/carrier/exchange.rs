//! Everything the carrier knows, and its time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use nightdesk_core::clock::Clock;

use super::account::Account;
use super::call::{Cause, PlacedCall, leg_of_twiml};
use super::execution::Execution;
use super::fault::FaultRules;
use super::flow::Flow;
use super::leg::Leg;
use super::request::RequestLog;
use super::run::{Made, Run, Start, run};
use super::script::Script;
use super::text::Message;

/// What server, handle and phones share.
pub(crate) struct Exchange {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    pub(crate) account: Account,
    pub(crate) faults: Mutex<FaultRules>,
    pub(crate) log: Mutex<RequestLog>,
}

/// Texts, calls, flows and executions in the order in which they were made, and the scripts of the phones.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) scripts: BTreeMap<String, Script>,
    pub(crate) texts: Vec<Message>,
    pub(crate) calls: Vec<PlacedCall>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) executions: Vec<Execution>,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Exchange {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::default(),
            account: Account::new(),
            faults: Mutex::default(),
            log: Mutex::default(),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Looks at the state, or changes it, once everything has happened that is due by now.
    pub(crate) fn at<T>(&self, look: impl FnOnce(&mut State, DateTime<Utc>) -> T) -> T {
        let mut state = lock(&self.state);
        // Read inside the lock, so that what is made later never looks older.
        let now = self.now();
        state.settle(now);
        look(&mut state, now)
    }
}

impl State {
    pub(crate) fn script(&mut self, number: &str) -> &mut Script {
        self.scripts.entry(number.to_owned()).or_default()
    }

    /// Makes the calls that flows are due to make, and closes the executions that are over.
    pub(crate) fn settle(&mut self, now: DateTime<Utc>) {
        for at in 0..self.executions.len() {
            loop {
                let execution = &self.executions[at];
                if execution.over.is_some() {
                    break;
                }
                let run = self.run(execution);
                let Some((due, to, from)) = run.wants.filter(|(due, ..)| *due <= now) else {
                    let over = execution.stopped.or(run.over).filter(|over| *over <= now);
                    // A call that is still under way can be meddled with.
                    let quiet = run.legs.iter().all(|leg| leg.is_over(now));
                    self.executions[at].over = over.filter(|_| quiet);
                    break;
                };
                let cause = Cause::Execution { sid: execution.sid.clone(), nth: run.legs.len() };
                let phone = self.script(&to).take_call();
                self.calls.push(PlacedCall::new(&from, &to, due, cause, phone));
            }
        }
    }

    /// The run of an execution, as far as its calls are made.
    pub(crate) fn run(&self, execution: &Execution) -> Run {
        let mut calls: Vec<(usize, Made<'_>)> = self
            .calls
            .iter()
            .filter_map(|call| match &call.cause {
                Cause::Execution { sid, nth } if *sid == execution.sid => {
                    Some((*nth, Made { sid: &call.sid, phone: &call.phone, meddling: &call.meddling }))
                }
                _ => None,
            })
            .collect();
        calls.sort_by_key(|(nth, _)| *nth);
        let calls: Vec<Made<'_>> = calls.into_iter().map(|(_, made)| made).collect();
        run(&Start {
            definition: &execution.definition,
            context: execution.first_context(),
            at: execution.created,
            stopped: execution.stopped,
            calls: &calls,
        })
    }

    /// The time line of a call.
    pub(crate) fn leg(&self, call: &PlacedCall) -> Leg {
        let of_execution = |sid: &str, nth: usize| {
            let execution = self.executions.iter().find(|execution| execution.sid == sid)?;
            self.run(execution).legs.into_iter().nth(nth)
        };
        match &call.cause {
            Cause::Twiml { document, dial } => leg_of_twiml(document, dial, &call.phone, &call.meddling),
            Cause::Execution { sid, nth } => {
                of_execution(sid, *nth).unwrap_or_else(|| Leg::unanswered(call.at, call.at, call.at, "failed"))
            }
        }
    }

    /// Whether the last word of this number to ours was one that forbids texts.
    pub(crate) fn has_opted_out(&self, number: &str, now: DateTime<Utc>) -> bool {
        let words = self.texts.iter().filter(|text| text.inbound && text.from == number && text.created <= now);
        let said = words.filter_map(|text| match text.body.trim().to_ascii_uppercase().as_str() {
            "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" => Some((text.created, true)),
            "START" | "YES" | "UNSTOP" => Some((text.created, false)),
            _ => None,
        });
        said.max_by_key(|(at, _)| *at).is_some_and(|(_, stopped)| stopped)
    }
}
