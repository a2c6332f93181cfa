//! From news to messages.

use super::message::queue;
use crate::announce::{Happened, IncidentNews, News, NoticeNews, fingerprint};
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::delivery::Kind;
use nightdesk_core::ids::{AccountId, IncidentKey, OrganizationId, TicketId};
use nightdesk_core::notice::NoticeKind;
use nightdesk_core::routing::Alert;
use nightdesk_core::webhook::{Event, EventType, IncidentEvent, KEPT_DAYS, Named, NoticeEvent, TicketRef};
use nightdesk_store::{Error, NewDelivery, Tx};

/// News as an event, with what makes it one of its own.
struct Told {
    event: Event,
    /// The same for the same news, whichever way it came.
    marker: String,
    incident: Option<IncidentKey>,
    ticket: Option<TicketId>,
}

/// Queues a message to each endpoint that wants to hear of it, in the caller's transaction (ND-2). Old news is told too: a
/// program that follows the desk must know every incident that later events are about. What Huntress has no event for (a
/// raised severity, a reopened report) isn't told.
pub(crate) fn plan(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, news: &News<'_>) -> Result<(), Error> {
    if ctx.config.webhooks_out.is_empty() {
        return Ok(());
    }
    let told = match news {
        News::Incident(news) => of_incident(tx, ctx, now, news)?,
        News::Notice(news) => of_notice(tx, ctx, now, news)?,
        // A trouble of the desk itself is none of Huntress's events, and a record that can't be read is none that a
        // program could; people hear of both.
        News::Unread(_) | News::Desk(_) => None,
    };
    let Some(told) = told else { return Ok(()) };
    let category = told.event.event_type.category();
    let interested = |e: &&nightdesk_core::config::WebhookOut| category.is_some_and(|c| e.categories.contains(&c));
    for endpoint in ctx.config.webhooks_out.iter().filter(interested) {
        let post = told.event.outgoing(&told.marker, &endpoint.url);
        let new = NewDelivery {
            kind: Kind::Webhook,
            destination: endpoint.url.clone(),
            marker: format!("webhook:{}:{}", told.marker, endpoint.url),
            payload: serde_json::to_value(&post)?,
            due_at: now,
            expires_at: Some(now + Duration::days(KEPT_DAYS)),
            incident: told.incident,
            ticket: told.ticket,
            fallback_of: None,
            cause: None,
        };
        queue(tx, now, &new, &post, &endpoint.url)?;
    }
    Ok(())
}

fn of_incident(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, news: &IncidentNews<'_>) -> Result<Option<Told>, Error> {
    let event_type = match news.happened {
        Happened::Alerts(Alert::New) => EventType::IncidentCreated,
        Happened::Alerts(Alert::Raised | Alert::Reopened) => return Ok(None),
        Happened::Closed => EventType::IncidentClosed,
        Happened::Commented => EventType::IncidentCommentAdded,
    };
    let row = tx.ticket(news.ticket)?;
    let ticket = row.as_ref().map(|t| TicketRef {
        id: t.id,
        number: &t.number,
        client: ctx.catalogue.name(t.client),
        board: ctx.catalogue.name(t.board),
        unmapped: t.unmapped,
    });
    let comment = match event_type {
        EventType::IncidentCommentAdded => last_comment(tx, news.ticket)?,
        _ => None,
    };
    let api_url = api_url(ctx, "incident_reports", news.key.id.0);
    let portal_url = ctx.portal().link(news.incident);
    let event = IncidentEvent {
        account: account(ctx, news.key.account),
        incident: news.incident,
        organization_name: news.organization,
        api_url: &api_url,
        portal_url: &portal_url,
        ticket,
        comment: comment.as_deref(),
    };
    // Told once, however often it is opened here: the ticket stays the same one. A closing or a comment is one of several.
    let which = match event_type {
        EventType::IncidentCreated => String::new(),
        _ => format!(":{}", news.incident.updated_at.map_or(0, |t| t.timestamp_millis())),
    };
    let said = comment.as_deref().map(|text| format!(":{}", fingerprint(text))).unwrap_or_default();
    Ok(Some(Told {
        marker: format!("{}:incident:{}:{}{which}{said}", news.key.account, news.key.id, event_type.name()),
        event: event.event(event_type, now),
        incident: Some(news.key),
        ticket: Some(news.ticket),
    }))
}

/// The comment that the news is of has just been written on the timeline.
fn last_comment(tx: &Tx<'_>, ticket: TicketId) -> Result<Option<String>, Error> {
    Ok(tx.timeline(ticket)?.into_iter().rev().find(|line| line.kind == "comment").map(|line| line.text))
}

fn of_notice(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, news: &NoticeNews<'_>) -> Result<Option<Told>, Error> {
    let notice = news.notice;
    let Some(event_type) = NoticeEvent::event_type(notice.kind, news.event) else { return Ok(None) };
    let known = tx.organizations(news.account)?;
    let name = |id: OrganizationId| known.iter().find(|o| o.id == id).and_then(|o| o.name.as_deref());
    let organizations: Vec<_> = notice.organizations.iter().map(|id| Named { id: *id, name: name(*id) }).collect();
    let api_url = match notice.kind {
        _ if !notice.has_number() => None,
        NoticeKind::Escalation => Some(api_url(ctx, "escalations", notice.id)),
        NoticeKind::PlatformAction => Some(api_url(ctx, "platform_actions", notice.id)),
        NoticeKind::PlatformNotification | NoticeKind::AccountNotice => None,
    };
    let event = NoticeEvent {
        account: account(ctx, news.account),
        notice,
        organizations: &organizations,
        api_url: api_url.as_deref(),
    };
    let (kind, name) = (notice.kind.word(), event_type.name());
    Ok(Some(Told {
        marker: format!("{}:{kind}:{}:{name}:{}", news.account, notice.id, news.state()),
        event: event.event(event_type, now),
        incident: None,
        ticket: None,
    }))
}

fn account(ctx: &Context, id: AccountId) -> Named<'_, AccountId> {
    Named { id, name: ctx.account.as_ref().filter(|a| a.id == id).map(|a| a.name.as_str()) }
}

fn api_url(ctx: &Context, list: &str, id: i64) -> String {
    format!("{}/v1/{list}/{id}", ctx.config.huntress.base_url.trim_end_matches('/'))
}
