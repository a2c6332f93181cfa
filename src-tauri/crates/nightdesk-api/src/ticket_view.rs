//! One ticket with everything around it.

use crate::card::Card;
use crate::delivery_view::{self, DeliveryLine};
use crate::error::Error;
use crate::incident_view::{self, IncidentView};
use crate::organization::Suggestion;
use crate::page_suppressed::{SuppressedView, suppressed_of};
use crate::page_view::{PageView, on_cards, pages_of};
use crate::psa_copy::Copies;
use crate::status::count;
use crate::ticket::{self, TimelineLine};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::TicketId;
use nightdesk_engine::context::Context;
use nightdesk_engine::mapping;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A ticket's page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TicketView {
    /// Its card.
    pub card: Card,
    /// Plain text with headings, composed from what is known now.
    pub description: String,
    /// What happened to it, oldest first.
    pub timeline: Vec<TimelineLine>,
    /// Its incident; `None` for a record without a readable id.
    pub incident: Option<IncidentView>,
    /// What left, or is to leave, because of it, newest first.
    pub deliveries: Vec<DeliveryLine>,
    /// Its incident's pages, newest first.
    pub pages: Vec<PageView>,
    /// Pages of its incident that were not sent, newest first.
    pub suppressed: Vec<SuppressedView>,
    /// Other open tickets on triage of the same organization.
    pub siblings: i64,
    /// Clients that its organization may belong to, best first.
    pub suggestions: Vec<Suggestion>,
}

/// One ticket's page.
///
/// # Errors
/// `NotFound`.
pub fn view(tx: &Tx<'_>, now: DateTime<Utc>, id: TicketId) -> Result<TicketView, Error> {
    let full = ticket::ticket(tx, id)?;
    let row = tx.cards(&[id])?.pop().ok_or_else(|| Error::not_found(format!("there is no ticket {id}")))?;
    let context = Context::load(tx)?;
    let account = row.ticket.incident.map_or_else(|| context.account_id(), |k| k.account);
    let incident = match row.ticket.incident {
        Some(key) => incident_view::incident(tx, &context, key, row.quarantine.as_deref())?,
        None => None,
    };
    let (mut siblings, mut suggestions) = (0, Vec::new());
    if let Some(organization) = row.ticket.organization {
        let waiting = tx.waiting_tickets(account, organization)?;
        siblings = count(waiting.iter().filter(|t| t.id != id).count());
        if let Some(known) = tx.organization(account, organization)? {
            let found = mapping::suggestions(&context, &known).into_iter();
            suggestions = found.map(|(client, score)| Suggestion { client, score }).collect();
        }
    }
    let (pages, suppressed) = match row.ticket.incident {
        Some(key) => (pages_of(tx, now, key)?, suppressed_of(tx, key)?),
        None => (Vec::new(), Vec::new()),
    };
    let copies = Copies::of(tx, &context, std::iter::once(id))?;
    Ok(TicketView {
        pages,
        suppressed,
        card: Card::of(&row, &context.catalogue, &on_cards(tx, &context, now)?, &copies),
        description: full.description,
        timeline: full.timeline,
        incident,
        deliveries: delivery_view::lines(tx, tx.deliveries_of(id)?)?,
        siblings,
        suggestions,
    })
}
