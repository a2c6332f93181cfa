//! The engine without a screen, from the lock to the last checkpoint.

use crate::desk::Attached;
use crate::opening::{open, recover};
use crate::written::{text, write_configuration};
use crate::{Adapters, DataDir, Desk, Error, Lock, Opened, Reach, Role, Secrets, write_head};
use nightdesk_core::clock::Clock;
use nightdesk_core::port::Sender;
use nightdesk_engine::Engine;
use nightdesk_engine::clock::SystemClock;
use nightdesk_engine::context::Context;
use nightdesk_engine::psa;
use nightdesk_store::{Error as Fault, LedgerHead, Setting, Store, Topic, Tx};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a command that holds the directory is waited for.
const WAIT_FOR_COMMAND: Duration = Duration::from_secs(30);

/// What is under way when a stop comes may take so long; with the checkpoint the process is gone within 8 seconds.
const STOP_WITHIN: Duration = Duration::from_secs(6);

/// A store that must be recovered more often than this in one run is on a failing disk.
const RECOVERIES: u32 = 3;

/// How long the store's thread gets to close a damaged file.
const CLOSES_WITHIN: Duration = Duration::from_millis(500);

/// What an engine runs on.
pub struct Setup {
    /// Its data directory.
    pub dir: DataDir,
    /// Its clock.
    pub clock: Arc<dyn Clock>,
    /// Its secrets.
    pub secrets: Arc<Secrets>,
    /// The program, as another process is told who holds the directory.
    pub what: String,
    /// The ways out that only this program has, such as alerts on its screen.
    pub senders: Vec<Arc<dyn Sender>>,
    /// By which the program reaches the engine while it runs.
    pub reach: Reach,
    /// The program's own desk, which works beside the engine.
    pub desk: Option<Desk>,
}

impl Setup {
    /// The machine's clock, this user's secrets, and `nightdesk run`.
    pub fn system(dir: DataDir) -> Self {
        let secrets = Arc::new(Secrets::system().beside(&dir));
        Self {
            dir,
            clock: Arc::new(SystemClock::default()),
            secrets,
            what: "nightdesk run".into(),
            senders: Vec::new(),
            reach: Reach::default(),
            desk: None,
        }
    }
}

/// Runs the engine on a data directory until `stop`. `ready` is called once, when the store is open, the lock held and
/// every task started, with what a person must be told (empty on an ordinary day). Prints nothing itself.
///
/// # Errors
/// [`Error::Lock`] naming the holder, or what kept the store from opening.
pub async fn run(dir: DataDir, ready: impl FnOnce(&[String]), stop: CancellationToken) -> Result<(), Error> {
    run_with(Setup::system(dir), ready, stop).await
}

/// [`run`] with another clock, other secrets, another name or more ways out.
///
/// # Errors
/// As [`run`].
pub async fn run_with(setup: Setup, ready: impl FnOnce(&[String]), stop: CancellationToken) -> Result<(), Error> {
    let Setup { dir, clock, secrets, what, senders, reach, desk } = setup;
    let begin = Begin { clock: &clock, secrets: &secrets, what: &what, senders: &senders };
    let waiting = Lock::acquire(&dir, Role::Engine, &what, clock.as_ref(), WAIT_FOR_COMMAND);
    let lock = tokio::select! {
        lock = waiting => lock?,
        () = stop.cancelled() => return Ok(()),
    };
    let mut opened = open(&dir, &lock, clock.now())?;
    let mut ready = Some(ready);
    for _ in 0..RECOVERIES {
        let Opened { store, notes } = opened;
        let (engine, adapters) = match begin.start(store).await {
            Ok(started) => started,
            Err(Fault::Damaged(found)) => {
                opened = recover(&dir, &found, clock.now())?;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let attached = desk.as_ref().map(|desk| desk.attach(&engine));
        if let Some(ready) = ready.take() {
            ready(&notes);
        }
        let beside = Beside { dir: &dir, adapters, secrets: &secrets };
        let damage = tokio::select! {
            () = stop.cancelled() => None,
            what = engine.damaged() => Some(what),
            () = beside.follow(&engine) => None,
            () = reach.serve(&engine) => None,
            () = feed(attached.as_ref()) => None,
        };
        if let Some(attached) = attached {
            attached.end(damage.is_some()).await;
        }
        let stopped = engine.stop(STOP_WITHIN).await;
        let Some(damage) = damage else { return end(&dir, stopped) };
        match stopped {
            Ok(store) => drop(store),
            // Somebody still writes to the file: it can't be put aside under them. The next start recovers it.
            Err(Fault::Busy) => return Err(Error::StillDamaged(damage)),
            // What can't be written can't be marked as seen either; its thread closes the file in a moment.
            Err(_) => tokio::time::sleep(CLOSES_WITHIN).await,
        }
        opened = recover(&dir, &damage, clock.now())?;
    }
    Err(Error::StillDamaged("it was recovered several times in one run; look at the disk".into()))
}

/// What every engine of one run begins with.
struct Begin<'a> {
    clock: &'a Arc<dyn Clock>,
    secrets: &'a Arc<Secrets>,
    what: &'a str,
    senders: &'a [Arc<dyn Sender>],
}

impl Begin<'_> {
    async fn start(&self, mut store: Store) -> Result<(Engine, Adapters), Fault> {
        let config = store.read(Context::load)?.config;
        let adapters = Adapters::new(&config, self.secrets.clone(), self.clock.clone());
        let mut parts = adapters.parts(self.clock.clone(), store, self.what);
        parts.senders.extend_from_slice(self.senders);
        let engine = Engine::start(parts).await?;
        Ok((engine, adapters))
    }
}

async fn feed(attached: Option<&Attached<'_>>) {
    match attached {
        Some(attached) => attached.feed().await,
        None => std::future::pending().await,
    }
}

fn end(dir: &DataDir, stopped: Result<Store, Fault>) -> Result<(), Error> {
    let mut store = match stopped {
        Ok(store) => store,
        // Said by the engine already; what was cut off is found in doubt at the next start.
        Err(Fault::Busy) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    write_head(dir, &store.read(|tx| tx.ledger_head())?)?;
    store.checkpoint()?;
    Ok(())
}

/// What goes on beside the engine: its adapters follow the configuration, and so does the file beside the database.
struct Beside<'a> {
    dir: &'a DataDir,
    adapters: Adapters,
    secrets: &'a Secrets,
}

/// What has to be acted on when it changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Seen {
    configuration: i64,
    organizations: i64,
    secrets: i64,
    backup: Option<chrono::DateTime<chrono::Utc>>,
}

impl Seen {
    fn read(tx: &Tx<'_>) -> Result<Self, Fault> {
        Ok(Self {
            configuration: tx.revision(Topic::Configuration)?,
            organizations: tx.revision(Topic::Organizations)?,
            secrets: tx.revision(Topic::Secrets)?,
            backup: tx.mark(Setting::LastBackupAt)?,
        })
    }
}

impl Beside<'_> {
    /// Follows until it is dropped. A failure is logged and tried again with the next change.
    async fn follow(&self, engine: &Engine) {
        let mut waiter = engine.pulse().waiter("host");
        let mut before = None;
        loop {
            waiter.look();
            match engine.db().read(Seen::read).await {
                Ok(now) if Some(now) != before => {
                    self.act(engine, before.unwrap_or_default(), now, before.is_none()).await;
                    before = Some(now);
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the configuration could not be followed"),
            }
            let until = engine.pulse().clock().now() + chrono::Duration::minutes(1);
            waiter.rest(Some(until)).await;
        }
    }

    async fn act(&self, engine: &Engine, before: Seen, now: Seen, first: bool) {
        if before.secrets != now.secrets {
            self.secrets.forget();
            self.adapters.renew();
            if let Err(error) = engine.db().write(psa::ask_anew).await {
                tracing::warn!(%error, "the PSA is read by the key as it is now only when it is due");
            }
        }
        let changed = before.configuration != now.configuration || before.organizations != now.organizations;
        let marked = first || before.backup != now.backup;
        if !changed && !marked && !first {
            return;
        }
        let found =
            engine.db().read::<_, Fault>(|tx| Ok((Context::load(tx)?.config, text(tx)?, tx.ledger_head()?))).await;
        let (config, text, head): (_, Option<String>, LedgerHead) = match found {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, "the configuration could not be followed");
                return;
            }
        };
        self.adapters.follow(&config);
        let written = text.filter(|_| changed || first).map_or(Ok(()), |text| write_configuration(self.dir, &text));
        let headed = if marked { write_head(self.dir, &head) } else { Ok(()) };
        if let Err(error) = written.and(headed) {
            tracing::error!(%error, "what is kept beside the database could not be written");
        }
    }
}

#[cfg(test)]
mod tests;
