//! Which message news make, and for whom.

use super::Letter;
use super::bundle::{self, Bundle};
use crate::announce::{DeskNews, Happened, IncidentNews, News, NoticeNews, UnreadNews};
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Email;
use nightdesk_core::content;
use nightdesk_core::ids::OrganizationId;
use nightdesk_core::incident::Severity;
use nightdesk_core::mail::{Item, Kind, Thread, Values, product};
use nightdesk_core::notice::{Event, NotificationType, concerned};
use nightdesk_core::paging::{headline_beside, name};
use nightdesk_core::routing::Alert;
use nightdesk_store::{Error, Tx};

/// How long a summary of old news waits for more of them: they come page by page.
const GATHERING: Duration = Duration::seconds(60);

/// What can't be filed so soon after another is told with it: the first leaves at once, like a storm's first page.
const BUNDLED: Duration = Duration::seconds(30);

const UNNUMBERED: &str = "Huntress gave it no number that can be read: look for it in the portal.";

/// How many organizations a notice names at most.
const NAMED: usize = 5;

/// Queues the mail of this news, where mail is set up.
pub(crate) fn plan(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, news: &News<'_>) -> Result<(), Error> {
    let Some(email) = &ctx.config.email else { return Ok(()) };
    match news {
        News::Incident(news) => incident(tx, ctx, email, now, news),
        News::Notice(news) => notice(tx, ctx, email, now, news),
        News::Unread(news) => unread(tx, email, now, news),
        News::Desk(news) => desk(tx, email, now, news),
    }
}

fn incident(
    tx: &Tx<'_>,
    ctx: &Context,
    email: &Email,
    now: DateTime<Utc>,
    news: &IncidentNews<'_>,
) -> Result<(), Error> {
    let i = news.incident;
    let changed = i.updated_at.map_or(0, |t| t.timestamp_millis());
    let (kind, state) = match news.happened {
        // A ticket is opened once for an incident, whatever its time of change is by then.
        Happened::Alerts(Alert::New) => (Kind::Incident, "new".to_owned()),
        Happened::Alerts(Alert::Raised) => (Kind::Incident, format!("raised:{changed}")),
        Happened::Alerts(Alert::Reopened) => (Kind::Incident, format!("reopened:{changed}")),
        Happened::Closed if email.resolved_notices => {
            (Kind::Resolved, format!("closed:{}", i.closed_at.or(i.updated_at).map_or(0, |t| t.timestamp())))
        }
        Happened::Closed | Happened::Commented => return Ok(()),
    };
    let ticket = tx.ticket(news.ticket)?;
    let agent = i.agent.map(|agent| tx.host(news.key.account, agent)).transpose()?.flatten();
    let host = agent.and_then(|(host, _)| host?.hostname).or_else(|| name(i));
    let organization = news.organization.or(i.organization_name.as_deref()).map(str::to_owned);
    let values = Values {
        what: if kind == Kind::Resolved { "Incident resolved" } else { "Incident" }.to_owned(),
        product: product(i.subject.as_deref(), i.platform.as_deref()).to_owned(),
        severity: severity(&i.severity),
        title: headline_beside(i, host.as_deref()),
        host: host.unwrap_or_default(),
        organization: organization.or_else(|| i.organization.map(unnamed)).unwrap_or_default(),
        client: ticket.as_ref().map(|t| ctx.catalogue.name(t.client).to_owned()).unwrap_or_default(),
        board: ticket.as_ref().map(|t| ctx.catalogue.name(t.board).to_owned()).unwrap_or_default(),
        ticket: ticket.map(|t| t.number).unwrap_or_default(),
        id: i.id.to_string(),
        news: sentence(news.happened, &i.severity),
        status: i.status.to_string(),
        reported: i.sent_at.map(moment).unwrap_or_default(),
        summary: i.summary.clone().unwrap_or_default(),
        report: i.body.clone().unwrap_or_default(),
        remediations: content::remediation_lines(&i.remediations),
        link: ctx.portal().link(i),
        ..Values::default()
    };
    let category = NotificationType::Incidents;
    if news.old {
        // What was over before it was ever seen is no news at all.
        return if kind == Kind::Incident { older(tx, email, now, category, &values) } else { Ok(()) };
    }
    let letter = Letter {
        kind,
        category: Some(category),
        thread: Thread::Incident(news.key),
        marker: format!("inc:{}:{}:{state}", news.key.account, news.key.id),
        values: &values,
        incident: Some(news.key),
        ticket: Some(news.ticket),
    };
    letter.post(tx, email, now)
}

fn notice(tx: &Tx<'_>, ctx: &Context, email: &Email, now: DateTime<Utc>, news: &NoticeNews<'_>) -> Result<(), Error> {
    let (n, category) = (news.notice, news.notice.kind.of_type());
    let is_over = news.event == Event::Closed;
    if is_over && !email.resolved_notices {
        return Ok(());
    }
    let one = match category {
        NotificationType::Escalations => "Escalation",
        NotificationType::PlatformActions => "Platform action",
        NotificationType::AccountNotices => "Account notice",
        NotificationType::Incidents => "Incident",
    };
    let (what, said) = match news.event {
        Event::Created => (one.to_owned(), format!("A new {}.", one.to_lowercase())),
        Event::Notification => (one.to_owned(), format!("Huntress says, as {}:", article(one))),
        Event::Overdue => (format!("{one} overdue"), "It waits for an answer for too long.".to_owned()),
        Event::Closed => (format!("{one} resolved"), "It is resolved at Huntress.".to_owned()),
    };
    let organizations = n.organizations.iter().take(NAMED).map(|id| {
        let row = tx.organization(news.account, *id)?;
        Ok::<_, Error>(row.and_then(|o| o.name).unwrap_or_else(|| unnamed(*id)))
    });
    let organizations = organizations.collect::<Result<Vec<_>, _>>()?;
    let more = n.more_organizations() + n.organizations.len() - organizations.len();
    let values = Values {
        what,
        severity: n.severity.clone().unwrap_or_default(),
        title: n.subject.clone().unwrap_or_else(|| "without a subject".to_owned()),
        organization: concerned(&organizations, more, NAMED),
        id: if n.has_number() { n.id.to_string() } else { String::new() },
        news: if n.has_number() { said } else { format!("{said} {UNNUMBERED}") },
        status: n.status.clone().unwrap_or_default(),
        reported: n.created_at.map(moment).unwrap_or_default(),
        report: n.body.clone().unwrap_or_default(),
        link: ctx.portal().notice_link(n).unwrap_or_default(),
        ..Values::default()
    };
    if news.old {
        return if is_over { Ok(()) } else { older(tx, email, now, category, &values) };
    }
    let (word, event) = (n.kind.word(), news.event.word());
    let letter = Letter {
        kind: if is_over { Kind::Resolved } else { Kind::Notice },
        category: Some(category),
        thread: Thread::Notice(word, n.id.to_string()),
        marker: format!("{word}:{}:{}:{event}:{}", news.account, n.id, news.state()),
        values: &values,
        incident: None,
        ticket: None,
    };
    letter.post(tx, email, now)
}

/// A trouble of the desk itself: to the default addresses, which everything falls back to.
fn desk(tx: &Tx<'_>, email: &Email, now: DateTime<Utc>, news: &DeskNews<'_>) -> Result<(), Error> {
    let values = Values {
        what: "Desk alarm".to_owned(),
        severity: "critical".to_owned(),
        title: news.title.to_owned(),
        since: moment(now),
        advice: news.advice.to_owned(),
        ..Values::default()
    };
    let letter = Letter {
        kind: Kind::Desk,
        category: None,
        thread: Thread::Alone,
        marker: format!("desk:{}", news.marker),
        values: &values,
        incident: None,
        ticket: None,
    };
    letter.post(tx, email, now)
}

/// A record that can't be filed: the first leaves at once, and what follows closely on it comes together. To the default
/// addresses, since even its type can't be relied on.
fn unread(tx: &Tx<'_>, email: &Email, now: DateTime<Utc>, news: &UnreadNews<'_>) -> Result<(), Error> {
    let item = Item {
        what: "Desk alarm".to_owned(),
        title: news.title(),
        severity: news.severity().to_owned(),
        ticket: tx.ticket(news.ticket)?.map(|t| t.number).unwrap_or_default(),
        ..Item::default()
    };
    for address in email.addresses(None) {
        let bundle = Bundle {
            kind: Kind::Desk,
            category: None,
            prefix: format!("email:unread:{}:{}:", news.account, address.to_lowercase()),
            own: news.key.to_owned(),
            first_after: Duration::zero(),
            next_after: BUNDLED,
            incident: None,
            ticket: Some(news.ticket),
            fallback_of: None,
        };
        bundle::add(tx, email, now, address, &bundle, item.clone())?;
    }
    Ok(())
}

/// One summary for each address of what was old already when it was first seen.
fn older(
    tx: &Tx<'_>,
    email: &Email,
    now: DateTime<Utc>,
    category: NotificationType,
    values: &Values,
) -> Result<(), Error> {
    let item = Item {
        what: values.what.clone(),
        title: values.title.clone(),
        severity: values.severity.clone(),
        host: values.host.clone(),
        organization: values.organization.clone(),
        ticket: values.ticket.clone(),
        ..Item::default()
    };
    for address in email.addresses(Some(category)) {
        let bundle = Bundle {
            kind: Kind::Older,
            category: Some(category),
            prefix: format!("email:older:{}:{}:", category.word(), address.to_lowercase()),
            own: now.timestamp_millis().to_string(),
            first_after: GATHERING,
            next_after: GATHERING,
            incident: None,
            ticket: None,
            fallback_of: None,
        };
        bundle::add(tx, email, now, address, &bundle, item.clone())?;
    }
    Ok(())
}

fn severity(severity: &Severity) -> String {
    match severity {
        // Nothing was said, and what isn't known counts as critical.
        Severity::Unknown(_) => "critical".to_owned(),
        known => known.word().unwrap_or_default().to_owned(),
    }
}

fn sentence(happened: Happened, severity: &Severity) -> String {
    let unknown =
        if severity.is_known() { "" } else { " Huntress gave no severity that is known here: it counts as critical." };
    let said = match happened {
        Happened::Alerts(Alert::New) => "A new incident.",
        Happened::Alerts(Alert::Raised) => "Its severity was raised.",
        Happened::Alerts(Alert::Reopened) => "The SOC has reopened it.",
        Happened::Closed => "The SOC has closed it.",
        Happened::Commented => "The SOC has commented on it.",
    };
    format!("{said}{unknown}")
}

fn article(one: &str) -> String {
    let word = one.to_lowercase();
    if word.starts_with(['a', 'e', 'i']) { format!("an {word}") } else { format!("a {word}") }
}

fn unnamed(id: OrganizationId) -> String {
    format!("organization {id}")
}

fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}
