//! What the sweeps listed as open, against which nothing can be missing unnoticed (ND-2).

use crate::{Error, Tx};
use nightdesk_core::ids::{AccountId, IncidentId};

impl Tx<'_> {
    /// Begins a new sweep's list; lists of older sweeps but the last whole one go.
    pub fn clear_sweep(&self, account: AccountId, sweep: i64, keep: i64) -> Result<(), Error> {
        self.tx
            .prepare_cached("DELETE FROM sweep_listing WHERE account_id = ?1 AND (sweep = ?2 OR sweep <> ?3)")?
            .execute((account.0, sweep, keep))?;
        Ok(())
    }

    /// Remembers what a sweep's page listed as open.
    pub fn add_to_sweep(&self, account: AccountId, sweep: i64, ids: &[IncidentId]) -> Result<(), Error> {
        let mut st = self.tx.prepare_cached(
            "INSERT INTO sweep_listing (account_id, sweep, incident_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?;
        for id in ids {
            st.execute((account.0, sweep, id.0))?;
        }
        Ok(())
    }

    /// Incidents that are open here but weren't listed by this sweep.
    pub fn open_but_not_listed(&self, account: AccountId, sweep: i64) -> Result<Vec<IncidentId>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT id FROM incident WHERE account_id = ?1 AND is_open = 1 AND gone_at IS NULL AND NOT EXISTS
             (SELECT 1 FROM sweep_listing s WHERE s.account_id = ?1 AND s.sweep = ?2 AND s.incident_id = incident.id)",
        )?;
        let rows = st.query_map((account.0, sweep), |r| Ok(IncidentId(r.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many of a sweep's open incidents have no class here: the computed `unaccounted`. It is computed each time, and
    /// never kept, so that nothing can make it say 0 but the incidents themselves.
    pub fn unaccounted(&self, account: AccountId, sweep: i64) -> Result<i64, Error> {
        // Named, because the planner prefers the index that leads to the row, and the rows are large.
        let mut st = self.tx.prepare_cached(
            "SELECT COUNT(*) FROM sweep_listing s WHERE s.account_id = ?1 AND s.sweep = ?2 AND NOT EXISTS
             (SELECT 1 FROM incident i INDEXED BY incident_held WHERE i.account_id = s.account_id AND i.id = s.incident_id
              AND (i.class <> 'ticketed' OR i.ticket_id IS NOT NULL))",
        )?;
        Ok(st.query_row((account.0, sweep), |r| r.get(0))?)
    }
}

#[cfg(test)]
mod tests;
