//! The engine's work for a single command, where no engine runs.

mod following;

pub use following::Left;

use super::{Parts, recall_keys, take_duties};
use crate::contacts::{VerificationReport, verify_alone};
use crate::db::Db;
use crate::inbox;
use crate::look_ups;
use crate::pace::{Counted, SharedPace};
use crate::paging;
use crate::poller::{Desk, PollReport, Progress};
use crate::psa::{Failing, Keeper};
use crate::pulse::Pulse;
use crate::retry::{self, Retried};
use nightdesk_core::clock::Clock;
use nightdesk_core::config::Channel;
use nightdesk_core::ids::IncidentId;
use nightdesk_core::port::{Carrier, Psa, Sender, Urgency, WebhookIn};
use nightdesk_store::{Error, Store};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// One command's engine: no tasks, no schedule.
pub struct Once {
    desk: Desk,
    psa: Arc<dyn Psa>,
    carrier: Arc<dyn Carrier>,
    webhooks: Arc<dyn WebhookIn>,
    senders: Vec<Arc<dyn Sender>>,
    thread: JoinHandle<Store>,
    stop: CancellationToken,
    owner: String,
    epoch: i64,
}

impl Once {
    /// Puts it together; duties are taken over as by an engine, since the command holds the directory's lock.
    pub async fn start(parts: Parts) -> Result<Self, Error> {
        Self::put_together(parts, async |db, clock, owner| take_duties(db, clock, owner, false).await).await
    }

    /// Puts it together beside whoever holds the directory, or nobody: no duty is taken over, and what it sends is
    /// claimed under the present epoch, so that of two who would send one thing only one does (ND-6).
    ///
    /// # Errors
    /// The store's.
    pub async fn beside(parts: Parts) -> Result<Self, Error> {
        Self::put_together(parts, async |db, _, _| db.read(|tx| tx.epoch("sender")).await).await
    }

    async fn put_together(
        parts: Parts,
        epoch: impl AsyncFnOnce(&Db, &dyn Clock, &str) -> Result<i64, Error>,
    ) -> Result<Self, Error> {
        let destinations = parts.destinations();
        let Parts { clock, store, huntress, psa, senders, carrier, webhooks, owner } = parts;
        let (db, thread) = Db::start(store)?;
        let epoch = epoch(&db, clock.as_ref(), &owner).await?;
        recall_keys(&db, carrier.as_ref()).await?;
        let stop = CancellationToken::new();
        let pace = SharedPace::new(db.clone(), clock.clone(), stop.clone());
        let desk = Desk { db, clock, huntress, pace, destinations, progress: None };
        Ok(Self { desk, psa, carrier, webhooks, senders, thread, stop, owner, epoch })
    }

    /// Lets the time of pages go on once; what that queues is tied to `cause`.
    ///
    /// # Errors
    /// The store's.
    pub async fn escalate(&self, cause: &str) -> Result<(), Error> {
        paging::go_on(&self.desk.db, self.desk.clock.now(), cause).await
    }

    /// Its store.
    pub fn db(&self) -> &Db {
        &self.desk.db
    }

    /// One poll, and the chores that are due, since nobody else will do them soon.
    pub async fn poll(&self, progress: Option<Progress>) -> PollReport {
        let desk = Desk { progress, ..self.desk.clone() };
        let (mut report, failed) = desk.poll().await;
        if failed.is_none() {
            desk.chores(&mut report).await;
        }
        // What an engine stored and didn't come to.
        if let Err(error) = inbox::drain(&desk, &self.webhooks).await {
            tracing::warn!(%error, "stored webhooks could not be processed");
        }
        report
    }

    /// Reads the PSA's catalogue and what people changed there; answers why it couldn't.
    ///
    /// # Errors
    /// The store's.
    pub async fn read_psa(&self) -> Result<Option<Failing>, Error> {
        let (db, pulse) = (self.desk.db.clone(), Pulse::new(self.desk.clock.clone()));
        Keeper { db, pulse, psa: self.psa.clone(), stop: self.stop.clone() }.once().await
    }

    /// Fetches a quarantined incident anew and takes it in.
    pub async fn retry(&self, id: IncidentId) -> Retried {
        retry::retry(&self.desk, id).await
    }

    /// Sends a PIN to a contact's number, trying once; what is then not sent yet waits for an engine.
    ///
    /// # Errors
    /// The store's; everything else is in the report.
    pub async fn verify(
        &self,
        carrier: &Arc<dyn Carrier>,
        senders: &[Arc<dyn Sender>],
        name: &str,
        channel: Option<Channel>,
    ) -> Result<VerificationReport, Error> {
        let Desk { db, clock, .. } = &self.desk;
        verify_alone(db, clock, carrier, senders, &self.owner, self.epoch, name, channel).await
    }

    /// Looks up what it can with tokens that are to spare now, for at most `within`; answers how many still wait.
    pub async fn look_ups(&self, within: Duration) -> u32 {
        let work = async {
            while let Ok(Some(look_up)) = look_ups::next(&self.desk).await {
                if look_up.due_at > self.desk.clock.now() || !self.desk.pace.try_pass(Urgency::LookUp).await {
                    break;
                }
                let paid = Paid(Counted::new(&self.desk.pace), std::sync::atomic::AtomicBool::new(true));
                if look_ups::one(&self.desk, &look_up, &paid).await.is_err() {
                    break;
                }
            }
        };
        let _late = tokio::time::timeout(within, work).await;
        let waiting = self.desk.db.read(|tx| tx.look_ups_waiting()).await.unwrap_or(0);
        u32::try_from(waiting).unwrap_or(u32::MAX)
    }

    /// Ends it; answers the store.
    pub async fn stop(self) -> Result<Store, Error> {
        self.stop.cancel();
        let Self { desk, psa, carrier, senders, thread, .. } = self;
        drop((desk, psa, carrier, senders));
        tokio::task::spawn_blocking(move || thread.join())
            .await
            .ok()
            .and_then(Result::ok)
            .ok_or_else(|| Error::Io("the store's thread has failed".into()))
    }
}

/// A pace whose first token was taken already.
struct Paid<'a>(Counted<'a>, std::sync::atomic::AtomicBool);

impl nightdesk_core::port::Pace for Paid<'_> {
    fn pass(
        &self,
        urgency: Urgency,
    ) -> nightdesk_core::port::PortFuture<'_, Result<(), nightdesk_core::port::Stopped>> {
        if self.1.swap(false, std::sync::atomic::Ordering::SeqCst) {
            return Box::pin(std::future::ready(Ok(())));
        }
        self.0.pass(urgency)
    }

    fn throttled(&self, retry_after: Option<Duration>) -> nightdesk_core::port::PortFuture<'_, ()> {
        self.0.throttled(retry_after)
    }

    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.now()
    }
}
