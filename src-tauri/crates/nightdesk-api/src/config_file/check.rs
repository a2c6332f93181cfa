//! Names against the catalogue that the file leads to.

use super::Used;
use super::findings::{Findings, nearest};
use super::organization::Entry;
use nightdesk_core::config::Config;
use std::collections::BTreeMap;

/// How many choices a message names.
const CHOICES: usize = 12;

/// Which of the two sections whose names must fit together are in the file.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Present {
    pub(super) local: bool,
    pub(super) routing: bool,
}

/// Reports every name that the resulting catalogue doesn't have: on the key that uses it, or, where only the catalogue
/// is in the file, on the list that leaves it out.
pub(super) fn names(
    config: &Config,
    organizations: &[Entry],
    used: &Used,
    exact: bool,
    present: Present,
    findings: &mut Findings,
) {
    if present.local || present.routing {
        for wish in wishes(config) {
            // A list with problems of its own is no measure for others.
            if findings.sound(wish.list) && findings.sound(wish.key) && !wish.choices.contains(&wish.name) {
                wish.report(present, findings);
            }
        }
    }
    if !findings.sound("local.clients") {
        return;
    }
    let clients: Vec<&str> = config.local.clients.iter().map(String::as_str).collect();
    for entry in organizations {
        if let Some(client) = entry.organization.client.as_deref().filter(|c| !clients.contains(c)) {
            let found = format!("of {} is {client:?}, which is no client", entry.organization.id);
            findings.report_on(entry.client_line, "organization.client", found, choices(client, &clients));
        }
    }
    if present.local && !exact {
        let named = |id| organizations.iter().any(|e| e.organization.id == id);
        let mut left_out: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (id, client) in used.mappings.iter().filter(|(id, c)| !named(*id) && !clients.contains(&c.as_str())) {
            left_out.entry(client).or_default().push(id.to_string());
        }
        for (client, ids) in left_out {
            let found = format!("leaves out {client:?}, to which organization {} is mapped", ids.join(", "));
            findings.report("local.clients", found, format!("{client:?} in the list, or another mapping"));
        }
    }
}

/// A name that routing uses.
struct Wish<'a> {
    key: &'static str,
    name: &'a str,
    /// The list that should hold it.
    list: &'static str,
    choices: Vec<&'a str>,
    /// What the choices are.
    what: String,
}

impl Wish<'_> {
    fn report(&self, present: Present, findings: &mut Findings) {
        if present.routing {
            let found = format!("is {:?}, which is no {}", self.name, self.what);
            findings.report(self.key, found, choices(self.name, &self.choices));
        } else {
            let found = format!("leaves out {:?}, which {} uses as {}", self.name, self.key, self.what);
            findings.report(self.list, found, format!("{:?} to stay, or another {}", self.name, self.key));
        }
    }
}

fn wishes(config: &Config) -> Vec<Wish<'_>> {
    let (local, routing) = (&config.local, &config.routing);
    let clients: Vec<&str> = local.clients.iter().map(String::as_str).collect();
    let boards: Vec<&str> = local.boards.iter().map(|b| b.name.as_str()).collect();
    let priorities: Vec<&str> = local.priorities.iter().map(String::as_str).collect();
    let mut closed: Vec<&str> = local.boards.iter().map(|b| b.closed_status.as_str()).collect();
    closed.sort_unstable();
    closed.dedup();
    // Without a security board yet, any board's category may turn out to be the right one.
    let security = routing.security_board.as_deref().and_then(|n| local.boards.iter().find(|b| b.name == n));
    let categories = local
        .boards
        .iter()
        .filter(|b| security.is_none_or(|s| s.name == b.name))
        .flat_map(|b| b.categories.iter().map(String::as_str))
        .collect();
    let category = security.map_or("category".to_owned(), |s| format!("category of board {:?}", s.name));
    let board = || "board".to_owned();
    let priority = || "priority".to_owned();
    [
        ("routing.security_board", &routing.security_board, "local.boards", boards.clone(), board()),
        ("routing.triage_board", &routing.triage_board, "local.boards", boards, board()),
        ("routing.category", &routing.category, "local.boards", categories, category),
        ("routing.fallback_client", &routing.fallback_client, "local.clients", clients, "client".to_owned()),
        (
            "routing.closed_status",
            &routing.closed_status,
            "local.boards",
            closed,
            "closed status of any board".to_owned(),
        ),
        ("routing.priority.critical", &routing.priority.critical, "local.priorities", priorities.clone(), priority()),
        ("routing.priority.high", &routing.priority.high, "local.priorities", priorities.clone(), priority()),
        ("routing.priority.low", &routing.priority.low, "local.priorities", priorities, priority()),
    ]
    .into_iter()
    .filter_map(|(key, name, list, choices, what)| Some(Wish { key, name: name.as_deref()?, list, choices, what }))
    .collect()
}

/// The choices there are, the likeliest first.
fn choices(wanted: &str, choices: &[&str]) -> String {
    let near = nearest(wanted, choices.iter().copied());
    let ordered: Vec<String> = near
        .into_iter()
        .chain(choices.iter().copied().filter(|c| Some(*c) != near))
        .take(CHOICES)
        .map(|c| format!("{c:?}"))
        .collect();
    match (ordered.len(), choices.len()) {
        (0, _) => "it to be unset, since there is none".to_owned(),
        (1, 1) => ordered.concat(),
        (shown, all) if shown < all => format!("one of {} and {} more", ordered.join(", "), all - shown),
        _ => format!("one of {}", ordered.join(", ")),
    }
}
