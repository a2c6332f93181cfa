//! The configuration as a form edits it: nightdesk-core's, without what it says of single organizations and
//! contacts, which have methods of their own.

use crate::words::{CarrierName, DeskName, PagingSeverity};
use nightdesk_core::config::{Config, Desk, Huntress, Local, LocalBoard, Paging, Priorities, Routing, Watch};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
    pub paging: PagingDraft,
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
    /// The connector.
    pub kind: DeskName,
    /// The PSA's address; the built-in desk has none.
    #[serde(default)]
    pub base_url: Option<String>,
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

/// `[paging]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct PagingDraft {
    pub provider: CarrierName,
    pub account_sid: Option<String>,
    pub from: Option<String>,
    pub base_url: String,
    pub studio_base_url: String,
    pub min_severity: PagingSeverity,
    pub window_hours: u32,
    pub step_wait_minutes: u32,
    pub rounds: u32,
    /// Changed wordings by the template's name.
    #[ts(type = "Record<string, string>")]
    pub templates: BTreeMap<String, String>,
}

impl ConfigDraft {
    /// The sections of a configuration.
    pub fn of(config: &Config) -> Self {
        let Config { huntress, desk, local, routing, watch, organizations: _, contacts: _, paging, .. } = config;
        Self {
            huntress: HuntressDraft {
                base_url: huntress.base_url.clone(),
                requests_per_minute: huntress.requests_per_minute,
            },
            desk: DeskDraft { kind: desk.kind.into(), base_url: desk.base_url.clone() },
            local: LocalDraft {
                clients: local.clients.clone(),
                boards: local.boards.iter().map(BoardDraft::from).collect(),
                priorities: local.priorities.clone(),
            },
            routing: RoutingDraft::of(routing),
            watch: WatchDraft {
                late_after_intervals: watch.late_after_intervals,
                blind_after_minutes: watch.blind_after_minutes,
                alarm_after_minutes: watch.alarm_after_minutes,
            },
            paging: PagingDraft::of(paging),
        }
    }

    /// As a configuration, unchecked and without organizations and contacts.
    pub fn to_config(&self) -> Config {
        let Self { huntress, desk, local, routing, watch, paging } = self;
        Config {
            huntress: Huntress {
                base_url: huntress.base_url.clone(),
                requests_per_minute: huntress.requests_per_minute,
            },
            desk: Desk {
                kind: desk.kind.into(),
                // What a form still holds of another desk's address is no mistake of the user's.
                base_url: desk
                    .base_url
                    .as_deref()
                    .map(str::trim)
                    .filter(|u| !u.is_empty() && desk.kind != DeskName::Local)
                    .map(str::to_owned),
            },
            local: Local {
                clients: local.clients.clone(),
                boards: local.boards.iter().map(LocalBoard::from).collect(),
                priorities: local.priorities.clone(),
            },
            routing: routing.to_routing(),
            watch: Watch {
                late_after_intervals: watch.late_after_intervals,
                blind_after_minutes: watch.blind_after_minutes,
                alarm_after_minutes: watch.alarm_after_minutes,
            },
            paging: paging.to_paging(),
            ..Config::default()
        }
    }
}

impl PagingDraft {
    fn of(paging: &Paging) -> Self {
        Self {
            provider: paging.provider.into(),
            account_sid: paging.account_sid.clone(),
            from: paging.from.clone(),
            base_url: paging.base_url.clone(),
            studio_base_url: paging.studio_base_url.clone(),
            min_severity: paging.min_severity.into(),
            window_hours: paging.window_hours,
            step_wait_minutes: paging.step_wait_minutes,
            rounds: paging.rounds,
            templates: paging.templates.clone(),
        }
    }

    fn to_paging(&self) -> Paging {
        let set = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let templates = self.templates.iter().filter(|(_, text)| !text.trim().is_empty());
        Paging {
            provider: self.provider.into(),
            account_sid: set(&self.account_sid),
            from: set(&self.from),
            base_url: self.base_url.clone(),
            studio_base_url: self.studio_base_url.clone(),
            min_severity: self.min_severity.into(),
            window_hours: self.window_hours,
            step_wait_minutes: self.step_wait_minutes,
            rounds: self.rounds,
            templates: templates.map(|(name, text)| (name.clone(), text.clone())).collect(),
        }
    }
}

impl RoutingDraft {
    /// A routing.
    pub fn of(routing: &Routing) -> Self {
        let Priorities { critical, high, low } = routing.priority.clone();
        Self {
            security_board: routing.security_board.clone(),
            category: routing.category.clone(),
            fallback_client: routing.fallback_client.clone(),
            triage_board: routing.triage_board.clone(),
            priority: PriorityDraft { critical, high, low },
            poll_interval_minutes: routing.poll_interval_minutes,
            close_through: routing.close_through,
            closed_status: routing.closed_status.clone(),
        }
    }

    fn to_routing(&self) -> Routing {
        let PriorityDraft { critical, high, low } = self.priority.clone();
        // A form's empty field means unset, as in a file.
        let set = |name: &Option<String>| name.clone().filter(|n| !n.trim().is_empty());
        Routing {
            security_board: set(&self.security_board),
            category: set(&self.category),
            fallback_client: set(&self.fallback_client),
            triage_board: set(&self.triage_board),
            priority: Priorities { critical: set(&critical), high: set(&high), low: set(&low) },
            poll_interval_minutes: self.poll_interval_minutes,
            close_through: self.close_through,
            closed_status: set(&self.closed_status),
        }
    }
}

impl From<&LocalBoard> for BoardDraft {
    fn from(b: &LocalBoard) -> Self {
        Self {
            name: b.name.clone(),
            open_status: b.open_status.clone(),
            closed_status: b.closed_status.clone(),
            categories: b.categories.clone(),
        }
    }
}

impl From<&BoardDraft> for LocalBoard {
    fn from(b: &BoardDraft) -> Self {
        Self {
            name: b.name.clone(),
            open_status: b.open_status.clone(),
            closed_status: b.closed_status.clone(),
            categories: b.categories.clone(),
        }
    }
}
