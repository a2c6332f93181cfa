//! The one way from something that happened to everybody who is told of it: alerts on a screen, mail, webhooks. People
//! who are paged are told elsewhere ([`crate::paging`]), by rules of their own.

use crate::context::Context;
use crate::destinations;
use crate::hooks;
use crate::mail;
use chrono::{DateTime, Utc};
use nightdesk_core::content;
use nightdesk_core::delivery::Kind;
use nightdesk_core::ids::{AccountId, IncidentKey, TicketId};
use nightdesk_core::incident::{Incident, Severity};
use nightdesk_core::notice::{Event, Notice};
use nightdesk_core::routing::Alert;
use nightdesk_store::{Error, NewDelivery, Tx};

/// Something that people and programs are told of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum News<'a> {
    /// An incident.
    Incident(IncidentNews<'a>),
    /// An escalation, platform action or account notice.
    Notice(NoticeNews<'a>),
    /// A record of an incident that can't be filed under one.
    Unread(UnreadNews<'a>),
    /// A trouble of the desk itself.
    Desk(DeskNews<'a>),
}

/// What happened to an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Happened {
    /// It calls for somebody's attention.
    Alerts(Alert),
    /// The SOC closed it.
    Closed,
    /// The SOC wrote a comment, which stands on the ticket's timeline too.
    Commented,
}

/// News of an incident with a ticket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IncidentNews<'a> {
    pub key: IncidentKey,
    pub incident: &'a Incident,
    pub happened: Happened,
    /// Too old to be told singly.
    pub old: bool,
    pub ticket: TicketId,
    /// The organization's present name.
    pub organization: Option<&'a str>,
}

/// News of a notice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoticeNews<'a> {
    pub account: AccountId,
    pub notice: &'a Notice,
    pub event: Event,
    /// Too old to be told singly.
    pub old: bool,
}

impl NoticeNews<'_> {
    /// What tells this news from all other of the same notice: the same for everybody who is told, and whichever way it
    /// came. Huntress's times are whole seconds, and a one-time message has no time of change and may share its number
    /// with another, so its words count too.
    pub fn state(&self) -> String {
        let n = self.notice;
        let at = |time: Option<DateTime<Utc>>| time.map_or(0, |t| t.timestamp_millis());
        match self.event {
            Event::Notification => {
                let [subject, body] = [&n.subject, &n.body].map(|text| text.as_deref().unwrap_or_default());
                format!("{}:{}", at(n.created_at), fingerprint(&format!("{subject}\0{body}")))
            }
            Event::Closed => at(n.resolved_at.or(n.updated_at)).to_string(),
            // Made anew where it is reopened, so the time at which it was made isn't enough.
            Event::Created | Event::Overdue => at(n.updated_at.or(n.created_at)).to_string(),
        }
    }
}

/// Tells texts apart that came with the same time.
pub(crate) fn fingerprint(text: &str) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write as _;
    Sha256::digest(text).iter().take(8).fold(String::new(), |mut hex, byte| {
        let _infallible = write!(hex, "{byte:02x}");
        hex
    })
}

/// A record that can't be filed under an incident of ours: its bare ticket is on triage (ND-4).
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnreadNews<'a> {
    pub account: AccountId,
    /// What the record is known by: it is told once.
    pub key: &'a str,
    /// Its subject, or that it has none.
    pub subject: &'a str,
    pub severity: &'a Severity,
    /// Why it can't be filed.
    pub reason: &'a str,
    pub ticket: TicketId,
}

impl UnreadNews<'_> {
    /// What happened, in a line.
    pub fn title(&self) -> String {
        let Self { subject, reason, .. } = self;
        format!("Huntress sent a record that can't be filed as it is: {subject}; {reason}; its ticket is on triage")
    }

    /// Nothing was said, or nothing that is known: it counts as critical, as with every incident.
    pub fn severity(&self) -> &str {
        self.severity.word().filter(|_| self.severity.is_known()).unwrap_or("critical")
    }
}

/// A trouble of the desk itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeskNews<'a> {
    /// The same for the same trouble: it is told once.
    pub marker: &'a str,
    /// A sentence.
    pub title: &'a str,
    /// What to do about it, for whoever reads more than the title; a sentence, or nothing.
    pub advice: &'a str,
}

/// Queues what everybody is told by, in the caller's transaction (ND-2). `screens` are the kinds of alert that somebody
/// sits before.
pub(crate) fn announce(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    screens: &[Kind],
    news: &News<'_>,
) -> Result<(), Error> {
    screens.iter().try_for_each(|kind| on_screen(tx, now, *kind, news))?;
    mail::plan(tx, ctx, now, news)?;
    hooks::plan(tx, ctx, now, news)
}

/// Tells of a trouble of the desk itself, once for each `marker`, and what to do about it.
pub(crate) fn alarm(tx: &Tx<'_>, now: DateTime<Utc>, marker: &str, title: &str, advice: &str) -> Result<(), Error> {
    let ctx = Context::load(tx)?;
    announce(tx, &ctx, now, &destinations::known(tx)?, &News::Desk(DeskNews { marker, title, advice }))
}

/// An alert on a screen. Old news is told once a day, not singly.
fn on_screen(tx: &Tx<'_>, now: DateTime<Utc>, kind: Kind, news: &News<'_>) -> Result<(), Error> {
    let (marker, payload) = match news {
        News::Incident(i) => {
            let Happened::Alerts(alert) = i.happened else { return Ok(()) };
            let (marker, title) = if i.old {
                let title = "Older open incidents were found; see the boards".to_owned();
                (old_news(i.key.account, now), title)
            } else {
                let changed = i.incident.updated_at.map_or(0, |t| t.timestamp_millis());
                let marker = format!("{}:{}:{alert:?}:{changed}", i.key.account, i.key.id);
                (marker, content::title(i.incident, false))
            };
            let severity = i.incident.severity.word();
            (marker, serde_json::json!({ "title": title, "severity": severity, "alert": alert, "ticket_id": i.ticket }))
        }
        News::Notice(n) => {
            if !n.event.wants_attention() || n.old {
                return Ok(());
            }
            let (kind, event) = (n.notice.kind.word(), n.event.word());
            let marker = format!("{}:{kind}:{}:{event}:{}", n.account, n.notice.id, n.state());
            let title = n.notice.title(n.event);
            let severity = n.notice.severity.as_deref().unwrap_or("low");
            (marker, serde_json::json!({ "title": title, "severity": severity, "alert": "notice", "ticket_id": null }))
        }
        News::Unread(u) => (
            format!("unread:{}:{}", u.account, u.key),
            serde_json::json!({
                "title": u.title(), "severity": u.severity(), "alert": "desk", "ticket_id": u.ticket,
            }),
        ),
        News::Desk(d) => (
            d.marker.to_owned(),
            serde_json::json!({ "title": d.title, "severity": "critical", "alert": "desk", "ticket_id": null }),
        ),
    };
    let (incident, ticket) = match news {
        News::Incident(i) => (Some(i.key), Some(i.ticket)),
        News::Unread(u) => (None, Some(u.ticket)),
        _ => (None, None),
    };
    let marker = match news {
        News::Incident(i) if i.old => format!("old-news:{}:{marker}", kind.word()),
        _ => format!("{}:{marker}", kind.word()),
    };
    tx.queue(
        now,
        &NewDelivery {
            kind,
            destination: "desk".into(),
            marker,
            payload,
            due_at: now,
            expires_at: None,
            incident,
            ticket,
            fallback_of: None,
            cause: None,
        },
    )?;
    Ok(())
}

/// What the old news of one day are told under.
fn old_news(account: AccountId, now: DateTime<Utc>) -> String {
    format!("{account}:{}", now.format("%Y%m%d"))
}
