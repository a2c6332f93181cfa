//! Tickets.

use super::table::Rows;
use super::words::{NONE, block, brief, count, line, moment, or_none};
use nightdesk_api::webhook_in::FirstSeen;
use nightdesk_api::words::PsaStanding;
use nightdesk_api::{Ticket, TicketInFull};
use std::fmt::Write as _;

/// The list; `empty` is said instead of an empty one.
pub fn list(tickets: &[Ticket], empty: &str) -> String {
    if tickets.is_empty() {
        return empty.to_owned();
    }
    let mut rows = Rows::new(&["id", "opened", "severity", "board", "client", "status", "organization", "title"])
        .right(0)
        .whole(0)
        .whole(1)
        .whole(2);
    for t in tickets {
        rows.row([
            &t.id.to_string(),
            &brief(t.created_at),
            or_none(t.severity.as_deref()),
            &t.board,
            &t.client,
            or_none(t.status.as_deref()),
            &organization(t),
            &t.title,
        ]);
    }
    let open = tickets.iter().filter(|t| t.is_open).count();
    format!("{}\n{}, {open} open\n", rows.text(), count(tickets.len(), "ticket", "tickets"))
}

/// One ticket with everything on it.
pub fn full(detail: &TicketInFull) -> String {
    let t = &detail.ticket;
    let mut out = format!("{}  {}\n", line(&t.number), line(&t.title));
    let mut row = |name: &str, text: &str| {
        let _never_fails = writeln!(out, "  {name:<13} {}", line(text));
    };
    row("id", &t.id.to_string());
    row("client", &t.client);
    row("board", &t.board);
    row("status", or_none(t.status.as_deref()));
    row("priority", or_none(t.priority.as_deref()));
    row("category", or_none(t.category.as_deref()));
    row("severity", or_none(t.severity.as_deref()));
    row("organization", &organization(t));
    row("incident", &t.incident_id.map_or_else(|| NONE.to_owned(), |i| i.to_string()));
    if let Some(seen) = &detail.first_seen {
        row("first seen", &first_seen(seen));
    }
    if let Some(standing) = t.psa {
        row("in the PSA", &copy(t, standing));
    }
    row("assigned to", or_none(t.assignee.as_deref()));
    row("opened", &moment(t.created_at));
    if let Some(closed) = t.closed_at {
        row("closed", &moment(closed));
    }
    if t.unmapped {
        row("waits for", &format!("its client: nightdesk rehome {} --client NAME --map-org", t.id));
    }
    let _never_fails = write!(out, "\n{}\n\nTimeline\n", block(&detail.description));
    for entry in &detail.timeline {
        let who = entry.actor.as_deref().map_or_else(String::new, |a| format!(" ({})", line(a)));
        let text = block(&entry.text).replace('\n', "\n    ");
        let _never_fails = writeln!(out, "  {}  {}{who}\n    {text}", brief(entry.at), line(&entry.kind));
    }
    out
}

fn first_seen(seen: &FirstSeen) -> String {
    let way = |word: &str| match word {
        "webhook" => "webhook",
        "by_id" => "its id",
        "sweep" => "the open sweep",
        _ => "poll",
    };
    let first = format!("by {} at {}", way(&seen.by), moment(seen.at));
    match (seen.polled_at, seen.posted_at, seen.gap_seconds) {
        (Some(polled), Some(posted), Some(gap)) => {
            let (second, at) = if posted > polled { ("webhook", posted) } else { ("poll", polled) };
            format!("{first}, by {second} at {} ({gap} s apart)", moment(at))
        }
        _ => first,
    }
}

/// Its copy in the PSA.
fn copy(t: &Ticket, standing: PsaStanding) -> String {
    let mut words = t.remote_number.clone().or_else(|| t.remote_id.clone()).unwrap_or_default();
    let stands = match standing {
        PsaStanding::InStep => "as here",
        PsaStanding::Waiting => "waiting to be told",
        PsaStanding::Failed => "could not be told",
        PsaStanding::Gone => "deleted there by somebody",
    };
    if !words.is_empty() {
        words.push_str(", ");
    }
    words.push_str(stands);
    if let Some(error) = &t.psa_error {
        words.push_str(&format!(": {error}"));
    }
    if let Some(url) = &t.remote_url {
        words.push_str(&format!("; {url}"));
    }
    words
}

fn organization(ticket: &Ticket) -> String {
    match (&ticket.organization_name, ticket.organization_id) {
        (Some(name), _) => name.clone(),
        (None, Some(id)) => format!("organization {id}"),
        (None, None) => NONE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use nightdesk_api::TimelineLine;
    use nightdesk_core::ids::{IncidentId, OrganizationId, TicketId};

    fn ticket() -> Ticket {
        Ticket {
            id: TicketId(1),
            number: "T-1001".into(),
            title: "Incident on host1\u{1b}]0;owned\u{7}".into(),
            board: "Triage".into(),
            client: "Security Triage".into(),
            category: None,
            priority: Some("High".into()),
            status: Some("New".into()),
            is_open: true,
            severity: Some("high".into()),
            incident_id: Some(IncidentId(9)),
            organization_id: Some(OrganizationId(7)),
            organization_name: None,
            unmapped: true,
            assignee: None,
            created_at: DateTime::from_timestamp(1_767_000_000, 0).unwrap(),
            closed_at: None,
            remote_id: None,
            remote_number: None,
            remote_url: None,
            psa: None,
            psa_error: None,
        }
    }

    #[test]
    fn a_list_has_a_row_for_each_and_says_when_there_is_none() {
        let text = list(&[ticket()], "");
        assert!(text.contains("organization 7") && text.contains("1 ticket, 1 open"), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains('\u{7}'));
        assert_eq!(list(&[], "No tickets."), "No tickets.");
    }

    #[test]
    fn nd_16_vendor_text_stays_text_on_a_terminal() {
        let entry = TimelineLine {
            at: DateTime::from_timestamp(1_767_000_000, 0).unwrap(),
            kind: "note".into(),
            text: "first\nsecond\u{1b}[2J".into(),
            actor: Some("dana".into()),
        };
        let detail = TicketInFull {
            ticket: ticket(),
            description: "What\n\u{1b}[31mwas".into(),
            timeline: vec![entry],
            first_seen: None,
        };
        let text = full(&detail);
        assert!(!text.contains('\u{1b}'), "{text:?}");
        assert!(text.contains("note (dana)\n    first\n    second"), "{text}");
        assert!(text.contains("nightdesk rehome 1 --client NAME --map-org"));
    }
}
