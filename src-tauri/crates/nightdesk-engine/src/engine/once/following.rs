//! What a command without an engine sends of its own, and how it follows that.

use super::Once;
use crate::dispatcher::{self, Delivered};
use crate::paging::{self, Escalator, Follower};
use crate::psa;
use crate::pulse::Pulse;
use chrono::{DateTime, Utc};
use nightdesk_core::delivery::{Kind, State};
use nightdesk_store::{DeliveryFilter, Error, Setting, Tx};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long the carrier may take to say whether calls can ask for keys.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often in a row a page may go on because nobody could be told: more steps than call trees have.
const MOST_TURNS: u32 = 64;

/// What came of everything that a command queued.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// What was tried.
    pub tried: Delivered,
    /// How many deliveries of this command wait for an engine.
    pub waiting: u32,
    /// Pages wait for somebody: only an engine hears the answers and goes on to the next contact.
    pub pages: bool,
}

impl Once {
    /// The newest delivery, to tell what is queued from now on. What changed before and hasn't been planned for the PSA is
    /// planned first: it is somebody else's, and waits for an engine.
    ///
    /// # Errors
    /// The store's.
    pub async fn newest(&self) -> Result<i64, Error> {
        let now = self.desk.clock.now();
        self.desk
            .db
            .write(move |tx| {
                plan(tx, now)?;
                tx.newest_delivery()
            })
            .await
    }

    /// Lets pages go on and tries once whatever was queued after the delivery `before`. Where the carrier refuses to tell
    /// somebody, whoever is next is told at once.
    ///
    /// # Errors
    /// The store's.
    pub async fn deliver_since(&self, mut before: i64, cause: &str) -> Result<Left, Error> {
        let (first, mut left) = (before, Left::default());
        for turn in 0..MOST_TURNS {
            // A cause of its own each: what failed for now is not tried again by the same command.
            let cause = format!("{cause}.{turn}");
            self.escalate(&cause).await?;
            let (ours, since, now) = (cause.clone(), before, self.desk.clock.now());
            let (newest, calls) = self
                .desk
                .db
                .write(move |tx| {
                    plan(tx, now)?;
                    tx.caused_since(since, &ours)?;
                    Ok::<_, Error>((
                        tx.newest_delivery()?,
                        queued(tx)?.iter().any(|(id, kind)| *id > since && *kind == Kind::Call),
                    ))
                })
                .await?;
            if newest == before {
                break;
            }
            before = newest;
            let sent = if calls { self.deliver(&cause).await? } else { self.send(&cause).await? };
            left.tried.attempted += sent.attempted;
            left.tried.arrived += sent.arrived;
        }
        let read = move |tx: &Tx<'_>| Ok::<_, Error>((tx.waiting_since(first)?, tx.open_page_count()? > 0));
        let (waiting, pages) = self.desk.db.read(read).await?;
        Ok(Left { waiting, pages, ..left })
    }

    /// Tries once what `cause` queued; what is then unsettled waits for an engine. The carrier is first asked for what
    /// lets a call ask for keys, since a call that only speaks can't be answered.
    ///
    /// # Errors
    /// The store's.
    pub async fn deliver(&self, cause: &str) -> Result<Delivered, Error> {
        let db = &self.desk.db;
        let known = db.read(|tx| tx.setting(Setting::PagingKeys)).await?;
        if let Ok(answer) = tokio::time::timeout(PATIENCE, self.carrier.keys(known.as_deref())).await {
            db.write(move |tx| {
                paging::keep_answer(tx, &answer)?;
                match answer {
                    Ok(keys) if keys != known => tx.set(Setting::PagingKeys, keys.as_deref()),
                    _ => Ok(()),
                }
            })
            .await?;
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

/// Plans for the PSA whatever changed here; each outcome may bring the next.
fn plan(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    while tx.is_psa_due()? && psa::due(tx, now)? {}
    Ok(())
}

fn queued(tx: &Tx<'_>) -> Result<Vec<(i64, Kind)>, Error> {
    let rows = tx.deliveries(&DeliveryFilter { state: Some(State::Queued), limit: None })?;
    Ok(rows.into_iter().map(|row| (row.id.0, row.kind)).collect())
}
