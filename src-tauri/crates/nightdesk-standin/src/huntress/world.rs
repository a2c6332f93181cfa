//! The data behind the stand-in, and everything else that a test may turn.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::account::Account;
use super::dialect::Dialect;
use super::fault::{Fault, FaultKind, FaultRules};
use super::listing::Ask;
use super::request::{Request, RequestLog};
use super::resource::Resource;
use super::row::{Row, Table, whole_seconds};
use super::throttle::Throttle;
use crate::fault::FaultId;

/// Where the stand-in gets its time from.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Runs before an answer is computed.
pub type RequestHook = Box<Hook>;

type Hook = dyn Fn(&Request, &World) + Send + Sync;

const KEY: &str = "hk_standin";
const SECRET: &str = "hs_standin";

/// The data of the account, its dialect and its faults: a handle, cheap to clone, that may be used while the server runs.
/// Every change sets `updated_at` to the clock's time unless it says otherwise.
#[derive(Clone)]
pub struct World {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Clock,
    state: Mutex<State>,
    faults: Mutex<FaultRules>,
    log: Mutex<RequestLog>,
    throttle: Mutex<Throttle>,
    hook: Mutex<Option<Arc<Hook>>>,
}

pub(crate) struct State {
    pub(crate) account: Account,
    pub(crate) tables: BTreeMap<Resource, Table>,
    key_valid: bool,
    dialect: Dialect,
}

impl State {
    fn of(account: Account) -> Self {
        Self { account, tables: BTreeMap::new(), key_valid: true, dialect: Dialect::default() }
    }

    pub(crate) fn table(&mut self, resource: Resource) -> &mut Table {
        self.tables.entry(resource).or_default()
    }

    pub(crate) fn row(&self, resource: Resource, id: i64) -> Option<&Row> {
        self.tables.get(&resource)?.get(&id)
    }

    pub(crate) fn next_id(&self, resource: Resource) -> i64 {
        self.tables.get(&resource).and_then(|table| table.keys().next_back()).map_or(1, |last| last + 1)
    }

    /// The wire form with what is computed on reading: an organization's counts.
    fn present(&self, resource: Resource, id: i64, row: &Row) -> Value {
        let mut wire = row.wire.clone();
        if resource == Resource::Organizations
            && let Some(fields) = wire.as_object_mut()
        {
            for (field, of) in
                [("agents_count", Resource::Agents), ("incident_reports_count", Resource::IncidentReports)]
            {
                let rows = self.tables.get(&of).into_iter().flat_map(Table::values);
                let count = rows.filter(|row| row.integer("organization_id") == Some(id)).count();
                fields.insert(field.to_owned(), json!(count));
            }
        }
        wire
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    /// A world that starts as this account.
    pub fn new(account: Account, clock: Clock) -> Self {
        let world = Self {
            inner: Arc::new(Inner {
                clock,
                state: Mutex::new(State::of(account.clone())),
                faults: Mutex::default(),
                log: Mutex::default(),
                throttle: Mutex::default(),
                hook: Mutex::default(),
            }),
        };
        world.become_account(account);
        world
    }

    /// From now on the key belongs to this account: all data is that account's. Key, dialect and faults stay.
    pub fn become_account(&self, account: Account) {
        lock(&self.inner.throttle).forget();
        self.edit(|state, _| {
            state.tables.clear();
            state.account = account.clone();
        });
        for organization in &account.organizations {
            self.add_organization(organization.id, &organization.name);
        }
        account.agents.into_iter().for_each(|agent| self.add_agent(agent));
        for incident in account.incidents {
            self.publish(incident);
        }
        for notice in account.escalations {
            self.add_escalation(notice);
        }
        for notice in account.platform_actions {
            self.add_platform_action(notice);
        }
    }

    /// The key is refused from now on (401).
    pub fn revoke_key(&self) {
        lock(&self.inner.state).key_valid = false;
    }

    /// The key is accepted again.
    pub fn restore_key(&self) {
        lock(&self.inner.state).key_valid = true;
    }

    /// Changes how the service behaves where its document leaves it open.
    pub fn dialect(&self, change: impl FnOnce(&mut Dialect)) {
        change(&mut lock(&self.inner.state).dialect);
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

    /// The stand-in's time.
    pub fn now(&self) -> DateTime<Utc> {
        (self.inner.clock)()
    }

    pub(crate) fn key() -> (String, String) {
        (KEY.to_owned(), SECRET.to_owned())
    }

    pub(crate) fn edit<T>(&self, change: impl FnOnce(&mut State, DateTime<Utc>) -> T) -> T {
        let now = whole_seconds(self.now());
        change(&mut lock(&self.inner.state), now)
    }

    pub(crate) fn edit_row(&self, of: Resource, id: i64, change: impl FnOnce(&mut Row, DateTime<Utc>)) -> bool {
        self.edit(|state, now| state.table(of).get_mut(&id).map(|row| change(row, now)).is_some())
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&lock(&self.inner.state))
    }

    pub(crate) fn key_is_valid(&self) -> bool {
        self.read(|state| state.key_valid)
    }

    pub(crate) fn accepts(&self, credentials: Option<String>) -> bool {
        credentials.as_deref() == Some(&format!("{KEY}:{SECRET}")) && self.key_is_valid()
    }

    pub(crate) fn speaks(&self) -> Dialect {
        self.read(|state| state.dialect.clone())
    }

    /// The time for the `Date` header.
    pub(crate) fn date(&self) -> DateTime<Utc> {
        self.now() + self.speaks().date_skew
    }

    pub(crate) fn log(&self, request: Request) -> u64 {
        lock(&self.inner.log).push(request)
    }

    pub(crate) fn settle(&self, number: u64, status: u16) {
        lock(&self.inner.log).settle(number, status);
    }

    pub(crate) fn run_hook(&self, request: &Request) {
        // Cloned out, so that the hook may call anything of the world, also `on_request`.
        let hook = lock(&self.inner.hook).clone();
        if let Some(hook) = hook {
            hook(request, self);
        }
    }

    pub(crate) fn strike(&self, request: &Request) -> Option<FaultKind> {
        lock(&self.inner.faults).strike(request)
    }

    pub(crate) fn admit(&self, at: DateTime<Utc>) -> Result<(), TimeDelta> {
        match self.speaks().rate_limit {
            Some(limit) => lock(&self.inner.throttle).admit(at, limit),
            None => Ok(()),
        }
    }

    pub(crate) fn account_json(&self) -> Value {
        self.read(|state| state.account.json())
    }

    /// Only the account: the key isn't a user's and belongs to no reseller.
    pub(crate) fn actor_json(&self) -> Value {
        self.read(|state| {
            let account = &state.account;
            json!({ "account": {
                "id": account.id, "name": account.name, "subdomain": account.subdomain, "status": "enabled"
            }})
        })
    }

    pub(crate) fn page_json(&self, of: Resource, ask: &Ask, now: DateTime<Utc>) -> (Vec<Value>, Option<String>) {
        self.read(|state| {
            let Some(table) = state.tables.get(&of) else { return (Vec::new(), None) };
            let (rows, token) = ask.page(table, state.dialect.page_edge, now);
            (rows.into_iter().map(|(id, row)| state.present(of, id, row)).collect(), token)
        })
    }

    /// A record as the single read gives it.
    pub(crate) fn one_json(&self, of: Resource, id: i64) -> Option<Value> {
        self.read(|state| {
            let row = state.row(of, id)?;
            let mut wire = state.present(of, id, row);
            let extra = match of {
                Resource::Organizations => Some("actual_usages"),
                Resource::Escalations | Resource::PlatformActions => Some("entities"),
                Resource::Agents | Resource::IncidentReports => None,
            };
            if let (Some(name), Some(fields)) = (extra, wire.as_object_mut()) {
                fields.insert(name.to_owned(), row.detail.clone());
            }
            Some(wire)
        })
    }

    pub(crate) fn remediations(&self, incident: i64) -> Option<Vec<Value>> {
        self.read(|state| {
            let row = state.row(Resource::IncidentReports, incident)?;
            Some(row.detail.as_array().cloned().unwrap_or_default())
        })
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<_> =
            self.read(|state| state.tables.iter().map(|(of, table)| (of.plural(), table.len())).collect());
        f.debug_struct("World").field("rows", &counts).finish_non_exhaustive()
    }
}
