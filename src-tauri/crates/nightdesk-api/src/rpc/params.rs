//! Parameters that belong to no noun of their own. All are strict: an unknown field is an error, never ignored.

use nightdesk_core::ids::{AccountId, DeliveryId, IncidentId, MoveId, OrganizationId, TicketId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Nothing: `null` or an empty object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl TS for Nothing {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &ts_rs::Config) -> String {
        "null".into()
    }

    fn inline(_: &ts_rs::Config) -> String {
        "null".into()
    }
}

macro_rules! by_id {
    ($(#[$doc:meta])* $name:ident, $id:ty) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Its number.
            #[ts(type = "number")]
            pub id: $id,
        }
    };
}

by_id! {
    /// A ticket.
    TicketAsked, TicketId
}
by_id! {
    /// An organization.
    OrganizationAsked, OrganizationId
}
by_id! {
    /// A delivery.
    DeliveryAsked, DeliveryId
}
by_id! {
    /// A Huntress account.
    AccountAsked, AccountId
}

/// How many, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Newest {
    /// At most so many.
    pub limit: u32,
}

/// Tickets and the client that they go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Rehome {
    /// The tickets.
    #[ts(type = "Array<number>")]
    pub tickets: Vec<TicketId>,
    /// The client's name.
    pub client: String,
    /// Whether their organization is mapped to it, and its other open triage tickets go along.
    pub map_organization: bool,
}

/// What to take back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    /// The move; the newest where none is named.
    #[ts(type = "number | null")]
    pub id: Option<MoveId>,
}

/// A note for a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The ticket.
    #[ts(type = "number")]
    pub id: TicketId,
    /// The note.
    pub text: String,
}

/// Who works on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// The ticket.
    #[ts(type = "number")]
    pub id: TicketId,
    /// The person; `None` for nobody.
    pub who: Option<String>,
}

/// An organization and its client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MapOrganization {
    /// The organization.
    #[ts(type = "number")]
    pub id: OrganizationId,
    /// The client's name.
    pub client: String,
    /// Whether its open triage tickets go along.
    pub move_tickets: bool,
}

/// The mapping table as CSV.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its text.
    pub csv: String,
}

/// A quarantined incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct IncidentAsked {
    /// Its number at Huntress.
    #[ts(type = "number")]
    pub incident_id: IncidentId,
}
