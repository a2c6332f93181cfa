//! The configuration as it is applied: typed, checked, without secrets. Its file form is TOML (crate nightdesk-api).

mod email;
mod paging;
mod webhook_in;
mod webhook_out;

pub use email::{Auth, Email, GOOGLE_LOGIN, GRAPH, MICROSOFT_LOGIN, Overrides, Security};
pub use paging::{Channel, Contact, Paging, Provider, Threshold};
pub use webhook_in::{PATH as WEBHOOK_IN_PATH, WebhookIn};
pub use webhook_out::{Category, MOST_ENDPOINTS, WebhookOut};

use crate::ids::OrganizationId;
use serde::{Deserialize, Serialize};

/// A whole configuration. Every section has defaults, so that a desk without a file still opens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// How to reach Huntress.
    pub huntress: Huntress,
    /// Which PSA holds the tickets.
    pub desk: Desk,
    /// The built-in desk's catalogue.
    pub local: Local,
    /// Where tickets go. May be incomplete: polling then pauses and says what is missing.
    pub routing: Routing,
    /// When the desk counts as late and blind.
    pub watch: Watch,
    /// What the file says of single organizations, in the order of their ids. The mapping table in the store is the
    /// truth; this is only what a file asks to set.
    pub organizations: Vec<Organization>,
    /// The call tree, in order.
    pub contacts: Vec<Contact>,
    /// By what carrier and rules people are reached.
    pub paging: Paging,
    /// By what server and to whom mail goes; none until it is set up, and from then on never none again.
    pub email: Option<Email>,
    /// Who is told of news by webhook, in the file's order; at most [`MOST_ENDPOINTS`], each address once.
    pub webhooks_out: Vec<WebhookOut>,
    /// Where Huntress posts to.
    pub webhook_in: WebhookIn,
}

/// `[huntress]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Huntress {
    /// The API's address without path; https, or http to loopback.
    pub base_url: String,
    /// Our share of the account's 60 requests a minute; 1 to 60, more only to loopback.
    pub requests_per_minute: u32,
}

impl Default for Huntress {
    fn default() -> Self {
        Self { base_url: "https://api.huntress.io".into(), requests_per_minute: 30 }
    }
}

/// `[desk]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Desk {
    /// Which connector.
    pub kind: DeskKind,
    /// The PSA's address without path; https, or http to loopback. The built-in desk has none.
    pub base_url: Option<String>,
}

impl Desk {
    /// Whether tickets live in a PSA, beside their copy here.
    pub fn is_remote(&self) -> bool {
        self.kind != DeskKind::Local
    }
}

/// The PSA connectors there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskKind {
    /// The built-in desk.
    #[default]
    Local,
    /// AlgaPSA.
    Algapsa,
}

impl DeskKind {
    /// Every kind, the built-in one first.
    pub const ALL: [Self; 2] = [Self::Local, Self::Algapsa];

    /// The word for it in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Algapsa => "algapsa",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Local => "the built-in desk",
            Self::Algapsa => "AlgaPSA",
        }
    }
}

/// `[local]`: the built-in desk's own catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Local {
    /// Client names, unique.
    pub clients: Vec<String>,
    /// Boards, by unique name.
    pub boards: Vec<LocalBoard>,
    /// Priority names, unique, most urgent first.
    pub priorities: Vec<String>,
}

/// A board of the built-in desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalBoard {
    /// Its name.
    pub name: String,
    /// The status of new and reopened tickets.
    pub open_status: String,
    /// The status of closed tickets.
    pub closed_status: String,
    /// Ticket categories; may be empty.
    #[serde(default)]
    pub categories: Vec<String>,
}

impl Default for Local {
    fn default() -> Self {
        let board = |name: &str, categories: &[&str]| LocalBoard {
            name: name.into(),
            open_status: "New".into(),
            closed_status: "Closed".into(),
            categories: categories.iter().map(|c| (*c).into()).collect(),
        };
        Self {
            clients: vec!["Security Triage".into()],
            boards: vec![board("Security", &["Security incident"]), board("Triage", &[])],
            priorities: ["Critical", "High", "Medium", "Low"].map(Into::into).to_vec(),
        }
    }
}

/// `[routing]`, by name. Names are bound to catalogue numbers when a configuration is applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Routing {
    /// Where tickets of mapped organizations go.
    pub security_board: Option<String>,
    /// Their category, on the security board.
    pub category: Option<String>,
    /// Who gets tickets of unmapped organizations.
    pub fallback_client: Option<String>,
    /// Where those tickets go.
    pub triage_board: Option<String>,
    /// Priorities by severity.
    pub priority: Priorities,
    /// Minutes between polls, 1 to 60, honoured exactly.
    pub poll_interval_minutes: u32,
    /// Whether the SOC's closing closes the ticket.
    pub close_through: bool,
    /// The closed status to use where a ticket's board has it; else the board's own.
    pub closed_status: Option<String>,
}

impl Default for Routing {
    fn default() -> Self {
        Self {
            security_board: None,
            category: None,
            fallback_client: None,
            triage_board: None,
            priority: Priorities::default(),
            poll_interval_minutes: 5,
            close_through: false,
            closed_status: None,
        }
    }
}

impl Routing {
    /// The keys that polling waits for, as `status` names them; empty when routing is complete.
    pub fn missing(&self) -> Vec<&'static str> {
        [
            ("routing.security_board", &self.security_board),
            ("routing.fallback_client", &self.fallback_client),
            ("routing.triage_board", &self.triage_board),
            ("routing.priority.critical", &self.priority.critical),
            ("routing.priority.high", &self.priority.high),
            ("routing.priority.low", &self.priority.low),
        ]
        .into_iter()
        .filter(|(_, v)| v.as_deref().is_none_or(|s| s.trim().is_empty()))
        .map(|(k, _)| k)
        .collect()
    }
}

/// `routing.priority`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Priorities {
    /// For critical incidents, and for those of unknown severity.
    pub critical: Option<String>,
    /// For high ones.
    pub high: Option<String>,
    /// For low ones.
    pub low: Option<String>,
}

/// `[watch]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Watch {
    /// Late after this many poll intervals without a proven read.
    pub late_after_intervals: u32,
    /// Blind after this many minutes without a proven read, but never before late.
    pub blind_after_minutes: u32,
    /// Blind for this many minutes raises the alarm.
    pub alarm_after_minutes: u32,
}

impl Default for Watch {
    fn default() -> Self {
        Self { late_after_intervals: 2, blind_after_minutes: 10, alarm_after_minutes: 15 }
    }
}

/// `[[organization]]`: what a file sets for one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its Huntress id.
    pub id: OrganizationId,
    /// The client it is mapped to; `None` leaves it unmapped.
    #[serde(default)]
    pub client: Option<String>,
    /// Whether its tickets are withheld.
    #[serde(default)]
    pub ignore: bool,
}
