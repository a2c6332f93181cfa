//! A scene set: a data directory, a stand-in Huntress and the desk between them.

use crate::alerts::Alerts;
use crate::args::Scene;
use crate::clock::MovedClock;
use crate::drawer::Drawer;
use crate::outside::Outside;
use crate::screen::Screen;
use crate::{phones, psa, town};
use nightdesk_api as api;
use nightdesk_api::rpc::Host;
use nightdesk_core::clock::Clock;
use nightdesk_core::config::Channel;
use nightdesk_host::secrets::{Name, Secrets};
use nightdesk_host::{self as host, DataDir, Desk, Lock, Reach, Role};
use nightdesk_standin::algapsa::AlgaStandin;
use nightdesk_standin::carrier::Carrier;
use nightdesk_standin::night::Night;
use nightdesk_standin::{Account, HuntressStandin};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::broadcast;

/// How much faster than real time the night passes.
const NIGHT: u32 = 60;

/// The seed of the demo's night.
const SEED: u64 = 1;

/// Everything that the bridge serves.
pub struct Setting {
    pub scene: Scene,
    pub clock: Arc<MovedClock>,
    pub huntress: HuntressStandin,
    /// The carrier, in the scene that has one.
    pub carrier: Option<Carrier>,
    /// The mail server, the consumer and Huntress's webhooks; configured in the scene named after
    /// them, and at night.
    pub outside: Outside,
    /// AlgaPSA; the desk in the scene named after it.
    pub psa: AlgaStandin,
    pub drawer: Arc<Drawer>,
    pub alerts: Arc<Alerts>,
    pub screen: Screen,
    pub desk: Desk,
    pub reach: Reach,
    /// Where a test sends the window.
    pub goto: broadcast::Sender<String>,
    night: Mutex<Night>,
}

impl Setting {
    /// Sets the scene, up to where the engine starts.
    pub async fn make(scene: &Scene, folder: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let clock = Arc::new(MovedClock::default());
        let theirs = clock.clone();
        let huntress = HuntressStandin::start(account(scene), Arc::new(move || theirs.now())).await?;
        huntress.world().dialect(|d| d.rate_limit = None);
        let dir = DataDir::at(folder)?;
        let drawer = Arc::new(Drawer::default());
        let secrets = Arc::new(Secrets::new(Box::new(|_| None), drawer.clone()).beside(&dir));
        if *scene != Scene::Setup {
            let (key, secret) = huntress.key();
            secrets.set(Name::HuntressApiKey, &key.into())?;
            secrets.set(Name::HuntressApiSecret, &secret.into())?;
        }
        let outside = Outside::start(clock.clone()).await?;
        let theirs = clock.clone();
        let helpdesk = AlgaStandin::start(psa::helpdesk(), Arc::new(move || theirs.now())).await?;
        let mut carrier = None;
        if let Some(mut text) = configuration(scene, &huntress.base_url()) {
            if *scene == Scene::OnCall {
                let made = Carrier::start(clock.clone()).await?;
                secrets.set(Name::TwilioAuthToken, &made.auth_token().into())?;
                text.push_str(&phones::configuration(&made));
                carrier = Some(made);
            }
            if matches!(scene, Scene::Outside | Scene::Night) {
                secrets.set(Name::WebhookSigningSecret, &outside.signing_secret().into())?;
                text.push_str(&outside.configuration());
            }
            apply(&dir, clock.as_ref(), &text)?;
            if *scene == Scene::Psa {
                secrets.set(Name::AlgapsaApiKey, &helpdesk.key().into())?;
                psa::choose(&dir, &clock, &secrets, &psa::configuration(&text, &helpdesk)).await?;
            }
        }
        let demo = *scene == Scene::Night;
        let named = if demo { Desk::demo } else { Desk::new };
        let desk = named(dir.clone(), clock.clone(), secrets, "dana");
        Ok(Self {
            scene: scene.clone(),
            screen: Screen::new(clock.clone(), dir.path().to_owned(), demo),
            clock,
            huntress,
            carrier,
            outside,
            psa: helpdesk,
            drawer,
            alerts: Arc::default(),
            desk,
            reach: Reach::default(),
            goto: broadcast::channel(16).0,
            night: Mutex::new(Night::new(SEED)),
        })
    }

    /// What the engine runs with.
    pub fn engine(&self) -> host::Setup {
        host::Setup {
            senders: vec![self.alerts.clone()],
            reach: self.reach.clone(),
            ..self.desk.setup("nightdesk-bridge")
        }
    }

    /// Lets happen what the scene begins with, and be polled.
    pub async fn begin(&self) {
        let world = self.huntress.world();
        match self.scene {
            Scene::Triage | Scene::Psa => town::happened(world),
            Scene::Many(n) => town::flood(world, n, false),
            Scene::Security(n) => town::flood(world, n, true),
            Scene::Empty | Scene::OnCall | Scene::Outside | Scene::Setup | Scene::Night => {}
        }
        if self.scene == Scene::Setup {
            // The desk answers as soon as its store is there.
            self.desk.ask(api_revisions).await.expect("the engine starts");
            return;
        }
        let report = self.desk.poll_now().await.expect("the engine answers");
        assert!(report.ok, "the first poll: {report:?}");
        if matches!(self.scene, Scene::Security(_)) {
            town::ebb(world);
            let report = self.desk.poll_now().await.expect("the engine answers");
            assert!(report.ok, "the second poll: {report:?}");
        }
    }

    /// What goes on by itself: the night.
    pub async fn go_on(&self) {
        if self.scene != Scene::Night {
            std::future::pending::<()>().await;
        }
        let mut looks = tokio::time::interval(Duration::from_millis(500));
        let began = self.clock.awake();
        loop {
            looks.tick().await;
            let elapsed = (self.clock.awake() - began) * NIGHT;
            let told = self.night.lock().unwrap().advance(self.huntress.world(), elapsed);
            if !told.is_empty() {
                told.iter().for_each(|words| eprintln!("{words}"));
                self.reach.poll_now();
            }
        }
    }
}

fn api_revisions(tx: &host::Tx<'_>, _: &api::rpc::At) -> Result<(), api::Error> {
    api::revisions(tx).map(drop)
}

fn account(scene: &Scene) -> Account {
    match scene {
        Scene::Empty | Scene::Triage | Scene::OnCall | Scene::Outside | Scene::Psa | Scene::Setup => town::small(),
        Scene::Night => Night::new(SEED).account(),
        Scene::Many(_) | Scene::Security(_) => town::large(),
    }
}

fn configuration(scene: &Scene, url: &str) -> Option<String> {
    match scene {
        Scene::Setup => None,
        Scene::Empty | Scene::Triage | Scene::OnCall | Scene::Outside | Scene::Psa => {
            Some(nightdesk_tests::configuration(url))
        }
        Scene::Night => Some(api::config_file::render(&town::night_config(url))),
        Scene::Many(_) => Some(api::config_file::render(&town::large_config(url, false))),
        Scene::Security(_) => Some(api::config_file::render(&town::large_config(url, true))),
    }
}

/// Puts a configuration in force before the engine starts, as a person would.
fn apply(dir: &DataDir, clock: &dyn Clock, text: &str) -> Result<(), Box<dyn std::error::Error>> {
    let now = clock.now();
    let lock = Lock::try_acquire(dir, Role::Command, "nightdesk-bridge", now)?;
    let mut store = host::open(dir, &lock, now)?.store;
    store.write(|tx| api::config_apply(tx, now, "dana", text, false, None))?;
    if text.contains(phones::DANA) {
        store.write(|tx| {
            [phones::DANA, phones::KIM].iter().try_for_each(|phone| tx.verify_contact(phone, now, Channel::Sms))
        })?;
    }
    Ok(())
}
