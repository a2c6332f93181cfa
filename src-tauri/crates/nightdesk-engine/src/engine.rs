//! The engine as a whole: its tasks, their start and their bounded end.

mod once;

pub use once::{Left, Once};

use crate::configure;
use crate::contacts::Verifications;
use crate::context::Context;
use crate::db::Db;
use crate::destinations;
use crate::dispatcher::{Dispatcher, Surroundings};
use crate::housekeeping::Housekeeper;
use crate::inbox::Inbox;
use crate::interrupt::Interruptible;
use crate::look_ups::LookUps;
use crate::pace::SharedPace;
use crate::paging::{Escalator, Follower};
use crate::poller::{Desk, Poke, Poller, Running};
use crate::psa::{Keeper, Planner};
use crate::pulse::Pulse;
use crate::receiver::{self, Receiver};
use crate::watch::{self, Watcher};
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::Kind;
use nightdesk_core::port::{Carrier, Huntress, Psa, Sender, WebhookIn};
use nightdesk_store::{Error, Setting, Store};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::watch as channel;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Lease rows of duties last until the next engine takes over; a team's store will renew them.
const DUTY_DAYS: i64 = 365;

/// The tasks that rest on the pulse.
const TASKS: [&str; 12] = [
    "poller",
    "look_ups",
    "dispatcher",
    "watch",
    "housekeeping",
    Escalator::NAME,
    Follower::NAME,
    Verifications::NAME,
    Receiver::NAME,
    Inbox::NAME,
    Planner::NAME,
    Keeper::NAME,
];

/// What an engine is put together from.
pub struct Parts {
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// The store, opened as owner.
    pub store: Store,
    /// Huntress.
    pub huntress: Arc<dyn Huntress>,
    /// The PSA.
    pub psa: Arc<dyn Psa>,
    /// The ways out.
    pub senders: Vec<Arc<dyn Sender>>,
    /// The carrier, to follow what was sent by it.
    pub carrier: Arc<dyn Carrier>,
    /// Huntress's webhooks: by which secrets they are signed, and how they are read.
    pub webhooks: Arc<dyn WebhookIn>,
    /// Who this is, for leases and the holder's name.
    pub owner: String,
}

impl Parts {
    /// The kinds of alert that somebody sits before, of those there is a sender for.
    fn destinations(&self) -> Arc<[Kind]> {
        self.senders.iter().map(|s| s.kind()).filter(|k| *k == Kind::Native).collect()
    }
}

/// A running engine. Dropping it without [`Engine::stop`] leaves its tasks to the runtime's end.
pub struct Engine {
    db: Db,
    pulse: Pulse,
    poke: Poke,
    running: channel::Receiver<Option<Running>>,
    stop: CancellationToken,
    tasks: TaskTracker,
    thread: JoinHandle<Store>,
    damaged: channel::Receiver<Option<String>>,
}

impl Engine {
    /// Starts every task. Duties are taken over first, which voids what an earlier engine still holds.
    pub async fn start(parts: Parts) -> Result<Self, Error> {
        let destinations = parts.destinations();
        let Parts { clock, store, huntress, psa, senders, carrier, webhooks, owner } = parts;
        let (db, thread) = Db::start(store)?;
        let pulse = Pulse::new(clock.clone());
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let epoch = take_duties(&db, clock.as_ref(), &owner, true).await?;
        recall_keys(&db, carrier.as_ref()).await?;
        let told = destinations.clone();
        db.write(move |tx| destinations::remember(tx, &told)).await?;

        let pace = SharedPace::new(db.clone(), clock.clone(), stop.clone());
        let huntress = Arc::new(Interruptible::new(huntress, stop.clone()));
        let desk = Desk { db: db.clone(), clock, huntress, pace, destinations, progress: None };
        let poke = Poke::new(pulse.clone());
        let (report, damaged) = channel::channel(None);
        let wake = poke.clone();
        let around = Surroundings {
            db: db.clone(),
            pulse: pulse.clone(),
            senders,
            owner,
            epoch,
            stop: stop.clone(),
            tasks: tasks.clone(),
        };
        tasks.spawn(Dispatcher::new(around).run());
        let (running, seen) = channel::channel(None);
        let poller =
            Poller { desk: desk.clone(), pulse: pulse.clone(), poke: poke.clone(), running, stop: stop.clone() };
        tasks.spawn(poller.run());
        let (of_desk, of_pulse) = (desk.clone(), pulse.clone());
        tasks.spawn(Inbox { desk: of_desk, pulse: of_pulse, webhooks: webhooks.clone(), stop: stop.clone() }.run());
        tasks.spawn(LookUps { desk, pulse: pulse.clone(), stop: stop.clone() }.run());
        let (of_db, of_pulse) = (db.clone(), pulse.clone());
        let around =
            receiver::Around { db: of_db, pulse: of_pulse, webhooks, stop: stop.clone(), tasks: tasks.clone() };
        let mut receiver = Receiver::new(around);
        // Here and not in its task: whoever is told that the engine is ready may be posted to.
        receiver.turn().await;
        tasks.spawn(receiver.run());
        tasks.spawn(Watcher::new(db.clone(), pulse.clone(), Arc::new(move || wake.poke())).run(stop.clone()));
        tasks.spawn(Escalator { db: db.clone(), pulse: pulse.clone(), stop: stop.clone() }.run());
        let (of_db, of_pulse, of_stop) = (db.clone(), pulse.clone(), stop.clone());
        tasks.spawn(Follower { db: of_db, pulse: of_pulse, carrier: carrier.clone(), stop: of_stop }.run());
        let (of_db, of_pulse, of_stop) = (db.clone(), pulse.clone(), stop.clone());
        tasks.spawn(Verifications { db: of_db, pulse: of_pulse, carrier, stop: of_stop }.run());
        tasks.spawn(Planner { db: db.clone(), pulse: pulse.clone(), stop: stop.clone() }.run());
        tasks.spawn(Keeper { db: db.clone(), pulse: pulse.clone(), psa, stop: stop.clone() }.run());
        tasks.spawn(Housekeeper::new(db.clone(), pulse.clone(), report).run(stop.clone()));
        tasks.spawn(watch::follow_commits(db.clone(), pulse.clone(), stop.clone()));
        tasks.close();
        Ok(Self { db, pulse, poke, running: seen, stop, tasks, thread, damaged })
    }

    /// What its tasks wait on.
    pub fn pulse(&self) -> &Pulse {
        &self.pulse
    }

    /// Its store.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// How far the poll that runs now is; `None` between polls.
    pub fn running(&self) -> channel::Receiver<Option<Running>> {
        self.running.clone()
    }

    /// Asks for a poll now.
    pub fn poll_now(&self) {
        self.poke.poke();
    }

    /// Whether every task rests until the clock moves or somebody acts.
    pub fn is_quiet(&self) -> bool {
        self.pulse.is_quiet(&TASKS)
    }

    /// Completes, with what was found, when the store turns out to be damaged.
    pub async fn damaged(&self) -> String {
        let mut damaged = self.damaged.clone();
        let found = damaged.wait_for(Option::is_some).await.map(|d| d.clone()).ok().flatten();
        match found {
            Some(found) => found,
            // The housekeeper has ended without a finding: there will be none.
            None => std::future::pending().await,
        }
    }

    /// Stops: no new polls or claims; what is under way may end within `within`, and what doesn't stays leased, to be
    /// in doubt for the next engine. Answers the store.
    pub async fn stop(self, within: Duration) -> Result<Store, Error> {
        self.stop.cancel();
        self.pulse.beat();
        let clock = self.pulse.clock().clone();
        let late = tokio::time::timeout(within, self.tasks.wait()).await.is_err();
        if late {
            tracing::warn!("work that was under way did not end in time; it will be looked into at the next start");
        }
        let now = clock.now();
        self.db.write(move |tx| watch::seen(tx, now)).await?;
        let Self { db, thread, tasks, .. } = self;
        drop(db);
        if late {
            // A task that hangs holds the store's thread too; the process is about to end.
            drop(tasks);
            return Err(Error::Busy);
        }
        tokio::task::spawn_blocking(move || thread.join())
            .await
            .ok()
            .and_then(Result::ok)
            .ok_or_else(|| Error::Io("the store's thread has failed".into()))
    }
}

/// Takes over polling and sending (ND-6), and what an earlier engine was doing. A single command isn't a start
/// `afresh`: it follows the one before it, and what that one listed still holds.
async fn take_duties(db: &Db, clock: &dyn Clock, owner: &str, afresh: bool) -> Result<i64, Error> {
    let (now, owner) = (clock.now(), owner.to_owned());
    db.write(move |tx| {
        let until = now + chrono::Duration::days(DUTY_DAYS);
        tx.take_duty("poller", &owner, until)?;
        let epoch = tx.take_duty("sender", &owner, until)?;
        tx.take_over(epoch, now)?;
        if tx.setting(Setting::IsBackup)?.is_some() {
            // However the backup came here: what was done since it was made is forgotten.
            tx.set(Setting::IsBackup, None)?;
            tx.set_mark(Setting::RestoredAt, Some(now))?;
            tx.doubt_everything(now)?;
        }
        tx.reopen_requests()?;
        tx.begin_ledger(now, None)?;
        if afresh && tx.mark(Setting::LastSweepAt)?.is_some() {
            // The sweep and the organizations are due at every engine's start: nobody watched in between.
            tx.set_mark(Setting::OrganizationsListedAt, None)?;
            tx.set_mark(Setting::LastSweepAt, Some(chrono::DateTime::UNIX_EPOCH))?;
        }
        watch::started(tx, now)?;
        // A desk that was never configured is paused too, and must say so.
        let ctx = Context::load(tx)?;
        if ctx.bound.is_none() {
            configure::routing_known(tx, now, &ctx.config.routing.missing())?;
        }
        Ok(epoch)
    })
    .await
}

/// Calls that leave at once ask for their keys like any other.
async fn recall_keys(db: &Db, carrier: &dyn Carrier) -> Result<(), Error> {
    if let Some(keys) = db.read(|tx| tx.setting(Setting::PagingKeys)).await? {
        carrier.recall(&keys);
    }
    Ok(())
}
