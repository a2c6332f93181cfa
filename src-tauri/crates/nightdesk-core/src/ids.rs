//! Identifiers, one type per thing, so that a ticket can't be passed where an incident is meant.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// A Huntress account: one MSP.
    AccountId
}
id! {
    /// An incident report's number at Huntress; unique within its account.
    IncidentId
}
id! {
    /// A Huntress organization: one of the MSP's customers as Huntress knows it.
    OrganizationId
}
id! {
    /// A Huntress agent: one protected host.
    AgentId
}
id! {
    /// A ticket of ours.
    TicketId
}
id! {
    /// A row of the PSA's catalogue (client, board, status, category or priority) under our own number, which stays
    /// when the PSA renames it.
    CatalogueId
}
id! {
    /// A delivery in the outbox.
    DeliveryId
}
id! {
    /// One re-home, the unit of undo.
    MoveId
}

/// An incident's full key: ids are only unique within an account, and an account can change hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct IncidentKey {
    /// The account that it belongs to.
    pub account: AccountId,
    /// Its number there.
    pub id: IncidentId,
}
