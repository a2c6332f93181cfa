//! A board's tickets by status and urgency, counted and read in windows, so that a list of a million opens at once.

use crate::tickets::rank;
use crate::{Error, Tx, sqlite};
use nightdesk_core::ids::{CatalogueId, TicketId};
use rusqlite::{ToSql, params_from_iter};

/// Open or closed, with this status, of this urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

/// The condition with its parameters.
struct Condition {
    sql: String,
    params: Vec<Box<dyn ToSql>>,
}

impl Condition {
    /// `None` where nothing can fit.
    fn of(tx: &Tx<'_>, board: CatalogueId, filter: &StandingFilter) -> Result<Option<Self>, Error> {
        let mut parts: Vec<&str> = Vec::new();
        let mut params: Vec<Box<dyn ToSql>> = Vec::new();
        let searched = filter.search.as_deref().filter(|t| !t.trim().is_empty());
        // A client's tickets, and those with a word, are fewer than a board's: the plus keeps the board's index out.
        let narrow = filter.client.is_some() || searched.is_some();
        parts.push(if narrow { "+t.board_id = ?" } else { "t.board_id = ?" });
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
        if let Some(text) = searched {
            let Some(expression) = sqlite::match_expression(&tx.tx, text)? else { return Ok(None) };
            parts.push(sqlite::MATCHES);
            params.push(Box::new(expression));
        }
        Ok(Some(Self { sql: parts.join(" AND "), params }))
    }
}

impl Tx<'_> {
    /// How many of a board's tickets stand how.
    pub fn standings(&self, board: CatalogueId, filter: &StandingFilter) -> Result<Vec<StandingCount>, Error> {
        let Some(condition) = Condition::of(self, board, filter)? else { return Ok(Vec::new()) };
        let sql = format!(
            "SELECT t.is_open, t.status_id, t.severity_rank, COUNT(*) FROM ticket t WHERE {} GROUP BY 1, 2, 3",
            condition.sql
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map(params_from_iter(condition.params), |r| {
            let status = r.get::<_, Option<i64>>(1)?.map(CatalogueId);
            let standing = Standing { is_open: r.get(0)?, status, rank: r.get(2)? };
            Ok(StandingCount { standing, n: r.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A window of a board's tickets that stand so: the oldest of the open first, the newest of the closed.
    pub fn standing_tickets(
        &self,
        board: CatalogueId,
        filter: &StandingFilter,
        standing: Standing,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<TicketId>, Error> {
        let filter = StandingFilter { is_open: Some(standing.is_open), ..filter.clone() };
        let Some(mut condition) = Condition::of(self, board, &filter)? else { return Ok(Vec::new()) };
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
            "SELECT t.id FROM ticket t WHERE {} AND {status} AND t.severity_rank = ?
             ORDER BY t.incident_id {order}, t.id {order} LIMIT ? OFFSET ?",
            condition.sql
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map(params_from_iter(condition.params), |r| Ok(TicketId(r.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
