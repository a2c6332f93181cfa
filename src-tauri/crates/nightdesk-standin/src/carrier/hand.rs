//! The hand at the other end: keys, when they are pressed, and which of them somebody waited for.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

/// A key that was pressed during a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// When.
    pub at: DateTime<Utc>,
    /// `0` to `9`, `*` or `#`.
    pub key: char,
    /// Whether the carrier was waiting for a key; one that nobody waits for is lost.
    pub taken: bool,
}

/// Keys still to come: scripted ones, timed from the question they answer, and ones pressed by the test at a moment.
#[derive(Default)]
pub(crate) struct Hand {
    scripted: VecDeque<(TimeDelta, char)>,
    question: Option<DateTime<Utc>>,
    /// When the first scripted key is due, once a question has fixed it.
    due: Option<DateTime<Utc>>,
    pressed: VecDeque<(DateTime<Utc>, char)>,
}

impl Hand {
    pub(crate) fn new(scripted: Vec<(TimeDelta, char)>, pressed: &[(DateTime<Utc>, char)]) -> Self {
        Self { scripted: scripted.into(), pressed: pressed.iter().copied().collect(), ..Self::default() }
    }

    /// A question begins; keys from before it are lost and handed back.
    pub(crate) fn asked(&mut self, at: DateTime<Utc>) -> Vec<Key> {
        let mut lost = Vec::new();
        if let (Some(due), Some((_, key))) = (self.due, self.scripted.front())
            && due < at
        {
            lost.push(Key { at: due, key: *key, taken: false });
            self.scripted.pop_front();
            self.due = None;
        }
        while let Some((pressed, key)) = self.pressed.front().copied().filter(|(pressed, _)| *pressed < at) {
            lost.push(Key { at: pressed, key, taken: false });
            self.pressed.pop_front();
        }
        self.question = Some(at);
        lost
    }

    /// The next key after `from`, if any is coming, and takes it away when `wanted` says so.
    pub(crate) fn next(
        &mut self,
        from: DateTime<Utc>,
        wanted: impl Fn(DateTime<Utc>) -> bool,
    ) -> Option<(DateTime<Utc>, char)> {
        let question = self.question?;
        if let (None, Some((delay, _))) = (self.due, self.scripted.front()) {
            self.due = Some((question + *delay).max(from));
        }
        let scripted = self.due.zip(self.scripted.front().map(|(_, key)| *key));
        let pressed = self.pressed.front().copied();
        let first = scripted.into_iter().chain(pressed).min_by_key(|(at, _)| *at)?;
        if !wanted(first.0) {
            return None;
        }
        if Some(first) == scripted {
            self.scripted.pop_front();
            self.due = None;
        } else {
            self.pressed.pop_front();
        }
        Some(first)
    }
}
