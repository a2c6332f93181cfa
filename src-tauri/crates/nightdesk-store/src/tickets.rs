//! Tickets and their timelines.

use crate::settings::Tally;
use crate::store::{maybe_time, ms, time};
use crate::{Error, Topic, Tx, sqlite};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{AccountId, CatalogueId, IncidentId, IncidentKey, OrganizationId, TicketId};
use nightdesk_core::routing::TicketFacts;
use nightdesk_core::ticket::State;
use rusqlite::{OptionalExtension, Row, ToSql, params_from_iter};

/// A ticket as stored. Names are looked up in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct TicketRow {
    pub id: TicketId,
    pub number: String,
    pub title: String,
    pub incident: Option<IncidentKey>,
    pub organization: Option<OrganizationId>,
    pub organization_name: Option<String>,
    pub client: CatalogueId,
    pub board: CatalogueId,
    pub status: Option<CatalogueId>,
    pub category: Option<CatalogueId>,
    pub priority: Option<CatalogueId>,
    pub severity: Option<String>,
    pub state: State,
    /// It waits on triage for its organization to be mapped.
    pub unmapped: bool,
    /// A person closed, reopened, noted or assigned it.
    pub touched: bool,
    /// A person re-homed it.
    pub moved: bool,
    pub priority_assumed: bool,
    pub assignee: Option<String>,
    /// The re-home whose mapping filed it, or 0.
    pub via_mapping: i64,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
    pub remote_id: Option<String>,
    pub quarantine_key: Option<String>,
}

impl TicketRow {
    /// What the routing table needs of it.
    pub fn facts(&self) -> TicketFacts {
        TicketFacts {
            state: self.state,
            board: self.board,
            unmapped: self.unmapped,
            touched: self.touched,
            moved: self.moved,
            priority_assumed: self.priority_assumed,
        }
    }
}

/// A ticket to be opened.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct NewTicket<'a> {
    pub title: &'a str,
    pub incident: Option<IncidentKey>,
    pub account: Option<AccountId>,
    pub quarantine_key: Option<&'a str>,
    pub organization: Option<OrganizationId>,
    pub client: CatalogueId,
    pub board: CatalogueId,
    pub status: Option<CatalogueId>,
    pub category: Option<CatalogueId>,
    pub priority: CatalogueId,
    pub priority_assumed: bool,
    pub severity: Option<&'a str>,
    pub unmapped: bool,
    pub via_mapping: i64,
    /// Further words to find it by, beside title and number.
    pub words: &'a str,
}

/// Which tickets to list. Newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// On this board.
    pub board: Option<CatalogueId>,
    /// Of this client.
    pub client: Option<CatalogueId>,
    /// Open ones only.
    pub open: bool,
    /// Holding these words in title, number, organization, summary or host.
    pub search: Option<String>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// One line of a ticket's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// What kind of thing happened.
    pub kind: String,
    /// The person, where it was one.
    pub actor: Option<String>,
    /// In words.
    pub text: String,
}

pub(crate) const COLUMNS: &str = "t.id, t.number, t.title, t.account_id, t.incident_id, t.organization_id, o.name, t.client_id, t.board_id, t.status_id,
    t.category_id, t.priority_id, t.severity, t.state, t.unmapped, t.touched, t.moved, t.priority_assumed, t.assignee, t.via_mapping,
    t.created_at, t.changed_at, t.closed_at, t.remote_id, t.quarantine_key";
pub(crate) const FROM: &str =
    "ticket t LEFT JOIN organization o ON o.account_id = t.account_id AND o.id = t.organization_id";

pub(crate) fn read(r: &Row<'_>) -> rusqlite::Result<TicketRow> {
    let catalogue =
        |i: usize| -> rusqlite::Result<Option<CatalogueId>> { Ok(r.get::<_, Option<i64>>(i)?.map(CatalogueId)) };
    let account: Option<i64> = r.get(3)?;
    let incident: Option<i64> = r.get(4)?;
    let state: String = r.get(13)?;
    Ok(TicketRow {
        id: TicketId(r.get(0)?),
        number: r.get(1)?,
        title: r.get(2)?,
        incident: account.zip(incident).map(|(a, i)| IncidentKey { account: AccountId(a), id: IncidentId(i) }),
        organization: r.get::<_, Option<i64>>(5)?.map(OrganizationId),
        organization_name: r.get(6)?,
        client: CatalogueId(r.get(7)?),
        board: CatalogueId(r.get(8)?),
        status: catalogue(9)?,
        category: catalogue(10)?,
        priority: catalogue(11)?,
        severity: r.get(12)?,
        state: State::parse(&state).unwrap_or(State::Open),
        unmapped: r.get(14)?,
        touched: r.get(15)?,
        moved: r.get(16)?,
        priority_assumed: r.get(17)?,
        assignee: r.get(18)?,
        via_mapping: r.get(19)?,
        created_at: time(r.get(20)?),
        changed_at: time(r.get(21)?),
        closed_at: maybe_time(r.get(22)?),
        remote_id: r.get(23)?,
        quarantine_key: r.get(24)?,
    })
}

/// A severity's place in the order of urgency, from 0: one that isn't known counts as critical.
pub(crate) fn rank(severity: Option<&str>) -> i64 {
    match severity {
        Some("high") => 1,
        Some("low") => 2,
        _ => 0,
    }
}

impl Tx<'_> {
    /// Whoever follows tickets is told, and a PSA that holds them hears of it.
    fn touched(&self, id: TicketId) {
        self.touch(Topic::Tickets);
        self.touched_tickets.borrow_mut().insert(id);
    }

    /// Opens a ticket and makes it findable.
    pub fn add_ticket(&self, at: DateTime<Utc>, new: &NewTicket<'_>) -> Result<TicketId, Error> {
        // Numbers follow ids: unique without a counter of their own, and never used twice since tickets aren't deleted.
        let id: i64 = self
            .tx
            .prepare_cached(
                "INSERT INTO ticket (number, title, account_id, incident_id, quarantine_key, organization_id, client_id, board_id, status_id,
                 category_id, priority_id, priority_assumed, severity, severity_rank, state, is_open, unmapped, touched, moved, via_mapping, created_at, changed_at)
                 VALUES ('T-' || (SELECT COALESCE(MAX(id), 0) + 1001 FROM ticket), ?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?16,'open',1,?13,0,0,?14,?15,?15)
                 RETURNING id",
            )?
            .query_row(
                rusqlite::params![
                    new.title,
                    new.incident.map(|k| k.account.0).or(new.account.map(|a| a.0)),
                    new.incident.map(|k| k.id.0),
                    new.quarantine_key,
                    new.organization.map(|o| o.0),
                    new.client.0,
                    new.board.0,
                    new.status.map(|s| s.0),
                    new.category.map(|c| c.0),
                    new.priority.0,
                    new.priority_assumed,
                    new.severity,
                    new.unmapped,
                    new.via_mapping,
                    ms(at),
                    rank(new.severity),
                ],
                |r| r.get(0),
            )?;
        let words = format!("T-{} {} {}", id + 1000, new.title, new.words);
        sqlite::index(&self.tx, TicketId(id), &words)?;
        self.count(Tally::Tickets, 1);
        self.touched(TicketId(id));
        Ok(TicketId(id))
    }

    /// One ticket.
    pub fn ticket(&self, id: TicketId) -> Result<Option<TicketRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE t.id = ?1");
        Ok(self.tx.prepare_cached(&sql)?.query_row([id.0], read).optional()?)
    }

    /// These tickets, in no particular order.
    pub fn tickets_by_id(&self, ids: &[TicketId]) -> Result<Vec<TicketRow>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let slots = ids.len().next_power_of_two();
        let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE t.id IN ({})", vec!["?"; slots].join(", "));
        let padded = ids.iter().copied().chain(std::iter::repeat_n(ids[ids.len() - 1], slots - ids.len())).map(|i| i.0);
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map(params_from_iter(padded), read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Tickets that a filter lets through, newest first.
    pub fn tickets(&self, filter: &TicketFilter) -> Result<Vec<TicketRow>, Error> {
        let mut conditions = Vec::new();
        let mut params: Vec<Box<dyn ToSql>> = Vec::new();
        let mut from = FROM.to_owned();
        // Both follow the ticket's id; ordering by the search's own row lets it stop as soon as there are enough.
        let mut order = "t.id";
        if let Some(text) = &filter.search {
            let Some(expression) = sqlite::match_expression(&self.tx, text)? else { return Ok(Vec::new()) };
            from = format!("ticket_search s CROSS JOIN {FROM}");
            conditions.push("s.ticket_search MATCH ? AND t.id = s.rowid");
            order = "s.rowid";
            params.push(Box::new(expression));
        }
        if let Some(board) = filter.board {
            // Among all tickets the newest are found soonest by number, not by way of an index in another order.
            conditions.push(if filter.open { "t.board_id = ?" } else { "+t.board_id = ?" });
            params.push(Box::new(board.0));
        }
        if let Some(client) = filter.client {
            conditions.push("t.client_id = ?");
            params.push(Box::new(client.0));
        }
        if filter.open {
            conditions.push("t.is_open = 1");
        }
        let condition = if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") };
        params.push(Box::new(filter.limit.map_or(-1, i64::from)));
        let sql = format!("SELECT {COLUMNS} FROM {from} WHERE {condition} ORDER BY {order} DESC LIMIT ?");
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map(params_from_iter(params), read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Open triage tickets of an organization that wait for its mapping, oldest first.
    pub fn waiting_tickets(&self, account: AccountId, organization: OrganizationId) -> Result<Vec<TicketRow>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {FROM} WHERE t.organization_id = ?2 AND t.unmapped = 1 AND t.account_id = ?1 AND t.is_open = 1 ORDER BY t.id"
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map((account.0, organization.0), read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many open tickets each organization has.
    pub fn open_tickets_by_organization(&self) -> Result<Vec<(OrganizationId, i64)>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT organization_id, COUNT(*) FROM ticket WHERE is_open = 1 AND organization_id IS NOT NULL GROUP BY organization_id",
        )?;
        let rows = st.query_map([], |r| Ok((OrganizationId(r.get(0)?), r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Writes a ticket's changeable parts back. Its id, number and origin never change.
    pub fn save_ticket(&self, at: DateTime<Utc>, t: &TicketRow) -> Result<(), Error> {
        self.tx
            .prepare_cached(
                "UPDATE ticket SET title=?2, organization_id=?3, client_id=?4, board_id=?5, status_id=?6, category_id=?7, priority_id=?8,
                 priority_assumed=?9, severity=?10, state=?11, is_open=?12, unmapped=?13, touched=?14, moved=?15, assignee=?16, changed_at=?17,
                 closed_at=?18, remote_id=?19, incident_id=?20, quarantine_key=?21, via_mapping=?22, severity_rank=?23 WHERE id=?1",
            )?
            .execute(rusqlite::params![
                t.id.0,
                t.title,
                t.organization.map(|o| o.0),
                t.client.0,
                t.board.0,
                t.status.map(|s| s.0),
                t.category.map(|c| c.0),
                t.priority.map(|p| p.0),
                t.priority_assumed,
                t.severity,
                t.state.word(),
                t.state.is_open(),
                t.unmapped,
                t.touched,
                t.moved,
                t.assignee,
                ms(at),
                t.closed_at.map(ms),
                t.remote_id,
                t.incident.map(|k| k.id.0),
                t.quarantine_key,
                t.via_mapping,
                rank(t.severity.as_deref()),
            ])?;
        self.touched(t.id);
        Ok(())
    }

    /// Gives a ticket other words to be found by.
    pub fn reindex_ticket(&self, id: TicketId, words: &str) -> Result<(), Error> {
        sqlite::reindex(&self.tx, id, words)
    }

    /// Adds a line to a ticket's timeline.
    pub fn add_to_timeline(
        &self,
        ticket: TicketId,
        at: DateTime<Utc>,
        kind: &str,
        actor: Option<&str>,
        text: &str,
    ) -> Result<(), Error> {
        self.tx
            .prepare_cached("INSERT INTO timeline (ticket_id, at, kind, actor, body) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute((ticket.0, ms(at), kind, actor, text))?;
        self.touched(ticket);
        Ok(())
    }

    /// A ticket's timeline, oldest first.
    pub fn timeline(&self, ticket: TicketId) -> Result<Vec<TimelineEntry>, Error> {
        let mut st =
            self.tx.prepare_cached("SELECT at, kind, actor, body FROM timeline WHERE ticket_id = ?1 ORDER BY id")?;
        let rows = st.query_map([ticket.0], |r| {
            Ok(TimelineEntry { at: time(r.get(0)?), kind: r.get(1)?, actor: r.get(2)?, text: r.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
