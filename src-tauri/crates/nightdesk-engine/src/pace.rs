//! The one token bucket for Huntress, kept in the store so that every process of a data directory draws from it.

use crate::db::Db;
use chrono::{DateTime, Utc};
use nightdesk_core::bucket::{Bucket, LOOK_UP_RESERVE};
use nightdesk_core::clock::Clock;
use nightdesk_core::port::{Pace, PortFuture, Stopped, Urgency};
use nightdesk_store::{Error, Setting, Tx};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How long a 429 without a `Retry-After` closes the bucket.
const UNASKED_WAIT: Duration = Duration::from_secs(10);

/// Paces every Huntress request of one process by the shared bucket.
#[derive(Clone)]
pub struct SharedPace {
    db: Db,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
    per_minute: Arc<AtomicU32>,
    waiting: Arc<Mutex<BTreeMap<Urgency, u32>>>,
    left: Arc<Notify>,
}

impl SharedPace {
    /// A pace that ends with `stop`.
    pub fn new(db: Db, clock: Arc<dyn Clock>, stop: CancellationToken) -> Self {
        Self {
            db,
            clock,
            stop,
            per_minute: Arc::new(AtomicU32::new(30)),
            waiting: Arc::default(),
            left: Arc::new(Notify::new()),
        }
    }

    /// Follows a changed configuration.
    pub fn set_rate(&self, per_minute: u32) {
        self.per_minute.store(per_minute.max(1), Ordering::Relaxed);
    }

    fn count(&self, urgency: Urgency, by: i32) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let n = waiting.entry(urgency).or_insert(0);
        *n = n.saturating_add_signed(by);
    }

    fn outranked(&self, urgency: Urgency) -> bool {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.range(..urgency).any(|(_, n)| *n > 0)
    }

    /// Takes a token if there is one to be had without waiting.
    pub async fn try_pass(&self, urgency: Urgency) -> bool {
        !self.outranked(urgency) && matches!(self.take(urgency).await, Ok(Ok(())))
    }

    async fn take(&self, urgency: Urgency) -> Result<Result<(), DateTime<Utc>>, Error> {
        let (now, rate) = (self.clock.now(), self.per_minute.load(Ordering::Relaxed));
        let reserve = if urgency == Urgency::LookUp { LOOK_UP_RESERVE } else { 0 };
        self.db
            .write(move |tx| {
                let (bucket, got) = load(tx, now)?.take(now, rate, reserve);
                if got.is_ok() {
                    save(tx, &bucket)?;
                }
                Ok::<_, Error>(got)
            })
            .await
    }

    async fn pass_waiting(&self, urgency: Urgency) -> Result<(), Stopped> {
        loop {
            if self.stop.is_cancelled() {
                return Err(Stopped);
            }
            let turn = self.left.notified();
            if self.outranked(urgency) {
                tokio::select! {
                    () = turn => {}
                    () = self.stop.cancelled() => return Err(Stopped),
                }
                continue;
            }
            // A store that can't be written can't pace; the work that needs it will fail by itself and say so.
            let Ok(Err(until)) = self.take(urgency).await else { return Ok(()) };
            tokio::select! {
                () = self.clock.wait_until(until) => {}
                () = self.stop.cancelled() => return Err(Stopped),
            }
        }
    }
}

struct Waiting<'a>(&'a SharedPace, Urgency);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.count(self.1, -1);
        self.0.left.notify_waiters();
    }
}

impl Pace for SharedPace {
    fn pass(&self, urgency: Urgency) -> PortFuture<'_, Result<(), Stopped>> {
        Box::pin(async move {
            self.count(urgency, 1);
            let _waiting = Waiting(self, urgency);
            self.pass_waiting(urgency).await
        })
    }

    fn throttled(&self, retry_after: Option<Duration>) -> PortFuture<'_, ()> {
        Box::pin(async move {
            let now = self.clock.now();
            let wait = retry_after.unwrap_or(UNASKED_WAIT);
            let closed = self.db.write(move |tx| save(tx, &load(tx, now)?.throttled(now, wait))).await;
            if let Err(e) = closed {
                tracing::warn!(error = %e, "the request budget could not be closed after a 429");
            }
        })
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

/// Counts the requests of one poll.
pub struct Counted<'a> {
    pace: &'a SharedPace,
    requests: AtomicU32,
}

impl<'a> Counted<'a> {
    /// Counts from 0.
    pub fn new(pace: &'a SharedPace) -> Self {
        Self { pace, requests: AtomicU32::new(0) }
    }

    /// How many attempts left so far.
    pub fn requests(&self) -> u32 {
        self.requests.load(Ordering::Relaxed)
    }
}

impl Pace for Counted<'_> {
    fn pass(&self, urgency: Urgency) -> PortFuture<'_, Result<(), Stopped>> {
        Box::pin(async move {
            self.pace.pass(urgency).await?;
            self.requests.fetch_add(1, Ordering::Relaxed);
            Ok(())
        })
    }

    fn throttled(&self, retry_after: Option<Duration>) -> PortFuture<'_, ()> {
        self.pace.throttled(retry_after)
    }

    fn now(&self) -> DateTime<Utc> {
        self.pace.now()
    }
}

fn load(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Bucket, Error> {
    let text = tx.setting(Setting::Bucket)?;
    let read = |text: &str| {
        let mut parts = text.split(' ').map(str::parse::<i64>);
        let units = parts.next()?.ok()?;
        let at = DateTime::from_timestamp_millis(parts.next()?.ok()?)?;
        let closed_until = parts.next().and_then(Result::ok).and_then(DateTime::from_timestamp_millis);
        Some(Bucket { units, at, closed_until })
    };
    Ok(text.as_deref().and_then(read).unwrap_or_else(|| Bucket::full(now)))
}

fn save(tx: &Tx<'_>, bucket: &Bucket) -> Result<(), Error> {
    let closed = bucket.closed_until.map(|t| format!(" {}", t.timestamp_millis())).unwrap_or_default();
    tx.set(Setting::Bucket, Some(&format!("{} {}{closed}", bucket.units, bucket.at.timestamp_millis())))
}
