//! What commands ask of the running engine.

use crate::store::{ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row};

/// A request and, once there is one, its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    /// Its number.
    pub id: i64,
    /// What is asked: `poll`, …
    pub kind: String,
    /// With what, as JSON.
    pub body: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// After this nobody waits any more.
    pub deadline: DateTime<Utc>,
    /// The answer, as JSON.
    pub answer: Option<String>,
}

fn read(r: &Row<'_>) -> rusqlite::Result<RequestRow> {
    Ok(RequestRow {
        id: r.get(0)?,
        kind: r.get(1)?,
        body: r.get(2)?,
        asked_at: time(r.get(3)?),
        deadline: time(r.get(4)?),
        answer: r.get(5)?,
    })
}

const COLUMNS: &str = "id, kind, body, asked_at, deadline, answer";

impl Tx<'_> {
    /// Asks.
    pub fn ask(&self, kind: &str, body: &str, at: DateTime<Utc>, deadline: DateTime<Utc>) -> Result<i64, Error> {
        self.touch(Topic::Requests);
        let mut st = self
            .tx
            .prepare_cached("INSERT INTO request (kind, body, asked_at, deadline, state) VALUES (?1, ?2, ?3, ?4, 'waiting') RETURNING id")?;
        Ok(st.query_row((kind, body, ms(at), ms(deadline)), |r| r.get(0))?)
    }

    /// Requests that nobody has begun.
    pub fn waiting_requests(&self) -> Result<Vec<RequestRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM request WHERE state = 'waiting' AND state <> 'done' ORDER BY id");
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One request.
    pub fn request(&self, id: i64) -> Result<Option<RequestRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM request WHERE id = ?1");
        Ok(self.tx.prepare_cached(&sql)?.query_row([id], read).optional()?)
    }

    /// Work on a request begins.
    pub fn begin_request(&self, id: i64) -> Result<(), Error> {
        self.tx
            .prepare_cached("UPDATE request SET state = 'running' WHERE id = ?1 AND state = 'waiting'")?
            .execute([id])?;
        Ok(())
    }

    /// Answers a request.
    pub fn answer_request(&self, id: i64, answer: &str) -> Result<(), Error> {
        self.touch(Topic::Requests);
        self.tx
            .prepare_cached("UPDATE request SET state = 'done', answer = ?2 WHERE id = ?1")?
            .execute((id, answer))?;
        Ok(())
    }

    /// Requests that an engine had begun when it went away wait again.
    pub fn reopen_requests(&self) -> Result<(), Error> {
        self.tx.prepare_cached("UPDATE request SET state = 'waiting' WHERE state = 'running'")?.execute([])?;
        Ok(())
    }

    /// Drops requests whose deadline is long over.
    pub fn drop_requests(&self, before: DateTime<Utc>) -> Result<usize, Error> {
        Ok(self.tx.prepare_cached("DELETE FROM request WHERE deadline < ?1")?.execute([ms(before)])?)
    }
}
