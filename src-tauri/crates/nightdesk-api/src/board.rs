//! The triage board: what waits to be given to a client, and the clients that it can be given to.

use crate::card::Card;
use crate::error::Error;
use crate::organization::Suggestion;
use crate::page_view::on_cards;
use crate::psa_copy::Copies;
use crate::status::count;
use crate::words::Severity;
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::Kind;
use nightdesk_core::ids::{CatalogueId, OrganizationId};
use nightdesk_engine::context::Context;
use nightdesk_engine::mapping::Suggester;
use nightdesk_store::{OrganizationRow, Tx};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use ts_rs::TS;

/// The board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Board {
    /// By organization; the group with the worst and then the oldest ticket first.
    pub groups: Vec<BoardGroup>,
    /// Where tickets can go.
    pub clients: Vec<BoardClient>,
    /// How many tickets wait.
    pub total: i64,
}

/// The tickets of one organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BoardGroup {
    /// The organization; `None` for tickets whose organization isn't known.
    #[ts(type = "number | null")]
    pub organization_id: Option<OrganizationId>,
    /// Its name, once Huntress has told it.
    pub name: Option<String>,
    /// The worst severity among the tickets.
    pub worst: Severity,
    /// When the oldest report was sent, or, where that isn't known, its ticket opened.
    pub oldest_at: DateTime<Utc>,
    /// Clients of a similar name, best first.
    pub suggestions: Vec<Suggestion>,
    /// The worst and then the oldest first.
    pub tickets: Vec<Card>,
    /// How many further tickets it has; always 0 but in a first look.
    pub more: i64,
}

/// A client as a drop target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardClient {
    /// Its name.
    pub name: String,
    /// How many of its tickets are open.
    pub open: i64,
    /// Its place among the clients that tickets were moved to last, from 0; `None` beyond those.
    pub recent: Option<u32>,
}

/// How many moves are looked back on for the clients that tickets went to last.
const MOVES: u32 = 12;

/// The board: every open ticket that waits for its organization to be mapped.
///
/// # Errors
/// The store's.
pub fn board(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Board, Error> {
    let context = Context::load(tx)?;
    let pages = on_cards(tx, &context, now)?;
    let waiting = tx.waiting_cards()?;
    let copies = Copies::of(tx, &context, waiting.iter().map(|row| row.ticket.id))?;
    let mut cards: Vec<Card> = waiting.iter().map(|row| Card::of(row, &context.catalogue, &pages, &copies)).collect();
    // What is found at the first start is as old as its report, not as its ticket.
    cards.sort_by_key(|c| (c.severity_class.rank(), c.since(), c.ticket.id));
    let total = count(cards.len());
    let known: HashMap<OrganizationId, OrganizationRow> =
        tx.organizations(context.account_id())?.into_iter().map(|o| (o.id, o)).collect();
    let suggester = Suggester::new(&context);
    let mut groups: Vec<BoardGroup> = Vec::new();
    let mut place: HashMap<Option<OrganizationId>, usize> = HashMap::new();
    // The cards come worst and oldest first, and so do groups that are made in their order.
    for card in cards {
        let at = *place.entry(card.ticket.organization_id).or_insert_with(|| {
            groups.push(group(&card, &known, &suggester));
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            group.oldest_at = group.oldest_at.min(card.since());
            group.tickets.push(card);
        }
    }
    Ok(Board { groups, clients: clients(tx, &context)?, total })
}

fn group(worst: &Card, known: &HashMap<OrganizationId, OrganizationRow>, suggester: &Suggester) -> BoardGroup {
    let organization = worst.ticket.organization_id;
    let row = organization.and_then(|id| known.get(&id));
    let suggestions = row.map(|row| suggester.of(row)).unwrap_or_default();
    BoardGroup {
        organization_id: organization,
        name: row.and_then(|r| r.name.clone()),
        worst: worst.severity_class,
        oldest_at: worst.since(),
        suggestions: suggestions.into_iter().map(|(client, score)| Suggestion { client, score }).collect(),
        tickets: Vec::new(),
        more: 0,
    }
}

/// Every client but the fallback one, which is where the tickets are already.
fn clients(tx: &Tx<'_>, context: &Context) -> Result<Vec<BoardClient>, Error> {
    let open: HashMap<CatalogueId, i64> = tx.open_tickets_by_client()?.into_iter().collect();
    let mut recent: Vec<CatalogueId> = Vec::new();
    for moved in tx.recent_moves(MOVES)? {
        if let Some(client) = moved.body.tickets.first().map(|t| t.after.client)
            && !recent.contains(&client)
        {
            recent.push(client);
        }
    }
    let fallback = context.bound.as_ref().map(|b| b.fallback_client);
    let mut clients: Vec<BoardClient> = context
        .catalogue
        .of(Kind::Client)
        .filter(|e| Some(e.id) != fallback)
        .map(|e| BoardClient {
            name: e.name.clone(),
            open: open.get(&e.id).copied().unwrap_or(0),
            recent: recent.iter().position(|r| *r == e.id).and_then(|at| u32::try_from(at).ok()),
        })
        .collect();
    clients.sort_by_key(|c| c.name.to_lowercase());
    Ok(clients)
}
