//! The outbox against a model of it: two claimants, stale ones among them, leases that run out, epochs that change, a
//! person who redrives and cancels, and a clock that jumps.

use chrono::{DateTime, Duration, Utc};
use nightdesk_core::delivery::{Event, Kind, State, next};
use nightdesk_core::ids::DeliveryId;
use nightdesk_store::{Claimant, Error, Fence, NewDelivery, Opening, Settlement, Store, Tx};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const KINDS: [Kind; 2] = [Kind::Sms, Kind::PsaTicket];
const OWNERS: [&str; 2] = ["A", "B"];

#[derive(Debug, Clone)]
enum Op {
    Queue { marker: u8, kind: usize, due_in: i64, expires_in: Option<i64> },
    Claim { owner: usize, old_epoch: bool, kind: usize, lease: i64, limit: u32 },
    Begin { claim: usize },
    Settle { claim: usize, event: Event, due_in: Option<i64>, marked: bool },
    TakeOver { new_epoch: bool },
    Change { delivery: usize, event: Event },
    Expire,
    Advance { seconds: i64 },
}

fn op() -> impl Strategy<Value = Op> {
    let settling = prop::sample::select(vec![
        Event::Accept,
        Event::Deliver,
        Event::FailForNow,
        Event::FailForNow,
        Event::Exhaust,
        Event::Reject,
        Event::Refer,
        Event::LoseSight,
        Event::LoseSight,
        Event::FoundAbsent,
        Event::FoundAbsent,
        Event::Release,
    ]);
    let change = prop::sample::select(vec![Event::Redrive, Event::Redrive, Event::Cancel, Event::Supersede]);
    prop_oneof![
        3 => (0..12u8, 0..2usize, -5..60i64, prop::option::weighted(0.3, 0..200i64))
            .prop_map(|(marker, kind, due_in, expires_in)| Op::Queue { marker, kind, due_in, expires_in }),
        5 => (0..2usize, prop::bool::weighted(0.2), 0..2usize, 1..120i64, 1..4u32)
            .prop_map(|(owner, old_epoch, kind, lease, limit)| Op::Claim { owner, old_epoch, kind, lease, limit }),
        5 => (0..8usize).prop_map(|claim| Op::Begin { claim }),
        6 => (0..8usize, settling, prop::option::of(0..90i64), any::<bool>())
            .prop_map(|(claim, event, due_in, marked)| Op::Settle { claim, event, due_in, marked }),
        2 => prop::bool::weighted(0.3).prop_map(|new_epoch| Op::TakeOver { new_epoch }),
        2 => (0..12usize, change).prop_map(|(delivery, event)| Op::Change { delivery, event }),
        1 => Just(Op::Expire),
        // The wall clock is also set back now and then.
        3 => prop_oneof![9 => 1..150i64, 1 => -60..0i64].prop_map(|seconds| Op::Advance { seconds }),
    ]
}

/// What a delivery ought to be like.
#[derive(Debug, Clone)]
struct Model {
    kind: Kind,
    state: State,
    fence: i64,
    attempts: u32,
    doubts: u32,
    due: DateTime<Utc>,
    expires: Option<DateTime<Utc>>,
    /// How long after its making.
    lifetime: Option<Duration>,
    lease: Option<(i64, DateTime<Utc>)>,
    marked: bool,
    /// Bytes may have left, and nobody has learned what became of them, nor put it in doubt.
    unaccounted: bool,
}

impl Model {
    fn waits(&self) -> bool {
        matches!(self.state, State::Queued | State::Retrying | State::InDoubt) && self.lease.is_none()
    }

    fn move_to(&mut self, state: State) {
        self.state = state;
        if state == State::InDoubt {
            self.unaccounted = false;
        }
    }
}

struct World {
    store: Store,
    now: DateTime<Utc>,
    epoch: i64,
    markers: BTreeSet<u8>,
    deliveries: BTreeMap<DeliveryId, Model>,
    /// Every claim ever made, the last first, so that small numbers are mostly live and the rest stale.
    claims: Vec<Fence>,
}

impl World {
    fn new() -> Self {
        Self {
            store: Store::open(Path::new(":memory:"), Opening::Owner).unwrap(),
            now: DateTime::from_timestamp(1_767_000_000, 0).unwrap(),
            epoch: 1,
            markers: BTreeSet::new(),
            deliveries: BTreeMap::new(),
            claims: Vec::new(),
        }
    }

    fn write<T>(&mut self, f: impl FnOnce(&Tx<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.store.write(f)
    }

    fn after(&self, seconds: i64) -> DateTime<Utc> {
        self.now + Duration::seconds(seconds)
    }

    fn step(&mut self, op: &Op) -> Result<(), TestCaseError> {
        match *op {
            Op::Queue { marker, kind, due_in, expires_in } => self.queue(marker, KINDS[kind], due_in, expires_in),
            Op::Claim { owner, old_epoch, kind, lease, limit } => {
                let epoch = self.epoch - i64::from(old_epoch);
                self.claim(OWNERS[owner], epoch, KINDS[kind], lease, limit)
            }
            Op::Begin { claim } => self.claims.get(claim).copied().map_or(Ok(()), |f| self.begin(f)),
            Op::Settle { claim, event, due_in, marked } => {
                self.claims.get(claim).copied().map_or(Ok(()), |f| self.settle(f, event, due_in, marked))
            }
            Op::TakeOver { new_epoch } => self.take_over(new_epoch),
            Op::Change { delivery, event } => {
                self.deliveries.keys().nth(delivery).copied().map_or(Ok(()), |id| self.change(id, event))
            }
            Op::Expire => self.expire(),
            Op::Advance { seconds } => {
                self.now = self.after(seconds);
                Ok(())
            }
        }
    }

    fn queue(&mut self, marker: u8, kind: Kind, due: i64, expires: Option<i64>) -> Result<(), TestCaseError> {
        let (now, due, expires) = (self.now, self.after(due), expires.map(|s| self.after(s)));
        let new = NewDelivery {
            kind,
            destination: "somewhere".into(),
            marker: format!("m{marker}"),
            payload: serde_json::Value::Null,
            due_at: due,
            expires_at: expires,
            incident: None,
            ticket: None,
            fallback_of: None,
            cause: None,
        };
        let id = self.write(|tx| tx.queue(now, &new)).unwrap();
        prop_assert_eq!(id.is_some(), self.markers.insert(marker), "a marker is queued once");
        if let Some(id) = id {
            let model = Model {
                kind,
                state: State::Queued,
                fence: 0,
                attempts: 0,
                doubts: 0,
                due,
                expires,
                lifetime: expires.map(|at| at - now),
                lease: None,
                marked: false,
                unaccounted: false,
            };
            self.deliveries.insert(id, model);
        }
        Ok(())
    }

    fn claim(&mut self, owner: &str, epoch: i64, kind: Kind, lease: i64, limit: u32) -> Result<(), TestCaseError> {
        let (now, until) = (self.now, self.after(lease));
        let mut due: Vec<_> =
            self.deliveries.iter().filter(|(_, m)| m.kind == kind && m.waits() && m.due <= now).collect();
        due.sort_by_key(|(id, m)| (m.due, **id));
        let due: Vec<_> = due.into_iter().take(limit as usize).map(|(id, _)| *id).collect();
        let by = Claimant { owner, epoch, until };
        let got = self.write(|tx| tx.claim_due(kind, by, now, limit, |_| true)).unwrap();
        prop_assert_eq!(got.iter().map(|c| c.fence.delivery).collect::<Vec<_>>(), due);
        for c in got {
            let m = self.deliveries.get_mut(&c.fence.delivery).unwrap();
            // ND-6: a claim is given only where none is live, and its number was never given before.
            prop_assert!(m.lease.is_none() && c.fence.number > m.fence);
            prop_assert!(!self.claims.contains(&c.fence));
            prop_assert_eq!(c.in_doubt, m.state == State::InDoubt);
            if !c.in_doubt {
                m.move_to(next(m.state, Event::Claim).unwrap());
            }
            m.fence += 1;
            m.lease = Some((epoch, until));
            self.claims.insert(0, c.fence);
        }
        Ok(())
    }

    fn begin(&mut self, fence: Fence) -> Result<(), TestCaseError> {
        let now = self.now;
        let begun = self.write(|tx| tx.begin_attempt(fence, now));
        let m = self.deliveries.get_mut(&fence.delivery).unwrap();
        if m.fence == fence.number && m.state == State::Claimed {
            // ND-5: what may have left goes through doubt before anything leaves again.
            prop_assert!(!m.unaccounted, "sent again without having been in doubt");
            m.move_to(State::Sending);
            m.unaccounted = true;
            m.attempts += 1;
            m.doubts = 0;
            prop_assert_eq!(begun.unwrap(), m.attempts);
        } else {
            prop_assert!(matches!(begun, Err(Error::Fenced)), "a void claim began an attempt: {:?}", begun);
        }
        Ok(())
    }

    fn settle(&mut self, fence: Fence, event: Event, due: Option<i64>, marked: bool) -> Result<(), TestCaseError> {
        let (now, due_at) = (self.now, due.map(|s| self.after(s)));
        let s = Settlement { event, due_at, error: None, remote_ref: None, possible_repeat: marked };
        let settled = self.write(|tx| tx.settle(fence, now, &s));
        let m = self.deliveries.get_mut(&fence.delivery).unwrap();
        let live = m.fence == fence.number && m.lease.is_some();
        let asked_in_vain = m.state == State::InDoubt && event == Event::LoseSight;
        let to = if asked_in_vain { Some(State::InDoubt) } else { next(m.state, event) };
        match to.filter(|_| live) {
            Some(to) => {
                prop_assert_eq!(settled.unwrap(), to);
                m.doubts = if asked_in_vain { m.doubts + 1 } else { 0 };
                m.move_to(to);
                // Every event but losing sight is an answer that tells.
                m.unaccounted = false;
                m.lease = None;
                m.due = due_at.unwrap_or(m.due);
                m.marked |= marked;
            }
            None => prop_assert!(matches!(settled, Err(Error::Fenced)), "a void claim settled: {:?}", settled),
        }
        Ok(())
    }

    fn take_over(&mut self, new_epoch: bool) -> Result<(), TestCaseError> {
        self.epoch += i64::from(new_epoch);
        let (now, epoch) = (self.now, self.epoch);
        let answer = self.write(|tx| tx.take_over(epoch, now)).unwrap();
        let mut moved = (0, 0);
        for m in self.deliveries.values_mut() {
            let Some((of, until)) = m.lease else { continue };
            if of == epoch && until > now {
                continue;
            }
            match m.state {
                State::Claimed => moved.0 += 1,
                State::Sending => moved.1 += 1,
                _ => {}
            }
            if m.state != State::InDoubt {
                m.move_to(next(m.state, Event::LeaseLost).unwrap());
                m.doubts = 0;
            }
            m.fence += 1;
            m.lease = None;
            m.due = now;
        }
        prop_assert_eq!(answer, moved);
        Ok(())
    }

    fn change(&mut self, id: DeliveryId, event: Event) -> Result<(), TestCaseError> {
        let now = self.now;
        let changed = self.write(|tx| tx.change_delivery(id, event, now)).unwrap();
        let m = self.deliveries.get_mut(&id).unwrap();
        let to = next(m.state, event).filter(|_| m.lease.is_none());
        prop_assert_eq!(changed, to);
        if let Some(to) = to {
            m.marked |= m.state == State::InDoubt && event == Event::Redrive;
            if event == Event::Redrive {
                m.expires = m.lifetime.map(|lifetime| now + lifetime);
            }
            m.move_to(to);
            m.doubts = 0;
            m.due = now;
        }
        Ok(())
    }

    fn expire(&mut self) -> Result<(), TestCaseError> {
        let now = self.now;
        let expired: BTreeSet<_> = self.write(|tx| tx.expire_deliveries(now)).unwrap().into_iter().collect();
        let mut expected = BTreeSet::new();
        for (id, m) in &mut self.deliveries {
            if m.lease.is_none()
                && m.expires.is_some_and(|at| at <= now)
                && let Some(to) = next(m.state, Event::Expire)
            {
                m.move_to(to);
                expected.insert(*id);
            }
        }
        prop_assert_eq!(expired, expected);
        Ok(())
    }

    fn check(&mut self, before: &BTreeMap<DeliveryId, State>) -> Result<(), TestCaseError> {
        let rows: Vec<_> = self
            .store
            .read(|tx| {
                let rows = self.deliveries.keys().map(|id| Ok((tx.delivery(*id)?.unwrap(), tx.attempts(*id)?)));
                rows.collect::<Result<_, Error>>()
            })
            .unwrap();
        for (row, attempts) in rows {
            let m = &self.deliveries[&row.id];
            prop_assert_eq!(row.state, m.state);
            prop_assert_eq!(
                (row.fence, row.attempts, row.doubts, row.due_at, row.possible_repeat),
                (m.fence, m.attempts, m.doubts, m.due, m.marked)
            );
            // ND-5: every attempt is on record, numbered on.
            prop_assert!(attempts.iter().map(|a| a.number).eq(1..=m.attempts));
            if row.state == State::Sending {
                prop_assert!(attempts.last().is_some_and(|a| a.ended_at.is_none()));
            }
            // ND-7: one event of the one function, or nothing, happened to each delivery in one operation.
            if let Some(&was) = before.get(&row.id) {
                let lawful = was == row.state || Event::ALL.iter().any(|e| next(was, *e) == Some(row.state));
                prop_assert!(lawful, "{:?} became {:?}", was, row.state);
            }
            // ND-6: of all claims ever made on it, at most one is live.
            let live = self.claims.iter().filter(|f| f.delivery == row.id && f.number == row.fence).count();
            prop_assert!(live <= 1);
            prop_assert_eq!(m.lease.is_some(), live == 1 && holds(m));
        }
        let due = self.deliveries.values().filter(|m| m.waits() && m.kind == KINDS[0]).map(|m| m.due);
        let ends =
            self.deliveries.values().filter(|m| m.waits() && m.state != State::InDoubt).filter_map(|m| m.expires);
        let leases = self.deliveries.values().filter_map(|m| m.lease.map(|(_, until)| until));
        let expected = due.chain(ends).chain(leases).min();
        let found = self.store.read(|tx| tx.next_due(&KINDS[..1])).unwrap();
        prop_assert_eq!(found, expected, "when to look again");
        Ok(())
    }
}

/// Whether a state goes with a lease; one in doubt may or may not be held.
fn holds(m: &Model) -> bool {
    match m.state {
        State::Claimed | State::Sending => true,
        State::InDoubt => m.lease.is_some(),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// ND-5, ND-6 and ND-7 at once: after each step store and model agree, and the invariants are checked there.
    #[test]
    fn nd_5_nd_6_nd_7_the_outbox_does_as_its_model_whatever_happens(ops in prop::collection::vec(op(), 1..120)) {
        let mut world = World::new();
        for op in &ops {
            let before = world.deliveries.iter().map(|(id, m)| (*id, m.state)).collect();
            world.step(op)?;
            world.check(&before)?;
        }
    }
}
