//! An incident report as the SOC sent it, read leniently.

use crate::ids::{AccountId, AgentId, IncidentId, OrganizationId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How bad the SOC says it is. Huntress has three levels and no "medium"; anything else is kept as it came.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Spreading, ransomware, hands on keyboard.
    Critical,
    /// Confirmed malware on one host, or an identity compromised.
    High,
    /// Unwanted programs, leftovers.
    Low,
    /// Missing, or a word that we don't know: treated as critical, and says so.
    Unknown(Option<String>),
}

impl Severity {
    /// Reads Huntress's word, in any case.
    pub fn parse(word: Option<&str>) -> Self {
        match word.map(str::trim) {
            None | Some("") => Self::Unknown(None),
            Some(w) if w.eq_ignore_ascii_case("critical") => Self::Critical,
            Some(w) if w.eq_ignore_ascii_case("high") => Self::High,
            Some(w) if w.eq_ignore_ascii_case("low") => Self::Low,
            Some(w) => Self::Unknown(Some(w.to_owned())),
        }
    }

    /// The word as Huntress writes it; `None` where it sent none.
    pub fn word(&self) -> Option<&str> {
        match self {
            Self::Critical => Some("critical"),
            Self::High => Some("high"),
            Self::Low => Some("low"),
            Self::Unknown(w) => w.as_deref(),
        }
    }

    /// The level to act on: an unknown one counts as critical, because a missed critical is worse than a loud low.
    pub fn level(&self) -> Level {
        match self {
            Self::Critical | Self::Unknown(_) => Level::Critical,
            Self::High => Level::High,
            Self::Low => Level::Low,
        }
    }

    /// Whether Huntress named a level that we know.
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(Some(w)) => write!(f, "{w} (unknown, treated as critical)"),
            Self::Unknown(None) => f.write_str("not given (treated as critical)"),
            known => f.write_str(known.word().unwrap_or_default()),
        }
    }
}

/// A severity that can be acted on, least first so that "raised" is `>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// See [`Severity::Low`].
    Low,
    /// See [`Severity::High`].
    High,
    /// See [`Severity::Critical`].
    Critical,
}

/// An incident's status as the SOC words it. Unknown words load, and count as open.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Status(pub String);

impl Status {
    /// The statuses that the open sweep asks for: Huntress's documented filter values that are neither closed-like
    /// nor `deleting`.
    pub const OPEN_FILTERS: [&'static str; 2] = ["sent", "auto_remediating"];

    /// Finished by the SOC or the partner: `closed`, `dismissed`, `partner_dismissed`.
    pub fn is_closed_like(&self) -> bool {
        matches!(self.0.as_str(), "closed" | "dismissed" | "partner_dismissed")
    }

    /// On its way out at Huntress; transitional.
    pub fn is_deleting(&self) -> bool {
        self.0 == "deleting"
    }

    /// Everything else is open, unknown words included (ND-1): a status that we can't read must not hide an attack.
    pub fn is_open(&self) -> bool {
        !self.is_closed_like() && !self.is_deleting()
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "not given" } else { &self.0 })
    }
}

/// One remediation of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remediation {
    /// Its number at Huntress.
    pub id: Option<i64>,
    /// `assisted`, `manual` or `containment`.
    pub kind: String,
    /// What is to be done, in the SOC's words.
    pub action: String,
    /// `unapproved`, `approved`, `completed`, `failed` or `cancelled`.
    pub status: String,
    /// The parameters as readable lines; Huntress's OpenAPI document leaves their shape open, so they are
    /// flattened on reading.
    pub parameters: Vec<String>,
}

/// A report's remediations: Huntress sends the first ten inline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remediations {
    /// How many there are in all.
    pub total: i64,
    /// Whether there are more than [`Self::items`].
    pub has_more: bool,
    /// Those that came inline.
    pub items: Vec<Remediation>,
}

/// An incident report. Every field but the id may be missing: Huntress's document marks nothing as required.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its number within the account.
    pub id: IncidentId,
    /// The account it belongs to, where the record says so.
    pub account: Option<AccountId>,
    /// The organization, where it has one.
    pub organization: Option<OrganizationId>,
    /// The organization's name: only webhooks carry it.
    pub organization_name: Option<String>,
    /// The agent; identity, e-mail and SIEM reports have none.
    pub agent: Option<AgentId>,
    /// `windows`, `darwin`, `linux`, `microsoft_365`, `google`, `email_security`, `other`, or a newer word.
    pub platform: Option<String>,
    /// Where the SOC has got to.
    pub status: Status,
    /// How bad it is.
    pub severity: Severity,
    /// The subject line, in either of Huntress's formats.
    pub subject: Option<String>,
    /// The analyst's words.
    pub summary: Option<String>,
    /// The full report; may hold HTML or plain text, and is only ever shown as text (ND-16).
    pub body: Option<String>,
    /// Kinds of indicators found.
    pub indicator_types: Vec<String>,
    /// Indicators by kind, zeros included, in the order they came.
    pub indicator_counts: Vec<(String, i64)>,
    /// What is to be done.
    pub remediations: Remediations,
    /// When the SOC sent it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// When its status last changed.
    pub status_updated_at: Option<DateTime<Utc>>,
    /// When Huntress made the report; nothing rests on it, and whoever is told of the incident gets it as it came.
    #[serde(default)]
    pub created_at: Option<DateTime<Utc>>,
    /// When anything last changed; the listing's sort key.
    pub updated_at: Option<DateTime<Utc>>,
}

/// A record of a listing, or one fetched by id, as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The bytes as they came, kept for 90 days.
    pub raw: Vec<u8>,
    /// SHA-256 of [`Self::raw`]: the quick answer to "has anything changed?".
    pub digest: [u8; 32],
    /// What could be read of it.
    pub reading: Reading,
}

/// What could be read of a record. There is no "dropped" (ND-1, ND-4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Read in full.
    Whole(Incident),
    /// The id is known, but a field that decides something was of a shape that can't be understood: quarantined, with
    /// what could be read.
    Partial {
        /// What could be read; what couldn't is missing or unknown.
        incident: Incident,
        /// Which fields, and what was found in them.
        reason: String,
    },
    /// Not even an id: quarantined under a key made from the record's lasting fields.
    Unkeyed {
        /// Stable across polls for the same record.
        key: String,
        /// Why it couldn't be read.
        reason: String,
        /// A title for the bare ticket, where the record has a readable subject.
        subject: Option<String>,
        /// The severity, where readable.
        severity: Severity,
        /// When it was last changed, where readable.
        updated_at: Option<DateTime<Utc>>,
    },
}

impl Reading {
    /// The incident, where there is an id to call it by.
    pub fn incident(&self) -> Option<&Incident> {
        match self {
            Self::Whole(i) | Self::Partial { incident: i, .. } => Some(i),
            Self::Unkeyed { .. } => None,
        }
    }

    /// When the record says that it was last changed.
    pub fn updated_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Whole(i) | Self::Partial { incident: i, .. } => i.updated_at,
            Self::Unkeyed { updated_at, .. } => *updated_at,
        }
    }
}
