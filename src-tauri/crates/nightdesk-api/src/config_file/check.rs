//! Names against the catalogue that the file leads to.

use super::Used;
use super::findings::{Findings, likeness, nearest};
use super::names::Names;
use super::organization::Entry;
use nightdesk_core::config::{Config, Routing};
use std::collections::BTreeMap;

/// What to do about a name that several have.
const OTHER_NAME: &str = "a name that only one has: rename the others there";

/// How many choices a message names.
const CHOICES: usize = 12;

/// Which of the sections whose names must fit together are in the file.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Present {
    pub(super) desk: bool,
    pub(super) local: bool,
    pub(super) routing: bool,
    /// The file leads to another desk than before.
    pub(super) moves: bool,
}

/// Reports every name that the resulting catalogue doesn't have: on the key that uses it; where that isn't in the file, on
/// the desk that lacks it, or on the built-in desk's list that leaves it out.
pub(super) fn names(
    config: &Config,
    organizations: &[Entry],
    used: &Used,
    exact: bool,
    present: Present,
    findings: &mut Findings,
) {
    let is_remote = config.desk.is_remote();
    let names = match (&used.listed, is_remote) {
        (Some(listed), true) => Names::listed(config.desk.kind, listed),
        // It can't be told yet.
        (None, true) => return,
        (_, false) => Names::local(&config.local),
    };
    // A list with problems of its own is no measure for others.
    let sound = |findings: &Findings, list: &str| is_remote || findings.sound(list);
    if present.routing || present.moves || (present.local && !is_remote) {
        for wish in wishes(&config.routing, &names) {
            if !sound(findings, wish.list) || !findings.sound(wish.key) {
                continue;
            }
            if !wish.choices.contains(&wish.name) {
                wish.report(present, &names, findings);
            } else if wish.is_ambiguous() {
                let line = findings.line(if present.routing { wish.key } else { "desk" });
                let found =
                    format!("is {:?}, which is the name of more than one {}{}", wish.name, wish.what, names.place());
                findings.report_on(line, wish.key, found, OTHER_NAME);
            }
        }
    }
    if !sound(findings, "local.clients") {
        return;
    }
    for entry in organizations {
        // Whose ticket it is mustn't hang on which of them is listed first.
        let client = entry.organization.client.as_deref();
        if let Some(client) = client.filter(|c| names.clients.iter().filter(|n| *n == c).count() > 1) {
            let found = format!(
                "of {} is {client:?}, which is the name of more than one client{}",
                entry.organization.id,
                names.place()
            );
            findings.report_on(entry.client_line, "organization.client", found, OTHER_NAME);
        }
        if let Some(client) = entry.organization.client.as_deref().filter(|c| !names.clients.contains(c)) {
            let found = format!("of {} is {client:?}, which is no client{}", entry.organization.id, names.place());
            findings.report_on(entry.client_line, "organization.client", found, choices(client, &names.clients));
        }
    }
    // Another desk's mapping goes along by name, and what of it doesn't is told by the carry-over.
    if present.local && !exact && !is_remote && !present.moves {
        let named = |id| organizations.iter().any(|e| e.organization.id == id);
        let mut left_out: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (id, client) in used.mappings.iter().filter(|(id, c)| !named(*id) && !names.clients.contains(&c.as_str())) {
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
    /// The built-in desk's list that should hold it.
    list: &'static str,
    choices: Vec<&'a str>,
    /// What the choices are.
    what: String,
}

impl Wish<'_> {
    /// Whether it can't be told which one is meant. Boards have categories and closed statuses of the same name as a matter of
    /// course.
    fn is_ambiguous(&self) -> bool {
        let is_boards_own = ["routing.category", "routing.closed_status"].contains(&self.key);
        !is_boards_own && self.choices.iter().filter(|c| **c == self.name).count() > 1
    }

    fn report(&self, present: Present, names: &Names<'_>, findings: &mut Findings) {
        let found = format!("is {:?}, which is no {}{}", self.name, self.what, names.place());
        if present.routing {
            findings.report(self.key, found, choices(self.name, &self.choices));
        } else if present.moves {
            findings.report_on(findings.line("desk"), self.key, found, choices(self.name, &self.choices));
        } else {
            let found = format!("leaves out {:?}, which {} uses as {}", self.name, self.key, self.what);
            findings.report(self.list, found, format!("{:?} to stay, or another {}", self.name, self.key));
        }
    }
}

fn wishes<'a>(routing: &'a Routing, names: &Names<'a>) -> Vec<Wish<'a>> {
    let boards: Vec<&str> = names.boards.iter().map(|b| b.name).collect();
    let mut closed: Vec<&str> = names.boards.iter().flat_map(|b| b.closed.iter().copied()).collect();
    closed.sort_unstable();
    closed.dedup();
    // Without a security board yet, any board's category may turn out to be the right one.
    let security = routing.security_board.as_deref().and_then(|n| names.boards.iter().find(|b| b.name == n));
    let categories = names
        .boards
        .iter()
        .filter(|b| security.is_none_or(|s| s.name == b.name))
        .flat_map(|b| b.categories.iter().copied())
        .collect();
    let category = security.map_or("category".to_owned(), |s| format!("category of board {:?}", s.name));
    let board = || "board".to_owned();
    let priority = || "priority".to_owned();
    let (clients, priorities) = (names.clients.clone(), names.priorities.clone());
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

/// The choices there are, the likeliest first; of many, only those that come nearest.
fn choices(wanted: &str, choices: &[&str]) -> String {
    let mut ordered: Vec<&str> = choices.to_vec();
    if ordered.len() > CHOICES {
        let word = wanted.to_lowercase();
        ordered.sort_by(|a, b| likeness(&word, b).total_cmp(&likeness(&word, a)));
        ordered.truncate(CHOICES);
    } else if let Some(near) = nearest(wanted, choices.iter().copied()) {
        ordered.sort_by_key(|c| *c != near);
    }
    let ordered: Vec<String> = ordered.into_iter().map(|c| format!("{c:?}")).collect();
    match (ordered.len(), choices.len()) {
        (0, _) => "it to be unset, since there is none".to_owned(),
        (1, 1) => ordered.concat(),
        (shown, all) if shown < all => format!("one of {} and {} more", ordered.join(", "), all - shown),
        _ => format!("one of {}", ordered.join(", ")),
    }
}
