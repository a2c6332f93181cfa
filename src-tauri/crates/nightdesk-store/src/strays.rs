//! Texts and calls that belong to no step, from the carrier's taking them until it tells how they ended.

use crate::store::{maybe_time, ms, time};
use crate::{Error, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::DeliveryId;

/// A text or call of no step that is with the carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stray {
    /// Its delivery.
    pub delivery: DeliveryId,
    /// When the carrier took it.
    pub since: DateTime<Utc>,
    /// When the carrier is asked next.
    pub look_at: DateTime<Utc>,
}

impl Tx<'_> {
    /// The carrier took it, and will be asked what became of it.
    pub fn follow_stray(&self, stray: &Stray) -> Result<(), Error> {
        let mut st = self.tx.prepare_cached(
            "INSERT INTO stray (delivery_id, since, look_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (delivery_id) DO UPDATE SET since = excluded.since, look_at = excluded.look_at",
        )?;
        st.execute((stray.delivery.0, ms(stray.since), ms(stray.look_at)))?;
        Ok(())
    }

    /// Those that the carrier is asked about by now. ND-11: an appointment after `latest` comes from a clock that was set
    /// back, and is kept now.
    pub fn strays_to_look_at(&self, now: DateTime<Utc>, latest: DateTime<Utc>) -> Result<Vec<Stray>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT delivery_id, since, look_at FROM stray WHERE look_at <= ?1 OR look_at > ?2 ORDER BY look_at, delivery_id",
        )?;
        let rows = st.query_map((ms(now), ms(latest)), |r| {
            Ok(Stray { delivery: DeliveryId(r.get(0)?), since: time(r.get(1)?), look_at: time(r.get(2)?) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the carrier is to be asked next of one of them, after `now`.
    pub fn next_look_at_strays(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Error> {
        let mut st = self.tx.prepare_cached("SELECT MIN(look_at) FROM stray WHERE look_at > ?1")?;
        Ok(maybe_time(st.query_row([ms(now)], |r| r.get(0))?))
    }

    /// Its end is known, or will never be.
    pub fn drop_stray(&self, delivery: DeliveryId) -> Result<(), Error> {
        self.tx.prepare_cached("DELETE FROM stray WHERE delivery_id = ?1")?.execute([delivery.0])?;
        Ok(())
    }
}
