//! An incident as its view shows it: the SOC's report as text, the host, and what is to be done.

use chrono::{DateTime, Utc};
use nightdesk_core::ids::{AgentId, IncidentId, OrganizationId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An incident. What the vendor wrote is text and only ever shown as text (ND-16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IncidentView {
    /// Its number at Huntress.
    #[ts(type = "number")]
    pub id: IncidentId,
    /// The subject line.
    pub subject: Option<String>,
    /// The SOC's word for where it has got to.
    pub status: Option<String>,
    /// Huntress's word for how bad it is.
    pub severity: Option<String>,
    /// Huntress's word for the platform.
    pub platform: Option<String>,
    /// The analyst's words.
    pub summary: Option<String>,
    /// The SOC's report.
    pub body: Option<String>,
    /// What was found, without what was found zero times.
    pub indicators: Vec<Indicator>,
    /// What is to be done, a line each.
    pub remediations: Vec<String>,
    /// When the SOC sent it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// When anything last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// The agent; identity and e-mail reports have none.
    #[ts(type = "number | null")]
    pub agent_id: Option<AgentId>,
    /// The host, once it was looked up.
    pub host: Option<HostView>,
    /// The organization.
    #[ts(type = "number | null")]
    pub organization_id: Option<OrganizationId>,
    /// Its present name.
    pub organization_name: Option<String>,
    /// Its page in Huntress's portal.
    pub portal_url: Option<String>,
    /// Why its record could not be read in full.
    pub quarantine: Option<String>,
    /// The record as received, for one that could not be read in full.
    pub raw: Option<String>,
}

/// A kind of indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Indicator {
    /// Huntress's word for it.
    pub kind: String,
    /// How many; `None` where only the kind was named.
    pub count: Option<i64>,
}

/// A host as Huntress knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "Host")]
#[allow(missing_docs)]
pub struct HostView {
    pub hostname: Option<String>,
    pub os: Option<String>,
    pub ipv4_address: Option<String>,
    pub external_ip: Option<String>,
    pub serial_number: Option<String>,
    pub last_callback_at: Option<DateTime<Utc>>,
}
