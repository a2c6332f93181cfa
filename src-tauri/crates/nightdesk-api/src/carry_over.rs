//! What a change of the desk does to what is open, as people read it.

use crate::error::Error;
use crate::words::DeliveryState;
use nightdesk_core::config::Config;
use nightdesk_core::delivery::State;
use nightdesk_core::ids::{DeliveryId, TicketId};
use nightdesk_engine::psa::Carried;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// From one desk to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CarryOver {
    /// The desk that is left, as people call it.
    pub from: String,
    /// The desk that is chosen.
    pub to: String,
    /// Whether it is done at once; otherwise as soon as routing is complete for the new desk.
    pub is_now: bool,
    /// The open tickets, oldest first.
    pub tickets: Vec<CarriedLine>,
    /// Organizations that keep their mapping, to a client of the same name.
    pub mapped: u32,
    /// Organizations that lose it, since the new desk has no such client.
    pub unmapped: Vec<Unmapped>,
    /// Deliveries to the desk that is left whose outcome isn't known, so that nobody tells what becomes of them.
    pub left_behind: Vec<LeftBehind>,
}

/// A ticket that goes along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[allow(missing_docs)]
pub struct CarriedLine {
    #[ts(type = "number")]
    pub id: TicketId,
    pub number: String,
    pub from_client: String,
    pub from_board: String,
    pub to_client: String,
    pub to_board: String,
    /// The new desk has no client of that name: the fallback client has it.
    pub is_fallback: bool,
}

/// An organization that loses its mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "UnmappedOrganization")]
#[allow(missing_docs)]
pub struct Unmapped {
    pub organization: String,
    pub client: String,
}

/// A delivery under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "LeftBehindDelivery")]
#[allow(missing_docs)]
pub struct LeftBehind {
    #[ts(type = "number")]
    pub id: DeliveryId,
    #[ts(as = "DeliveryState")]
    pub state: State,
    #[ts(type = "number | null")]
    pub ticket_id: Option<TicketId>,
    /// The ticket's number.
    pub ticket: Option<String>,
}

impl CarryOver {
    pub(crate) fn of(before: &Config, after: &Config, carried: Option<Carried>, left_behind: Vec<LeftBehind>) -> Self {
        let is_now = carried.is_some();
        let Carried { tickets, mapped, unmapped } = carried.unwrap_or_default();
        let line = |t: nightdesk_engine::psa::CarriedTicket| CarriedLine {
            id: t.id,
            number: t.number,
            from_client: t.from.0,
            from_board: t.from.1,
            to_client: t.to.0,
            to_board: t.to.1,
            is_fallback: t.is_fallback,
        };
        Self {
            from: before.desk.kind.name().to_owned(),
            to: after.desk.kind.name().to_owned(),
            is_now,
            tickets: tickets.into_iter().map(line).collect(),
            mapped,
            unmapped: unmapped.into_iter().map(|(organization, client)| Unmapped { organization, client }).collect(),
            left_behind,
        }
    }
}

/// What is under way to the desk in force.
pub(crate) fn left_behind(tx: &Tx<'_>) -> Result<Vec<LeftBehind>, Error> {
    let mut left = Vec::new();
    for id in tx.psa_deliveries(&[State::Claimed, State::Sending, State::InDoubt])? {
        let Some(delivery) = tx.delivery(id)? else { continue };
        let ticket = delivery.ticket.map(|id| tx.ticket(id)).transpose()?.flatten();
        let (ticket_id, ticket) = (delivery.ticket, ticket.map(|t| t.number));
        left.push(LeftBehind { id, state: delivery.state, ticket_id, ticket });
    }
    Ok(left)
}
