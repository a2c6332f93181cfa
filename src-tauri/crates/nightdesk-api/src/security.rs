//! The security board: one board's tickets by status, a window of them at a time.

use crate::card::Card;
use crate::error::Error;
use crate::names;
use crate::page_view::on_cards;
use crate::psa_copy::Copies;
use crate::words::Severity;
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::{Catalogue, Entry, Kind, StatusRole};
use nightdesk_core::ids::CatalogueId;
use nightdesk_engine::context::Context;
use nightdesk_store as store;
use nightdesk_store::{StandingCount, StandingFilter, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which tickets, and which part of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SecurityAsked {
    /// In this status.
    pub status: Option<String>,
    /// Of this client.
    pub client: Option<String>,
    /// Of this severity.
    pub severity: Option<Severity>,
    /// Open, closed or all.
    pub state: Standing,
    /// Holding these words.
    pub text: Option<String>,
    /// On this board; the security board where none is named.
    pub board: Option<String>,
    /// From this row of the list on.
    pub offset: u32,
    /// At most so many rows.
    pub limit: u32,
}

/// Which tickets by whether somebody should still look at them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Standing {
    Open,
    Closed,
    All,
}

/// A window of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "SecurityPage")]
pub struct SecurityBoard {
    /// How many tickets each status has, in the list's order: open statuses first.
    pub columns: Vec<Column>,
    /// The asked part of the list: by status, the worst first, then the oldest of the open and the newest of the closed.
    pub rows: Vec<Card>,
    /// The whole list's length.
    pub total: i64,
    /// Where `rows` begins.
    pub offset: u32,
    /// Clients to filter by.
    pub clients: Vec<String>,
    /// Boards to look at.
    pub boards: Vec<String>,
}

/// A status and how many tickets have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "SecurityColumn")]
pub struct Column {
    /// The status.
    pub status: String,
    /// How many.
    pub count: i64,
}

/// A window holds at most so many rows: what a screen shows many times over.
const MOST_ROWS: u32 = 1000;

/// A window of one board's tickets.
///
/// # Errors
/// `InvalidInput` for a board or client that there isn't, with those that there are.
pub fn security(tx: &Tx<'_>, now: DateTime<Utc>, asked: &SecurityAsked) -> Result<SecurityBoard, Error> {
    let context = Context::load(tx)?;
    let catalogue = &context.catalogue;
    let mut page = SecurityBoard {
        columns: Vec::new(),
        rows: Vec::new(),
        total: 0,
        offset: asked.offset,
        clients: sorted(catalogue.of(Kind::Client).map(|e| e.name.clone()).collect()),
        boards: catalogue.of(Kind::Board).map(|e| e.name.clone()).collect(),
    };
    let Some(board) = which(&context, asked.board.as_deref())? else { return Ok(page) };
    let client = asked.client.as_deref().map(|n| names::find(catalogue, Kind::Client, n, true)).transpose()?;
    let filter = StandingFilter {
        is_open: match asked.state {
            Standing::Open => Some(true),
            Standing::Closed => Some(false),
            Standing::All => None,
        },
        client: client.map(|e| e.id),
        severity: asked.severity.map(|s| match s {
            Severity::Critical => Some("critical"),
            Severity::High => Some("high"),
            Severity::Low => Some("low"),
            Severity::Unknown => None,
        }),
        search: asked.text.clone().filter(|t| !t.trim().is_empty()),
    };
    let standings = tx.standings(board, &filter)?;
    let mut columns = columns(&standings.counts, catalogue);
    if let Some(status) = &asked.status {
        columns.retain(|(label, _)| label == status);
    }
    let mut skip = i64::from(asked.offset);
    let mut left = i64::from(asked.limit.min(MOST_ROWS));
    let mut ids = Vec::new();
    for (label, found) in &columns {
        if skip < found.n && left > 0 {
            let window = tx.standing_tickets(&standings, found.standing, skip, left)?;
            left -= crate::status::count(window.len());
            ids.extend(window);
        }
        skip = (skip - found.n).max(0);
        page.total += found.n;
        match page.columns.last_mut().filter(|c| c.status == *label) {
            Some(column) => column.count += found.n,
            None => page.columns.push(Column { status: label.clone(), count: found.n }),
        }
    }
    let pages = on_cards(tx, &context, now)?;
    let copies = Copies::of(tx, &context, ids.iter().copied())?;
    page.rows = tx.cards(&ids)?.iter().map(|row| Card::of(row, catalogue, &pages, &copies)).collect();
    Ok(page)
}

/// The named board, else the security board; `None` where routing has none yet.
fn which(context: &Context, named: Option<&str>) -> Result<Option<CatalogueId>, Error> {
    if let Some(name) = named {
        return Ok(Some(names::find(&context.catalogue, Kind::Board, name, true)?.id));
    }
    let by_name = || {
        let name = context.config.routing.security_board.as_deref()?;
        context.catalogue.find(Kind::Board, name, None).map(|e| e.id)
    };
    Ok(context.bound.as_ref().map(|b| b.security_board).or_else(by_name))
}

/// The standings with their labels in the list's order: open ones first, each in the catalogue's order, the worst first.
fn columns(found: &[StandingCount], catalogue: &Catalogue) -> Vec<(String, StandingCount)> {
    let rank = |status: Option<CatalogueId>| {
        status.and_then(|id| catalogue.entries().iter().position(|e| e.id == id)).unwrap_or(usize::MAX)
    };
    let mut found = found.to_vec();
    found.sort_by_key(|f| (!f.standing.is_open, rank(f.standing.status), f.standing.rank));
    found.into_iter().map(|f| (label(f.standing, catalogue), f)).collect()
}

/// A status's name. One that a ticket has against the status's own meaning says so, and is then a column of its own.
fn label(standing: store::Standing, catalogue: &Catalogue) -> String {
    let entry: Option<&Entry> = standing.status.and_then(|id| catalogue.get(id));
    let word = if standing.is_open { "open" } else { "closed" };
    match entry {
        Some(e) if e.role.is_none_or(StatusRole::is_closed) == standing.is_open => format!("{} ({word})", e.name),
        Some(e) => e.name.clone(),
        None => format!("No status ({word})"),
    }
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_by_key(|n| n.to_lowercase());
    names
}
