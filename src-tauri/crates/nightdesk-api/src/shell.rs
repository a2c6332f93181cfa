//! What only a program with a screen can do, and what it says of itself.

use crate::words::Severity;
use chrono::{DateTime, Utc};
use nightdesk_core::ids::TicketId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// The shell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "Shell")]
pub struct ShellView {
    /// The program's version.
    pub version: String,
    /// The operating system and its version, in words.
    pub platform: String,
    /// Whether this is the demo night.
    pub demo: bool,
    /// Whether the tray icon is shown.
    pub tray: Ability,
    /// Whether native alerts can be shown.
    pub notifications: Notifications,
    /// Whether the desk starts with the user's session; `None` where that can't be had.
    pub autostart: Option<bool>,
    /// Until when desk alerts are muted; critical ones pierce.
    pub mute_until: Option<DateTime<Utc>>,
    /// Where the data are.
    pub data_dir: String,
    /// Where the logs are.
    pub log_dir: Option<String>,
    /// What kind of place this is, such as "Linux desktop".
    pub watching_for: String,
}

/// Whether something works here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Ability {
    /// Whether it works.
    pub ok: bool,
    /// Why not.
    pub why: Option<String>,
}

/// Whether native alerts can be shown, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Notifications {
    /// Whether they can.
    pub ok: bool,
    /// Why not, or what to know (do-not-disturb).
    pub why: Option<String>,
    /// The notification service's name.
    pub server: Option<String>,
}

/// Whether to start with the user's session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AutostartSet {
    /// Whether.
    pub on: bool,
}

/// For how long to mute desk alerts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Mute {
    /// So many minutes; `None` unmutes.
    pub minutes: Option<u32>,
}

/// An alert to try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TestAlert {
    /// As if an incident of this severity had come.
    pub severity: Severity,
}

/// Whether the alert was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestAlertShown {
    /// Whether the service took it.
    pub shown: bool,
    /// Why not.
    pub why: Option<String>,
}

/// Which page to open, at Huntress or in the PSA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PortalAsked {
    /// That of this ticket, or of its incident.
    #[ts(type = "number")]
    pub ticket_id: TicketId,
}

/// A text to be saved where the user says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TextToSave {
    /// The proposed file name.
    pub name: String,
    /// What to write.
    pub text: String,
}

/// Where a text was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TextSaved {
    /// The file; `None` where the user changed their mind.
    pub path: Option<String>,
}

/// The event `goto`: where the window should go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Goto {
    /// The view: `triage`, `security`, `ticket`, `settings`, …, or `quit` for the question before quitting.
    pub view: String,
    /// The ticket, where the view is of one.
    #[ts(type = "number | null")]
    pub ticket_id: Option<TicketId>,
    /// Why it is asked, where it is a question.
    pub reason: Option<String>,
}

/// The event `changed`: which topics are at which revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Changed {
    /// By the topic's word.
    #[ts(type = "Record<string, number>")]
    pub topics: BTreeMap<String, i64>,
}
