//! Pages that were not sent, and why.

use crate::error::Error;
use crate::words::PageSuppressed;
use chrono::{DateTime, Utc};
use nightdesk_core::content;
use nightdesk_core::ids::{IncidentId, IncidentKey, TicketId};
use nightdesk_core::paging::Suppressed;
use nightdesk_engine::context::Context;
use nightdesk_engine::paging::suppressed_words;
use nightdesk_store::{SuppressionRow, TicketRow, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A page that was not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SuppressedView {
    /// When it would have been.
    pub at: DateTime<Utc>,
    /// For which incident.
    #[ts(type = "number")]
    pub incident_id: IncidentId,
    /// That incident's ticket.
    #[ts(type = "number | null")]
    pub ticket_id: Option<TicketId>,
    /// What it would have been about.
    pub entity: String,
    /// Why not.
    #[ts(as = "PageSuppressed")]
    pub reason: Suppressed,
    /// Why not, in a sentence.
    pub words: String,
    /// The page that it would have repeated.
    #[ts(type = "number | null")]
    pub page_id: Option<i64>,
    /// Until when the reason holds by itself.
    pub until: Option<DateTime<Utc>>,
    /// When a person had it sent all the same.
    pub overridden_at: Option<DateTime<Utc>>,
    /// The ticket's title.
    pub title: Option<String>,
    /// The ticket's client.
    pub client: Option<String>,
}

/// Pages that were not sent, newest first.
///
/// # Errors
/// The store's.
pub fn suppressed(tx: &Tx<'_>, limit: u32) -> Result<Vec<SuppressedView>, Error> {
    views(tx, tx.suppressions(limit)?)
}

/// Those of one incident, newest first.
///
/// # Errors
/// The store's.
pub fn suppressed_of(tx: &Tx<'_>, key: IncidentKey) -> Result<Vec<SuppressedView>, Error> {
    views(tx, tx.suppressions_of(key)?)
}

fn views(tx: &Tx<'_>, rows: Vec<SuppressionRow>) -> Result<Vec<SuppressedView>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let context = Context::load(tx)?;
    let view = |row: SuppressionRow| {
        let ticket = tx.incident(row.incident)?.and_then(|i| i.ticket);
        let ticket: Option<TicketRow> = ticket.map(|id| tx.ticket(id)).transpose()?.flatten();
        Ok(SuppressedView {
            at: row.at,
            incident_id: row.incident.id,
            ticket_id: ticket.as_ref().map(|t| t.id),
            entity: row.entity.0,
            reason: row.reason,
            words: suppressed_words(row.reason, row.until),
            page_id: row.page,
            until: row.until,
            overridden_at: row.overridden_at,
            title: ticket.as_ref().map(|t| content::line(&t.title)),
            client: ticket.as_ref().map(|t| content::line(context.catalogue.name(t.client))),
        })
    };
    rows.into_iter().map(view).collect()
}
