//! Who is paged for what, when the next one is, and when it ends. Pure: the engine carries it out.

mod decide;
mod entity;
mod run;
mod step;
mod storm;
mod subject;

pub use decide::{Asked, Decision, Earlier, SEVERITY_SECONDS, Suppressed, decide};
pub use entity::Entity;
pub use run::{Action, Event, Position, RunState, Rung, Told, Tree, next};
pub use step::{StepState, heard_of_call, heard_of_delivery, heard_of_text};
pub use storm::{HOLD_SECONDS, LONGEST_HOLD_SECONDS, begins, free_after};
pub use subject::{headline, headline_beside, name};

use serde::{Deserialize, Serialize};

/// Where a page is in its life, as `pages` shows it. A suppressed page has no row of its own but one in the
/// suppression ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageState {
    /// Held back for a moment: a storm is bundled, or a severity asked for.
    Waiting,
    /// People are being told.
    Running,
    /// Somebody has it.
    Acknowledged,
    /// Everybody was told, as often as is set, and nobody has it.
    Exhausted,
    /// Nobody needs to have it any more.
    Ended,
}

impl PageState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Acknowledged, Self::Exhausted, Self::Ended];

    /// The word for it, as stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Acknowledged => "acknowledged",
            Self::Exhausted => "exhausted",
            Self::Ended => "ended",
        }
    }

    /// The inverse of [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.word() == word)
    }

    /// Whether more will come of it by itself.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }
}

/// By what an acknowledgement came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// A key pressed in a call.
    Key,
    /// A text with the page's code.
    Reply,
    /// A click in the window or an alert.
    App,
    /// The command line.
    Command,
}

impl How {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Key, Self::Reply, Self::App, Self::Command];

    /// The word for it, as stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Reply => "reply",
            Self::App => "app",
            Self::Command => "command",
        }
    }

    /// The inverse of [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.word() == word)
    }
}

/// What a page says, kept with it so that it is said the same way at every step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// The severity's word; none where it isn't known.
    pub severity: Option<String>,
    /// The client, or the organization's name where it is mapped to none.
    pub client: String,
    /// The subject without our tags.
    pub title: String,
    /// The host, where the subject or Huntress names one.
    pub host: Option<String>,
    /// Since when the desk is blind, where the page is about that.
    #[serde(default)]
    pub since: Option<String>,
    /// Waits for its severity, which is being asked for.
    #[serde(default)]
    pub is_unsure: bool,
}

impl Matter {
    /// What happened and where, as a line of a list has it.
    pub fn what(&self) -> String {
        match &self.host {
            Some(host) => format!("{} on {host}", self.title),
            None => self.title.clone(),
        }
    }
}
