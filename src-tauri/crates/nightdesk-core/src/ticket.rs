//! A ticket's life on the desk: open or closed, and by whom.

use serde::{Deserialize, Serialize};

/// Where a ticket stands. Its status on the board is a name for one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Somebody should look at it.
    Open,
    /// Closed because the SOC closed the incident.
    ClosedBySoc,
    /// Closed by a person here.
    ClosedByPerson,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::ClosedBySoc, Self::ClosedByPerson];

    /// The word for it, as stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::ClosedBySoc => "closed_by_soc",
            Self::ClosedByPerson => "closed_by_person",
        }
    }

    /// The inverse of [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.word() == word)
    }

    /// Whether it is open.
    pub fn is_open(self) -> bool {
        self == Self::Open
    }
}

/// What can happen to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The SOC closed the incident, and close-through is on.
    SocCloses,
    /// The SOC reopened the incident, or raised its severity.
    SocReopens,
    /// A person closes it here.
    PersonCloses,
    /// A person reopens it here.
    PersonReopens,
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 4] = [Self::SocCloses, Self::SocReopens, Self::PersonCloses, Self::PersonReopens];
}

/// The one place where a ticket's state changes (ND-7); `None` where there is nothing to change.
pub fn next(state: State, event: Event) -> Option<State> {
    match (state, event) {
        (State::Open, Event::SocCloses) => Some(State::ClosedBySoc),
        (State::Open, Event::PersonCloses) => Some(State::ClosedByPerson),
        // A person's close stays theirs: the SOC closing the incident afterwards changes nothing.
        (State::ClosedBySoc, Event::PersonCloses) => Some(State::ClosedByPerson),
        (State::ClosedBySoc | State::ClosedByPerson, Event::SocReopens | Event::PersonReopens) => Some(State::Open),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nd_7_a_persons_close_is_undone_only_by_a_reopen() {
        assert_eq!(next(State::ClosedByPerson, Event::SocCloses), None);
        assert_eq!(next(State::ClosedByPerson, Event::SocReopens), Some(State::Open));
        for s in State::ALL {
            assert_eq!(State::parse(s.word()), Some(s));
            for e in Event::ALL {
                assert_ne!(next(s, e), Some(s));
            }
        }
    }
}
