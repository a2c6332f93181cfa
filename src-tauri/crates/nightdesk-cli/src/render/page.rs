//! Pages, drills, and what came of each contact.

use super::table::Rows;
use super::words::{NONE, ago, line, or_none};
use chrono::{DateTime, Utc};
use nightdesk_api::page_suppressed::SuppressedView;
use nightdesk_api::page_view::{DrillView, PageView, StepView};
use nightdesk_api::words::Channel;
use nightdesk_core::ids::{IncidentId, TicketId};
use nightdesk_core::paging::StepState;
use serde::Serialize;

/// A page as listed, or one that was not sent.
#[derive(Debug, Clone, Serialize)]
pub struct PageLine {
    incident_id: Option<IncidentId>,
    entity: String,
    state: &'static str,
    suppressed_by: Option<&'static str>,
    steps: Vec<StepLine>,
    at: DateTime<Utc>,
    ticket_id: Option<TicketId>,
    client: Option<String>,
    title: Option<String>,
    acknowledged_by: Option<String>,
    words: Option<String>,
}

/// A step as listed.
#[derive(Debug, Clone, Serialize)]
pub struct StepLine {
    contact: String,
    channel: Channel,
    state: StepState,
    at: DateTime<Utc>,
}

impl From<&StepView> for StepLine {
    fn from(step: &StepView) -> Self {
        Self { contact: step.contact.clone(), channel: step.channel, state: step.state, at: step.at }
    }
}

/// A drill's steps as the contract has them.
pub fn tried(view: &DrillView) -> Vec<StepLine> {
    view.steps.iter().map(StepLine::from).collect()
}

/// Pages and those that were not sent, newest first.
pub fn lines(pages: Vec<PageView>, held: Vec<SuppressedView>) -> Vec<PageLine> {
    let mut lines: Vec<PageLine> = pages
        .into_iter()
        .map(|p| PageLine {
            incident_id: p.incident_id,
            entity: p.entity,
            state: p.state.word(),
            suppressed_by: None,
            steps: p.steps.iter().map(StepLine::from).collect(),
            at: p.opened_at,
            ticket_id: p.ticket_id,
            client: Some(p.client),
            title: Some(p.title),
            words: p.doing.or_else(|| p.acknowledged_by.as_ref().map(|who| format!("{who} has it"))).or(p.why),
            acknowledged_by: p.acknowledged_by,
        })
        .collect();
    lines.extend(held.into_iter().map(|h| PageLine {
        incident_id: Some(h.incident_id),
        entity: h.entity,
        state: "suppressed",
        suppressed_by: Some(h.reason.word()),
        steps: Vec::new(),
        at: h.at,
        ticket_id: h.ticket_id,
        client: h.client,
        title: h.title,
        acknowledged_by: None,
        words: Some(if h.overridden_at.is_some() { "sent later by hand".to_owned() } else { h.words }),
    }));
    lines.sort_by_key(|l| std::cmp::Reverse(l.at));
    lines
}

/// The list, and how many `more` there are.
pub fn list(lines: &[PageLine], more: usize, now: DateTime<Utc>) -> String {
    if lines.is_empty() {
        return "Nobody has been paged yet.".to_owned();
    }
    let headings = ["incident", "opened", "state", "client", "what", "now"];
    let mut rows = Rows::new(&headings).right(0).whole(0).whole(2);
    for l in lines {
        rows.row([
            &l.incident_id.map_or_else(|| NONE.to_owned(), |i| i.to_string()),
            &ago(l.at, now),
            l.state,
            or_none(l.client.as_deref()),
            or_none(l.title.as_deref()),
            or_none(l.words.as_deref()),
        ]);
    }
    match more {
        0 => rows.text(),
        n => format!("{}\n{n} more (nightdesk pages --limit N, or --json for all)", rows.text().trim_end()),
    }
}

/// A drill, a line for each contact and channel.
pub fn drill(view: &DrillView) -> String {
    let mut rows = Rows::new(&["contact", "channel", "what came of it"]).whole(1);
    for step in &view.steps {
        rows.row([&step.contact, word(step.channel), &step.words]);
    }
    rows.text()
}

/// How far a drill is, in one line.
pub fn live(view: &DrillView) -> String {
    let said = view.steps.iter().map(|s| format!("{} {} {}", line(&s.contact), word(s.channel), s.state.word()));
    format!("Waiting for a key or a reply: {}", said.collect::<Vec<_>>().join(", "))
}

fn word(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "sms",
        Channel::Call => "call",
    }
}
