//! What Huntress tells beside incidents: escalations, platform actions and account notices. They open no tickets and
//! page nobody.

use crate::content;
use crate::ids::{AccountId, OrganizationId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The four kinds, each with numbers of its own (Huntress promises no more than that: the one-time messages about a
/// platform action aren't the platform actions that can be listed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// The SOC asks the MSP something.
    Escalation,
    /// Something stops Huntress from protecting.
    PlatformAction,
    /// A one-time message of that type; by webhook only.
    PlatformNotification,
    /// About the account; by webhook only.
    AccountNotice,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 4] =
        [Self::Escalation, Self::PlatformAction, Self::PlatformNotification, Self::AccountNotice];

    /// The word for it, as stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Escalation => "escalation",
            Self::PlatformAction => "platform_action",
            Self::PlatformNotification => "platform_notification",
            Self::AccountNotice => "account_notice",
        }
    }

    /// The inverse of [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == word)
    }

    /// The notification type that it belongs to.
    pub fn of_type(self) -> NotificationType {
        match self {
            Self::Escalation => NotificationType::Escalations,
            Self::PlatformAction | Self::PlatformNotification => NotificationType::PlatformActions,
            Self::AccountNotice => NotificationType::AccountNotices,
        }
    }
}

/// Huntress's four notification types, by which mail and webhooks are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationType {
    /// Incident reports.
    Incidents,
    /// Escalations.
    Escalations,
    /// Platform actions.
    PlatformActions,
    /// Account notices.
    AccountNotices,
}

impl NotificationType {
    /// Every type.
    pub const ALL: [Self; 4] = [Self::Incidents, Self::Escalations, Self::PlatformActions, Self::AccountNotices];

    /// The word for it, as the configuration has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Incidents => "incidents",
            Self::Escalations => "escalations",
            Self::PlatformActions => "platform_actions",
            Self::AccountNotices => "account_notices",
        }
    }

    /// The inverse of [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.word() == word)
    }
}

/// What happened to a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// It was made.
    Created,
    /// It was resolved.
    Closed,
    /// It waits for an answer for too long; by webhook only.
    Overdue,
    /// A message that is told once and has no life of its own.
    Notification,
}

impl Event {
    /// The word for it, as in the names of Huntress's events.
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Closed => "closed",
            Self::Overdue => "overdue",
            Self::Notification => "notification",
        }
    }

    /// Whether somebody should look, rather than only be able to read of it.
    pub fn wants_attention(self) -> bool {
        self != Self::Closed
    }
}

/// An escalation, platform action or account notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its number, unique within its kind. Below zero it is one of the desk's own, for want of one that can be read.
    pub id: i64,
    /// Which kind.
    pub kind: NoticeKind,
    /// Severity, where readable.
    pub severity: Option<String>,
    /// Subject, where readable.
    pub subject: Option<String>,
    /// Status, where readable.
    pub status: Option<String>,
    /// What it is about, in Huntress's words ("Environmental Issue").
    #[serde(default)]
    pub about: Option<String>,
    /// Its text; one-time messages and overdue ones have one.
    #[serde(default)]
    pub body: Option<String>,
    /// The account that it says it belongs to, where it does.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// The organizations concerned; none for the whole account.
    pub organizations: Vec<OrganizationId>,
    /// How many are concerned, where Huntress says so; it may list fewer.
    #[serde(default)]
    pub total_organizations: Option<u32>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Since when Huntress has called it overdue, while it waits for its answer.
    #[serde(default)]
    pub overdue_since: Option<DateTime<Utc>>,
}

impl Notice {
    /// Whether Huntress gave it a number that can be read: it can't be found there by any other.
    pub fn has_number(&self) -> bool {
        self.id > 0
    }

    /// Whether nobody needs to answer it any more.
    pub fn is_resolved(&self) -> bool {
        self.resolved_at.is_some() || self.status.as_deref().is_some_and(|s| s.eq_ignore_ascii_case("resolved"))
    }

    /// Whether it is told once and has no life of its own.
    pub fn is_one_time(&self) -> bool {
        matches!(self.kind, NoticeKind::PlatformNotification | NoticeKind::AccountNotice)
    }

    /// Whether it waits for an answer.
    pub fn is_open(&self) -> bool {
        !self.is_one_time() && !self.is_resolved()
    }

    /// How many organizations it concerns beside those that it lists, where Huntress says that there are more.
    pub fn more_organizations(&self) -> usize {
        let total = self.total_organizations.map_or(0, |n| usize::try_from(n).unwrap_or(usize::MAX));
        total.saturating_sub(self.organizations.len())
    }

    fn is_same_message(&self, other: &Self) -> bool {
        (&self.subject, &self.body, self.created_at) == (&other.subject, &other.body, other.created_at)
    }

    /// One line that says what it is.
    pub fn title(&self, event: Event) -> String {
        let kind = match self.kind {
            NoticeKind::Escalation => "Escalation",
            NoticeKind::PlatformAction | NoticeKind::PlatformNotification => "Platform action",
            NoticeKind::AccountNotice => "Account notice",
        };
        let subject = content::line(self.subject.as_deref().unwrap_or("without a subject"));
        match event {
            Event::Created | Event::Notification => format!("{kind}: {subject}"),
            Event::Closed => format!("{kind} resolved: {subject}"),
            Event::Overdue => format!("{kind} overdue: {subject}"),
        }
    }

    /// This notice after newer word of it: what newer word leaves out stays.
    #[must_use]
    pub fn merged(&self, newer: &Self) -> Self {
        let or = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
        Self {
            id: newer.id,
            kind: newer.kind,
            severity: or(&newer.severity, &self.severity),
            subject: or(&newer.subject, &self.subject),
            status: or(&newer.status, &self.status),
            about: or(&newer.about, &self.about),
            body: or(&newer.body, &self.body),
            organizations: if newer.organizations.is_empty() {
                self.organizations.clone()
            } else {
                newer.organizations.clone()
            },
            account: newer.account.or(self.account),
            total_organizations: newer.total_organizations.or(self.total_organizations),
            created_at: newer.created_at.or(self.created_at),
            updated_at: newer.updated_at.or(self.updated_at),
            // Reopened where newer word has a status and no time of resolution.
            resolved_at: if newer.status.is_some() {
                newer.resolved_at
            } else {
                newer.resolved_at.or(self.resolved_at)
            },
            overdue_since: self.overdue_since.or(newer.overdue_since),
        }
    }
}

/// Organizations in a line: those that are named, at most `most` of them, and how many there are beside; nothing for the
/// whole account.
pub fn concerned(names: &[String], more: usize, most: usize) -> String {
    let shown = names.get(..most).unwrap_or(names);
    let more = more.saturating_add(names.len() - shown.len());
    let organizations = if more == 1 { "organization" } else { "organizations" };
    match (shown.is_empty(), more) {
        (_, 0) => shown.join(", "),
        (true, _) => format!("{more} {organizations}"),
        (false, _) => format!("{} and {more} more {organizations}", shown.join(", ")),
    }
}

/// A notice that is older than this when it is first seen is listed, and told to nobody singly.
const OLD_NEWS_HOURS: i64 = 24;

/// What one look at a notice came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// As it is to be stored; `None` when the look was overtaken by newer word, or tells nothing new.
    pub stored: Option<Notice>,
    /// What people are told, if anything.
    pub event: Option<Event>,
    /// It is too old to be told singly.
    pub old: bool,
}

/// Decides what a look at a notice means, beside what is known of it. `said` is the event of a webhook; a listing says
/// none, and what happened follows from the difference. Total, and the same whichever way the same news comes first.
pub fn meet(now: DateTime<Utc>, known: Option<&Notice>, seen: &Notice, said: Option<Event>) -> Met {
    let overtaken = known.is_some_and(|k| is_overtaken(now, k, seen, said));
    let mut after = match known {
        Some(k) if overtaken => k.clone(),
        Some(k) => k.merged(seen),
        None => seen.clone(),
    };
    if after.is_resolved() || known.is_some_and(Notice::is_resolved) {
        // Answered, or asked anew.
        after.overdue_since = None;
    }
    if said == Some(Event::Overdue) && !after.is_resolved() && after.overdue_since.is_none() {
        after.overdue_since = seen.updated_at.filter(|at| *at <= now).or(Some(now));
    }
    let stored = (known != Some(&after)).then(|| after.clone());
    let event = match (known, said) {
        (_, Some(Event::Overdue)) if !after.is_resolved() => Some(Event::Overdue),
        (None, Some(Event::Notification)) => Some(Event::Notification),
        // Its number was used before, for another message.
        (Some(k), Some(Event::Notification)) if !k.is_same_message(&after) => Some(Event::Notification),
        (Some(k), _) if !k.is_resolved() && after.is_resolved() => Some(Event::Closed),
        (Some(k), _) if k.is_resolved() && !after.is_resolved() => Some(Event::Created),
        // One that was over before it was ever seen calls for nobody.
        (None, _) if !after.is_resolved() => Some(Event::Created),
        _ => None,
    };
    let age = after.created_at.map(|at| now - at);
    let old = known.is_none() && age.is_some_and(|age| age > chrono::Duration::hours(OLD_NEWS_HOURS));
    Met { stored, event, old }
}

/// A time of change that lies further ahead than clocks differ can't be compared with: it would hold back all later word.
const SKEW_MINUTES: i64 = 10;

/// Whether word comes too late: it is older than what is known, or of the same second as what already tells the end.
fn is_overtaken(now: DateTime<Utc>, known: &Notice, seen: &Notice, said: Option<Event>) -> bool {
    let latest = now + chrono::Duration::minutes(SKEW_MINUTES);
    match known.updated_at.filter(|at| *at <= latest).zip(seen.updated_at) {
        Some((old, new)) if new == old => said == Some(Event::Created) && known.is_resolved() && !seen.is_resolved(),
        Some((old, new)) => new < old,
        None => false,
    }
}

#[cfg(test)]
mod tests;
