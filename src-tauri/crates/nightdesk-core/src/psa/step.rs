//! What is to be done next about one ticket in the PSA.

use super::Filed;
use crate::delivery::{Kind, State};
use crate::ids::DeliveryId;

/// What is known of a ticket in the PSA.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mirror {
    /// Its id there, once it is there.
    pub id: Option<String>,
    /// How it stood there, as of the last write of ours or the last look.
    pub known: Option<Filed>,
    /// Somebody deleted it there: it isn't made again.
    pub is_gone: bool,
}

/// A creation or an update of the ticket that hasn't arrived: under way, waiting, or badly ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Which.
    pub delivery: DeliveryId,
    /// A creation or an update.
    pub kind: Kind,
    /// Where it is in its life.
    pub state: State,
    /// What it asks for.
    pub wants: Filed,
}

impl Pending {
    /// Whether it can't be taken back: it may have arrived already.
    fn is_under_way(&self) -> bool {
        matches!(self.state, State::Claimed | State::Sending | State::InDoubt)
    }
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing, or nothing before something else has settled.
    Rest,
    /// Take these back: nothing is left for them to do.
    Drop(Vec<DeliveryId>),
    /// Take these back and create the ticket.
    Create(Vec<DeliveryId>),
    /// Take these back and update the ticket from what is known of it.
    Update(Vec<DeliveryId>, Box<Filed>),
}

/// The next step for a ticket that shall stand like `wants`. One creation or update at a time: each is planned from the
/// outcome of the one before. What waits and asks for something else by now is replaced; what ended badly is tried again
/// only when it asks for something else.
pub fn next_step(mirror: &Mirror, wants: &Filed, pending: &[Pending]) -> Step {
    if pending.iter().any(Pending::is_under_way) {
        return Step::Rest;
    }
    let stale = || pending.iter().filter(|p| p.wants != *wants).map(|p| p.delivery).collect::<Vec<_>>();
    let is_asked_for = pending.iter().any(|p| p.wants == *wants);
    match (&mirror.id, &mirror.known) {
        _ if mirror.is_gone => drop_or_rest(pending.iter().map(|p| p.delivery).collect()),
        (Some(_), Some(known)) if known == wants => drop_or_rest(pending.iter().map(|p| p.delivery).collect()),
        _ if is_asked_for => drop_or_rest(stale()),
        (Some(_), Some(known)) => Step::Update(stale(), Box::new(known.clone())),
        _ => Step::Create(stale()),
    }
}

fn drop_or_rest(which: Vec<DeliveryId>) -> Step {
    if which.is_empty() { Step::Rest } else { Step::Drop(which) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filed(board: u8) -> Filed {
        Filed {
            title: "t".into(),
            client: "c".into(),
            board: board.to_string(),
            status: "s".into(),
            category: None,
            priority: None,
        }
    }

    fn pending(id: i64, kind: Kind, state: State, wants: u8) -> Pending {
        Pending { delivery: DeliveryId(id), kind, state, wants: filed(wants) }
    }

    fn there(known: u8) -> Mirror {
        Mirror { id: Some("x".into()), known: Some(filed(known)), is_gone: false }
    }

    #[test]
    fn a_ticket_is_created_once_and_what_waits_follows_a_re_home() {
        let none = Mirror::default();
        assert_eq!(next_step(&none, &filed(1), &[]), Step::Create(vec![]));
        let queued = pending(7, Kind::PsaTicket, State::Queued, 1);
        assert_eq!(next_step(&none, &filed(1), std::slice::from_ref(&queued)), Step::Rest);
        assert_eq!(next_step(&none, &filed(2), &[queued]), Step::Create(vec![DeliveryId(7)]));
        for state in [State::Claimed, State::Sending, State::InDoubt] {
            assert_eq!(next_step(&none, &filed(2), &[pending(7, Kind::PsaTicket, state, 1)]), Step::Rest);
        }
    }

    #[test]
    fn what_ended_badly_is_tried_again_only_when_something_else_is_asked_for() {
        for state in [State::Rejected, State::DeadLettered, State::NeedsHuman] {
            let bad = pending(7, Kind::PsaTicket, state, 1);
            assert_eq!(next_step(&Mirror::default(), &filed(1), std::slice::from_ref(&bad)), Step::Rest);
            assert_eq!(next_step(&Mirror::default(), &filed(2), &[bad]), Step::Create(vec![DeliveryId(7)]));
        }
    }

    #[test]
    fn an_update_that_was_undone_before_it_left_never_leaves() {
        let queued = pending(7, Kind::PsaUpdate, State::Queued, 2);
        assert_eq!(next_step(&there(1), &filed(2), &[]), Step::Update(vec![], Box::new(filed(1))));
        assert_eq!(next_step(&there(1), &filed(1), &[queued]), Step::Drop(vec![DeliveryId(7)]));
    }

    #[test]
    fn a_deleted_ticket_is_left_deleted() {
        let gone = Mirror { is_gone: true, ..there(1) };
        assert_eq!(next_step(&gone, &filed(2), &[]), Step::Rest);
        let queued = pending(7, Kind::PsaUpdate, State::Queued, 2);
        assert_eq!(next_step(&gone, &filed(2), &[queued]), Step::Drop(vec![DeliveryId(7)]));
    }

    fn any_state() -> impl Strategy<Value = State> {
        use State as S;
        proptest::sample::select(vec![
            S::Queued,
            S::Claimed,
            S::Sending,
            S::Retrying,
            S::InDoubt,
            S::NeedsHuman,
            S::Rejected,
            S::DeadLettered,
        ])
    }

    proptest! {
        /// However it is arranged: never two on their way, and never one more while one may have arrived.
        #[test]
        fn nothing_is_planned_beside_what_may_have_arrived(
            known in proptest::option::of(0_u8..3), wants in 0_u8..3, states in proptest::collection::vec((any_state(), 0_u8..3), 0..3),
        ) {
            let mirror = known.map(there).unwrap_or_default();
            let all: Vec<_> = (1_i64..).zip(&states).map(|(id, (s, w))| pending(id, Kind::PsaUpdate, *s, *w)).collect();
            let step = next_step(&mirror, &filed(wants), &all);
            if all.iter().any(Pending::is_under_way) {
                prop_assert_eq!(&step, &Step::Rest);
            }
            if let Step::Create(taken) | Step::Update(taken, _) = step {
                let left = all.iter().filter(|p| !taken.contains(&p.delivery)).count();
                prop_assert_eq!(left, 0);
            }
        }
    }
}
