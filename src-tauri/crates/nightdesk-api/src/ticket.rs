//! Tickets: the list, and one with its description and timeline.

use crate::error::Error;
use crate::names;
use crate::psa_copy::Copies;
use crate::webhook_in::FirstSeen;
use crate::words::PsaStanding;
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::{Catalogue, Kind};
use nightdesk_core::ids::{IncidentId, OrganizationId, TicketId};
use nightdesk_engine::context::Context;
use nightdesk_store::{TicketFilter, TicketRow, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A ticket as listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Ticket {
    /// Our number for it, which commands take.
    #[ts(type = "number")]
    pub id: TicketId,
    /// The number as people say it, such as `T-1001`; commands take it too.
    pub number: String,
    /// One line.
    pub title: String,
    /// Where it stands.
    pub board: String,
    /// Whose it is.
    pub client: String,
    /// Its category, where its board has one for it.
    pub category: Option<String>,
    /// Its priority.
    pub priority: Option<String>,
    /// Its status on its board.
    pub status: Option<String>,
    /// Whether somebody should still look at it.
    pub is_open: bool,
    /// The incident's severity in Huntress's word.
    pub severity: Option<String>,
    /// The incident; `None` for a record without a readable id.
    #[ts(type = "number | null")]
    pub incident_id: Option<IncidentId>,
    /// The incident's organization.
    #[ts(type = "number | null")]
    pub organization_id: Option<OrganizationId>,
    /// Its present name.
    pub organization_name: Option<String>,
    /// It waits on triage for its organization to be mapped.
    pub unmapped: bool,
    /// Who works on it.
    pub assignee: Option<String>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The PSA's own id.
    pub remote_id: Option<String>,
    /// The number that people call it by there.
    pub remote_number: Option<String>,
    /// Its page there.
    pub remote_url: Option<String>,
    /// How it stands there; `None` for the built-in desk, and for a ticket that was over before the desk became a PSA.
    pub psa: Option<PsaStanding>,
    /// Why something of it could not arrive there, and what to do about that.
    pub psa_error: Option<String>,
}

/// A ticket with everything on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketInFull {
    /// As listed.
    #[serde(flatten)]
    pub ticket: Ticket,
    /// Plain text with headings, composed from what is known now.
    pub description: String,
    /// What happened to it, oldest first.
    pub timeline: Vec<TimelineLine>,
    /// By which way its incident came, and when by each; `null` for a record without a readable id.
    pub first_seen: Option<FirstSeen>,
}

/// One line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelineLine {
    /// When.
    pub at: DateTime<Utc>,
    /// What kind of thing happened.
    pub kind: String,
    /// In words.
    pub text: String,
    /// The person, where it was one.
    pub actor: Option<String>,
}

/// Which tickets to list, by the names that a person knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketsAsked {
    /// On this board.
    pub board: Option<String>,
    /// Of this client.
    pub client: Option<String>,
    /// Open ones only.
    pub open: bool,
    /// Holding these words.
    pub search: Option<String>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// Tickets, newest first.
///
/// # Errors
/// `InvalidInput` for a board or client that there isn't, with those that there are.
pub fn tickets(tx: &Tx<'_>, asked: &TicketsAsked) -> Result<Vec<Ticket>, Error> {
    let context = Context::load(tx)?;
    let catalogue = &context.catalogue;
    let id = |kind, name: &Option<String>| {
        name.as_deref().map(|n| names::find(catalogue, kind, n, true).map(|e| e.id)).transpose()
    };
    let filter = TicketFilter {
        board: id(Kind::Board, &asked.board)?,
        client: id(Kind::Client, &asked.client)?,
        open: asked.open,
        search: asked.search.clone().filter(|s| !s.trim().is_empty()),
        limit: asked.limit,
    };
    let rows = tx.tickets(&filter)?;
    let copies = Copies::of(tx, &context, rows.iter().map(|row| row.id))?;
    Ok(rows.iter().map(|row| Ticket::of(row, catalogue, &copies)).collect())
}

/// One ticket by its id.
///
/// # Errors
/// `NotFound`.
pub fn ticket(tx: &Tx<'_>, id: TicketId) -> Result<TicketInFull, Error> {
    let context = Context::load(tx)?;
    let row = tx.ticket(id)?.ok_or_else(|| missing(&id.to_string()))?;
    let timeline = tx
        .timeline(id)?
        .into_iter()
        .map(|e| TimelineLine { at: e.at, kind: e.kind, text: e.text, actor: e.actor })
        .collect();
    let description = nightdesk_engine::description::of(tx, &context, &row)?;
    let first_seen = row.incident.map(|key| tx.incident(key)).transpose()?.flatten().map(|i| FirstSeen::of(&i));
    let copies = Copies::of(tx, &context, std::iter::once(id))?;
    Ok(TicketInFull { ticket: Ticket::of(&row, &context.catalogue, &copies), description, timeline, first_seen })
}

/// The ticket that a person means: by id (`1`) or by number (`T-1001`, in any case).
///
/// # Errors
/// `NotFound`, and `InvalidInput` for something that is neither.
pub fn ticket_id(tx: &Tx<'_>, text: &str) -> Result<TicketId, Error> {
    let text = text.trim();
    let by_number = text.strip_prefix("T-").or_else(|| text.strip_prefix("t-"));
    let number: i64 = by_number.unwrap_or(text).parse().map_err(|_| {
        Error::invalid(format!("{text:?} is no ticket; expected its id, such as 1, or its number, such as T-1001"))
    })?;
    // Numbers follow ids at a fixed distance; the row itself has the last word.
    let id = TicketId(if by_number.is_some() { number.saturating_sub(1000) } else { number });
    let row = tx.ticket(id)?.ok_or_else(|| missing(text))?;
    if by_number.is_some_and(|n| row.number != format!("T-{n}")) {
        return Err(missing(text));
    }
    Ok(id)
}

fn missing(what: &str) -> Error {
    Error::not_found(format!("there is no ticket {what}: the list of tickets has those that there are"))
}

impl Ticket {
    /// A row with its numbers as names.
    pub(crate) fn of(row: &TicketRow, catalogue: &Catalogue, copies: &Copies) -> Self {
        let copy = copies.get(row);
        let name = |id| catalogue.name(id).to_owned();
        Self {
            id: row.id,
            number: row.number.clone(),
            title: row.title.clone(),
            board: name(row.board),
            client: name(row.client),
            category: row.category.map(name),
            priority: row.priority.map(name),
            status: row.status.map(name),
            is_open: row.state.is_open(),
            severity: row.severity.clone(),
            incident_id: row.incident.map(|k| k.id),
            organization_id: row.organization,
            organization_name: row.organization_name.clone(),
            unmapped: row.unmapped,
            assignee: row.assignee.clone(),
            created_at: row.created_at,
            closed_at: row.closed_at,
            remote_id: row.remote_id.clone(),
            remote_number: copy.number,
            remote_url: copy.url,
            psa: copy.standing,
            psa_error: copy.error,
        }
    }
}
