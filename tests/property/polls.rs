//! Whatever happens on the way (faults, restarts, changes at Huntress and on the desk), once polls succeed again the
//! desk shows what a fresh one shows after a single poll.

use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::ids::OrganizationId;
use nightdesk_engine::{Once, Parts};
use nightdesk_standin::{Account, Fault, FaultKind, IncidentBuilder, World};
use nightdesk_store::{Opening, Store};
use nightdesk_tests::{Scene, configuration};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;
use serde_json::json;
use std::collections::BTreeMap;

/// The organization that a person maps on the way; 4 is mapped from the start, the others never are.
const MAPPED_LATER: i64 = 6;

/// The one that a person ignores for a while.
const IGNORED: i64 = 5;

/// More reports at once than the first two pages of a walk hold.
const FLOOD: usize = 310;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Event {
    Publish {
        organization: Option<i64>,
        severity: &'static str,
        status: &'static str,
    },
    Status(Index, &'static str),
    Severity(Index, &'static str),
    /// A report without a home, or with an unmapped one, gets another.
    Home(Index, i64),
    /// A change that leaves `updated_at` as it is, so that only the sweep can see it.
    Quietly(Index, &'static str),
    Touch(Index),
    /// So much at once that a walk has several pages.
    Flood,
    Map,
    Ignore(bool),
    /// So many requests are spared first, and so many struck then.
    Fault(Trouble, usize, usize),
    Poll,
    Restart,
}

/// Faults that the client doesn't sit out in real time.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    Rejected,
    Refused,
    NotJson,
    Truncated,
    Null,
    ListAsObject,
}

impl Trouble {
    fn kind(self) -> FaultKind {
        match self {
            Self::Rejected => FaultKind::Status(409, None),
            Self::Refused => FaultKind::Status(403, None),
            Self::NotJson => FaultKind::NotJson,
            Self::Truncated => FaultKind::TruncatedJson,
            Self::Null => FaultKind::Body(json!(null)),
            Self::ListAsObject => FaultKind::ListAsObject,
        }
    }
}

fn severity() -> impl Strategy<Value = &'static str> {
    select(&["critical", "high", "low", "sideways"][..])
}

fn status() -> impl Strategy<Value = &'static str> {
    select(&["sent", "sent", "auto_remediating", "simmering", "closed", "dismissed", "partner_dismissed"][..])
}

fn event() -> impl Strategy<Value = Event> {
    use Trouble as T;
    let trouble = select(&[T::Rejected, T::Refused, T::NotJson, T::Truncated, T::Null, T::ListAsObject][..]);
    let home = select(&[None, Some(4), Some(4), Some(5), Some(MAPPED_LATER), Some(999)][..]);
    prop_oneof![
        5 => (home, severity(), status())
            .prop_map(|(organization, severity, status)| Event::Publish { organization, severity, status }),
        3 => (any::<Index>(), status()).prop_map(|(i, s)| Event::Status(i, s)),
        2 => (any::<Index>(), severity()).prop_map(|(i, s)| Event::Severity(i, s)),
        2 => (any::<Index>(), select(&[4, 5, MAPPED_LATER][..])).prop_map(|(i, o)| Event::Home(i, o)),
        1 => (any::<Index>(), status()).prop_map(|(i, s)| Event::Quietly(i, s)),
        1 => any::<Index>().prop_map(Event::Touch),
        1 => Just(Event::Map),
        2 => any::<bool>().prop_map(Event::Ignore),
        3 => (trouble, 0_usize..6, 0_usize..9).prop_map(|(t, after, n)| Event::Fault(t, after, n)),
        4 => Just(Event::Poll),
        2 => Just(Event::Restart),
    ]
}

fn account() -> Account {
    Account::new(5, "Harbour IT")
        .organization(4, "Acme Incorporated")
        .organization(5, "Tidewater Dental")
        .organization(MAPPED_LATER, "Umbrella")
}

/// One desk under test, and what has to be known of its past.
struct Night {
    scene: Scene,
    mapped: bool,
    /// Reports that were given a home which the desk may not have seen yet.
    moving: bool,
}

impl Night {
    fn world(&self) -> &World {
        self.scene.world()
    }

    fn pick(&self, index: &Index) -> Option<(i64, Option<i64>, String)> {
        let ids = self.world().incident_ids();
        let id = *index.get(ids.get(..).filter(|ids| !ids.is_empty())?);
        let wire = self.world().incident(id)?;
        Some((id, wire["organization_id"].as_i64(), wire["status"].as_str()?.to_owned()))
    }

    /// What the SOC reopens after it was mapped elsewhere stays where its ticket stands, by design; a fresh desk would
    /// never have filed it there.
    fn reopens_elsewhere(&self, organization: Option<i64>, from: &str, to: &str) -> bool {
        let closed = |s: &str| matches!(s, "closed" | "dismissed" | "partner_dismissed");
        organization == Some(MAPPED_LATER) && closed(from) && !closed(to)
    }

    async fn meet(&mut self, event: &Event) {
        match event {
            Event::Publish { organization, severity, status } => {
                let mut report = IncidentBuilder::high().severity(severity).status(status);
                if let Some(organization) = organization {
                    report = report.organization(*organization);
                }
                self.world().publish(report);
            }
            Event::Status(index, to) => {
                if let Some((id, organization, from)) = self.pick(index)
                    && !self.reopens_elsewhere(organization, &from, to)
                {
                    self.world().set_status(id, to);
                }
            }
            Event::Quietly(index, to) => {
                if let Some((id, organization, from)) = self.pick(index)
                    && !self.reopens_elsewhere(organization, &from, to)
                {
                    self.world().update_quietly(id, |r| drop(r.insert("status".into(), json!(to))));
                }
            }
            Event::Severity(index, to) => {
                if let Some((id, ..)) = self.pick(index) {
                    self.world().set_severity(id, to);
                }
            }
            Event::Home(index, to) => {
                // A report that leaves a mapped home keeps its ticket where a person expects it: a note, no move.
                if let Some((id, from, _)) = self.pick(index)
                    && from != Some(4)
                    && !(from == Some(MAPPED_LATER) && self.mapped)
                {
                    self.world().reassign(id, Some(*to));
                    self.moving = true;
                }
            }
            Event::Touch(index) => {
                if let Some((id, ..)) = self.pick(index) {
                    self.world().touch(id);
                }
            }
            Event::Map => self.map(),
            Event::Flood => {
                for n in 0..FLOOD {
                    self.world().publish(IncidentBuilder::low().organization([4, MAPPED_LATER, 999][n % 3]));
                }
            }
            Event::Ignore(on) => self.ignore(*on),
            Event::Fault(trouble, after, times) => {
                self.world().fault(Fault::new(trouble.kind()).after(*after).times(*times));
            }
            Event::Poll => {
                self.scene.pass(TimeDelta::minutes(5)).await;
            }
            Event::Restart => {
                self.scene.stop().await;
                self.scene.start().await;
            }
        }
        let books = self.scene.status().ledger;
        assert_eq!(books.seen, books.ticketed + books.record_only + books.withheld + books.quarantined, "{books:?}");
    }

    fn ignore(&self, on: bool) {
        let (now, id) = (self.world().now(), OrganizationId(IGNORED));
        let changed = self.scene.store().write(|tx| match on {
            true => api::orgs_ignore(tx, now, "tester", id).map(drop),
            // An organization that nobody has listed yet can't be unmapped, and isn't ignored.
            false => api::orgs_unmap(tx, now, "tester", id).map(drop),
        });
        assert!(!on || changed.is_ok(), "{changed:?}");
    }

    fn map(&mut self) {
        if self.mapped || self.moving {
            return;
        }
        let now = self.world().now();
        let id = OrganizationId(MAPPED_LATER);
        let mut store = self.scene.store();
        self.mapped = store.write(|tx| api::orgs_map(tx, now, "tester", id, "Globex", true)).is_ok();
    }
}

/// Client, board and severity.
type Filed = (String, String, Option<String>);

/// Tickets of open incidents, by incident. Others must be closed.
fn tickets(scene: &Scene, tickets: Vec<api::Ticket>) -> BTreeMap<i64, Filed> {
    let mut found = BTreeMap::new();
    for ticket in tickets {
        let incident = ticket.incident_id.unwrap().0;
        let wire = scene.world().incident(incident).unwrap();
        let over = matches!(wire["status"].as_str(), Some("closed" | "dismissed" | "partner_dismissed"));
        assert_eq!(ticket.is_open, !over, "{ticket:?}, of {wire}");
        if ticket.is_open {
            let was = found.insert(incident, (ticket.client, ticket.board, ticket.severity));
            assert_eq!(was, None, "two tickets for incident {incident}");
        }
    }
    found
}

async fn night(events: Vec<Event>) {
    let scene = Scene::open(account()).await;
    let mut night = Night { scene, mapped: false, moving: false };
    night.scene.start().await;
    for event in &events {
        night.meet(event).await;
    }
    night.ignore(false);
    let Night { mut scene, mapped, .. } = night;
    scene.world().clear_faults();
    scene.stop().await;
    scene.start().await;
    scene.pass(TimeDelta::minutes(11)).await;
    assert_eq!(scene.status().last_poll.ok, Some(true), "{:?}", scene.status().last_poll);
    scene.assert_accounted();
    scene.stop().await;
    let after_the_night = tickets(&scene, scene.tickets());

    let mut text = configuration(&scene.soc.base_url());
    if mapped {
        text.push_str(&format!("\n[[organization]]\nid = {MAPPED_LATER}\nclient = \"Globex\"\n"));
    }
    assert_eq!(by_one_poll(&scene, &text).await, after_the_night);
}

/// The tickets of a fresh desk after one poll of the same Huntress.
async fn by_one_poll(scene: &Scene, configuration: &str) -> BTreeMap<i64, Filed> {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("nightdesk.db"), Opening::Owner).unwrap();
    let now = scene.world().now();
    store.write(|tx| api::config_apply(tx, now, "tester", configuration, false, None)).unwrap();
    let once = Once::start(Parts { store, ..scene.parts() }).await.unwrap();
    let report = once.poll(None).await;
    assert!(report.ok, "{report:?}");
    let mut store = once.stop().await.unwrap();
    tickets(scene, store.read(|tx| api::tickets(tx, &api::TicketsAsked::default())).unwrap())
}

#[test]
fn any_sequence_of_polls_ends_with_the_tickets_of_one_clean_poll() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let config =
        ProptestConfig { cases: 30, failure_persistence: None, max_shrink_iters: 30, ..ProptestConfig::default() };
    // One flood a night at most, and not in each: it is most of a night's cost.
    let events = (prop::collection::vec(event(), 1..25), prop::option::weighted(0.3, any::<Index>())).prop_map(
        |(mut events, flood)| {
            if let Some(at) = flood {
                events.insert(at.index(events.len()), Event::Flood);
            }
            events
        },
    );
    TestRunner::new(config)
        .run(&events, |events| {
            runtime.block_on(night(events));
            Ok(())
        })
        .unwrap();
}
