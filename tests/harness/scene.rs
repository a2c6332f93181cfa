//! One desk, one SOC, one clock.

mod rest;

use crate::calling::{Calling as _, Line, NoCarrier};
use crate::mailing::Mailing as _;
use crate::psa::{Filing as _, PsaDesk, STORY_DESK};
use crate::{SigningDrawer, SimClock, configuration};
use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_api as api;
use nightdesk_core::SecretString;
use nightdesk_core::clock::Clock;
use nightdesk_core::ids::{IncidentId, TicketId};
use nightdesk_core::port::{HuntressError, Sender};
use nightdesk_engine::poller::PollReport;
use nightdesk_engine::{Engine, Parts};
use nightdesk_http::Limits;
use nightdesk_huntress::{Credentials, HuntressClient};
use nightdesk_psa::LocalPsa;
use nightdesk_psa::algapsa::Pace;
use nightdesk_standin::carrier::Carrier as CarrierStandin;
use nightdesk_standin::mail::MailServer;
use nightdesk_standin::{Account, HuntressStandin, IncidentBuilder, World};
use nightdesk_store::{Opening, Store, TimelineEntry, Tx};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A fake's answer takes no time of its own, but a busy machine may hold it up; what isn't settled by then hangs on purpose.
const SEND_ENDS_WITHIN: Duration = Duration::from_millis(400);

/// How long real time may take for something that should happen at once, before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A desk with its SOC.
pub struct Scene {
    /// The simulated clock.
    pub clock: SimClock,
    /// The stand-in Huntress.
    pub soc: HuntressStandin,
    /// The ways out, for the stories that have some.
    pub senders: Vec<Arc<dyn Sender>>,
    /// The stand-in carrier, for the stories that have one.
    pub carrier: Option<CarrierStandin>,
    /// How it is reached, where that isn't directly; for engines that start from then on.
    pub line: Option<Line>,
    /// The stand-in mail server, for the stories that have one.
    pub mail: Option<MailServer>,
    /// The stand-in AlgaPSA, for the stories whose desk it is.
    pub psa: Option<PsaDesk>,
    /// Only the environment made AlgaPSA the desk: the story itself knows nothing of it, and isn't shown what that adds to
    /// timelines.
    pub is_retold: bool,
    /// Where the signing secrets of Huntress's webhooks are, for the stories that have a receiver.
    pub signing: SigningDrawer,
    /// How long real time may take for a send to end, before [`Scene::settle`] takes it to hang on purpose.
    pub sends_end_within: Duration,
    /// How long a wait for the request budget may be for [`Scene::settle`] to cut it short.
    pub token_wait: TimeDelta,
    dir: tempfile::TempDir,
    engine: Option<Engine>,
    /// The engine has a runtime of its own, so that a crash can take every one of its tasks at once.
    runtime: Option<tokio::runtime::Runtime>,
}

struct Keys(String, String);

impl Credentials for Keys {
    fn huntress(&self) -> Result<(SecretString, SecretString), HuntressError> {
        Ok((self.0.clone().into(), self.1.clone().into()))
    }
}

impl Scene {
    /// An engine at rest that has taken in one incident of low severity.
    pub async fn night() -> Self {
        let mut scene = Self::open(Self::account()).await;
        scene.world().publish(IncidentBuilder::low().organization(4));
        scene.start().await;
        scene.requests();
        scene
    }

    /// A desk with [`crate::CONFIG`] applied, and a SOC with this account that doesn't limit requests. 2026-03-02 01:00 UTC.
    pub async fn open(account: Account) -> Self {
        let scene = Self::bare(account).await;
        scene.apply(&configuration(&scene.soc.base_url()));
        scene
    }

    /// The same without a configuration.
    pub async fn bare(account: Account) -> Self {
        let clock = SimClock::at("2026-03-02T01:00:00Z".parse().unwrap());
        let theirs = clock.clone();
        let soc = HuntressStandin::start(account, Arc::new(move || theirs.now())).await.unwrap();
        soc.world().dialect(|d| d.rate_limit = None);
        let is_filing = std::env::var(STORY_DESK).is_ok_and(|kind| kind == "algapsa");
        let psa = if is_filing { Some(PsaDesk::start(&clock, Pace::Hosts).await) } else { None };
        Self {
            clock,
            soc,
            psa,
            is_retold: is_filing,
            senders: Vec::new(),
            carrier: None,
            line: None,
            mail: None,
            signing: SigningDrawer::default(),
            sends_end_within: SEND_ENDS_WITHIN,
            token_wait: TimeDelta::seconds(1),
            dir: tempfile::tempdir().unwrap(),
            engine: None,
            runtime: None,
        }
    }

    /// An account of five organizations: 4 Acme Inc (mapped by the configuration), 5 Globex GmbH, 6 Umbrella, 7 Initech (linked by its name), 8 Hooli.
    pub fn account() -> Account {
        Account::new(5, "Harbour IT")
            .organization(4, "Acme Incorporated")
            .organization(5, "Globex GmbH")
            .organization(6, "Umbrella")
            .organization(7, "Initech")
            .organization(8, "Hooli")
    }

    /// What the SOC has.
    pub fn world(&self) -> &World {
        self.soc.world()
    }

    /// The store's file.
    pub fn path(&self) -> PathBuf {
        self.dir.path().join("nightdesk.db")
    }

    /// The data directory.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// A connection of its own, as a command beside the engine has one.
    pub fn store(&self) -> Store {
        Store::open(&self.path(), Opening::Owner).unwrap()
    }

    /// Reads through a connection of its own.
    pub fn read<T>(&self, f: impl FnOnce(&Tx<'_>) -> T) -> T {
        self.store().read(|tx| Ok::<_, nightdesk_store::Error>(f(tx))).unwrap()
    }

    /// Writes through a connection of its own; the engine notices by itself.
    pub fn write<T>(&self, f: impl FnOnce(&Tx<'_>) -> T) -> T {
        let out = self.store().write(|tx| Ok::<_, nightdesk_store::Error>(f(tx))).unwrap();
        if let Some(engine) = &self.engine {
            engine.pulse().beat();
        }
        out
    }

    /// What a person does, whole or not at all; the engine notices by itself.
    pub fn act<T>(&self, f: impl FnOnce(&Tx<'_>, DateTime<Utc>) -> Result<T, api::Error>) -> Result<T, api::Error> {
        let now = self.clock.now();
        let out = self.store().write(|tx| f(tx, now));
        if let Some(engine) = &self.engine {
            engine.pulse().beat();
        }
        out
    }

    /// Applies a configuration file's text.
    pub fn apply(&self, toml: &str) {
        self.configure(toml).unwrap();
    }

    /// The same, for a text that may be refused.
    pub fn configure(&self, toml: &str) -> Result<api::ConfigApplied, api::Error> {
        self.before_applying(toml);
        let applied = self.act(|tx, now| api::config_apply(tx, now, "tester", toml, false, None))?;
        self.after_applying();
        Ok(applied)
    }

    /// The status card.
    pub fn status(&self) -> api::Status {
        let now = self.clock.now();
        self.read(|tx| api::status(tx, now).unwrap())
    }

    /// All tickets, newest first.
    pub fn tickets(&self) -> Vec<api::Ticket> {
        self.read(|tx| api::tickets(tx, &api::TicketsAsked::default()).unwrap())
    }

    /// The ticket of an incident.
    pub fn ticket_of(&self, incident: i64) -> api::Ticket {
        let mut found: Vec<_> =
            self.tickets().into_iter().filter(|t| t.incident_id == Some(IncidentId(incident))).collect();
        assert_eq!(found.len(), 1, "tickets of incident {incident}");
        found.remove(0)
    }

    /// Its timeline, as `kind: text` lines.
    pub fn timeline_of(&self, incident: i64) -> Vec<String> {
        let lines = self.lines_of(self.ticket_of(incident).id);
        lines.into_iter().map(|e| format!("{}: {}", e.kind, e.text)).collect()
    }

    /// A ticket's timeline.
    pub fn lines_of(&self, ticket: TicketId) -> Vec<TimelineEntry> {
        let mut lines = self.read(|tx| tx.timeline(ticket).unwrap());
        lines.retain(|line| !self.is_retold || line.kind != "psa");
        lines
    }

    /// What an engine is put together from here.
    pub fn parts(&self) -> Parts {
        let (key, secret) = self.soc.key();
        // Delays between attempts are real time, which a story has none of.
        let limits = Limits { base_delay: Duration::ZERO, max_delay: Duration::ZERO, ..Limits::default() };
        let http = nightdesk_http::Client::new(limits, "nightdesk-tests").unwrap();
        let parts = Parts {
            clock: Arc::new(self.clock.clone()),
            store: self.store(),
            huntress: Arc::new(HuntressClient::new(&self.soc.base_url(), Arc::new(Keys(key, secret)), http).unwrap()),
            psa: Arc::new(LocalPsa::default()),
            senders: self.senders.clone(),
            carrier: Arc::new(NoCarrier),
            webhooks: self.signing.webhooks(),
            owner: "story".into(),
        };
        match &self.line {
            Some(line) => parts.on_line(line),
            None => parts.calling(self.carrier.as_ref()),
        }
        .mailing(self.mail.as_ref())
        .filing(self.psa.as_ref())
    }

    /// Starts the engine and waits until it rests.
    pub async fn start(&mut self) {
        self.start_with(self.parts()).await;
    }

    /// Starts an engine that is put together differently.
    pub async fn start_with(&mut self, parts: Parts) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        self.engine = Some(runtime.spawn(Engine::start(parts)).await.unwrap().unwrap());
        if let Some(before) = self.runtime.replace(runtime) {
            before.shutdown_background();
        }
        self.settle().await;
    }

    /// Stops the engine, and checks what must hold at the end of every story: nothing improper was asked of Huntress, the
    /// accounts balance and the ledger's chain holds.
    pub async fn stop(&mut self) {
        if self.is_retold {
            // What was done last is to arrive there before it is compared.
            self.settle().await;
        }
        if let Some(engine) = self.engine.take() {
            engine.stop(PATIENCE).await.unwrap();
        }
        self.requests();
        if let Some(carrier) = &self.carrier {
            carrier.assert_quiet();
        }
        if let Some(mail) = &self.mail {
            mail.assert_quiet();
        }
        self.check_filed();
        let l = self.status().ledger;
        assert_eq!(l.seen, l.ticketed + l.record_only + l.withheld + l.quarantined, "{l:?}");
        let ledger = self.read(|tx| api::ledger(tx, true).unwrap());
        assert_eq!((ledger.verified, ledger.error), (Some(true), None));
    }

    /// Stops the engine, which may not rest by then.
    pub async fn stop_within(&mut self, within: Duration) {
        if let Some(engine) = self.engine.take() {
            let _busy = engine.stop(within).await;
        }
    }

    /// The process dies: nothing is told goodbye, and nobody but the operating system closes the store.
    pub async fn crash(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            tokio::task::spawn_blocking(move || runtime.shutdown_timeout(PATIENCE)).await.unwrap();
        }
        drop(self.engine.take());
    }

    /// The running engine.
    pub fn engine(&self) -> &Engine {
        self.engine.as_ref().expect("the engine runs")
    }

    /// Asks the running engine for a poll, as the command line does, and waits for the answer.
    pub async fn poll(&self) -> PollReport {
        let now = self.clock.now();
        let id = self.write(|tx| tx.ask("poll", "{}", now, now + TimeDelta::minutes(10)).unwrap());
        let answered = async {
            loop {
                if let Some(answer) = self.read(|tx| tx.request(id).unwrap()).and_then(|r| r.answer) {
                    return serde_json::from_str(&answer).unwrap();
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let report = tokio::time::timeout(PATIENCE, answered).await.expect("the poll is answered");
        self.settle().await;
        report
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
