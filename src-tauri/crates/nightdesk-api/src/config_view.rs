//! The configuration in force with what a form needs around it.

use crate::config_draft::{ConfigDraft, RoutingDraft};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConfigView {
    /// Counts up with each change; 0 before the first.
    pub revision: i64,
    /// When it was applied.
    pub applied_at: Option<DateTime<Utc>>,
    /// What is in force.
    pub draft: ConfigDraft,
    /// Whether polling may begin.
    pub complete: bool,
    /// The keys that it waits for.
    pub missing: Vec<String>,
    /// Bound names that the PSA no longer has, each after its key.
    pub vanished: Vec<String>,
    /// What can be chosen.
    pub choices: Choices,
    /// The routing with what is unset filled in by the likeness of names, for a person to confirm.
    pub guesses: RoutingDraft,
    /// The whole as a file, without secrets.
    pub toml: String,
}

/// What can be chosen in a routing form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[allow(missing_docs)]
pub struct Choices {
    pub clients: Vec<String>,
    pub boards: Vec<BoardChoice>,
    pub priorities: Vec<String>,
}

/// A board with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[allow(missing_docs)]
pub struct BoardChoice {
    pub name: String,
    pub statuses: Vec<String>,
    pub closed_statuses: Vec<String>,
    pub categories: Vec<String>,
}

/// A draft to be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DraftAsked {
    /// The draft.
    pub draft: ConfigDraft,
}

/// A draft to be applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DraftToApply {
    /// The draft.
    pub draft: ConfigDraft,
    /// Refused where another revision is in force by now.
    pub if_revision: Option<i64>,
}

/// What a draft would change, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftChecked {
    /// The revision that it was compared with.
    pub revision: i64,
    /// A line for each difference.
    pub difference: Vec<String>,
    /// The routing keys that polling would wait for.
    pub missing: Vec<String>,
    /// What is wrong; empty for a draft that can be applied.
    pub problems: Vec<DraftProblem>,
}

/// Something wrong with a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftProblem {
    /// The key concerned, as `section.key`.
    pub key: String,
    /// What was found, to be read after the key.
    pub message: String,
    /// What to enter instead.
    pub remedy: Option<String>,
}
