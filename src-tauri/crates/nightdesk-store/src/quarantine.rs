//! Records that could not be read in full, with their bytes.

use crate::settings::Tally;
use crate::store::{ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{AccountId, IncidentId, TicketId};
use rusqlite::{OptionalExtension, Row};

/// A quarantined record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineRow {
    /// Its number here.
    pub id: i64,
    /// Its account.
    pub account: AccountId,
    /// Its incident, where it has a readable id.
    pub incident: Option<IncidentId>,
    /// What it is known by across polls.
    pub key: String,
    /// Why it couldn't be read.
    pub reason: String,
    /// When it was first seen.
    pub seen_at: DateTime<Utc>,
    /// Its bare ticket.
    pub ticket: Option<TicketId>,
}

/// A record to be quarantined.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct NewQuarantine<'a> {
    pub account: AccountId,
    pub incident: Option<IncidentId>,
    pub key: &'a str,
    pub reason: &'a str,
    pub ticket: Option<TicketId>,
    pub raw: &'a [u8],
}

const COLUMNS: &str = "id, account_id, incident_id, record_key, reason, seen_at, ticket_id";

fn read(r: &Row<'_>) -> rusqlite::Result<QuarantineRow> {
    Ok(QuarantineRow {
        id: r.get(0)?,
        account: AccountId(r.get(1)?),
        incident: r.get::<_, Option<i64>>(2)?.map(IncidentId),
        key: r.get(3)?,
        reason: r.get(4)?,
        seen_at: time(r.get(5)?),
        ticket: r.get::<_, Option<i64>>(6)?.map(TicketId),
    })
}

impl Tx<'_> {
    /// Quarantines a record, or renews the reason and bytes of one that is there already. The caller counts an
    /// incident by its class; a record without an id is counted here.
    pub fn quarantine(&self, at: DateTime<Utc>, new: &NewQuarantine<'_>) -> Result<(), Error> {
        self.tx
            .prepare_cached(
                "INSERT INTO quarantine (account_id, incident_id, record_key, reason, seen_at, ticket_id, raw) VALUES (?1,?2,?3,?4,?5,?6,?7)
                 ON CONFLICT (account_id, record_key) DO UPDATE SET reason = excluded.reason, raw = excluded.raw, ticket_id = excluded.ticket_id,
                 released_at = NULL",
            )?
            .execute((
                new.account.0,
                new.incident.map(|i| i.0),
                new.key,
                new.reason,
                ms(at),
                new.ticket.map(|t| t.0),
                new.raw,
            ))?;
        if new.incident.is_none() {
            self.count(Tally::Seen, 1);
            self.count(Tally::Quarantined, 1);
        }
        self.touch(Topic::Incidents);
        Ok(())
    }

    /// What is quarantined now, oldest first.
    pub fn quarantined(&self) -> Result<Vec<QuarantineRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM quarantine WHERE released_at IS NULL ORDER BY id");
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One quarantined record by its key.
    pub fn quarantined_key(&self, account: AccountId, key: &str) -> Result<Option<QuarantineRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM quarantine WHERE account_id = ?1 AND record_key = ?2");
        Ok(self.tx.prepare_cached(&sql)?.query_row((account.0, key), read).optional()?)
    }

    /// The bytes of a quarantined record.
    pub fn quarantine_raw(&self, id: i64) -> Result<Option<Vec<u8>>, Error> {
        let mut st = self.tx.prepare_cached("SELECT raw FROM quarantine WHERE id = ?1")?;
        Ok(st.query_row([id], |r| r.get(0)).optional()?.flatten())
    }

    /// A record could be read in full after all.
    pub fn release(&self, account: AccountId, key: &str, at: DateTime<Utc>) -> Result<bool, Error> {
        let mut st = self.tx.prepare_cached(
            "UPDATE quarantine SET released_at = ?3 WHERE account_id = ?1 AND record_key = ?2 AND released_at IS NULL",
        )?;
        Ok(st.execute((account.0, key, ms(at)))? > 0)
    }
}
