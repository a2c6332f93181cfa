//! Storing: all posts that wait at the moment share one transaction, and each is answered once that is durable. One
//! flush of the disk then serves many, which is what makes a burst of thousands take seconds and not minutes.

use crate::db::Db;
use crate::faults;
use crate::inbox::Inbox;
use crate::pulse::Pulse;
use nightdesk_store::{Error, Kept, NewWebhook, RefusedWebhook};
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// Most posts that share a transaction.
const GROUP: usize = 256;

/// Posts that may wait; the connections' own limit is lower.
const QUEUE: usize = 256;

/// Refusals that are written at once; of more only the number is.
const REFUSALS: usize = 1_000;

/// Time between two writings of refusals, so that a flood of forged posts doesn't become a flood of commits.
const APART: Duration = Duration::from_millis(250);

/// A post to be stored, and where to say what came of it; `None` says that it could not be.
pub(super) struct Job {
    pub new: NewWebhook,
    pub done: oneshot::Sender<Option<Kept>>,
}

/// Refused posts that wait to be written. Losing some in a crash loses nothing: they were refused.
#[derive(Default)]
pub(super) struct Refusals {
    waiting: Mutex<(Vec<RefusedWebhook>, u32)>,
    added: Notify,
}

impl Refusals {
    /// Adds one.
    pub fn add(&self, refused: RefusedWebhook) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.0.len() < REFUSALS {
            waiting.0.push(refused);
        } else {
            waiting.1 = waiting.1.saturating_add(1);
        }
        drop(waiting);
        self.added.notify_one();
    }

    fn take(&self) -> (Vec<RefusedWebhook>, u32) {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The task that stores.
pub(super) struct Keeper {
    db: Db,
    pulse: Pulse,
    jobs: mpsc::Receiver<Job>,
    refusals: Arc<Refusals>,
}

impl Keeper {
    /// A keeper, and where posts are handed to it.
    pub fn new(db: Db, pulse: Pulse, refusals: Arc<Refusals>) -> (Self, mpsc::Sender<Job>) {
        let (send, jobs) = mpsc::channel(QUEUE);
        (Self { db, pulse, jobs, refusals }, send)
    }

    /// Stores until stopped.
    pub async fn run(self, stop: CancellationToken) {
        let Self { db, pulse, mut jobs, refusals } = self;
        let refused = async {
            loop {
                refusals.added.notified().await;
                write_refusals(&db, &refusals).await;
                tokio::time::sleep(APART).await;
            }
        };
        let stored = async {
            let mut group = Vec::with_capacity(GROUP);
            while jobs.recv_many(&mut group, GROUP).await > 0 {
                store(&db, &pulse, std::mem::take(&mut group)).await;
            }
        };
        tokio::select! {
            () = refused => {}
            () = stored => {}
            () = stop.cancelled() => {}
        }
        write_refusals(&db, &refusals).await;
    }
}

async fn store(db: &Db, pulse: &Pulse, group: Vec<Job>) {
    let now = pulse.clock().now();
    let (posts, answers): (Vec<_>, Vec<_>) = group.into_iter().map(|job| (job.new, job.done)).unzip();
    let stored = db
        .write_first(move |tx| {
            let kept = posts.iter().map(|new| tx.keep_webhook(now, new)).collect::<Result<Vec<_>, Error>>()?;
            if kept.contains(&Kept::New) {
                tx.webhook_came(now)?;
            }
            faults::point("receiver.group");
            Ok::<_, Error>(kept)
        })
        .await;
    faults::point("receiver.committed");
    let kept = match stored {
        Ok(kept) => {
            // Before the answers, so that whoever has one finds the inbox at work.
            if kept.contains(&Kept::New) {
                pulse.wake(Inbox::NAME);
            }
            kept.into_iter().map(Some).collect()
        }
        Err(error) => {
            tracing::error!(%error, posts = answers.len(), "posts could not be stored; Huntress will send them again");
            vec![None; answers.len()]
        }
    };
    for (answer, kept) in answers.into_iter().zip(kept) {
        // Whoever posted it may be gone; it is stored all the same, and known when it comes again.
        let _gone = answer.send(kept);
    }
}

async fn write_refusals(db: &Db, refusals: &Refusals) {
    let (refused, more) = refusals.take();
    if refused.is_empty() {
        return;
    }
    if let Err(error) = db.write(move |tx| tx.refuse_webhooks(&refused, more)).await {
        tracing::error!(%error, "refused posts could not be counted");
    }
}
