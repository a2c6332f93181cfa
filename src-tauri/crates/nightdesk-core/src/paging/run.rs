//! A walk through the call tree: one step, a wait, the next, until somebody has every page of it or nobody is left.
//!
//! Pure: events in, actions out. The engine stores the run, carries the actions out and brings back what was heard.

use super::{PageState, StepState};
use crate::config::Channel;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A contact that can be reached now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// What the contact is called.
    pub contact: String,
    /// The number.
    pub phone: String,
    /// The ways that may be used; with none the rung is passed over at once.
    pub channels: Vec<Channel>,
    /// Until the next one.
    pub wait: Duration,
}

/// The call tree as it is at the moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// In order.
    pub rungs: Vec<Rung>,
    /// Times through it.
    pub rounds: u32,
}

impl Tree {
    /// Whose turn it is: the rung's place, and where in the walk that is; `None` where everybody was told as often as is
    /// set. Asked of the tree as it is now: whoever was added, moved or taken out since the last step, nobody is passed
    /// over and nobody told twice in a round.
    pub fn upcoming(&self, next: Position, was_told: impl Fn(u32, &Rung) -> bool) -> Option<(usize, Position)> {
        let mut at = next;
        while at.round < self.rounds.max(1) {
            let untold = |rung: &Rung| !rung.channels.is_empty() && !was_told(at.round, rung);
            if let Some(n) = self.rungs.iter().position(untold) {
                return Some((n, at));
            }
            at = Position { round: at.round + 1, step: 0 };
        }
        None
    }
}

/// How far a walk has come, both numbers from 0. It counts contacts told and is no place in the tree, which may be
/// changed while a run walks down it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// The time through the tree.
    pub round: u32,
    /// How many were told in it before.
    pub step: u32,
}

/// Somebody who was told, by one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The step's number.
    pub id: i64,
    /// Where in the tree.
    pub at: Position,
    /// Whom.
    pub contact: String,
    /// At which number.
    pub phone: String,
    /// How.
    pub channel: Channel,
    /// What was heard of it.
    pub state: StepState,
    /// Of which pages.
    pub pages: BTreeSet<i64>,
}

/// A run as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunState {
    /// Where it is, in the words of pages.
    pub state: PageState,
    /// Where the next contact is told.
    pub next: Position,
    /// When; `None` once the run is over.
    pub next_at: Option<DateTime<Utc>>,
    /// Its pages.
    pub pages: Vec<(i64, PageState)>,
    /// Everybody told so far, in order.
    pub told: Vec<Told>,
}

/// What can happen to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Time went by.
    Time,
    /// Something was heard of a step.
    Heard {
        /// Which step.
        step: i64,
        /// What it is now.
        state: StepState,
    },
    /// Somebody has these pages; by a step, or in the window or on the command line.
    Taken {
        /// The pages.
        pages: BTreeSet<i64>,
        /// The number of the contact who took them, who needn't be told.
        phone: Option<String>,
    },
    /// Nobody needs to have these pages any more.
    Over {
        /// The pages.
        pages: BTreeSet<i64>,
    },
}

/// What the engine is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Tell a contact of these pages.
    Tell {
        /// The rung's place in the tree.
        rung: usize,
        /// How.
        channel: Channel,
        /// Where in the walk.
        at: Position,
        /// Of what.
        pages: BTreeSet<i64>,
    },
    /// Tell those who were told before that somebody has it.
    TellTaken {
        /// The contacts' numbers, each once.
        phones: BTreeSet<String>,
        /// Which pages.
        pages: BTreeSet<i64>,
    },
    /// Take back what hasn't left, and hang up what still rings or speaks.
    CallOff {
        /// Which step.
        step: i64,
    },
    /// A page changed its state.
    Page {
        /// Which.
        page: i64,
        /// To this.
        state: PageState,
    },
    /// Everybody was told as often as is set, and nobody has these pages: the desk is alarmed.
    Exhausted {
        /// The pages.
        pages: BTreeSet<i64>,
    },
}

/// The one place where a run changes (ND-7). Total: an event that doesn't fit changes nothing.
pub fn next(run: &mut RunState, tree: &Tree, event: &Event, now: DateTime<Utc>) -> Vec<Action> {
    let mut actions = Vec::new();
    match event {
        Event::Time => {}
        Event::Heard { step, state } => {
            let planned = run.next_at;
            run.hear(*step, *state, now, &mut actions);
            // Nobody is rung again at once because nobody else is left: a line that is busy now is busy a second later
            // too. The next time through the tree begins when it would have.
            if run.starts_over(tree) {
                run.next_at = planned;
            }
        }
        Event::Taken { pages, phone } => run.take(pages, phone.as_deref(), &mut actions),
        Event::Over { pages } => run.end(pages, &mut actions),
    }
    run.go_on(tree, now, &mut actions);
    actions
}

impl RunState {
    fn open_pages(&self) -> BTreeSet<i64> {
        self.pages.iter().filter(|(_, state)| state.is_open()).map(|(id, _)| *id).collect()
    }

    fn set(
        &mut self,
        pages: &BTreeSet<i64>,
        from: &[PageState],
        to: PageState,
        actions: &mut Vec<Action>,
    ) -> BTreeSet<i64> {
        let mut changed = BTreeSet::new();
        for (id, state) in &mut self.pages {
            if pages.contains(id) && from.contains(state) {
                *state = to;
                changed.insert(*id);
                actions.push(Action::Page { page: *id, state: to });
            }
        }
        changed
    }

    fn hear(&mut self, step: i64, state: StepState, now: DateTime<Utc>, actions: &mut Vec<Action>) {
        let Some(told) = self.told.iter_mut().find(|t| t.id == step) else { return };
        // What a person did stands; a carrier's late word about the line changes nothing of it.
        if told.state == StepState::Acknowledged || told.state == state {
            return;
        }
        told.state = state;
        let (pages, phone, at) = (told.pages.clone(), told.phone.clone(), told.at);
        if state == StepState::Acknowledged {
            self.take(&pages, Some(&phone), actions);
        }
        let newest = self.told.iter().map(|t| t.at).max();
        let rest: Vec<StepState> = self.told.iter().filter(|t| t.at == at).map(|t| t.state).collect();
        let passed = state == StepState::PassedOn;
        // Nothing more can come of this rung: waiting for its time would only lose it.
        if newest == Some(at) && self.next_at.is_some() && (passed || rest.iter().all(|s| s.is_spent())) {
            self.next_at = self.next_at.map(|next| next.min(now));
        }
    }

    fn take(&mut self, pages: &BTreeSet<i64>, phone: Option<&str>, actions: &mut Vec<Action>) {
        // Somebody may call back after everybody was told in vain.
        let from = [PageState::Waiting, PageState::Running, PageState::Exhausted];
        let taken = self.set(pages, &from, PageState::Acknowledged, actions);
        if taken.is_empty() {
            return;
        }
        let others = self.told.iter().filter(|t| t.state.was_told() && Some(t.phone.as_str()) != phone);
        let phones: BTreeSet<String> =
            others.filter(|t| !t.pages.is_disjoint(&taken)).map(|t| t.phone.clone()).collect();
        if !phones.is_empty() {
            actions.push(Action::TellTaken { phones, pages: taken });
        }
        self.call_off(actions);
    }

    fn end(&mut self, pages: &BTreeSet<i64>, actions: &mut Vec<Action>) {
        let from = [PageState::Waiting, PageState::Running];
        if !self.set(pages, &from, PageState::Ended, actions).is_empty() {
            self.call_off(actions);
        }
    }

    /// Steps that no longer speak of any open page end. A call in which the key was pressed is over for us and goes on to
    /// say thanks; whoever replied by text doesn't have to answer a phone that still rings.
    fn call_off(&mut self, actions: &mut Vec<Action>) {
        let open = self.open_pages();
        for told in &mut self.told {
            let live = match told.channel {
                Channel::Call => {
                    matches!(told.state, StepState::Queued | StepState::Sent | StepState::Ringing | StepState::Answered)
                }
                Channel::Sms => told.state == StepState::Queued,
            };
            if live && told.pages.is_disjoint(&open) {
                told.state = StepState::Cancelled;
                actions.push(Action::CallOff { step: told.id });
            }
        }
    }

    fn was_told_in(&self, round: u32, rung: &Rung) -> bool {
        let of = |told: &&Told| told.at.round == round && told.contact == rung.contact && told.phone == rung.phone;
        self.told.iter().any(|told| of(&told))
    }

    fn has_untold(&self, round: u32, tree: &Tree) -> bool {
        tree.rungs.iter().any(|rung| !rung.channels.is_empty() && !self.was_told_in(round, rung))
    }

    /// Whether whoever is told next has been told before, in this time through the tree.
    #[must_use]
    pub fn starts_over(&self, tree: &Tree) -> bool {
        self.next.round + 1 < tree.rounds.max(1) && !self.has_untold(self.next.round, tree)
    }

    fn go_on(&mut self, tree: &Tree, now: DateTime<Utc>, actions: &mut Vec<Action>) {
        let open = self.open_pages();
        if open.is_empty() {
            self.next_at = None;
            if self.state.is_open() || self.state == PageState::Exhausted {
                let any = |wanted| self.pages.iter().any(|(_, state)| *state == wanted);
                self.state = match () {
                    () if any(PageState::Acknowledged) => PageState::Acknowledged,
                    () if any(PageState::Exhausted) => PageState::Exhausted,
                    () => PageState::Ended,
                };
            }
            return;
        }
        if self.next_at.is_none_or(|at| at > now) {
            return;
        }
        if self.state == PageState::Waiting {
            self.state = PageState::Running;
            self.set(&open, &[PageState::Waiting], PageState::Running, actions);
        }
        if let Some((n, at)) = tree.upcoming(self.next, |round, rung| self.was_told_in(round, rung)) {
            let rung = &tree.rungs[n];
            for channel in &rung.channels {
                actions.push(Action::Tell { rung: n, channel: *channel, at, pages: open.clone() });
            }
            self.next = Position { step: at.step + 1, ..at };
            self.next_at = Some(now + rung.wait);
            return;
        }
        self.next = Position { round: self.next.round.max(tree.rounds.max(1)), step: 0 };
        self.next_at = None;
        self.state = PageState::Exhausted;
        let pages = self.set(&open, &[PageState::Waiting, PageState::Running], PageState::Exhausted, actions);
        actions.push(Action::Exhausted { pages });
    }
}

#[cfg(test)]
mod tests;
