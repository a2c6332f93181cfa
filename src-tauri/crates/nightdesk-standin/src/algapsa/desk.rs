//! The data behind the stand-in, and everything else that a test may turn.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::bucket::Bucket;
use super::comment::Comment;
use super::fault::{Fault, FaultKind, FaultRules};
use super::request::{Request, RequestLog, Slip};
use super::state::State;
use super::ticket::{Closing, Ticket};
use crate::fault::FaultId;
use crate::huntress::Clock;

/// Runs before an answer is computed.
pub type RequestHook = Box<Hook>;

type Hook = dyn Fn(&Request, &Desk) + Send + Sync;

const KEY: &str = "alga_standin_key";

/// 2026-01-01, the time of what is written before there is a clock.
const BEFORE_THE_CLOCK: i64 = 1_767_225_600;

/// The data of the tenant, the people who work there, and its faults: a handle, cheap to clone, that may be used while
/// the server runs. Things may be named by id or by name, tickets by id or by number.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Mutex<Option<Clock>>,
    state: Mutex<State>,
    faults: Mutex<FaultRules>,
    log: Mutex<RequestLog>,
    hook: Mutex<Option<Arc<Hook>>>,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

impl Desk {
    /// A desk without boards, priorities or clients; only the key's user is there.
    pub fn new() -> Self {
        let inner = Inner {
            clock: Mutex::default(),
            state: Mutex::new(State::new()),
            faults: Mutex::default(),
            log: Mutex::default(),
            hook: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Where its time comes from. Without a clock it is always the beginning of 2026.
    pub fn set_clock(&self, clock: Clock) {
        *lock(&self.inner.clock) = Some(clock);
    }

    /// The stand-in's time.
    pub fn now(&self) -> DateTime<Utc> {
        let clock = lock(&self.inner.clock).clone();
        clock.map_or_else(|| DateTime::from_timestamp(BEFORE_THE_CLOCK, 0).unwrap_or_default(), |clock| clock())
    }

    /// The key is refused from now on (401).
    pub fn expire_key(&self) {
        self.state().key_valid = false;
    }

    /// The key is accepted again.
    pub fn restore_key(&self) {
        self.state().key_valid = true;
    }

    /// Takes a permission from the key's user, such as `ticket:update`.
    pub fn deny(&self, permission: &str) {
        self.state().permissions.remove(permission);
    }

    /// Gives the key's user a permission.
    pub fn allow(&self, permission: &str) {
        self.state().permissions.insert(permission.to_owned());
    }

    /// Whether the tenant's product includes the API; where not, everything is refused (403).
    pub fn set_product_access(&self, open: bool) {
        self.state().product_open = open;
    }

    /// A full bucket of this size and refill, in place of the vendor's 120 and 60 a minute.
    pub fn set_rate_limit(&self, burst: u32, per_minute: u32) {
        self.state().bucket = Bucket::new(burst, per_minute);
    }

    /// Counts requests and refuses none, as the vendor does where the operator hasn't set the limit.
    pub fn observe_rate_only(&self) {
        self.state().bucket.observe_only();
    }

    /// Every ticket, in the order in which they were made.
    pub fn tickets(&self) -> Vec<Ticket> {
        self.read(|state| {
            let mut rows: Vec<_> = state.tickets.values().collect();
            rows.sort_by_key(|row| row.made);
            rows.into_iter().map(|row| row.seen(state)).collect()
        })
    }

    /// The ticket with this id or number.
    pub fn ticket(&self, ticket: &str) -> Option<Ticket> {
        self.read(|state| state.tickets.get(&state.ticket_key(ticket)?).map(|row| row.seen(state)))
    }

    /// The ticket with this number.
    pub fn ticket_by_number(&self, number: &str) -> Option<Ticket> {
        self.ticket(number).filter(|ticket| ticket.number == number)
    }

    /// A ticket's comments, the first one first.
    pub fn comments(&self, ticket: &str) -> Vec<Comment> {
        self.read(|state| {
            let rows = state.ticket_key(ticket).and_then(|id| state.comments.get(&id));
            rows.into_iter().flatten().map(|row| row.seen(state)).collect()
        })
    }

    /// A ticket's tags, in the order in which they were put on it.
    pub fn tags(&self, ticket: &str) -> Vec<String> {
        self.read(|state| {
            let key = state.ticket_key(ticket).map(|id| ("ticket".to_owned(), id));
            let tags = key.and_then(|key| state.tags.get(&key));
            tags.into_iter().flatten().map(|tag| tag.text.clone()).collect()
        })
    }

    /// The closed events of all tickets so far.
    pub fn closings(&self) -> Vec<Closing> {
        self.read(|state| state.closings.clone())
    }

    /// Makes something go wrong, for as long as the fault says.
    pub fn fault(&self, fault: Fault) -> FaultId {
        lock(&self.inner.faults).add(fault)
    }

    /// Ends one fault; `false` when it had ended already.
    pub fn lift(&self, fault: FaultId) -> bool {
        lock(&self.inner.faults).lift(fault)
    }

    /// Ends every fault.
    pub fn clear_faults(&self) {
        lock(&self.inner.faults).clear();
    }

    /// Runs before each answer is computed; replaces an earlier one.
    pub fn on_request(&self, hook: RequestHook) {
        *lock(&self.inner.hook) = Some(Arc::from(hook));
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.inner.log).snapshot()
    }

    /// Every request since the last time, and forgets them.
    pub fn take_requests(&self) -> Vec<Request> {
        lock(&self.inner.log).take()
    }

    /// What no careful client does: requests refused as wrong (400, an unknown path, 500 for a field that isn't a
    /// column), fields and parameters that were silently ignored, comments that the customer can see. Answers of faults
    /// aren't among them.
    pub fn unexpected(&self) -> Vec<Slip> {
        lock(&self.inner.log).slips()
    }

    /// The same since the last time, and forgets them: for a test that expects some.
    pub fn take_unexpected(&self) -> Vec<Slip> {
        lock(&self.inner.log).take_slips()
    }

    pub(crate) fn key() -> &'static str {
        KEY
    }

    /// Changes the data; the time is that of a write.
    pub(crate) fn edit<T>(&self, change: impl FnOnce(&mut State, DateTime<Utc>) -> T) -> T {
        let now = self.now();
        let mut state = lock(&self.inner.state);
        let at = state.moment(now);
        change(&mut state, at)
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&lock(&self.inner.state))
    }

    /// The data under lock: for an answer, which may read or write, and for settings, whose change is no write.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.inner.state)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, RequestLog> {
        lock(&self.inner.log)
    }

    pub(crate) fn run_hook(&self, request: &Request) {
        // Cloned out, so that the hook may call anything of the desk, also `on_request`.
        let hook = lock(&self.inner.hook).clone();
        if let Some(hook) = hook {
            hook(request, self);
        }
    }

    pub(crate) fn strike(&self, request: &Request) -> Option<FaultKind> {
        lock(&self.inner.faults).strike(request)
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tickets, boards) = self.read(|state| (state.tickets.len(), state.boards.len()));
        f.debug_struct("Desk").field("tickets", &tickets).field("boards", &boards).finish_non_exhaustive()
    }
}
