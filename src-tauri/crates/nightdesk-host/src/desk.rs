//! The desk as a client in the engine's process has it: its data through connections of its own, the engine's work
//! through requests, and word of every change.
//!
//! It works beside the engine as a command does: edits are write transactions of its own, work is a row in the request
//! table. Nothing here waits for the engine to be idle, and nothing of it costs anything while nobody asks.

mod connect;
mod feed;
mod hooks;
mod keys;
mod people;
mod psa;
mod shelf;
mod user;
mod work;

pub use feed::Changes;
pub(crate) use feed::{Attached, Handles};

use crate::{DataDir, Reach, Secrets, Setup};
use feed::Revisions;
use nightdesk_api as api;
use nightdesk_api::rpc::At;
use nightdesk_core::clock::Clock;
use nightdesk_store::{Store, Tx};
use shelf::Shelf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long a question waits for an engine that is just starting or recovering its store.
const STARTS_WITHIN: Duration = Duration::from_secs(15);

/// A desk's handle. Clones share everything.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    dir: DataDir,
    clock: Arc<dyn Clock>,
    secrets: Arc<Secrets>,
    actor: String,
    demo: bool,
    shelf: Shelf,
    lately: psa::Lately,
    engine: watch::Sender<Option<Handles>>,
    revisions: watch::Sender<Arc<Revisions>>,
}

impl Desk {
    /// A desk on this directory. `actor` is who works here, as timelines and the ledger name them.
    pub fn new(dir: DataDir, clock: Arc<dyn Clock>, secrets: Arc<Secrets>, actor: impl Into<String>) -> Self {
        Self::made(dir, clock, secrets, actor.into(), false)
    }

    /// The same for a demo night, which says so wherever it matters.
    pub fn demo(dir: DataDir, clock: Arc<dyn Clock>, secrets: Arc<Secrets>, actor: impl Into<String>) -> Self {
        Self::made(dir, clock, secrets, actor.into(), true)
    }

    fn made(dir: DataDir, clock: Arc<dyn Clock>, secrets: Arc<Secrets>, actor: String, demo: bool) -> Self {
        let shelf = Shelf::of(dir.clone());
        let (engine, revisions) = (watch::channel(None).0, watch::channel(Arc::default()).0);
        Self {
            inner: Arc::new(Inner {
                dir,
                clock,
                secrets,
                actor,
                demo,
                shelf,
                lately: psa::Lately::default(),
                engine,
                revisions,
            }),
        }
    }

    /// The OS user's name, as timelines and the ledger name them. A service or a scheduler's command has no environment that
    /// tells it.
    pub fn os_user() -> String {
        let named = ["USER", "LOGNAME", "USERNAME"].into_iter().filter_map(|name| std::env::var(name).ok());
        let named = named.into_iter().find(|name| !name.trim().is_empty());
        named.or_else(user::of_process).unwrap_or_else(|| "somebody".to_owned())
    }

    /// What [`crate::run_with`] runs this desk's engine with. `what` names the program to whoever finds the directory in
    /// use.
    pub fn setup(&self, what: &str) -> Setup {
        let Inner { dir, clock, secrets, .. } = self.inner.as_ref();
        Setup {
            dir: dir.clone(),
            clock: clock.clone(),
            secrets: secrets.clone(),
            what: what.to_owned(),
            senders: Vec::new(),
            reach: Reach::default(),
            desk: Some(self.clone()),
        }
    }

    /// Where its data are.
    pub fn dir(&self) -> &DataDir {
        &self.inner.dir
    }

    /// The engine's clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// Its secrets.
    pub fn secrets(&self) -> &Arc<Secrets> {
        &self.inner.secrets
    }

    /// Whether this is a demo night.
    pub fn is_demo(&self) -> bool {
        self.inner.demo
    }

    /// Word of every change from here on; the first one tells where every topic stands.
    pub fn changes(&self) -> Changes {
        Changes::of(self.inner.revisions.subscribe())
    }

    /// Lets go of the connections that lie idle, since a desk in the tray should be small; the next question opens one.
    pub fn release(&self) {
        self.inner.shelf.empty();
    }

    /// Asks the store in one read transaction, off the async workers.
    ///
    /// # Errors
    /// The question's own, and `Stopped` where no engine has opened the store yet.
    pub async fn ask<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Tx<'_>, &At) -> Result<T, api::Error> + Send + 'static,
    ) -> Result<T, api::Error> {
        self.with(move |store, at| store.read(|tx| f(tx, at))).await
    }

    /// Changes the store in one write transaction, off the async workers: whole, or on an error not at all. The engine
    /// notices at once.
    ///
    /// # Errors
    /// The change's own, and `Stopped` where no engine has opened the store yet.
    pub async fn change<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Tx<'_>, &At) -> Result<T, api::Error> + Send + 'static,
    ) -> Result<T, api::Error> {
        let done = self.with(move |store, at| store.write(|tx| f(tx, at))).await;
        if let Some(engine) = self.inner.engine.borrow().as_ref() {
            engine.pulse.beat();
        }
        done
    }

    async fn with<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Store, &At) -> Result<T, api::Error> + Send + 'static,
    ) -> Result<T, api::Error> {
        let mut engine = self.inner.engine.subscribe();
        let polling = match tokio::time::timeout(STARTS_WITHIN, engine.wait_for(Option::is_some)).await {
            Ok(Ok(found)) => found.as_ref().and_then(|handles| *handles.running.borrow()),
            _ => return Err(stopped()),
        };
        let at = At { now: self.inner.clock.now(), actor: self.inner.actor.clone(), polling: polling.map(Into::into) };
        let inner = self.inner.clone();
        inner.shelf.with(move |store| f(store, &at)).await
    }
}

fn stopped() -> api::Error {
    api::Error::new(
        api::Code::Stopped,
        "the desk's engine isn't running yet; it starts or repairs its database. Try again in a moment",
    )
}

#[cfg(test)]
mod tests;
