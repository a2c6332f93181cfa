//! The running engine's answers to those who ask for a PIN.

use super::report::start;
use super::verification::let_go;
use super::{Started, VerificationReport};
use crate::db::Db;
use crate::pulse::Pulse;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Channel;
use nightdesk_core::port::Carrier;
use nightdesk_store::{Error, RequestRow};
use serde::Deserialize;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// How long whoever asked waits for a carrier that is slow or out of reach; the delivery itself goes on.
const PATIENCE: Duration = Duration::seconds(60);

/// How long to wait before looking again after the store failed.
const AFTER_STORE_ERROR: Duration = Duration::seconds(10);

/// The word of the request.
const KIND: &str = "contact_verify";

/// The task.
pub struct Verifications {
    /// The store.
    pub db: Db,
    /// What wakes it.
    pub pulse: Pulse,
    /// What seals the PINs; sending them is the dispatcher's.
    pub carrier: Arc<dyn Carrier>,
    /// Ends it.
    pub stop: CancellationToken,
}

/// Somebody waits, or has been told that it takes longer; then its end is still seen to.
struct Waiting {
    request: i64,
    until: Option<DateTime<Utc>>,
    started: Started,
}

#[derive(Deserialize)]
struct Body {
    name: String,
    channel: Option<Channel>,
}

impl Verifications {
    /// The task's name in the pulse.
    pub const NAME: &'static str = "contacts";

    /// Answers until stopped. Who waits is forgotten with the engine: the next one finds the request open, and the
    /// delivery that it caused.
    pub async fn run(self) {
        let mut waiter = self.pulse.waiter(Self::NAME);
        let mut waiting = Vec::new();
        while !self.stop.is_cancelled() {
            waiter.look();
            let next = match self.round(&mut waiting).await {
                Ok(()) => waiting.iter().filter_map(|w| w.until).min(),
                Err(error) => {
                    tracing::warn!(%error, "those who ask for a PIN could not be answered");
                    Some(self.pulse.clock().now() + AFTER_STORE_ERROR)
                }
            };
            tokio::select! {
                () = waiter.rest(next) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    async fn round(&self, waiting: &mut Vec<Waiting>) -> Result<(), Error> {
        let asked: Vec<RequestRow> = self
            .db
            .read(|tx| Ok::<_, Error>(tx.waiting_requests()?.into_iter().filter(|r| r.kind == KIND).collect()))
            .await?;
        for request in asked {
            let id = request.id;
            self.db.write(move |tx| tx.begin_request(id)).await?;
            match self.begin(&request).await {
                Ok(started) => {
                    let until = Some(self.pulse.clock().now() + PATIENCE);
                    waiting.push(Waiting { request: id, until, started });
                    // The dispatcher isn't told of what is queued here in any other way.
                    self.pulse.beat();
                }
                Err(refused) => self.answer(id, &refused).await?,
            }
        }
        let now = self.pulse.clock().now();
        let mut at = 0;
        // In place: who waits isn't forgotten when the store fails for once.
        while let Some(one) = waiting.get_mut(at) {
            let started = one.started.clone();
            let report = self.db.read(move |tx| VerificationReport::of(tx, &started)).await?;
            let (is_final, delivery) = (report.is_final(), one.started.delivery);
            if one.until.is_some_and(|until| is_final || now >= until) {
                self.answer(one.request, &report).await?;
                one.until = None;
            }
            if is_final {
                self.db.write(move |tx| let_go(tx, now, delivery)).await?;
                waiting.remove(at);
            } else {
                at += 1;
            }
        }
        Ok(())
    }

    async fn begin(&self, request: &RequestRow) -> Result<Started, VerificationReport> {
        let now = self.pulse.clock().now();
        let body: Body = serde_json::from_str(&request.body)
            .map_err(|e| VerificationReport::refused("", &super::Error::Unreadable(e.to_string())))?;
        // A PIN that comes long after it was asked for only puzzles whoever gets it.
        if request.deadline < now {
            return Err(VerificationReport::refused(&body.name, &super::Error::TooLate));
        }
        let cause = format!("request {}", request.id);
        start(&self.db, now, &self.carrier, &body.name, body.channel, &cause)
            .await
            .map_err(|error| VerificationReport::refused(&body.name, &error))
    }

    async fn answer(&self, request: i64, report: &VerificationReport) -> Result<(), Error> {
        let answer = serde_json::to_string(report)?;
        self.db.write(move |tx| tx.answer_request(request, &answer)).await
    }
}
