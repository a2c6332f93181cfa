//! A board's tickets by status and urgency, counted and read in windows, so that a list of a million opens at once.

use crate::tickets::rank;
use crate::{Error, Tx, sqlite};
use nightdesk_core::ids::{CatalogueId, TicketId};
use rusqlite::{Row, ToSql, params_from_iter};
use std::collections::BTreeMap;

/// Of a narrowed list so many tickets are kept from when they were counted, so that its windows need no second search.
const KEPT: usize = 20_000;

/// Open or closed, with this status, of this urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    /// Whether somebody should still look at such tickets.
    pub is_open: bool,
    /// Their status; `None` where their board has none.
    pub status: Option<CatalogueId>,
    /// Their place in the order of urgency, from 0.
    pub rank: i64,
}

/// How many tickets stand so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandingCount {
    /// How they stand.
    pub standing: Standing,
    /// How many.
    pub n: i64,
}

/// Which of a board's tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandingFilter {
    /// Open or closed ones only.
    pub is_open: Option<bool>,
    /// Of this client.
    pub client: Option<CatalogueId>,
    /// Of this severity; see [`nightdesk_core::incident::Severity::word`]. The inner `None` is one that isn't known.
    #[allow(clippy::option_option)]
    pub severity: Option<Option<&'static str>>,
    /// Holding these words.
    pub search: Option<String>,
}

/// Tickets by standing, each after its incident's number.
type Kept = BTreeMap<Standing, Vec<(Option<i64>, TicketId)>>;

/// How a board's tickets stand.
#[derive(Debug)]
pub struct Standings {
    /// How many stand how.
    pub counts: Vec<StandingCount>,
    board: CatalogueId,
    filter: StandingFilter,
    /// `None` where they would be too many.
    kept: Option<Kept>,
}

/// The condition with its parameters, and where it holds.
struct Condition {
    from: &'static str,
    sql: String,
    params: Vec<Box<dyn ToSql>>,
}

impl Condition {
    /// `None` where nothing can fit.
    fn of(tx: &Tx<'_>, board: CatalogueId, filter: &StandingFilter) -> Result<Option<Self>, Error> {
        let mut parts: Vec<&str> = Vec::new();
        let mut params: Vec<Box<dyn ToSql>> = Vec::new();
        let searched = filter.searched();
        // A client's tickets, and those with a word, are fewer than a board's: the plus keeps the board's index out.
        parts.push(if filter.is_narrow() { "+t.board_id = ?" } else { "t.board_id = ?" });
        params.push(Box::new(board.0));
        if let Some(is_open) = filter.is_open {
            parts.push("t.is_open = ?");
            params.push(Box::new(is_open));
        }
        if let Some(client) = filter.client {
            parts.push("t.client_id = ?");
            params.push(Box::new(client.0));
        }
        match filter.severity {
            // Where the order of urgency says it all, the index does.
            Some(Some(word @ ("high" | "low"))) => {
                parts.push("t.severity_rank = ?");
                params.push(Box::new(rank(Some(word))));
            }
            Some(Some(word)) => {
                parts.push("t.severity_rank = 0 AND t.severity = ?");
                params.push(Box::new(word));
            }
            Some(None) => parts.push("t.severity_rank = 0 AND COALESCE(t.severity, '') <> 'critical'"),
            None => {}
        }
        let mut from = "ticket t";
        if let Some(text) = searched {
            let Some(expression) = sqlite::match_expression(&tx.tx, text)? else { return Ok(None) };
            from = "ticket_search CROSS JOIN ticket t ON t.id = ticket_search.rowid";
            parts.push("ticket_search MATCH ?");
            params.push(Box::new(expression));
        }
        Ok(Some(Self { from, sql: parts.join(" AND "), params }))
    }
}

impl StandingFilter {
    /// Whether fewer tickets fit than are read in the order of the board's index.
    fn is_narrow(&self) -> bool {
        self.client.is_some() || self.searched().is_some()
    }

    fn searched(&self) -> Option<&str> {
        self.search.as_deref().filter(|t| !t.trim().is_empty())
    }
}

fn standing(r: &Row<'_>) -> rusqlite::Result<Standing> {
    let status = r.get::<_, Option<i64>>(1)?.map(CatalogueId);
    Ok(Standing { is_open: r.get(0)?, status, rank: r.get(2)? })
}

impl Tx<'_> {
    /// How a board's tickets stand.
    pub fn standings(&self, board: CatalogueId, filter: &StandingFilter) -> Result<Standings, Error> {
        let mut found = Standings { counts: Vec::new(), board, filter: filter.clone(), kept: None };
        match Condition::of(self, board, filter)? {
            Some(condition) if filter.is_narrow() => self.one_by_one(condition, &mut found)?,
            Some(condition) => found.counts = self.counted(condition)?,
            None => {}
        }
        Ok(found)
    }

    /// By the board's index, which the database counts without reading a ticket.
    fn counted(&self, condition: Condition) -> Result<Vec<StandingCount>, Error> {
        let Condition { from, sql, params } = condition;
        let sql = format!(
            "SELECT t.is_open, t.status_id, t.severity_rank, COUNT(*) FROM {from} WHERE {sql} GROUP BY 1, 2, 3"
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows =
            st.query_map(params_from_iter(params), |r| Ok(StandingCount { standing: standing(r)?, n: r.get(3)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What has to be looked at ticket by ticket is kept as it is counted.
    fn one_by_one(&self, condition: Condition, found: &mut Standings) -> Result<(), Error> {
        let Condition { from, sql, params } = condition;
        let sql =
            format!("SELECT t.is_open, t.status_id, t.severity_rank, t.incident_id, t.id FROM {from} WHERE {sql}");
        let mut st = self.tx.prepare_cached(&sql)?;
        let mut rows = st.query(params_from_iter(params))?;
        let mut counts: BTreeMap<Standing, i64> = BTreeMap::new();
        let mut kept = Some(Kept::new());
        let mut all = 0;
        while let Some(row) = rows.next()? {
            let standing = standing(row)?;
            *counts.entry(standing).or_default() += 1;
            all += 1;
            if all > KEPT {
                kept = None;
            }
            if let Some(kept) = &mut kept {
                kept.entry(standing).or_default().push((row.get(3)?, TicketId(row.get(4)?)));
            }
        }
        for (standing, tickets) in kept.iter_mut().flatten() {
            tickets.sort_unstable();
            if !standing.is_open {
                tickets.reverse();
            }
        }
        found.counts = counts.into_iter().map(|(standing, n)| StandingCount { standing, n }).collect();
        found.kept = kept;
        Ok(())
    }

    /// A window of those of `found` that stand so: the oldest of the open first, the newest of the closed.
    pub fn standing_tickets(
        &self,
        found: &Standings,
        standing: Standing,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<TicketId>, Error> {
        let Some(kept) = &found.kept else { return self.window(found, standing, offset, limit) };
        let within = |n: i64| usize::try_from(n).unwrap_or(0);
        let tickets = kept.get(&standing).into_iter().flatten();
        Ok(tickets.skip(within(offset)).take(within(limit)).map(|(_, id)| *id).collect())
    }

    fn window(&self, found: &Standings, standing: Standing, offset: i64, limit: i64) -> Result<Vec<TicketId>, Error> {
        let filter = StandingFilter { is_open: Some(standing.is_open), ..found.filter.clone() };
        let Some(mut condition) = Condition::of(self, found.board, &filter)? else { return Ok(Vec::new()) };
        let status = match standing.status {
            Some(status) => {
                condition.params.push(Box::new(status.0));
                "t.status_id = ?"
            }
            None => "t.status_id IS NULL",
        };
        condition.params.push(Box::new(standing.rank));
        condition.params.push(Box::new(limit));
        condition.params.push(Box::new(offset));
        let order = if standing.is_open { "ASC" } else { "DESC" };
        let sql = format!(
            "SELECT t.id FROM {} WHERE {} AND {status} AND t.severity_rank = ?
             ORDER BY t.incident_id {order}, t.id {order} LIMIT ? OFFSET ?",
            condition.from, condition.sql
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map(params_from_iter(condition.params), |r| Ok(TicketId(r.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests;
