//! `[[webhook_out]]`: who is told of news by webhook.

use serde::{Deserialize, Serialize};

/// As many as Huntress allows for its own.
pub const MOST_ENDPOINTS: usize = 5;

/// What an endpoint may subscribe to: Huntress's four categories of notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Incident reports.
    IncidentReports,
    /// Escalations: the SOC asks something.
    Escalations,
    /// Platform actions: something stops Huntress from protecting.
    PlatformActions,
    /// Notices about the account.
    AccountNotices,
}

impl Category {
    /// Every category, in Huntress's order.
    pub const ALL: [Self; 4] = [Self::IncidentReports, Self::Escalations, Self::PlatformActions, Self::AccountNotices];

    /// The word for it, as the file has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::IncidentReports => "incident_reports",
            Self::Escalations => "escalations",
            Self::PlatformActions => "platform_actions",
            Self::AccountNotices => "account_notices",
        }
    }

    /// The inverse of [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.word() == word)
    }
}

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookOut {
    /// Its address, normalised, by which it is known everywhere; https, or with `allow_private` http to an address inside.
    pub url: String,
    /// What it is told of, each once, in Huntress's order. May be empty: then it hears only tests.
    pub categories: Vec<Category>,
    /// It may be on a private or loopback address.
    #[serde(default)]
    pub allow_private: bool,
}
