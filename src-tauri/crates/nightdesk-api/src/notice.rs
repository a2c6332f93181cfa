//! Escalations, platform actions and account notices, as they are listed.

use crate::error::Error;
use chrono::{DateTime, Utc};
use nightdesk_core::content::Portal;
use nightdesk_core::ids::OrganizationId;
use nightdesk_core::notice::NoticeKind;
use nightdesk_engine::context::{Context, Mapping};
use nightdesk_store::{StoredNotice, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the listed notices are called.
pub const NOTICE_TYPES: [&str; 3] = ["escalation", "platform_action", "account_notice"];

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "Notice")]
pub struct NoticeLine {
    /// Its number at Huntress, unique within its type (a one-time message about a platform action has numbers of its
    /// own). Below zero it is the desk's own, where Huntress gave none that can be read.
    pub id: i64,
    /// `escalation`, `platform_action` or `account_notice`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Told once, without a life of its own.
    pub one_time: bool,
    /// Huntress's severity.
    pub severity: Option<String>,
    /// Huntress's subject, as text.
    pub subject: Option<String>,
    /// The organizations concerned; none for the whole account.
    #[ts(type = "number[]")]
    pub organization_ids: Vec<OrganizationId>,
    /// Their present names, in the same order; `null` for one that isn't listed.
    pub organization_names: Vec<Option<String>>,
    /// How many more are concerned, where Huntress says so and doesn't list them.
    #[ts(type = "number")]
    pub more_organizations: usize,
    /// Huntress's status; `null` for a one-time message.
    pub status: Option<String>,
    /// Whether it still waits for an answer.
    pub is_open: bool,
    /// Since when it has been overdue; `null` where it isn't, or waits no more.
    pub overdue_since: Option<DateTime<Utc>>,
    /// Its page in Huntress's portal; `null` where none is known.
    pub portal_url: Option<String>,
    /// What it is about, in Huntress's words.
    pub about: Option<String>,
    /// Its text, where there is one.
    pub body: Option<String>,
    /// When Huntress made it.
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed there.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When this desk received it first.
    pub received_at: DateTime<Utc>,
    /// By which way: `poll` or `webhook`.
    pub first_seen: String,
}

/// Which notices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NoticesAsked {
    /// Only this type.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// Notices, those that wait for an answer first and then the newest.
///
/// # Errors
/// `InvalidInput` for a type that there isn't.
pub fn notices(tx: &Tx<'_>, asked: &NoticesAsked) -> Result<Vec<NoticeLine>, Error> {
    let kind = asked.kind.as_deref().map(singular).transpose()?;
    let context = Context::load(tx)?;
    let mapping = Mapping::load(tx, context.account_id())?;
    let mut lines: Vec<NoticeLine> = tx
        .notices(context.account_id())?
        .into_iter()
        .map(|stored| line(stored, &mapping, &context.portal()))
        .filter(|line| kind.is_none_or(|k| line.kind == k))
        .collect();
    // Stable, so that the newest stay on top of each part.
    lines.sort_by_key(|line| !line.is_open);
    Ok(lines)
}

fn line(stored: StoredNotice, mapping: &Mapping, portal: &Portal) -> NoticeLine {
    let StoredNotice { notice, received_at, first_seen } = stored;
    NoticeLine {
        id: notice.id,
        kind: word(notice.kind).to_owned(),
        one_time: notice.is_one_time(),
        is_open: notice.is_open(),
        overdue_since: notice.overdue_since.filter(|_| notice.is_open()),
        portal_url: portal.notice_link(&notice),
        more_organizations: notice.more_organizations(),
        organization_names: notice.organizations.iter().map(|o| mapping.name(Some(*o)).map(str::to_owned)).collect(),
        organization_ids: notice.organizations,
        severity: notice.severity,
        subject: notice.subject,
        status: notice.status,
        about: notice.about,
        body: notice.body,
        created_at: notice.created_at,
        updated_at: notice.updated_at,
        resolved_at: notice.resolved_at,
        received_at,
        first_seen: first_seen.word().to_owned(),
    }
}

fn word(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Escalation => NOTICE_TYPES[0],
        NoticeKind::PlatformAction | NoticeKind::PlatformNotification => NOTICE_TYPES[1],
        NoticeKind::AccountNotice => NOTICE_TYPES[2],
    }
}

/// The type's word, which the configuration has in the plural.
fn singular(text: &str) -> Result<&'static str, Error> {
    let asked = text.trim().to_ascii_lowercase().replace('-', "_");
    let asked = asked.strip_suffix('s').unwrap_or(&asked);
    NOTICE_TYPES.into_iter().find(|t| *t == asked).ok_or_else(|| {
        Error::invalid(format!("there is no type {text:?} of notice; there are {}", NOTICE_TYPES.join(", ")))
    })
}
