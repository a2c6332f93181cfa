//! Word of changes: which topics are at which revision. Fed by what already wakes the engine, so that it costs nothing
//! at rest.

use super::{Desk, Inner};
use nightdesk_api::rpc::POLLING;
use nightdesk_engine::Engine;
use nightdesk_engine::poller::Running;
use nightdesk_engine::pulse::{Pulse, Waiter};
use nightdesk_store::{Error as Fault, Topic};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Changes that follow another within this time are told together: a walk commits page after page.
const TOGETHER: Duration = Duration::from_millis(50);

/// And within this time while changes don't cease: each word of them costs every listener a look at the desk, and ten
/// thousand alerts that are sent one after another are ten thousand changes.
const STORM: Duration = Duration::from_millis(250);

/// Every topic's revision.
pub(super) type Revisions = BTreeMap<&'static str, i64>;

/// What a desk needs of the engine that runs now.
#[derive(Clone)]
pub(crate) struct Handles {
    pub(super) pulse: Pulse,
    pub(super) running: watch::Receiver<Option<Running>>,
}

/// A desk while an engine runs for it.
pub(crate) struct Attached<'a> {
    inner: &'a Inner,
    engine: &'a Engine,
}

impl Desk {
    /// Works beside this engine from here on.
    pub(crate) fn attach<'a>(&'a self, engine: &'a Engine) -> Attached<'a> {
        let handles = Handles { pulse: engine.pulse().clone(), running: engine.running() };
        self.inner.engine.send_replace(Some(handles));
        Attached { inner: &self.inner, engine }
    }
}

impl Attached<'_> {
    /// Tells of changes until it is dropped: of the engine's own commits, of those that its watch for other connections
    /// finds, and of how far a poll is.
    pub(crate) async fn feed(&self) {
        let mut waiter = self.engine.pulse().waiter("desk");
        let mut commits = self.engine.db().commits();
        let mut running = self.engine.running();
        let mut steps = self.inner.revisions.borrow().get(POLLING).copied().unwrap_or(0);
        let mut pause = TOGETHER;
        loop {
            waiter.look();
            commits.mark_unchanged();
            if running.has_changed().unwrap_or(false) {
                running.mark_unchanged();
                steps += 1;
            }
            match self.engine.db().read(|tx| tx.revisions()).await {
                Ok(found) => self.tell(found, steps),
                Err(Fault::Damaged(_)) => std::future::pending().await,
                Err(error) => tracing::warn!(%error, "changes could not be told"),
            }
            // What comes first is told at once, and what follows it soon is told together.
            tokio::time::sleep(pause).await;
            let next = next(&mut waiter, &mut commits, &mut running);
            tokio::pin!(next);
            tokio::select! {
                biased;
                () = &mut next => pause = (pause * 2).min(STORM),
                // Nothing has changed meanwhile, so that what comes next comes first.
                () = std::future::ready(()) => {
                    next.await;
                    pause = TOGETHER;
                }
            }
        }
    }

    fn tell(&self, found: [i64; Topic::ALL.len()], steps: i64) {
        let mut now: Revisions = Topic::ALL.iter().map(|t| t.word()).zip(found).collect();
        now.insert(POLLING, steps);
        self.inner.revisions.send_if_modified(|before| {
            let different = before.as_ref() != &now;
            if different {
                *before = Arc::new(now);
            }
            different
        });
    }

    /// Works beside no engine any more. For a damaged store every connection is closed, so that its file can be put
    /// aside.
    pub(crate) async fn end(self, damaged: bool) {
        self.inner.engine.send_replace(None);
        if damaged {
            self.inner.shelf.close().await;
        } else {
            self.inner.shelf.empty();
        }
    }
}

/// Waits for anything that is told.
async fn next(waiter: &mut Waiter, commits: &mut watch::Receiver<u64>, running: &mut watch::Receiver<Option<Running>>) {
    tokio::select! {
        () = waiter.rest(None) => {}
        () = changed(commits) => {}
        () = changed(running) => running.mark_changed(),
    }
}

/// Waits for a change; for ever where none can come any more.
async fn changed<T>(of: &mut watch::Receiver<T>) {
    if of.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// What one listener hears.
pub struct Changes {
    revisions: watch::Receiver<Arc<Revisions>>,
    heard: Arc<Revisions>,
}

impl Changes {
    pub(super) fn of(mut revisions: watch::Receiver<Arc<Revisions>>) -> Self {
        revisions.mark_changed();
        Self { revisions, heard: Arc::default() }
    }

    /// The topics that have changed since the last time, each with its revision; the first time all of them. Changes
    /// that nobody listened to meanwhile are told together. `None` once the desk is gone.
    pub async fn next(&mut self) -> Option<BTreeMap<String, i64>> {
        loop {
            self.revisions.changed().await.ok()?;
            let now = self.revisions.borrow_and_update().clone();
            let moved = now.iter().filter(|(topic, n)| self.heard.get(*topic) != Some(n));
            let moved: BTreeMap<String, i64> = moved.map(|(topic, n)| ((*topic).to_owned(), *n)).collect();
            self.heard = now;
            if !moved.is_empty() {
                return Some(moved);
            }
        }
    }
}
