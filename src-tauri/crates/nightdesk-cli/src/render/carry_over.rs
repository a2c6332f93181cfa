//! What goes along to another desk, and what doesn't.

use super::table::Rows;
use super::words::{count, line};
use nightdesk_api::CarryOver;

/// Before it is done.
pub fn preview(carried: &CarryOver) -> String {
    told(carried, false)
}

/// Afterwards.
pub fn done(carried: &CarryOver) -> String {
    told(carried, true)
}

fn told(c: &CarryOver, is_done: bool) -> String {
    let mut lines = vec![format!("From {} to {}:", c.from, c.to)];
    if !c.is_now {
        let then = "once routing is complete for it";
        lines.push(format!(
            "  Open tickets and the mapping {} carried over {then}.",
            if is_done { "are" } else { "would be" }
        ));
    } else if c.tickets.is_empty() {
        lines.push("  No ticket is open that would have to go along.".to_owned());
    } else {
        let verb = if is_done { "carried over" } else { "would be carried over" };
        lines.push(format!("  {} {verb}:", count(c.tickets.len(), "open ticket", "open tickets")));
        let mut rows = Rows::new(&["ticket", "client", "board", "new client", "new board", ""]);
        for t in &c.tickets {
            let why = if t.is_fallback { "no client of that name there" } else { "" };
            rows.row([&*t.number, &t.from_client, &t.from_board, &t.to_client, &t.to_board, why]);
        }
        lines.extend(rows.text().lines().map(|l| format!("    {l}")));
    }
    if c.mapped > 0 {
        let keep = if is_done { "kept" } else { "would keep" };
        lines.push(format!(
            "  {} {keep} their mapping, to a client of the same name.",
            count(c.mapped, "organization", "organizations")
        ));
    }
    for u in &c.unmapped {
        let is = if is_done { "is unmapped now" } else { "would be unmapped" };
        lines.push(format!("  {} {is}: there is no client {:?} there.", line(&u.organization), line(&u.client)));
    }
    for left in &c.left_behind {
        let about = left.ticket.as_deref().map_or_else(String::new, |t| format!(" for {t}"));
        lines.push(format!(
            "  Delivery {}{about} to {} is under way ({}): look there what became of it.",
            left.id,
            c.from,
            left.state.word()
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use nightdesk_api::carry_over::{CarriedLine, LeftBehind, Unmapped};
    use nightdesk_core::delivery::State;
    use nightdesk_core::ids::{DeliveryId, TicketId};

    #[test]
    fn what_goes_along_and_what_does_not() {
        let line = |number: &str, to: &str, is_fallback| CarriedLine {
            id: TicketId(1),
            number: number.into(),
            from_client: "Acme".into(),
            from_board: "Security".into(),
            to_client: to.into(),
            to_board: "SOC".into(),
            is_fallback,
        };
        let carried = CarryOver {
            from: "the built-in desk".into(),
            to: "AlgaPSA".into(),
            is_now: true,
            tickets: vec![line("T-1001", "Acme", false), line("T-1002", "Security Triage", true)],
            mapped: 1,
            unmapped: vec![Unmapped { organization: "Initech (9)".into(), client: "Initech".into() }],
            left_behind: vec![LeftBehind {
                id: DeliveryId(7),
                state: State::InDoubt,
                ticket_id: None,
                ticket: Some("T-1003".into()),
            }],
        };
        let text = preview(&carried);
        for part in [
            "From the built-in desk to AlgaPSA:",
            "2 open tickets would be carried over:",
            "no client of that name there",
            "1 organization would keep their mapping",
            "Initech (9) would be unmapped: there is no client \"Initech\" there.",
            "Delivery 7 for T-1003 to the built-in desk is under way (in_doubt)",
        ] {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
        assert!(done(&carried).contains("2 open tickets carried over:"));
        let later = CarryOver { is_now: false, tickets: vec![], ..carried };
        assert!(preview(&later).contains("would be carried over once routing is complete"));
    }
}
