//! Tickets in the PSA: what is known of them there, and which have changed here since.

use crate::store::{maybe_time, ms};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::content::Part;
use nightdesk_core::ids::{AgentId, DeliveryId, TicketId};
use nightdesk_core::psa::Filed;
use rusqlite::{OptionalExtension, Row};

/// What is known of a ticket in the PSA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PsaTicketRow {
    /// Which.
    pub ticket: TicketId,
    /// The PSA's own id, once it is there.
    pub remote_id: Option<String>,
    /// The number that people there call it by.
    pub number: Option<String>,
    /// How it stood there, as of the last write of ours or the last look.
    pub known: Option<Filed>,
    /// How the ticket stood here when that was so: what differs from it now is a change of ours.
    pub base: Option<Filed>,
    /// The PSA's time of our last write.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was found to be deleted there.
    pub gone_at: Option<DateTime<Utc>>,
    /// The last line of the timeline that a note told of.
    pub noted_to: i64,
    /// The sections of the description that it has there.
    pub told: Vec<Part>,
    /// The agent whose details it still lacks.
    pub awaits_agent: Option<AgentId>,
    /// It is to be looked at there once nothing of ours is under way.
    pub look_again: bool,
}

impl PsaTicketRow {
    /// Of a ticket that isn't there yet.
    pub fn new(ticket: TicketId) -> Self {
        Self {
            ticket,
            remote_id: None,
            number: None,
            known: None,
            base: None,
            updated_at: None,
            gone_at: None,
            noted_to: 0,
            told: Vec::new(),
            awaits_agent: None,
            look_again: false,
        }
    }
}

/// What people see of a ticket's copy in the PSA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PsaCopy {
    /// Which.
    pub ticket: TicketId,
    /// The number that people there call it by.
    pub number: Option<String>,
    /// It was deleted there.
    pub is_gone: bool,
}

/// So many tickets are marked with one statement.
const MARKED_AT_ONCE: usize = 512;

const COLUMNS: &str =
    "ticket_id, remote_id, number, known, base, updated_at, gone_at, noted_to, told, awaits_agent, look_again";

/// The column's text is ours; one that can't be read can only come from damage, and the ticket is then looked at again.
fn read(r: &Row<'_>) -> rusqlite::Result<PsaTicketRow> {
    let filed = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(PsaTicketRow {
        ticket: TicketId(r.get(0)?),
        remote_id: r.get(1)?,
        number: r.get(2)?,
        known: filed(r.get(3)?),
        base: filed(r.get(4)?),
        updated_at: maybe_time(r.get(5)?),
        gone_at: maybe_time(r.get(6)?),
        noted_to: r.get(7)?,
        told: serde_json::from_str(&r.get::<_, String>(8)?).unwrap_or_default(),
        awaits_agent: r.get::<_, Option<i64>>(9)?.map(AgentId),
        look_again: r.get(10)?,
    })
}

impl Tx<'_> {
    /// What is known of a ticket in this PSA.
    pub fn psa_ticket(&self, desk: &str, ticket: TicketId) -> Result<Option<PsaTicketRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM psa_ticket WHERE desk = ?1 AND ticket_id = ?2");
        Ok(self.tx.prepare_cached(&sql)?.query_row((desk, ticket.0), read).optional()?)
    }

    /// The ticket that a PSA knows by this id.
    pub fn psa_ticket_by_remote(&self, desk: &str, remote_id: &str) -> Result<Option<PsaTicketRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM psa_ticket WHERE desk = ?1 AND remote_id = ?2");
        Ok(self.tx.prepare_cached(&sql)?.query_row((desk, remote_id), read).optional()?)
    }

    /// What people see of these tickets' copies in this PSA; those that have one.
    pub fn psa_copies(&self, desk: &str, tickets: &[TicketId]) -> Result<Vec<PsaCopy>, Error> {
        let mut copies = Vec::new();
        for some in tickets.chunks(MARKED_AT_ONCE) {
            let slots = some.len().next_power_of_two();
            let sql = format!(
                "SELECT ticket_id, number, gone_at IS NOT NULL FROM psa_ticket WHERE desk = ? AND remote_id IS NOT NULL AND ticket_id IN ({})",
                vec!["?"; slots].join(", ")
            );
            let padding = some.iter().cycle().take(slots);
            let mut st = self.tx.prepare_cached(&sql)?;
            let given =
                std::iter::once(rusqlite::types::Value::from(desk.to_owned())).chain(padding.map(|t| t.0.into()));
            let rows = st.query_map(rusqlite::params_from_iter(given), |r| {
                Ok(PsaCopy { ticket: TicketId(r.get(0)?), number: r.get(1)?, is_gone: r.get(2)? })
            })?;
            for row in rows {
                copies.push(row?);
            }
        }
        Ok(copies)
    }

    /// Tickets with something for this PSA that hasn't arrived, each with whether a person is needed for it, and why.
    pub fn psa_unfinished(&self, desk: &str) -> Result<Vec<(TicketId, bool, Option<String>)>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT ticket_id, state IN ('needs_human', 'rejected', 'dead_lettered'), last_error FROM delivery
             WHERE kind IN ('psa_ticket', 'psa_update', 'psa_note') AND destination = ?1 AND ticket_id IS NOT NULL
             AND state IN ('queued', 'claimed', 'sending', 'retrying', 'in_doubt', 'needs_human', 'dead_lettered', 'rejected')
             ORDER BY id",
        )?;
        let rows = st.query_map([desk], |r| Ok((TicketId(r.get(0)?), r.get(1)?, r.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The first of those that are to be looked at there.
    pub fn psa_to_look(&self, desk: &str) -> Result<Vec<PsaTicketRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM psa_ticket WHERE look_again = 1 AND desk = ?1 ORDER BY ticket_id");
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map([desk], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Those that are there and whose ticket is open here, and those that are gone.
    pub fn psa_swept(&self, desk: &str) -> Result<Vec<PsaTicketRow>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM psa_ticket WHERE desk = ?1 AND remote_id IS NOT NULL
             AND (gone_at IS NOT NULL OR EXISTS (SELECT 1 FROM ticket t WHERE t.id = psa_ticket.ticket_id AND t.is_open = 1)) ORDER BY ticket_id"
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map([desk], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Writes what is known, new or changed. What was known of it in another PSA is forgotten.
    pub fn put_psa_ticket(&self, desk: &str, row: &PsaTicketRow) -> Result<(), Error> {
        let json = |filed: &Option<Filed>| filed.as_ref().map(serde_json::to_string).transpose();
        let (known, base) = (json(&row.known)?, json(&row.base)?);
        self.tx
            .prepare_cached(
                "INSERT INTO psa_ticket (ticket_id, desk, remote_id, number, known, base, updated_at, gone_at, noted_to, told, awaits_agent, look_again)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                 ON CONFLICT (ticket_id) DO UPDATE SET desk = excluded.desk, remote_id = excluded.remote_id, number = excluded.number,
                 known = excluded.known, base = excluded.base, updated_at = excluded.updated_at, gone_at = excluded.gone_at, noted_to = excluded.noted_to,
                 told = excluded.told, awaits_agent = excluded.awaits_agent, look_again = excluded.look_again",
            )?
            .execute(rusqlite::params![
                row.ticket.0,
                desk,
                row.remote_id,
                row.number,
                known,
                base,
                row.updated_at.map(ms),
                row.gone_at.map(ms),
                row.noted_to,
                serde_json::to_string(&row.told)?,
                row.awaits_agent.map(|a| a.0),
                row.look_again,
            ])?;
        self.touch(Topic::Tickets);
        Ok(())
    }

    /// Tickets that changed here since they were last compared with the PSA, oldest first.
    pub fn psa_due(&self, limit: u32) -> Result<Vec<TicketId>, Error> {
        let mut st = self.tx.prepare_cached("SELECT ticket_id FROM psa_due ORDER BY ticket_id LIMIT ?1")?;
        let rows = st.query_map([limit], |r| Ok(TicketId(r.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether any did.
    pub fn is_psa_due(&self) -> Result<bool, Error> {
        Ok(self.tx.prepare_cached("SELECT 1 FROM psa_due LIMIT 1")?.exists([])?)
    }

    /// How many did.
    pub fn psa_due_count(&self) -> Result<i64, Error> {
        Ok(self.tx.prepare_cached("SELECT count(*) FROM psa_due")?.query_row([], |r| r.get(0))?)
    }

    /// A ticket was compared with the PSA.
    pub fn psa_compared(&self, ticket: TicketId) -> Result<(), Error> {
        self.touched_tickets.borrow_mut().remove(&ticket);
        self.tx.prepare_cached("DELETE FROM psa_due WHERE ticket_id = ?1")?.execute([ticket.0])?;
        Ok(())
    }

    /// A ticket is to be compared with the PSA, though nothing of it changed here.
    pub fn psa_compare(&self, ticket: TicketId) {
        self.touched_tickets.borrow_mut().insert(ticket);
    }

    /// Tickets in the PSA that lack the details of this agent are to be compared with it.
    pub(crate) fn psa_compare_awaiting(&self, agent: AgentId) -> Result<(), Error> {
        let mut st = self.tx.prepare_cached("SELECT ticket_id FROM psa_ticket WHERE awaits_agent = ?1")?;
        for ticket in st.query_map([agent.0], |r| Ok(TicketId(r.get(0)?)))? {
            self.psa_compare(ticket?);
        }
        Ok(())
    }

    /// Every open ticket is to be compared with the PSA.
    pub fn psa_compare_open(&self) -> Result<(), Error> {
        self.tx
            .prepare_cached(
                "INSERT INTO psa_due (ticket_id) SELECT id FROM ticket WHERE is_open = 1 ON CONFLICT DO NOTHING",
            )?
            .execute([])?;
        Ok(())
    }

    /// The desk is no PSA any more: nothing is to be compared.
    pub fn psa_forget_due(&self) -> Result<(), Error> {
        self.tx.prepare_cached("DELETE FROM psa_due")?.execute([])?;
        Ok(())
    }

    /// Deliveries to the PSA in these states, which are unsettled or ended badly, oldest first; none that a person dismissed.
    pub fn psa_deliveries(&self, states: &[nightdesk_core::delivery::State]) -> Result<Vec<DeliveryId>, Error> {
        let slots = vec!["?"; states.len().max(1)].join(", ");
        // The unsettled ones are few and have an index; it serves only a question that repeats its words.
        let sql = format!(
            "SELECT id FROM delivery WHERE state IN
             ('queued', 'claimed', 'sending', 'retrying', 'in_doubt', 'needs_human', 'dead_lettered', 'rejected')
             AND kind IN ('psa_ticket', 'psa_update', 'psa_note') AND state IN ({slots}) AND dismissed_at IS NULL ORDER BY id"
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        let words: Vec<&str> = if states.is_empty() { vec![""] } else { states.iter().map(|s| s.word()).collect() };
        let rows = st.query_map(rusqlite::params_from_iter(words), |r| Ok(DeliveryId(r.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What waits for its next try is due now.
    pub fn psa_hasten(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let mut st = self.tx.prepare_cached(
            "UPDATE delivery SET due_at = ?1 WHERE kind IN ('psa_ticket', 'psa_update', 'psa_note') AND due_at > ?1
             AND state IN ('queued', 'retrying', 'in_doubt') AND state = 'retrying' AND lease_owner IS NULL",
        )?;
        if st.execute([ms(now)])? > 0 {
            self.touch(Topic::Outbox);
        }
        Ok(())
    }

    /// Lines of a ticket's timeline after a given one, oldest first, each with its number.
    pub fn timeline_after(&self, ticket: TicketId, after: i64) -> Result<Vec<(i64, crate::TimelineEntry)>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT id, at, kind, actor, body FROM timeline WHERE ticket_id = ?1 AND id > ?2 ORDER BY id",
        )?;
        let rows = st.query_map((ticket.0, after), |r| {
            let at = crate::store::time(r.get(1)?);
            Ok((r.get(0)?, crate::TimelineEntry { at, kind: r.get(2)?, actor: r.get(3)?, text: r.get(4)? }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Marks what this transaction changed, for a desk that is a PSA. One statement
    /// for as many as a page holds, whatever the desk is.
    pub(crate) fn mark_psa_due(&self) -> Result<(), Error> {
        let touched = std::mem::take(&mut *self.touched_tickets.borrow_mut());
        if touched.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = touched.into_iter().map(|t| t.0).collect();
        for some in ids.chunks(MARKED_AT_ONCE) {
            let slots = some.len().next_power_of_two();
            let sql = format!(
                "INSERT INTO psa_due (ticket_id) SELECT id FROM ticket WHERE id IN ({})
                 AND EXISTS (SELECT 1 FROM setting WHERE name = 'psa_desk') ON CONFLICT DO NOTHING",
                vec!["?"; slots].join(", ")
            );
            let padded = some.iter().chain(std::iter::repeat_n(&some[some.len() - 1], slots - some.len()));
            self.tx.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(padded))?;
        }
        Ok(())
    }
}
