//! Attempts: what was tried of each delivery, and what came of it.

use crate::store::{maybe_time, ms, time};
use crate::{Error, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::DeliveryId;

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// From 1.
    pub number: u32,
    /// When its row was written, before a byte left.
    pub began_at: DateTime<Utc>,
    /// When its outcome was known.
    pub ended_at: Option<DateTime<Utc>>,
    /// In a word.
    pub outcome: Option<String>,
    /// In words.
    pub detail: Option<String>,
}

impl Tx<'_> {
    /// A delivery's attempts, in order.
    pub fn attempts(&self, id: DeliveryId) -> Result<Vec<AttemptRow>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT number, began_at, ended_at, outcome, detail FROM attempt WHERE delivery_id = ?1 ORDER BY number",
        )?;
        let rows = st.query_map([id.0], |r| {
            Ok(AttemptRow {
                number: r.get(0)?,
                began_at: time(r.get(1)?),
                ended_at: maybe_time(r.get(2)?),
                outcome: r.get(3)?,
                detail: r.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Drops attempts that ended before `before`, with what went over the wire in them.
    pub fn drop_attempts(&self, before: DateTime<Utc>) -> Result<usize, Error> {
        self.drop_exchanges(before)?;
        Ok(self.tx.prepare_cached("DELETE FROM attempt WHERE ended_at < ?1")?.execute([ms(before)])?)
    }
}
