//! The configuration as a form edits it: nightdesk-core's, without what it says of single organizations.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Every section that a form edits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ConfigDraft {
    pub huntress: HuntressDraft,
    pub desk: DeskDraft,
    pub local: LocalDraft,
    pub routing: RoutingDraft,
    pub watch: WatchDraft,
}

/// `[huntress]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct HuntressDraft {
    pub base_url: String,
    pub requests_per_minute: u32,
}

/// `[desk]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct DeskDraft {
    /// The connector; the built-in desk is the only one there is.
    #[ts(type = "\"local\"")]
    pub kind: String,
}

/// `[local]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct LocalDraft {
    pub clients: Vec<String>,
    pub boards: Vec<BoardDraft>,
    pub priorities: Vec<String>,
}

/// A board of the built-in desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "LocalBoard")]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct BoardDraft {
    pub name: String,
    pub open_status: String,
    pub closed_status: String,
    pub categories: Vec<String>,
}

/// `[routing]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct RoutingDraft {
    pub security_board: Option<String>,
    pub category: Option<String>,
    pub fallback_client: Option<String>,
    pub triage_board: Option<String>,
    pub priority: PriorityDraft,
    pub poll_interval_minutes: u32,
    pub close_through: bool,
    pub closed_status: Option<String>,
}

/// `routing.priority`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "PrioritiesDraft")]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct PriorityDraft {
    pub critical: Option<String>,
    pub high: Option<String>,
    pub low: Option<String>,
}

/// `[watch]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct WatchDraft {
    pub late_after_intervals: u32,
    pub blind_after_minutes: u32,
    pub alarm_after_minutes: u32,
}
