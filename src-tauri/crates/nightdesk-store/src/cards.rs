//! Tickets with what their cards show beside them, in one query for any number of them.

use crate::tickets::{COLUMNS, FROM, TicketRow, read};
use crate::{Error, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::delivery::{Kind, State};
use nightdesk_core::ids::{CatalogueId, TicketId};
use rusqlite::types::ValueRef;
use rusqlite::{Row, params_from_iter};
use serde::Deserialize;

/// A ticket and what its card shows beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardRow {
    /// The ticket.
    pub ticket: TicketRow,
    /// Huntress's word for the platform.
    pub platform: Option<String>,
    /// When the SOC sent the report.
    pub sent_at: Option<DateTime<Utc>>,
    /// The host's name, once it was looked up.
    pub hostname: Option<String>,
    /// Why its record couldn't be read in full.
    pub quarantine: Option<String>,
    /// The last thing that told people about it, and how far that got.
    pub told: Option<(Kind, State)>,
}

/// How many open tickets stand on a board. Critical are those of a severity that isn't known, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenCount {
    /// The board.
    pub board: CatalogueId,
    /// All of them.
    pub open: i64,
    /// The critical ones.
    pub critical: i64,
    /// Those that wait for their organization to be mapped.
    pub unmapped: i64,
    /// Those that wait and are critical.
    pub unmapped_critical: i64,
}

/// What a card shows of an incident; the rest of its JSON is passed over.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Brief {
    platform: Option<String>,
    sent_at: Option<DateTime<Utc>>,
}

/// The same of a host.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    hostname: Option<String>,
}

const BESIDE: &str = "i.facts, h.body, q.reason, d.kind, d.state";
const JOINED: &str = "LEFT JOIN incident i ON i.account_id = t.account_id AND i.id = t.incident_id
    LEFT JOIN host h ON h.account_id = i.account_id AND h.agent_id = i.agent_id
    LEFT JOIN quarantine q ON q.ticket_id = t.id AND q.released_at IS NULL
    LEFT JOIN delivery d ON d.id = (SELECT MAX(n.id) FROM delivery n WHERE n.ticket_id = t.id AND n.kind IN ('native', 'sms', 'call', 'email'))";
/// Where [`BESIDE`] begins.
const FIRST: usize = 25;

/// Reads JSON without copying it. What can't be read is left out: a card must not fail for its ornaments.
fn json<T: Default + for<'d> Deserialize<'d>>(r: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    Ok(match r.get_ref(column)? {
        ValueRef::Text(text) => serde_json::from_slice(text).unwrap_or_default(),
        _ => T::default(),
    })
}

fn card(r: &Row<'_>) -> rusqlite::Result<CardRow> {
    let brief: Brief = json(r, FIRST)?;
    let host: Named = json(r, FIRST + 1)?;
    let (kind, state): (Option<String>, Option<String>) = (r.get(FIRST + 3)?, r.get(FIRST + 4)?);
    Ok(CardRow {
        ticket: read(r)?,
        platform: brief.platform,
        sent_at: brief.sent_at,
        hostname: host.hostname,
        quarantine: r.get(FIRST + 2)?,
        told: kind.as_deref().and_then(Kind::parse).zip(state.as_deref().and_then(State::parse)),
    })
}

impl Tx<'_> {
    /// Open tickets that wait for their organization to be mapped.
    pub fn waiting_cards(&self) -> Result<Vec<CardRow>, Error> {
        let sql = format!("SELECT {COLUMNS}, {BESIDE} FROM {FROM} {JOINED} WHERE t.unmapped = 1 AND t.is_open = 1");
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map([], card)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// These tickets' cards, in the order in which they are named.
    pub fn cards(&self, ids: &[TicketId]) -> Result<Vec<CardRow>, Error> {
        let Some(last) = ids.last() else { return Ok(Vec::new()) };
        let slots = ids.len().next_power_of_two();
        let marks = vec!["?"; slots].join(", ");
        let sql = format!("SELECT {COLUMNS}, {BESIDE} FROM {FROM} {JOINED} WHERE t.id IN ({marks})");
        let padded = ids.iter().chain(std::iter::repeat_n(last, slots - ids.len())).map(|id| id.0);
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map(params_from_iter(padded), card)?;
        let mut found: Vec<CardRow> = rows.collect::<Result<_, _>>()?;
        let place: std::collections::HashMap<TicketId, usize> =
            ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        found.sort_by_key(|c| place.get(&c.ticket.id).copied());
        Ok(found)
    }

    /// How many open tickets there are by board, severity and whether they wait. Reads an index, not the tickets, and in
    /// its order.
    pub fn open_counts(&self) -> Result<Vec<OpenCount>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT board_id, COUNT(*), SUM(severity_rank = 0), SUM(unmapped), SUM(unmapped AND severity_rank = 0)
             FROM ticket WHERE is_open = 1 GROUP BY board_id",
        )?;
        let rows = st.query_map([], |r| {
            Ok(OpenCount {
                board: CatalogueId(r.get(0)?),
                open: r.get(1)?,
                critical: r.get(2)?,
                unmapped: r.get(3)?,
                unmapped_critical: r.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many open tickets each client has.
    pub fn open_tickets_by_client(&self) -> Result<Vec<(CatalogueId, i64)>, Error> {
        // The plus keeps the index of all tickets by client out: that of the open ones has what is needed.
        let mut st =
            self.tx.prepare_cached("SELECT client_id, COUNT(*) FROM ticket WHERE is_open = 1 GROUP BY +client_id")?;
        let rows = st.query_map([], |r| Ok((CatalogueId(r.get(0)?), r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
