//! `[[contact]]` and `[paging]`: who is reached, by what way, and when the next one is.

use crate::incident::Severity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A way to reach a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A text.
    Sms,
    /// A phone call.
    Call,
}

impl Channel {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sms, Self::Call];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Call => "call",
        }
    }
}

/// `[[contact]]`: a step of the call tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// What the contact is called; unique.
    pub name: String,
    /// The number, in E.164, of a supported country.
    pub phone: String,
    /// The ways that may be used, each once. All of them begin together.
    pub channels: Vec<Channel>,
    /// Digits for a phone menu.
    #[serde(default)]
    pub extension: Option<String>,
    /// Minutes until the next step, instead of `paging.step_wait_minutes`.
    #[serde(default)]
    pub wait_minutes: Option<u32>,
}

/// The carriers there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Twilio, or a provider of the same shape at another address.
    #[default]
    Twilio,
}

/// From which severity on people are paged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// Critical incidents only.
    #[default]
    Critical,
    /// High ones too.
    High,
    /// All.
    Low,
}

impl Threshold {
    /// Whether an incident of this severity pages. What isn't known counts as critical.
    pub fn admits(self, severity: &Severity) -> bool {
        match severity {
            Severity::Critical | Severity::Unknown(_) => true,
            Severity::High => self != Self::Critical,
            Severity::Low => self == Self::Low,
        }
    }
}

/// `[paging]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Paging {
    /// Which carrier.
    pub provider: Provider,
    /// The account at it; none while paging isn't set up.
    pub account_sid: Option<String>,
    /// Our number, in E.164, which contacts save.
    pub from: Option<String>,
    /// Where texts and calls are asked for: https, or http to loopback.
    pub base_url: String,
    /// Where keypresses are asked for: https, or http to loopback.
    pub studio_base_url: String,
    /// Who is paged for.
    pub min_severity: Threshold,
    /// One text and/or call an entity in so many hours, 1 to 168.
    pub window_hours: u32,
    /// Minutes until the next step, 1 to 60.
    pub step_wait_minutes: u32,
    /// Times through the tree before a page counts as exhausted, 1 to 10.
    pub rounds: u32,
    /// Changed wordings by the template's name; what is left out is as shipped.
    pub templates: BTreeMap<String, String>,
}

impl Default for Paging {
    fn default() -> Self {
        Self {
            provider: Provider::Twilio,
            account_sid: None,
            from: None,
            base_url: "https://api.twilio.com".into(),
            studio_base_url: "https://studio.twilio.com".into(),
            min_severity: Threshold::Critical,
            window_hours: 24,
            step_wait_minutes: 5,
            rounds: 2,
            templates: BTreeMap::new(),
        }
    }
}

impl Paging {
    /// Whether there is a carrier to page by.
    pub fn is_set_up(&self) -> bool {
        self.account_sid.is_some() && self.from.is_some()
    }
}
