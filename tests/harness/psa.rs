//! The stand-in AlgaPSA as the desk of a story, through the real connector.

use crate::{Scene, SimClock};
use nightdesk_core::SecretString;
use nightdesk_core::catalogue::Listed;
use nightdesk_core::clock::Clock;
use nightdesk_core::config::{DeskKind, Local};
use nightdesk_core::port::{Psa, PsaError};
use nightdesk_engine::{Parts, configure, psa};
use nightdesk_http::Limits;
use nightdesk_psa::algapsa::{AlgaPsa, Credentials, Pace};
use nightdesk_standin::algapsa::{AlgaStandin, Desk, Ticket};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// With this in the environment, set to `algapsa`, every story is told with the stand-in AlgaPSA as its desk.
pub const STORY_DESK: &str = "NIGHTDESK_STORY_DESK";

/// A stand-in AlgaPSA with the connector to it.
pub struct PsaDesk {
    /// The stand-in.
    pub alga: AlgaStandin,
    psa: AlgaPsa,
    /// Its own, so that a story may read the catalogue without letting go of its thread.
    runtime: Option<tokio::runtime::Runtime>,
}

impl Drop for PsaDesk {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

struct Key(String);

impl Credentials for Key {
    fn algapsa(&self) -> Result<SecretString, PsaError> {
        Ok(self.0.clone().into())
    }
}

impl PsaDesk {
    /// An empty one that limits nothing; a story's configuration fills its catalogue.
    pub async fn start(clock: &SimClock, pace: Pace) -> Self {
        let theirs = clock.clone();
        let desk = Desk::new();
        desk.observe_rate_only();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let alga = runtime.spawn(AlgaStandin::start(desk, Arc::new(move || theirs.now()))).await.unwrap().unwrap();
        // Delays between attempts are real time, which a story has none of.
        let limits = Limits { base_delay: Duration::ZERO, max_delay: Duration::ZERO, ..Limits::default() };
        let (key, clock) = (Arc::new(Key(alga.key())), Arc::new(clock.clone()));
        let psa = AlgaPsa::limited(&alga.base_url(), key, clock, limits, pace).unwrap();
        Self { alga, psa, runtime: Some(runtime) }
    }

    /// Where it is, as `[desk]` names it.
    pub fn base_url(&self) -> String {
        self.alga.base_url()
    }

    /// Its catalogue becomes what the built-in desk's would be: what is missing is added, what is no longer named is taken
    /// out of use.
    pub fn mirror(&self, local: &Local) {
        let desk = self.alga.desk();
        for board in &local.boards {
            if desk.board(&board.name).is_none() {
                desk.add_board(&board.name);
            }
            desk.activate(&board.name);
            for (status, is_closed) in [(&board.open_status, false), (&board.closed_status, true)] {
                if desk.status(&board.name, status).is_none() {
                    desk.add_status(&board.name, status, is_closed);
                }
            }
            for category in &board.categories {
                if !desk.categories(&board.name).iter().any(|c| c.name == *category) {
                    desk.add_category(&board.name, category);
                }
            }
        }
        for client in &local.clients {
            if desk.client(client).is_none() {
                desk.add_client(client);
            }
            desk.activate(client);
        }
        for priority in local.priorities.iter().filter(|p| desk.priority(p).is_none()) {
            desk.add_priority(priority);
        }
        for listed in self.listed() {
            let is_named = match listed.kind {
                nightdesk_core::catalogue::Kind::Client => local.clients.contains(&listed.name),
                nightdesk_core::catalogue::Kind::Board => local.boards.iter().any(|b| b.name == listed.name),
                _ => true,
            };
            if !is_named {
                desk.deactivate(&listed.remote_id);
            }
        }
    }

    /// What the connector reads of its catalogue, for code that can't wait.
    pub fn listed(&self) -> Vec<Listed> {
        let psa = self.psa.clone();
        let read = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(psa.catalogue()).unwrap()
        };
        std::thread::spawn(read).join().unwrap()
    }

    /// Its tickets by the incident that their title ends with; none may be there twice.
    pub fn by_incident(&self) -> BTreeMap<String, Ticket> {
        let mut found = BTreeMap::new();
        for ticket in self.alga.desk().tickets() {
            let marker = ticket.title.rsplit_once(" (HR-").map(|(_, m)| m.trim_end_matches(')').to_owned());
            let marker = marker.unwrap_or_else(|| panic!("a ticket without a marker: {:?}", ticket.title));
            // Two accounts may count to the same number.
            let reference = |ticket: &Ticket| ticket.attributes.get("source_reference").cloned();
            let it = reference(&ticket);
            let other = found.insert(marker.clone(), ticket);
            assert!(other.is_none_or(|other| reference(&other) != it), "two tickets for {marker}");
        }
        found
    }
}

/// Parts that hold their tickets in a PSA.
pub trait Filing {
    /// With this PSA as the desk, if there is one.
    fn filing(self, desk: Option<&PsaDesk>) -> Self;
}

impl Filing for Parts {
    fn filing(mut self, desk: Option<&PsaDesk>) -> Self {
        if let Some(desk) = desk {
            self.senders.extend(desk.psa.senders());
            self.psa = Arc::new(desk.psa.clone());
        }
        self
    }
}

impl Scene {
    /// A desk whose tickets live in a stand-in AlgaPSA, whatever the environment says.
    pub async fn at_algapsa(account: nightdesk_standin::Account) -> Self {
        let mut scene = Self::bare(account).await;
        scene.psa = Some(PsaDesk::start(&scene.clock, Pace::Documented).await);
        scene.is_retold = false;
        scene.apply(&crate::configuration(&scene.soc.base_url()));
        scene
    }

    /// The stand-in AlgaPSA's data.
    pub fn alga(&self) -> &Desk {
        self.psa.as_ref().expect("the desk is AlgaPSA").alga.desk()
    }

    /// The ticket in AlgaPSA of an incident.
    pub fn filed(&self, incident: i64) -> Ticket {
        let all = self.psa.as_ref().expect("the desk is AlgaPSA").by_incident();
        all.get(&incident.to_string()).unwrap_or_else(|| panic!("no ticket for {incident} in AlgaPSA")).clone()
    }

    /// Puts AlgaPSA in the place of the built-in desk, or follows what the text says of its catalogue.
    pub(crate) fn before_applying(&self, toml: &str) {
        let Some(desk) = &self.psa else { return };
        let table: toml::Table = toml.parse().unwrap_or_default();
        if let Some(local) = table.get("local") {
            let read: Result<Local, _> = local.clone().try_into();
            desk.mirror(&read.unwrap_or_default());
        }
        let (now, listed) = (self.clock.now(), desk.listed());
        self.write(|tx| {
            let (config, _) = configure::current(tx).unwrap();
            if config.desk.is_remote() {
                psa::put_catalogue(tx, now, &listed).unwrap();
            }
        });
    }

    /// The rest of the switch, once names are known.
    pub(crate) fn after_applying(&self) {
        let Some(desk) = &self.psa else { return };
        let (now, listed, url) = (self.clock.now(), desk.listed(), desk.base_url());
        self.write(|tx| {
            let (mut config, _) = configure::current(tx).unwrap();
            if !config.desk.is_remote() {
                config.desk.kind = DeskKind::Algapsa;
                config.desk.base_url = Some(url);
                configure::apply(tx, now, "tester", &config, false, Some(listed)).map_err(|e| e.to_string()).unwrap();
            }
        });
    }

    /// What must hold at the end of every story at AlgaPSA: nothing improper was asked of it, no ticket is there twice, and
    /// what has arrived stands there as it stands here.
    pub(crate) fn check_filed(&self) {
        let Some(desk) = &self.psa else { return };
        assert_eq!(desk.alga.take_unexpected(), [], "asked of AlgaPSA");
        let filed = desk.by_incident();
        for here in self.tickets().into_iter().filter(|t| t.remote_id.is_some()) {
            let Some(there) = filed.values().find(|t| Some(&t.id) == here.remote_id.as_ref()) else { continue };
            let names = |board: &str, client: &str, open: bool| (board.to_owned(), client.to_owned(), open);
            assert_eq!(
                names(&there.board, &there.client, !there.is_closed),
                names(&here.board, &here.client, here.is_open),
                "{} in AlgaPSA",
                here.number
            );
        }
    }
}
