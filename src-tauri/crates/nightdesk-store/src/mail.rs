//! Mail that waits to be bundled, tests of mail, and what mail waits for somebody.

use crate::store::ms;
use crate::{DeliveryRow, Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::delivery::Kind;
use nightdesk_core::ids::DeliveryId;
use rusqlite::OptionalExtension;

/// Sorts after everything that begins with the same.
const LAST: char = '\u{10ffff}';

impl Tx<'_> {
    /// The newest delivery whose marker begins so.
    pub fn newest_marked(&self, prefix: &str) -> Result<Option<DeliveryRow>, Error> {
        let mut st = self
            .tx
            .prepare_cached("SELECT id FROM delivery WHERE marker >= ?1 AND marker < ?2 ORDER BY id DESC LIMIT 1")?;
        let id: Option<i64> = st.query_row((prefix, format!("{prefix}{LAST}")), |r| r.get(0)).optional()?;
        id.map_or(Ok(None), |id| self.delivery(DeliveryId(id)))
    }

    /// Every delivery whose marker begins so, in the order in which they were queued.
    pub fn marked(&self, prefix: &str) -> Result<Vec<DeliveryRow>, Error> {
        let mut st =
            self.tx.prepare_cached("SELECT id FROM delivery WHERE marker >= ?1 AND marker < ?2 ORDER BY id")?;
        let ids = st.query_map((prefix, format!("{prefix}{LAST}")), |r| r.get::<_, i64>(0))?;
        let ids: Vec<i64> = ids.collect::<Result<_, _>>()?;
        ids.into_iter().filter_map(|id| self.delivery(DeliveryId(id)).transpose()).collect()
    }

    /// Gives other words and another time to a delivery that nobody has begun with; answers whether it could be done.
    pub fn reword(&self, id: DeliveryId, payload: &serde_json::Value, due_at: DateTime<Utc>) -> Result<bool, Error> {
        let mut st = self.tx.prepare_cached(
            "UPDATE delivery SET payload = ?2, due_at = ?3 WHERE id = ?1 AND state = 'queued' AND attempts = 0 AND lease_owner IS NULL",
        )?;
        self.touch(Topic::Outbox);
        Ok(st.execute((id.0, payload.to_string(), ms(due_at)))? > 0)
    }

    /// How many of the deliveries that were queued after this one are still to leave.
    pub fn waiting_since(&self, after: i64) -> Result<u32, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT COUNT(*) FROM delivery WHERE id > ?1 AND state IN ('queued', 'retrying', 'in_doubt')",
        )?;
        Ok(st.query_row([after], |r| r.get(0))?)
    }

    /// The deliveries of a kind that wait for a person and were queued since then.
    pub fn waiting_for_a_person(&self, kind: Kind, since: DateTime<Utc>) -> Result<Vec<DeliveryId>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT id FROM delivery WHERE state = 'needs_human' AND kind = ?1 AND created_at >= ?2 ORDER BY id",
        )?;
        let ids = st.query_map((kind.word(), ms(since)), |r| r.get::<_, i64>(0).map(DeliveryId))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }
}
