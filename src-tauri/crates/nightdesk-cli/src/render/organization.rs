//! The mapping table.

use super::table::Rows;
use super::words::{NONE, count, ids, line, or_none};
use nightdesk_api::{Organization, Remapped};
use nightdesk_core::ids::TicketId;

/// The list.
pub fn list(organizations: &[Organization]) -> String {
    if organizations.is_empty() {
        return "No organizations yet: Huntress names them at the first poll (nightdesk poll).".to_owned();
    }
    let mut rows =
        Rows::new(&["id", "organization", "client", "how", "open", "suggestions"]).right(0).right(4).whole(0);
    for o in organizations {
        let how = if o.client.is_some() { o.how.as_str() } else { NONE };
        rows.row([
            &o.id.to_string(),
            or_none(o.name.as_deref()),
            &client(o),
            how,
            &o.open_tickets.to_string(),
            &suggestions(o),
        ]);
    }
    let unmapped = organizations.iter().filter(|o| o.client.is_none() && !o.ignored).count();
    let total = count(organizations.len(), "organization", "organizations");
    let rest = match unmapped {
        0 => "all of them mapped or ignored".to_owned(),
        n => format!("{n} without a client: nightdesk orgs map ID CLIENT"),
    };
    format!("{}\n{total}, {rest}\n", rows.text())
}

/// What an organization is after its mapping was changed, and what that did.
pub fn remapped(done: &Remapped) -> String {
    let o = &done.organization;
    let mut words = format!("{} ({}): {}.", line(o.name.as_deref().unwrap_or("(no name yet)")), o.id, client(o));
    if !done.moved.is_empty() {
        words.push_str(&format!("\nMoved: {}", ids(&done.moved)));
    }
    if !done.left_on_triage.is_empty() {
        let staying = count(done.left_on_triage.len(), "open ticket stays", "open tickets stay");
        words.push_str(&format!("\n{staying} on triage: {}", ids(&done.left_on_triage)));
        if let Some(client) = &o.client {
            words.push_str(&format!("\nTo move them: nightdesk orgs map {} \"{}\" --move", o.id, line(client)));
        }
    }
    words.push_str(&opened(&done.opened));
    if let Some(undo) = done.undo_id {
        words.push_str(&format!("\nTo take it back: nightdesk undo {undo}"));
    }
    words
}

/// Which withheld incidents got tickets, if any.
pub fn opened(tickets: &[TicketId]) -> String {
    if tickets.is_empty() { String::new() } else { format!("\nOpened, because no longer ignored: {}", ids(tickets)) }
}

fn client(o: &Organization) -> String {
    match (&o.client, o.ignored) {
        (Some(client), false) => client.clone(),
        (Some(client), true) => format!("{client} (ignored)"),
        (None, true) => "(ignored)".to_owned(),
        (None, false) => "(none: triage)".to_owned(),
    }
}

fn suggestions(o: &Organization) -> String {
    if o.suggestions.is_empty() {
        return NONE.to_owned();
    }
    o.suggestions.iter().map(|s| format!("{} {:.0} %", s.client, s.score * 100.0)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use nightdesk_api::Suggestion;
    use nightdesk_core::ids::OrganizationId;

    #[test]
    fn an_unmapped_organization_is_shown_with_its_suggestions() {
        let unmapped = Organization {
            id: OrganizationId(7),
            name: Some("Umbrella".into()),
            client: None,
            ignored: false,
            open_tickets: 2,
            suggestions: vec![Suggestion { client: "Umbrella Corp".into(), score: 0.914 }],
            how: "none".into(),
        };
        let text = list(std::slice::from_ref(&unmapped));
        assert!(text.contains("Umbrella Corp 91 %") && text.contains("(none: triage)"), "{text}");
        assert!(text.contains("1 organization, 1 without a client"));
        let done = Remapped {
            organization: Organization { client: Some("Globex".into()), ..unmapped },
            left_on_triage: vec![TicketId(3), TicketId(4)],
            moved: Vec::new(),
            undo_id: None,
            opened: Vec::new(),
        };
        assert!(remapped(&done).contains("2 open tickets stay on triage: 3, 4"));
        assert!(remapped(&done).contains("nightdesk orgs map 7 \"Globex\" --move"));
    }
}
