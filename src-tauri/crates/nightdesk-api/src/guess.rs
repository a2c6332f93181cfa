//! A first guess at the routing, by the likeness of names, for a person to confirm.

use crate::config_draft::{PriorityDraft, RoutingDraft};
use crate::config_view::Choices;
use nightdesk_core::config::{Priorities, Routing};
use nightdesk_core::mapping::{normalise, priority_by_name};

/// From this likeness on a name is taken for a word, misspelt or shortened.
const ALIKE: f64 = 0.88;

/// What boards, clients and the like are usually called, the best word first.
const SECURITY: &[&str] = &["security", "soc", "huntress", "incidents", "alerts"];
const TRIAGE: &[&str] = &["triage", "dispatch", "intake", "inbox", "unassigned", "new"];
const FALLBACK: &[&str] = &["security triage", "triage", "unassigned", "unmapped", "catch all", "internal"];
const CATEGORY: &[&str] = &["security incident", "security", "incident", "malware"];
const CLOSED: &[&str] = &["closed", "resolved", "completed", "done"];

/// The routing with what is unset filled in where a name suggests itself.
pub(crate) fn routing(set: &Routing, choices: &Choices) -> RoutingDraft {
    let boards: Vec<&str> = choices.boards.iter().map(|b| b.name.as_str()).collect();
    let triage = set.triage_board.clone().or_else(|| pick(&boards, TRIAGE, set.security_board.as_deref()));
    let security = set.security_board.clone().or_else(|| pick(&boards, SECURITY, triage.as_deref()));
    let board = choices.boards.iter().find(|b| Some(&b.name) == security.as_ref());
    let of_board = |names: fn(&crate::config_view::BoardChoice) -> &Vec<String>| {
        board.map(|b| names(b).iter().map(String::as_str).collect::<Vec<_>>()).unwrap_or_default()
    };
    let (categories, closed) = (of_board(|b| &b.categories), of_board(|b| &b.closed_statuses));
    let clients: Vec<&str> = choices.clients.iter().map(String::as_str).collect();
    let Priorities { critical, high, low } = priority_by_name(&choices.priorities);
    let priority = set.priority.clone();
    RoutingDraft {
        category: set.category.clone().or_else(|| pick(&categories, CATEGORY, None)),
        fallback_client: set.fallback_client.clone().or_else(|| pick(&clients, FALLBACK, None)),
        closed_status: set.closed_status.clone().or_else(|| pick(&closed, CLOSED, None)),
        triage_board: triage,
        security_board: security,
        priority: PriorityDraft {
            critical: priority.critical.or(critical),
            high: priority.high.or(high),
            low: priority.low.or(low),
        },
        poll_interval_minutes: set.poll_interval_minutes,
        close_through: set.close_through,
    }
}

/// The name that says the best of the words: as it is, as a part of it, else by likeness. Never `not`, which is taken.
fn pick(names: &[&str], words: &[&str], not: Option<&str>) -> Option<String> {
    let named: Vec<(&str, String)> = names.iter().filter(|n| Some(**n) != not).map(|n| (*n, normalise(n))).collect();
    let rules: [fn(&str, &str) -> bool; 3] = [
        |name, word| name == word,
        |name, word| name.split(' ').collect::<Vec<_>>().windows(word.split(' ').count()).any(|w| w.join(" ") == word),
        |name, word| strsim::jaro_winkler(name, word) >= ALIKE,
    ];
    let found = rules.iter().find_map(|fits| {
        words.iter().find_map(|word| named.iter().find(|(_, name)| fits(name, word)).map(|(shown, _)| *shown))
    });
    found.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whole_in_part_and_misspelt() {
        assert_eq!(pick(&["Service", "Security", "SOC"], SECURITY, None).as_deref(), Some("Security"));
        assert_eq!(pick(&["Service", "Cyber Security Desk"], SECURITY, None).as_deref(), Some("Cyber Security Desk"));
        assert_eq!(pick(&["Service", "Securitys"], SECURITY, None).as_deref(), Some("Securitys"));
        assert_eq!(pick(&["Service", "Projects"], SECURITY, None), None);
        assert_eq!(pick(&["Triage"], TRIAGE, Some("Triage")), None);
    }
}
