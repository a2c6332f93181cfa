//! Polls as they went, and the time that nobody watched.

use crate::error::Error;
use chrono::{DateTime, Utc};
use nightdesk_engine::poller::PollReport;
use nightdesk_engine::retry;
use nightdesk_store::{NumberedPoll, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A poll on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PollLine {
    /// Its number.
    pub id: i64,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// Whether its walk reached its boundary.
    pub ok: bool,
    /// Why not.
    pub error: Option<String>,
    /// Requests that left, retries included.
    pub requests: u32,
    /// Records received.
    pub fetched: u32,
    /// Seen for the first time.
    pub new: u32,
    /// Known, and different.
    pub changed: u32,
    /// Tickets opened.
    pub tickets_created: u32,
    /// Tickets closed.
    pub tickets_closed: u32,
    /// Records quarantined.
    pub quarantined: u32,
}

/// A stretch of time that nobody watched (ND-14), with what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "Gap")]
pub struct GapLine {
    /// From the last proof.
    pub from: DateTime<Utc>,
    /// To the next; `None` while it lasts.
    pub to: Option<DateTime<Utc>>,
    /// Why.
    pub why: String,
    /// Incidents that the poll which ended it saw for the first time; `None` where its record is gone.
    pub arrived: Option<u32>,
}

/// What a poll came to: the engine's report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "PollReport")]
#[allow(missing_docs)]
pub struct Polled {
    pub ok: bool,
    pub error: Option<String>,
    pub requests: u32,
    pub fetched: u32,
    pub new: u32,
    pub changed: u32,
    pub unchanged: u32,
    pub tickets_created: u32,
    pub tickets_closed: u32,
    pub quarantined: u32,
    pub duration_ms: i64,
    pub paused: bool,
    pub damaged: bool,
}

impl From<PollReport> for Polled {
    fn from(r: PollReport) -> Self {
        Self {
            ok: r.ok,
            error: r.error,
            requests: r.requests,
            fetched: r.fetched,
            new: r.new,
            changed: r.changed,
            unchanged: r.unchanged,
            tickets_created: r.tickets_created,
            tickets_closed: r.tickets_closed,
            quarantined: r.quarantined,
            duration_ms: r.duration_ms,
            paused: r.paused,
            damaged: r.damaged,
        }
    }
}

/// What came of fetching a quarantined incident again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReadAgain {
    /// Whether it could be read in full now.
    pub ok: bool,
    /// Why not.
    pub error: Option<String>,
}

impl From<retry::Retried> for ReadAgain {
    fn from(r: retry::Retried) -> Self {
        Self { ok: r.ok, error: r.error }
    }
}

/// The longest list of either.
const MOST: u32 = 1000;

/// The last polls, newest first.
///
/// # Errors
/// The store's.
pub fn polls(tx: &Tx<'_>, limit: u32) -> Result<Vec<PollLine>, Error> {
    Ok(tx.numbered_polls(limit.min(MOST))?.into_iter().map(PollLine::from).collect())
}

impl From<NumberedPoll> for PollLine {
    fn from(NumberedPoll { id, poll }: NumberedPoll) -> Self {
        // A report that an older version wrote may lack a number; when and whether stand beside it.
        let report: PollReport = serde_json::from_str(&poll.body).unwrap_or_default();
        Self {
            id,
            began_at: poll.began_at,
            ended_at: poll.ended_at,
            ok: poll.ok,
            error: report.error,
            requests: report.requests,
            fetched: report.fetched,
            new: report.new,
            changed: report.changed,
            tickets_created: report.tickets_created,
            tickets_closed: report.tickets_closed,
            quarantined: report.quarantined,
        }
    }
}

/// The last stretches of time that nobody watched, newest first.
///
/// # Errors
/// The store's.
pub fn gaps(tx: &Tx<'_>, limit: u32) -> Result<Vec<GapLine>, Error> {
    let rows = tx.gaps_with_polls(limit.min(MOST))?.into_iter();
    let arrived = |body: Option<String>| Some(serde_json::from_str::<PollReport>(&body?).ok()?.new);
    Ok(rows.map(|(g, body)| GapLine { from: g.from, to: g.to, why: g.why, arrived: arrived(body) }).collect())
}
