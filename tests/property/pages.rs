//! Whatever incidents, phones, people, the carrier and the clock do: nobody unverified is told, one window has one page,
//! and no incident that calls for people is both silent and unacknowledged.

use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_api as api;
use nightdesk_core::clock::Clock;
use nightdesk_core::ids::{IncidentId, IncidentKey};
use nightdesk_core::paging::{Entity, How, PageState};
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::carrier::{Fault, FaultKind, OnCall, OnText};
use nightdesk_store::{PageRow, Tx};
use nightdesk_tests::Scene;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use std::time::Duration;

const DANA: &str = "+12125550102";
const KIM: &str = "+12125550103";

/// In the tree and never verified.
const LEE: &str = "+12125550104";

/// Longer than both rounds through the tree take, with calls that the budget holds.
const THROUGH: TimeDelta = TimeDelta::minutes(90);

#[derive(Debug, Clone)]
enum Event {
    Publish {
        host: i64,
        severity: Option<&'static str>,
    },
    Status(Index, &'static str),
    Severity(Index, &'static str),
    Calls(&'static str, Answer),
    Texts(&'static str, Reading),
    /// Somebody answers the newest text that they were sent.
    Reply(&'static str),
    Take(Index),
    Anyway(Index),
    Close(Index),
    Trouble(Trouble, &'static str, usize),
    Mended,
    Poll,
    Pass(i64),
    /// Somebody sets the clock by so many minutes.
    Clock(i64),
    Crash,
}

#[derive(Debug, Clone, Copy)]
enum Answer {
    Takes,
    PassesOn,
    Listens,
    Nobody,
    Voicemail,
    Busy,
    Fails,
    Menu,
}

#[derive(Debug, Clone, Copy)]
enum Reading {
    Arrives,
    Replies,
    NoReceipt,
    Lost,
    Refused,
}

#[derive(Debug, Clone, Copy)]
enum Trouble {
    Busy,
    Down,
    Refused,
    Lost,
    Cut,
    Garbled,
}

impl Answer {
    fn what(self) -> OnCall {
        match self {
            Self::Takes => OnCall::acknowledges('1'),
            Self::PassesOn => OnCall::acknowledges('2'),
            Self::Listens => OnCall::listens(),
            Self::Nobody => OnCall::NoAnswer,
            Self::Voicemail => OnCall::Voicemail,
            Self::Busy => OnCall::Busy,
            Self::Fails => OnCall::Fails,
            Self::Menu => OnCall::HangsUp { after: Duration::from_secs(3) },
        }
    }
}

impl Reading {
    fn what(self) -> OnText {
        match self {
            Self::Arrives => OnText::Delivered { after: Duration::from_secs(2) },
            Self::Replies => OnText::ReplyWithCode { after: Duration::from_secs(9) },
            Self::NoReceipt => OnText::NoReceipt,
            Self::Lost => OnText::Undelivered(30_003),
            Self::Refused => OnText::RejectedAtOnce(21_408),
        }
    }
}

impl Trouble {
    fn what(self) -> Fault {
        match self {
            Self::Busy => Fault::throttled(),
            Self::Down => Fault::status(503),
            Self::Refused => Fault::new(FaultKind::AuthRefused),
            Self::Lost => Fault::response_lost(),
            Self::Cut => Fault::new(FaultKind::CutBefore),
            Self::Garbled => Fault::new(FaultKind::MalformedJson),
        }
    }
}

fn event() -> impl Strategy<Value = Event> {
    use Answer as A;
    use Reading as R;
    use Trouble as T;
    let who = || select(&[DANA, KIM][..]);
    let answer = [A::Takes, A::PassesOn, A::Listens, A::Nobody, A::Voicemail, A::Busy, A::Fails, A::Menu];
    let reading = [R::Arrives, R::Replies, R::NoReceipt, R::Lost, R::Refused];
    let trouble = [T::Busy, T::Down, T::Refused, T::Lost, T::Cut, T::Garbled];
    let severity = select(&[Some("critical"), Some("critical"), Some("critical"), Some("high"), None][..]);
    prop_oneof![
        5 => (0_i64..3, severity).prop_map(|(host, severity)| Event::Publish { host, severity }),
        2 => (any::<Index>(), select(&["closed", "sent"][..])).prop_map(|(i, s)| Event::Status(i, s)),
        2 => (any::<Index>(), select(&["critical", "low"][..])).prop_map(|(i, s)| Event::Severity(i, s)),
        4 => (who(), select(answer.to_vec())).prop_map(|(who, a)| Event::Calls(who, a)),
        2 => (who(), select(reading.to_vec())).prop_map(|(who, r)| Event::Texts(who, r)),
        2 => who().prop_map(Event::Reply),
        2 => any::<Index>().prop_map(Event::Take),
        1 => any::<Index>().prop_map(Event::Anyway),
        1 => any::<Index>().prop_map(Event::Close),
        3 => (select(trouble.to_vec()), select(&["/Messages", "/Executions", "/"][..]), 1_usize..6)
            .prop_map(|(t, on, n)| Event::Trouble(t, on, n)),
        1 => Just(Event::Mended),
        3 => Just(Event::Poll),
        5 => (1_i64..420).prop_map(Event::Pass),
        1 => select(&[-180_i64, -20, 20, 180][..]).prop_map(Event::Clock),
        1 => Just(Event::Crash),
    ]
}

/// What was seen of an entity's newest page at the last look.
type Seen = BTreeMap<Entity, (i64, PageState, Option<DateTime<Utc>>)>;

struct Night {
    scene: Scene,
    seen: Seen,
    /// The clock was set: what lies between two times says nothing then.
    was_set: bool,
}

impl Night {
    async fn begin() -> Self {
        let mut scene = Scene::on_call(&[("Dana", DANA), ("Kim", KIM)]).await;
        scene.apply(&scene.on_call_toml(&[("Lee", LEE), ("Dana", DANA), ("Kim", KIM)]));
        scene.token_wait = TimeDelta::seconds(1);
        Self { scene, seen: Seen::new(), was_set: false }
    }

    fn pick(&self, index: &Index) -> Option<i64> {
        let ids = self.scene.world().incident_ids();
        if ids.is_empty() { None } else { Some(*index.get(&ids)) }
    }

    /// What a person does; that it may be refused is none of this test's business.
    fn person<T>(&self, f: impl FnOnce(&Tx<'_>, DateTime<Utc>) -> Result<T, api::Error>) {
        drop(self.scene.act(f));
    }

    async fn meet(&mut self, event: &Event) {
        let phones = self.scene.phones();
        match event {
            Event::Publish { host, severity } => {
                let report = IncidentBuilder::critical().organization(4).agent(90 + host);
                let severity = severity.map_or(serde_json::Value::Null, Into::into);
                self.scene.world().publish(report.field("severity", severity));
            }
            Event::Status(i, to) => drop(self.pick(i).map(|id| self.scene.world().set_status(id, to))),
            Event::Severity(i, to) => drop(self.pick(i).map(|id| self.scene.world().set_severity(id, to))),
            Event::Calls(who, answer) => drop(phones.phone(who).on_call(answer.what())),
            Event::Texts(who, reading) => drop(phones.phone(who).on_text(reading.what())),
            Event::Reply(who) => {
                let newest = phones.phone(who).texts().into_iter().rev().find(|t| t.body.contains("Reply "));
                if let Some(code) = newest.and_then(|t| t.body.split("Reply ").nth(1).map(str::to_owned)) {
                    phones.phone(who).reply(&code);
                }
            }
            Event::Take(i) => {
                let id = self.pick(i).map(IncidentId);
                self.person(|tx, now| id.map(|id| api::page_take(tx, now, "sam", id, How::App)).transpose());
            }
            Event::Anyway(i) => {
                let id = self.pick(i).map(IncidentId);
                self.person(|tx, now| id.map(|id| api::page(tx, now, "sam", id, true)).transpose());
            }
            Event::Close(i) => {
                let ticket = self.pick(i).and_then(|id| {
                    self.scene.tickets().into_iter().find(|t| t.incident_id == Some(IncidentId(id))).map(|t| t.id)
                });
                self.person(|tx, now| ticket.map(|ticket| api::close(tx, now, "sam", ticket)).transpose());
            }
            Event::Trouble(trouble, on, n) => drop(phones.fault(trouble.what().on(on).times(*n))),
            Event::Mended => phones.clear_faults(),
            Event::Poll => drop(self.scene.poll().await),
            Event::Pass(seconds) => self.scene.pass(TimeDelta::seconds(*seconds)).await,
            Event::Clock(minutes) => {
                self.was_set = true;
                self.scene.set_clock(self.scene.clock.now() + TimeDelta::minutes(*minutes)).await;
            }
            Event::Crash => {
                self.scene.crash().await;
                self.scene.start().await;
            }
        }
        self.scene.settle().await;
    }

    /// What holds at every moment.
    fn check(&mut self) {
        let (phones, now) = (self.scene.phones(), self.scene.clock.now());
        // Nobody unverified is told, and nobody is told the same thing twice unless it says so: each text has a code. Only
        // what the carrier says didn't arrive may be sent once more as it was.
        let told = phones.texts();
        assert!(told.iter().all(|t| t.to != LEE) && phones.calls().iter().all(|c| c.to != LEE));
        let mut same = BTreeMap::<_, Vec<Option<u32>>>::new();
        for text in told.iter().filter(|t| t.body.contains("Reply ")) {
            same.entry((&text.to, &text.body)).or_default().push(text.error_code);
        }
        for (text, ends) in same {
            let is_again = ends.len() == 2 && (self.was_set || ends.first() == Some(&Some(30_003)));
            assert!(ends.len() == 1 || is_again, "{text:?}: {ends:?}");
        }
        let alarms = self.scene.status().alarms;
        let pages = self.scene.read(|tx| {
            for key in tx.open_incidents(nightdesk_core::ids::AccountId(5)).unwrap() {
                answered_for(tx, key, &alarms);
            }
            // What runs goes on: nothing waits for a time that never comes.
            for run in tx.open_runs().unwrap() {
                let next = run.next_at.unwrap_or_else(|| panic!("{run:?} waits for nothing"));
                assert!(next <= now + TimeDelta::minutes(60), "{run:?} at {now}");
            }
            tx.pages(500).unwrap()
        });
        self.one_page_a_window(&pages, now);
    }

    fn one_page_a_window(&mut self, pages: &[PageRow], now: DateTime<Utc>) {
        let mut newest = Seen::new();
        for page in pages.iter().rev() {
            let state = (page.id, page.state, page.accepted_at);
            if let Some((before, was, accepted)) = self.seen.get(&page.entity)
                && page.id > *before
                && !page.forced
                && *was == PageState::Acknowledged
                && !self.was_set
                && page.entity != Entity::desk()
            {
                let over = accepted.is_some_and(|at| at + TimeDelta::hours(24) <= now);
                assert!(over, "a second page within a window: {page:?}");
            }
            newest.insert(page.entity.clone(), state);
        }
        self.seen = newest;
    }
}

/// An open incident that calls for people has people being told, somebody who has it, an alarm that nobody does, or a
/// reason on record why nobody is told.
fn answered_for(tx: &Tx<'_>, key: IncidentKey, alarms: &[String]) {
    let stored = tx.incident(key).unwrap().unwrap();
    let facts = stored.facts().unwrap();
    let ticket = stored.ticket.and_then(|t| tx.ticket(t).unwrap());
    if ticket.is_none_or(|t| !t.state.is_open()) || !nightdesk_core::config::Threshold::Critical.admits(&facts.severity)
    {
        return;
    }
    let pages = tx.pages_of_incident(key).unwrap();
    let is_answered = pages.iter().any(|page| match page.state {
        PageState::Waiting | PageState::Running | PageState::Acknowledged => true,
        PageState::Exhausted => {
            tx.newest_page_of(&page.entity).unwrap().is_some_and(|newest| newest.page > page.id)
                || alarms.iter().any(|alarm| alarm.contains("nobody took"))
        }
        PageState::Ended => false,
    });
    let held = !tx.suppressions_of(key).unwrap().is_empty();
    assert!(is_answered || held, "{key:?} is silent and unacknowledged: {pages:#?}");
}

async fn night(events: Vec<Event>) {
    let mut night = Night::begin().await;
    for event in &events {
        night.meet(event).await;
        night.check();
    }
    // Everything works again, and Kim picks up: whatever waited for somebody gets an answer.
    let phones = night.scene.phones();
    phones.clear_faults();
    phones.phone(KIM).on_call(OnCall::acknowledges('1'));
    night.scene.poll().await;
    night.scene.pass(THROUGH).await;
    night.check();
    let open: Vec<_> = night.scene.read(|tx| tx.open_runs().unwrap());
    assert!(open.is_empty(), "{open:#?}");
    // What was told is all expected here.
    drop((night.scene.phones().take_texts(), night.scene.phones().take_calls()));
    assert_eq!(night.scene.phones().unexpected(), Vec::<String>::new());
    night.scene.stop().await;
}

#[test]
fn nobody_unverified_is_paged_no_window_has_two_pages_and_nothing_is_silent_and_unacknowledged() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let config =
        ProptestConfig { cases: 10, failure_persistence: None, max_shrink_iters: 40, ..ProptestConfig::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(event(), 3..18), |events| {
            runtime.block_on(night(events));
            Ok(())
        })
        .unwrap();
}
