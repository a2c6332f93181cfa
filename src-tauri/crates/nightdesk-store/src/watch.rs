//! Polls as they went, and time that nobody watched (ND-14).

use crate::store::{maybe_time, ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row};

/// A poll's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollRow {
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// Whether its walk reached its boundary.
    pub ok: bool,
    /// What it found, as JSON.
    pub body: String,
}

/// A poll's record with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedPoll {
    /// Counts up.
    pub id: i64,
    /// The record.
    pub poll: PollRow,
}

/// A stretch of time that wasn't watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapRow {
    /// Its number.
    pub id: i64,
    /// From the last proof.
    pub from: DateTime<Utc>,
    /// To the next; `None` while it lasts.
    pub to: Option<DateTime<Utc>>,
    /// Why.
    pub why: String,
}

fn read_gap(r: &Row<'_>) -> rusqlite::Result<GapRow> {
    Ok(GapRow { id: r.get(0)?, from: time(r.get(1)?), to: maybe_time(r.get(2)?), why: r.get(3)? })
}

impl Tx<'_> {
    /// Records a poll.
    pub fn add_poll(&self, poll: &PollRow) -> Result<(), Error> {
        self.tx
            .prepare_cached("INSERT INTO poll (began_at, ended_at, ok, body) VALUES (?1, ?2, ?3, ?4)")?
            .execute((ms(poll.began_at), ms(poll.ended_at), poll.ok, &poll.body))?;
        self.touch(Topic::Watch);
        Ok(())
    }

    /// The last polls, newest first.
    pub fn polls(&self, limit: u32) -> Result<Vec<PollRow>, Error> {
        let mut st =
            self.tx.prepare_cached("SELECT began_at, ended_at, ok, body FROM poll ORDER BY id DESC LIMIT ?1")?;
        let rows = st.query_map([limit], |r| {
            Ok(PollRow { began_at: time(r.get(0)?), ended_at: time(r.get(1)?), ok: r.get(2)?, body: r.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The last polls with their numbers, newest first.
    pub fn numbered_polls(&self, limit: u32) -> Result<Vec<NumberedPoll>, Error> {
        let mut st =
            self.tx.prepare_cached("SELECT id, began_at, ended_at, ok, body FROM poll ORDER BY id DESC LIMIT ?1")?;
        let rows = st.query_map([limit], |r| {
            let poll = PollRow { began_at: time(r.get(1)?), ended_at: time(r.get(2)?), ok: r.get(3)?, body: r.get(4)? };
            Ok(NumberedPoll { id: r.get(0)?, poll })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The last gaps, newest first, each with the report of the poll that ended it, while that is on record.
    pub fn gaps_with_polls(&self, limit: u32) -> Result<Vec<(GapRow, Option<String>)>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT g.id, g.from_at, g.to_at, g.why, (SELECT p.body FROM poll p WHERE p.ended_at >= g.to_at
             AND p.began_at <= g.to_at AND p.ok = 1 ORDER BY p.ended_at LIMIT 1) FROM gap g ORDER BY g.id DESC LIMIT ?1",
        )?;
        let rows = st.query_map([limit], |r| Ok((read_gap(r)?, r.get(4)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps only the last `keep` polls.
    pub fn drop_polls(&self, keep: u32) -> Result<(), Error> {
        self.tx.prepare_cached("DELETE FROM poll WHERE id <= (SELECT MAX(id) FROM poll) - ?1")?.execute([keep])?;
        Ok(())
    }

    /// The gap that is open, if one is.
    pub fn open_gap(&self) -> Result<Option<GapRow>, Error> {
        let mut st = self
            .tx
            .prepare_cached("SELECT id, from_at, to_at, why FROM gap WHERE to_at IS NULL ORDER BY id DESC LIMIT 1")?;
        Ok(st.query_row([], read_gap).optional()?)
    }

    /// Records a gap.
    pub fn add_gap(&self, from: DateTime<Utc>, to: Option<DateTime<Utc>>, why: &str) -> Result<(), Error> {
        self.tx.prepare_cached("INSERT INTO gap (from_at, to_at, why) VALUES (?1, ?2, ?3)")?.execute((
            ms(from),
            to.map(ms),
            why,
        ))?;
        self.touch(Topic::Watch);
        Ok(())
    }

    /// Ends a gap, or changes what is said of it.
    pub fn set_gap(&self, id: i64, to: Option<DateTime<Utc>>, why: &str) -> Result<(), Error> {
        self.tx.prepare_cached("UPDATE gap SET to_at = ?2, why = ?3 WHERE id = ?1")?.execute((id, to.map(ms), why))?;
        self.touch(Topic::Watch);
        Ok(())
    }

    /// The last gaps, newest first.
    pub fn gaps(&self, limit: u32) -> Result<Vec<GapRow>, Error> {
        let mut st = self.tx.prepare_cached("SELECT id, from_at, to_at, why FROM gap ORDER BY id DESC LIMIT ?1")?;
        let rows = st.query_map([limit], read_gap)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
