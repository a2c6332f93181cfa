//! "What would happen to this incident?": the routing table asked without acting on it.

use crate::config_draft::ConfigDraft;
use nightdesk_core::ids::{OrganizationId, TicketId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What to ask about: the incident of a ticket, or an imagined one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DryRunAsked {
    /// The incident of this ticket, as if it were seen for the first time.
    #[ts(type = "number | null")]
    pub ticket_id: Option<TicketId>,
    /// Or an imagined one.
    pub incident: Option<ImaginedIncident>,
    /// Under this configuration instead of the one in force.
    pub draft: Option<ConfigDraft>,
}

/// An incident that isn't there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImaginedIncident {
    /// Its organization.
    #[ts(type = "number | null")]
    pub organization_id: Option<OrganizationId>,
    /// Huntress's word for its severity.
    pub severity: Option<String>,
    /// Huntress's word for its status.
    pub status: String,
}

/// What would happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DryRun {
    /// In a sentence.
    pub outcome: String,
    /// What would be done, step by step.
    pub steps: Vec<String>,
}
