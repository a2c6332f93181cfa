//! Incidents as they are known, with the bytes they came in.

use crate::settings::Tally;
use crate::store::{maybe_time, ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{AccountId, AgentId, IncidentId, IncidentKey, OrganizationId, TicketId};
use nightdesk_core::incident::Incident;
use nightdesk_core::routing::Class;
use rusqlite::{OptionalExtension, Row, params_from_iter};

/// By which way an incident was first seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FirstSeen {
    Poll,
    Sweep,
    ById,
    Webhook,
}

impl FirstSeen {
    /// The word for it, as stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::Sweep => "sweep",
            Self::ById => "by_id",
            Self::Webhook => "webhook",
        }
    }

    /// Whether Huntress was asked for a list.
    pub fn is_listing(self) -> bool {
        matches!(self, Self::Poll | Self::Sweep)
    }

    /// The inverse of [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Poll, Self::Sweep, Self::ById, Self::Webhook].into_iter().find(|w| w.word() == word)
    }
}

/// A stored incident. `facts` is parsed only when asked for: most rows of a page are unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredIncident {
    /// Its key.
    pub key: IncidentKey,
    /// Its organization.
    pub organization: Option<OrganizationId>,
    /// Its agent.
    pub agent: Option<AgentId>,
    /// Whether the SOC still has it open.
    pub is_open: bool,
    /// How it is counted.
    pub class: Class,
    /// Its ticket.
    pub ticket: Option<TicketId>,
    /// SHA-256 of the record that it was read from last.
    pub digest: Vec<u8>,
    /// When Huntress last changed it.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was first seen here.
    pub first_seen_at: DateTime<Utc>,
    /// When Huntress stopped having it, if it did.
    pub gone_at: Option<DateTime<Utc>>,
    /// By which way it was first seen.
    pub first_seen_by: FirstSeen,
    /// When a poll or sweep first brought it.
    pub polled_at: Option<DateTime<Utc>>,
    /// When a webhook first brought it.
    pub posted_at: Option<DateTime<Utc>>,
    /// The incident as JSON.
    facts: String,
}

impl StoredIncident {
    /// The incident as it was read last.
    pub fn facts(&self) -> Result<Incident, Error> {
        Ok(serde_json::from_str(&self.facts)?)
    }
}

/// An incident to be stored for the first time.
#[derive(Debug)]
pub struct NewIncident<'a> {
    /// Its key.
    pub key: IncidentKey,
    /// As read.
    pub incident: &'a Incident,
    /// How it is counted.
    pub class: Class,
    /// Its ticket.
    pub ticket: Option<TicketId>,
    /// SHA-256 of `raw`.
    pub digest: &'a [u8],
    /// The bytes as received.
    pub raw: &'a [u8],
    /// The way that it came.
    pub by: FirstSeen,
}

/// A newer state of a known incident.
#[derive(Debug)]
pub struct IncidentUpdate<'a> {
    /// Its key.
    pub key: IncidentKey,
    /// How it was counted.
    pub was_class: Class,
    /// Whether it was open.
    pub was_open: bool,
    /// The merged incident.
    pub incident: &'a Incident,
    /// How it is counted now.
    pub class: Class,
    /// Its ticket now.
    pub ticket: Option<TicketId>,
    /// SHA-256 of `raw`.
    pub digest: &'a [u8],
    /// The bytes as received.
    pub raw: &'a [u8],
}

const COLUMNS: &str = "account_id, id, organization_id, agent_id, is_open, class, ticket_id, digest, updated_at, first_seen_at, gone_at, facts, first_seen_by, polled_at, posted_at";

fn read(r: &Row<'_>) -> rusqlite::Result<StoredIncident> {
    let (class, by): (String, String) = (r.get(5)?, r.get(12)?);
    Ok(StoredIncident {
        key: IncidentKey { account: AccountId(r.get(0)?), id: IncidentId(r.get(1)?) },
        organization: r.get::<_, Option<i64>>(2)?.map(OrganizationId),
        agent: r.get::<_, Option<i64>>(3)?.map(AgentId),
        is_open: r.get(4)?,
        class: Class::parse(&class).unwrap_or(Class::Quarantined),
        ticket: r.get::<_, Option<i64>>(6)?.map(TicketId),
        digest: r.get(7)?,
        updated_at: maybe_time(r.get(8)?),
        first_seen_at: time(r.get(9)?),
        gone_at: maybe_time(r.get(10)?),
        facts: r.get(11)?,
        first_seen_by: FirstSeen::parse(&by).unwrap_or(FirstSeen::Poll),
        polled_at: maybe_time(r.get(13)?),
        posted_at: maybe_time(r.get(14)?),
    })
}

impl Tx<'_> {
    /// Those of these incidents that are known. At most a page of ids at a time.
    pub fn known_incidents(&self, account: AccountId, ids: &[IncidentId]) -> Result<Vec<StoredIncident>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        // Padded to a power of two, so that a handful of statements serves every page size.
        let slots = ids.len().next_power_of_two();
        let marks = vec!["?"; slots].join(", ");
        let sql = format!("SELECT {COLUMNS} FROM incident WHERE account_id = ? AND id IN ({marks})");
        let mut st = self.tx.prepare_cached(&sql)?;
        let last = ids[ids.len() - 1];
        let padded = ids.iter().copied().chain(std::iter::repeat_n(last, slots - ids.len())).map(|i| i.0);
        let rows = st.query_map(params_from_iter(std::iter::once(account.0).chain(padded)), read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One incident.
    pub fn incident(&self, key: IncidentKey) -> Result<Option<StoredIncident>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM incident WHERE account_id = ?1 AND id = ?2");
        Ok(self.tx.prepare_cached(&sql)?.query_row((key.account.0, key.id.0), read).optional()?)
    }

    /// The bytes that an incident was last received in, unless their 90 days are over.
    pub fn incident_raw(&self, key: IncidentKey) -> Result<Option<Vec<u8>>, Error> {
        let mut st = self.tx.prepare_cached("SELECT raw FROM incident WHERE account_id = ?1 AND id = ?2")?;
        Ok(st.query_row((key.account.0, key.id.0), |r| r.get(0)).optional()?.flatten())
    }

    /// Stores an incident for the first time.
    pub fn add_incident(&self, at: DateTime<Utc>, new: &NewIncident<'_>) -> Result<(), Error> {
        let i = new.incident;
        let open = i.status.is_open();
        self.tx
            .prepare_cached(
                "INSERT INTO incident (account_id, id, organization_id, agent_id, is_open, class, ticket_id, updated_at, digest,
                 first_seen_at, first_seen_by, received_at, facts, raw, polled_at, posted_at)
                 VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?10,?12,?13,?14,?15)",
            )?
            .execute(rusqlite::params![
                new.key.account.0,
                new.key.id.0,
                i.organization.map(|o| o.0),
                i.agent.map(|a| a.0),
                open,
                new.class.word(),
                new.ticket.map(|t| t.0),
                i.updated_at.map(ms),
                new.digest,
                ms(at),
                new.by.word(),
                serde_json::to_string(i)?,
                new.raw,
                new.by.is_listing().then(|| ms(at)),
                (new.by == FirstSeen::Webhook).then(|| ms(at)),
            ])?;
        self.count(Tally::Seen, 1);
        self.count(Tally::of(new.class), 1);
        self.count(Tally::OpenIncidents, i64::from(open));
        self.touch(Topic::Incidents);
        Ok(())
    }

    /// Stores a newer state of a known incident.
    pub fn update_incident(&self, at: DateTime<Utc>, update: &IncidentUpdate<'_>) -> Result<(), Error> {
        let i = update.incident;
        let open = i.status.is_open();
        self.tx
            .prepare_cached(
                "UPDATE incident SET organization_id = ?3, agent_id = ?4, is_open = ?5, class = ?6, ticket_id = ?7, updated_at = ?8,
                 digest = ?9, received_at = ?10, gone_at = NULL, facts = ?11, raw = ?12 WHERE account_id = ?1 AND id = ?2",
            )?
            .execute(rusqlite::params![
                update.key.account.0,
                update.key.id.0,
                i.organization.map(|o| o.0),
                i.agent.map(|a| a.0),
                open,
                update.class.word(),
                update.ticket.map(|t| t.0),
                i.updated_at.map(ms),
                update.digest,
                ms(at),
                serde_json::to_string(i)?,
                update.raw,
            ])?;
        self.count(Tally::of(update.was_class), -1);
        self.count(Tally::of(update.class), 1);
        self.count(Tally::OpenIncidents, i64::from(open) - i64::from(update.was_open));
        self.touch(Topic::Incidents);
        Ok(())
    }

    /// Remembers when a listing first brought an incident that a webhook had brought before.
    pub fn came_by(&self, stored: &StoredIncident, by: FirstSeen, at: DateTime<Utc>) -> Result<(), Error> {
        if !by.is_listing() || stored.polled_at.is_some() {
            return Ok(());
        }
        self.tx.prepare_cached("UPDATE incident SET polled_at = ?3 WHERE account_id = ?1 AND id = ?2")?.execute((
            stored.key.account.0,
            stored.key.id.0,
            ms(at),
        ))?;
        self.touch(Topic::Incidents);
        Ok(())
    }

    /// Remembers when a webhook first brought an incident.
    pub fn posted_at(&self, key: IncidentKey, at: DateTime<Utc>) -> Result<(), Error> {
        self.tx
            .prepare_cached(
                "UPDATE incident SET posted_at = ?3 WHERE account_id = ?1 AND id = ?2 AND (posted_at IS NULL OR posted_at > ?3)",
            )?
            .execute((key.account.0, key.id.0, ms(at)))?;
        self.touch(Topic::Incidents);
        Ok(())
    }

    /// Changes how an incident is counted and which ticket it has, leaving its facts alone.
    pub fn reclassify(&self, stored: &StoredIncident, class: Class, ticket: Option<TicketId>) -> Result<(), Error> {
        self.tx
            .prepare_cached("UPDATE incident SET class = ?3, ticket_id = ?4 WHERE account_id = ?1 AND id = ?2")?
            .execute((stored.key.account.0, stored.key.id.0, class.word(), ticket.map(|t| t.0)))?;
        self.count(Tally::of(stored.class), -1);
        self.count(Tally::of(class), 1);
        self.touch(Topic::Incidents);
        Ok(())
    }

    /// Incidents of an organization that have no ticket, oldest first.
    pub fn incidents_without_ticket(
        &self,
        account: AccountId,
        organization: OrganizationId,
    ) -> Result<Vec<StoredIncident>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM incident WHERE account_id = ?1 AND organization_id = ?2 AND ticket_id IS NULL ORDER BY updated_at, id"
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map((account.0, organization.0), read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every incident that is open, in the order of their numbers.
    pub fn open_incidents(&self, account: AccountId) -> Result<Vec<IncidentKey>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT id FROM incident WHERE account_id = ?1 AND is_open = 1 AND gone_at IS NULL ORDER BY id",
        )?;
        let rows = st.query_map([account.0], |r| Ok(IncidentKey { account, id: IncidentId(r.get(0)?) }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Huntress no longer has it.
    pub fn mark_gone(&self, key: IncidentKey, at: DateTime<Utc>) -> Result<(), Error> {
        self.tx.prepare_cached("UPDATE incident SET gone_at = ?3 WHERE account_id = ?1 AND id = ?2")?.execute((
            key.account.0,
            key.id.0,
            ms(at),
        ))?;
        self.touch(Topic::Incidents);
        Ok(())
    }

    /// Counts every class from the rows themselves, to compare with the tallies.
    pub fn recount(&self) -> Result<Vec<(Class, i64)>, Error> {
        let mut st = self.tx.prepare_cached("SELECT class, COUNT(*) FROM incident GROUP BY class")?;
        let rows = st.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?)))?;
        let mut out: Vec<(Class, i64)> = Class::ALL.iter().map(|c| (*c, 0)).collect();
        for row in rows {
            let (word, n) = row?;
            if let Some(slot) = out.iter_mut().find(|(c, _)| c.word() == word) {
                slot.1 += n;
            }
        }
        let bare: i64 = self
            .tx
            .prepare_cached("SELECT COUNT(*) FROM quarantine WHERE incident_id IS NULL AND released_at IS NULL")?
            .query_row([], |r| r.get(0))?;
        out[0].1 += bare;
        Ok(out)
    }

    /// Drops the raw bytes of incidents received before `before`; at most `limit` at a time.
    pub fn forget_raw(&self, before: DateTime<Utc>, limit: u32) -> Result<usize, Error> {
        let mut st = self.tx.prepare_cached(
            "UPDATE incident SET raw = NULL WHERE row IN (SELECT row FROM incident WHERE raw IS NOT NULL AND received_at < ?1 LIMIT ?2)",
        )?;
        Ok(st.execute((ms(before), limit))?)
    }
}
