//! What is known of the endpoints of webhooks beside the configuration, which says which there are.

use crate::store::{maybe_time, ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::delivery::{Kind, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::webhook::Failing;
use rusqlite::{OptionalExtension, Row};

/// Why nothing is sent to an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disabled {
    /// It said that it wants no more.
    Gone,
    /// It failed for days.
    Failing,
}

impl Disabled {
    /// The word for it, as stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Gone, Self::Failing].into_iter().find(|d| d.word() == word)
    }
}

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointRow {
    /// Its address, normalised.
    pub url: String,
    /// When it was configured.
    pub added_at: DateTime<Utc>,
    /// The generation of its secret, from 1.
    pub generation: u32,
    /// When that was made in place of the one before.
    pub rotated_at: Option<DateTime<Utc>>,
    /// Its failures since it last succeeded.
    pub failing: Option<Failing>,
    /// Since when nothing is sent to it, and why.
    pub disabled: Option<(DateTime<Utc>, Disabled)>,
    /// When it was last tried.
    pub last_at: Option<DateTime<Utc>>,
    /// What it answered then, if it did.
    pub last_status: Option<u16>,
    /// What was wrong then, if anything was.
    pub last_error: Option<String>,
    /// When it was taken out of the configuration.
    pub deleted_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "url, added_at, generation, rotated_at, failing_since, failing_counts, disabled_at, disabled_why,
    last_at, last_status, last_error, deleted_at";

/// Neither given up nor deleted.
const IS_OPEN: &str = "disabled_at IS NULL AND deleted_at IS NULL";

fn read(r: &Row<'_>) -> rusqlite::Result<EndpointRow> {
    let failing = maybe_time(r.get(4)?);
    let (counts, why): (bool, Option<String>) = (r.get(5)?, r.get(7)?);
    let disabled = maybe_time(r.get(6)?).zip(why.as_deref().and_then(Disabled::parse));
    Ok(EndpointRow {
        url: r.get(0)?,
        added_at: time(r.get(1)?),
        generation: r.get(2)?,
        rotated_at: maybe_time(r.get(3)?),
        failing: failing.map(|since| Failing { since, counts }),
        disabled,
        last_at: maybe_time(r.get(8)?),
        last_status: r.get(9)?,
        last_error: r.get(10)?,
        deleted_at: maybe_time(r.get(11)?),
    })
}

impl Tx<'_> {
    /// One endpoint, a deleted one too.
    pub fn endpoint(&self, url: &str) -> Result<Option<EndpointRow>, Error> {
        let mut st = self.tx.prepare_cached(&format!("SELECT {COLUMNS} FROM endpoint WHERE url = ?1"))?;
        Ok(st.query_row([url], read).optional()?)
    }

    /// Those that aren't deleted, by address.
    pub fn endpoints(&self) -> Result<Vec<EndpointRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM endpoint WHERE deleted_at IS NULL ORDER BY url");
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The addresses that may be sent to.
    pub fn open_endpoints(&self) -> Result<Vec<String>, Error> {
        let mut st = self.tx.prepare_cached(&format!("SELECT url FROM endpoint WHERE {IS_OPEN} ORDER BY url"))?;
        let rows = st.query_map([], |r| r.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Begins an endpoint. One of an address that was deleted before begins with another secret; one that is there stays.
    pub fn add_endpoint(&self, url: &str, at: DateTime<Utc>) -> Result<(), Error> {
        self.touch(Topic::Webhooks);
        self.tx
            .prepare_cached(
                "INSERT INTO endpoint (url, added_at, generation) VALUES (?1, ?2, 1)
                 ON CONFLICT (url) DO UPDATE SET added_at = excluded.added_at, generation = endpoint.generation + 1,
                 rotated_at = NULL, failing_since = NULL, failing_counts = 0, disabled_at = NULL, disabled_why = NULL,
                 last_at = NULL, last_status = NULL, last_error = NULL, deleted_at = NULL WHERE endpoint.deleted_at IS NOT NULL",
            )?
            .execute((url, ms(at)))?;
        Ok(())
    }

    /// Forgets an endpoint's rotations: its secrets sign nothing for one of the same address that comes later.
    pub fn forget_rotations(&self, url: &str) -> Result<(), Error> {
        self.tx.prepare_cached("DELETE FROM rotation WHERE url = ?1")?.execute([url])?;
        Ok(())
    }

    /// Notes that an endpoint's secret was replaced, and forgets the rotations up to `old`.
    pub fn add_rotation(&self, url: &str, at: DateTime<Utc>, old: DateTime<Utc>) -> Result<(), Error> {
        self.tx.prepare_cached("DELETE FROM rotation WHERE url = ?1 AND at <= ?2")?.execute((url, ms(old)))?;
        self.tx.prepare_cached("INSERT INTO rotation (url, at) VALUES (?1, ?2)")?.execute((url, ms(at)))?;
        Ok(())
    }

    /// How often an endpoint's secret was replaced after `since`.
    pub fn rotations(&self, url: &str, since: DateTime<Utc>) -> Result<u32, Error> {
        let mut st = self.tx.prepare_cached("SELECT COUNT(*) FROM rotation WHERE url = ?1 AND at > ?2")?;
        Ok(st.query_row((url, ms(since)), |r| r.get(0))?)
    }

    /// Writes an endpoint's changed row.
    pub fn save_endpoint(&self, row: &EndpointRow) -> Result<(), Error> {
        self.touch(Topic::Webhooks);
        self.tx
            .prepare_cached(
                "UPDATE endpoint SET generation = ?2, rotated_at = ?3, failing_since = ?4, failing_counts = ?5, disabled_at = ?6,
                 disabled_why = ?7, last_at = ?8, last_status = ?9, last_error = ?10, deleted_at = ?11 WHERE url = ?1",
            )?
            .execute(rusqlite::params![
                row.url,
                row.generation,
                row.rotated_at.map(ms),
                row.failing.map(|f| ms(f.since)),
                row.failing.is_some_and(|f| f.counts),
                row.disabled.map(|(at, _)| ms(at)),
                row.disabled.map(|(_, why)| why.word()),
                row.last_at.map(ms),
                row.last_status,
                row.last_error,
                row.deleted_at.map(ms),
            ])?;
        Ok(())
    }

    /// Deliveries to this address that nobody holds and that are not over.
    pub fn unsettled_posts(&self, url: &str) -> Result<Vec<(DeliveryId, State)>, Error> {
        self.posts_where("destination = ?1", [url])
    }

    /// Deliveries that nobody holds, to addresses that are no endpoints any more: what was under way when its endpoint was
    /// deleted.
    pub fn stray_posts(&self) -> Result<Vec<(DeliveryId, State)>, Error> {
        self.posts_where(
            "NOT EXISTS (SELECT 1 FROM endpoint e WHERE e.url = delivery.destination AND e.deleted_at IS NULL)",
            [],
        )
    }

    /// How many deliveries to this address are not over, held ones counted too.
    pub fn open_posts(&self, url: &str) -> Result<u32, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT COUNT(*) FROM delivery WHERE kind = 'webhook' AND destination = ?1 AND state IN
             ('queued', 'claimed', 'sending', 'retrying', 'in_doubt', 'needs_human', 'dead_lettered', 'rejected')
             AND state NOT IN ('needs_human', 'dead_lettered', 'rejected')",
        )?;
        Ok(st.query_row([url], |r| r.get(0))?)
    }

    fn posts_where(&self, which: &str, with: impl rusqlite::Params) -> Result<Vec<(DeliveryId, State)>, Error> {
        // The kind first, as the partial index of what is due has it.
        let mut st = self.tx.prepare_cached(&format!(
            "SELECT id, state FROM delivery WHERE kind = '{}' AND state IN ('queued', 'retrying', 'in_doubt')
             AND lease_owner IS NULL AND {which} ORDER BY id",
            Kind::Webhook.word()
        ))?;
        let rows = st.query_map(with, |r| Ok((DeliveryId(r.get(0)?), r.get::<_, String>(1)?)))?;
        let mut out = Vec::new();
        for row in rows {
            let (id, word) = row?;
            out.push((id, State::parse(&word).ok_or_else(|| Error::Value(format!("delivery state {word}")))?));
        }
        Ok(out)
    }

    /// How many deliveries wait for each address, held ones not counted.
    pub fn posts_waiting(&self) -> Result<Vec<(String, u32)>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT destination, COUNT(*) FROM delivery WHERE kind = 'webhook' AND state IN ('queued', 'retrying', 'in_doubt')
             GROUP BY destination",
        )?;
        let rows = st.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
