//! What a command without an engine sends of its own, and how it follows that.

use super::Once;
use crate::dispatcher::{self, Delivered};
use crate::paging::{Escalator, Follower};
use crate::pulse::Pulse;
use nightdesk_store::{Error, Setting};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long the carrier may take to say whether calls can ask for keys.
const PATIENCE: Duration = Duration::from_secs(20);

impl Once {
    /// Tries once what `cause` queued; what is then unsettled waits for an engine. The carrier is first asked for what
    /// lets a call ask for keys, since a call that only speaks can't be answered.
    ///
    /// # Errors
    /// The store's.
    pub async fn deliver(&self, cause: &str) -> Result<Delivered, Error> {
        let db = &self.desk.db;
        let known = db.read(|tx| tx.setting(Setting::PagingKeys)).await?;
        if let Ok(Ok(keys)) = tokio::time::timeout(PATIENCE, self.carrier.keys(known.as_deref())).await
            && keys != known
        {
            db.write(move |tx| tx.set(Setting::PagingKeys, keys.as_deref())).await?;
        }
        self.send(cause).await
    }

    /// As [`Self::deliver`], for what no call is among: nobody is asked for anything first.
    ///
    /// # Errors
    /// The store's.
    pub async fn send(&self, cause: &str) -> Result<Delivered, Error> {
        dispatcher::once(&self.desk.db, &self.desk.clock, &self.senders, &self.owner, self.epoch, cause).await
    }

    /// Follows pages, drills and tests at the carrier until `done` is, and answers what it gives.
    pub async fn follow<T>(&self, done: impl Future<Output = T>) -> T {
        let (pulse, stop) = (Pulse::new(self.desk.clock.clone()), CancellationToken::new());
        let escalator = Escalator { db: self.desk.db.clone(), pulse: pulse.clone(), stop: stop.clone() };
        let follower = Follower { db: self.desk.db.clone(), pulse, carrier: self.carrier.clone(), stop };
        let going = async { tokio::join!(escalator.run(), follower.run()) };
        tokio::pin!(done);
        tokio::select! {
            answer = &mut done => return answer,
            // They end only by being stopped, which nobody does here.
            _ = going => {}
        }
        done.await
    }
}
