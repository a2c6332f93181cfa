//! A data directory whose engine is killed and started again, and the books that must balance afterwards.

use crate::carrier::{Carrier, Message};
use chrono::{DateTime, Utc};
use nightdesk_api as api;
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::{Idempotency, State};
use nightdesk_core::ids::{AccountId, IncidentId, IncidentKey};
use nightdesk_engine::faults;
use nightdesk_standin::{Account, HuntressStandin, IncidentBuilder, World};
use nightdesk_store::{DeliveryFilter, Opening, Setting, Store, Tx};
use nightdesk_tests::{SimClock, configuration};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::process::{Child, Command};

const ACCOUNT: i64 = 5;

/// The desk, its Huntress and its carrier. All outlive the processes that are killed.
pub struct Desk {
    pub soc: HuntressStandin,
    pub carrier: Carrier,
    clock: SimClock,
    carrier_url: String,
    idempotency: Idempotency,
    folder: tempfile::TempDir,
    /// How many processes died where they were told to.
    pub killed: u32,
}

impl Desk {
    pub async fn open(idempotency: Idempotency) -> Self {
        let clock = SimClock::at("2026-03-02T01:00:00Z".parse().unwrap());
        let theirs = clock.clone();
        let account =
            Account::new(ACCOUNT, "Harbour IT").organization(4, "Acme Incorporated").organization(6, "Umbrella");
        let soc = HuntressStandin::start(account, Arc::new(move || theirs.now())).await.unwrap();
        soc.world().dialect(|d| d.rate_limit = None);
        let carrier = Carrier::default();
        let carrier_url = carrier.start().await;
        let folder = tempfile::tempdir().unwrap();
        let desk = Self { soc, carrier, clock, carrier_url, idempotency, folder, killed: 0 };
        let (now, text) = (desk.clock.now(), configuration(&desk.soc.base_url()));
        desk.store().write(|tx| api::config_apply(tx, now, "tester", &text, false, None)).unwrap();
        desk
    }

    pub fn world(&self) -> &World {
        self.soc.world()
    }

    fn store(&self) -> Store {
        Store::open(&self.folder.path().join("nightdesk.db"), Opening::Owner).unwrap()
    }

    fn read<T>(&self, f: impl FnOnce(&Tx<'_>) -> T) -> T {
        self.store().read(|tx| Ok::<_, nightdesk_store::Error>(f(tx))).unwrap()
    }

    /// Ten minutes later, so many reports of each kind are new, and some that are known have changed.
    pub fn news(&self, of_each: u32) {
        self.clock.pass(Duration::from_secs(600));
        let known = self.world().incident_ids();
        for (n, id) in known.into_iter().enumerate() {
            match n % 7 {
                1 => drop(self.world().set_status(id, if n % 2 == 0 { "sent" } else { "closed" })),
                3 => drop(self.world().set_severity(id, "critical")),
                _ => {}
            }
        }
        for _ in 0..of_each {
            self.world().publish(IncidentBuilder::low().organization(4));
            self.world().publish(IncidentBuilder::high().organization(6));
            self.world().publish(IncidentBuilder::high().organization(4).field("severity", 3));
            self.world().publish(IncidentBuilder::low().organization(4).status("closed"));
        }
    }

    fn child(&self, kill_at: Option<&str>) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crash-child"));
        command.env_remove(faults::VARIABLE).envs(kill_at.map(|at| (faults::VARIABLE, at)));
        let idempotency = serde_json::to_value(self.idempotency).unwrap();
        let now = self.clock.now().to_rfc3339();
        command.arg(self.folder.path());
        command.args([&self.soc.base_url(), &self.carrier_url, idempotency.as_str().unwrap(), &now]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap()
    }

    /// Runs an engine that dies at the named point when it passes it for the `count`-th time; it may end well before.
    pub async fn die_at(&mut self, point: &str, count: u32) {
        let out = self.child(Some(&format!("{point}:{count}"))).wait_with_output().await.unwrap();
        let died = out.status.code().is_none();
        assert!(died || out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        self.killed += u32::from(died);
        self.assert_sound();
    }

    /// Runs an engine that is killed from outside after a while; it may end well before.
    pub async fn die_after(&mut self, while_: Duration) {
        let mut child = self.child(None);
        if tokio::time::timeout(while_, child.wait()).await.is_err() {
            child.kill().await.unwrap();
            self.killed += 1;
        }
        self.assert_sound();
    }

    /// Runs an engine that lives, and checks that nothing was lost on the way.
    pub async fn live(&self) {
        let out = self.child(None).wait_with_output().await.unwrap();
        assert!(out.status.success(), "{}: {}", out.status, String::from_utf8_lossy(&out.stderr));
        self.assert_sound();
        self.assert_complete();
    }

    /// What must hold at every moment, however the last process ended.
    fn assert_sound(&self) {
        let arrived = self.carrier.arrived();
        let now = self.clock.now();
        self.read(|tx| {
            // ND-13: no crash breaks the chain, and the tallies on the card are the incidents' own.
            let ledger = api::ledger(tx, true).unwrap();
            assert_eq!(ledger.verified, Some(true), "{:?}", ledger.error);
            let books = api::status(tx, now).unwrap().ledger;
            assert_eq!(books.seen, books.ticketed + books.record_only + books.withheld + books.quarantined);
            // ND-2: ticket and incident are there together, and never twice.
            let tickets = api::tickets(tx, &api::TicketsAsked::default()).unwrap();
            let mut of = BTreeMap::new();
            for ticket in &tickets {
                let id = ticket.incident_id.unwrap();
                assert_eq!(of.insert(id, ticket.id), None, "two tickets for incident {id}");
                assert_eq!(incident(tx, id.0).and_then(|i| i.ticket), Some(ticket.id), "incident {id}");
            }
            assert_eq!(of.len(), usize::try_from(books.ticketed + books.quarantined).unwrap());
            self.assert_cursor(tx);
            self.assert_attempts(tx, &arrived);
        });
    }

    /// ND-3: what changed at Huntress no later than the cursor is stored as it is there.
    fn assert_cursor(&self, tx: &Tx<'_>) {
        let Some(cursor) = tx.mark(Setting::Cursor).unwrap() else { return };
        for id in self.world().incident_ids() {
            let changed = updated_at(&self.world().incident(id).unwrap());
            if changed <= cursor {
                let stored = incident(tx, id).unwrap_or_else(|| panic!("the cursor passed incident {id}"));
                assert_eq!(stored.updated_at, Some(changed), "the cursor passed a change of incident {id}");
            }
        }
    }

    /// ND-5 and ND-6: each message that reached the carrier was on record as an attempt first, and no attempt was made
    /// by two.
    fn assert_attempts(&self, tx: &Tx<'_>, arrived: &[Message]) {
        let rows = tx.deliveries(&DeliveryFilter { state: None, limit: Some(u32::MAX) }).unwrap();
        let by_marker: BTreeMap<_, _> = rows.iter().map(|r| (r.marker.as_str(), r)).collect();
        assert_eq!(rows.len(), by_marker.len());
        let mut made = BTreeSet::new();
        for m in arrived {
            let row = by_marker.get(m.marker.as_str()).unwrap_or_else(|| panic!("sent and not on record: {m:?}"));
            let attempts = tx.attempts(row.id).unwrap();
            assert!(attempts.iter().any(|a| a.number == m.attempt), "{m:?} left without an attempt: {attempts:?}");
            assert!(made.insert((&m.marker, m.attempt)), "{m:?} was made by two");
        }
    }

    /// After a run that ended well nothing is missing, at Huntress's end or at the carrier's.
    fn assert_complete(&self) {
        let arrived = self.carrier.arrived();
        self.read(|tx| {
            for id in self.world().incident_ids() {
                let wire = self.world().incident(id).unwrap();
                let stored = incident(tx, id).unwrap_or_else(|| panic!("incident {id} was lost"));
                let over = wire["status"] == "closed";
                assert_eq!(stored.is_open, !over, "incident {id}");
                assert!(over || stored.ticket.is_some(), "incident {id} is open and has no ticket");
            }
            assert_eq!(api::status(tx, self.clock.now()).unwrap().ledger.unaccounted, Some(0));
            for row in tx.deliveries(&DeliveryFilter { state: None, limit: Some(u32::MAX) }).unwrap() {
                assert!(matches!(row.state, State::Accepted | State::Delivered), "{row:?}");
                let times: Vec<_> = arrived.iter().filter(|m| m.marker == row.marker).collect();
                assert!(!times.is_empty(), "{} was never sent", row.marker);
                match self.idempotency {
                    // The provider says what arrived, so nothing is sent twice.
                    Idempotency::Lookup => assert_eq!(times.len(), 1, "{times:?}"),
                    // The provider drops what it has, by its key.
                    Idempotency::Key | Idempotency::Natural => {}
                    // Nobody can tell: sent again rather than lost, and it says so.
                    Idempotency::None => assert!(times[1..].iter().all(|m| m.possible_repeat), "{times:?}"),
                }
            }
            let told = arrived.iter().filter(|m| m.marker.contains(":New:")).collect_markers();
            for ticket in api::tickets(tx, &api::TicketsAsked::default()).unwrap() {
                let start = format!("native:{ACCOUNT}:{}:New:", ticket.incident_id.unwrap());
                assert!(told.iter().any(|m| m.starts_with(&start)), "nobody was told of ticket {}", ticket.id);
            }
        });
    }

    /// How often a message arrived that had arrived before.
    pub fn repeats(&self) -> usize {
        let arrived = self.carrier.arrived();
        arrived.len() - arrived.iter().collect_markers().len()
    }
}

trait Markers<'a> {
    fn collect_markers(self) -> BTreeSet<&'a str>;
}

impl<'a, I: Iterator<Item = &'a Message>> Markers<'a> for I {
    fn collect_markers(self) -> BTreeSet<&'a str> {
        self.map(|m| m.marker.as_str()).collect()
    }
}

fn incident(tx: &Tx<'_>, id: i64) -> Option<nightdesk_store::StoredIncident> {
    tx.incident(IncidentKey { account: AccountId(ACCOUNT), id: IncidentId(id) }).unwrap()
}

fn updated_at(wire: &serde_json::Value) -> DateTime<Utc> {
    wire["updated_at"].as_str().unwrap().parse().unwrap()
}
