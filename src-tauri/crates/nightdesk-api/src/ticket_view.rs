//! One ticket with everything around it.

use crate::card::Card;
use crate::delivery_view::DeliveryLine;
use crate::incident_view::IncidentView;
use crate::organization::Suggestion;
use crate::ticket::TimelineLine;
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
    /// Other open tickets on triage of the same organization.
    pub siblings: i64,
    /// Clients that its organization may belong to, best first.
    pub suggestions: Vec<Suggestion>,
}
