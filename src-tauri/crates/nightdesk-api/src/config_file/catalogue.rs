//! `[local]`: the built-in desk's clients, boards and priorities.

use super::findings::Findings;
use super::section::{Section, shown};
use nightdesk_core::config::{Local, LocalBoard};
use toml::Spanned;
use toml::de::{DeArray, DeValue};

/// The longest name of anything: what PSAs store.
const NAME_CHARS: usize = 255;
const NAME: &str = "a name of 1 to 255 characters in one line, without spaces at its ends";
const BOARD: &str = "{ name = \"…\", open_status = \"…\", closed_status = \"…\", categories = [\"…\"] }";

pub(super) fn local(section: &Section<'_, '_>, findings: &mut Findings) -> Local {
    section.only(&["clients", "boards", "priorities"], findings);
    let default = Local::default();
    Local {
        // Two customers may differ in nothing but a capital; an automatic link between them is then refused elsewhere.
        clients: list(section, "clients", "client", <str>::to_owned, findings).unwrap_or(default.clients),
        boards: boards(section, findings).unwrap_or(default.boards),
        priorities: list(section, "priorities", "priority", loosely, findings).unwrap_or(default.priorities),
    }
}

/// Names that a person would read as the same.
pub(super) fn loosely(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn array<'a, 't>(
    section: &Section<'a, 't>,
    key: &str,
    expected: &str,
    findings: &mut Findings,
) -> Option<&'a DeArray<'t>> {
    let value = section.get(key, findings)?.get_ref();
    let array = value.as_array();
    if array.is_none() {
        findings.report(&section.key(key), format!("is {}", shown(value)), expected);
    }
    array
}

/// A list of names with at least one in it.
fn list(
    section: &Section<'_, '_>,
    key: &str,
    what: &str,
    same: fn(&str) -> String,
    findings: &mut Findings,
) -> Option<Vec<String>> {
    let path = section.key(key);
    let expected = format!("a list with at least one {what}");
    let array = array(section, key, &expected, findings)?;
    if array.is_empty() {
        findings.report(&path, "is empty", expected);
        return None;
    }
    Some(names(array, &path, same, findings))
}

fn names(array: &DeArray<'_>, path: &str, same: fn(&str) -> String, findings: &mut Findings) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for item in array.iter() {
        let line = Some(findings.line_of(item.span().start));
        let Some(name) = name(item, line, path, findings) else { continue };
        match names.iter().find(|n| same(n) == same(&name)) {
            Some(first) if *first == name => {
                findings.report_on(line, path, format!("holds {name:?} twice"), "each name once")
            }
            Some(first) => {
                findings.report_on(
                    line,
                    path,
                    format!("holds {name:?} beside {first:?}"),
                    "names that differ in more than case",
                );
            }
            None => names.push(name),
        }
    }
    names
}

fn name(value: &Spanned<DeValue<'_>>, line: Option<usize>, path: &str, findings: &mut Findings) -> Option<String> {
    let text = value.get_ref().as_str().filter(|t| {
        !t.is_empty() && t.trim() == *t && t.chars().count() <= NAME_CHARS && !t.chars().any(char::is_control)
    });
    if text.is_none() {
        findings.report_on(line, path, format!("holds {}", shown(value.get_ref())), NAME);
    }
    text.map(str::to_owned)
}

fn boards(section: &Section<'_, '_>, findings: &mut Findings) -> Option<Vec<LocalBoard>> {
    let path = section.key("boards");
    let expected = format!("a list with at least one {BOARD}");
    let array = array(section, "boards", &expected, findings)?;
    if array.is_empty() {
        findings.report(&path, "is empty", expected);
        return None;
    }
    let mut boards: Vec<LocalBoard> = Vec::new();
    for item in array.iter() {
        let line = Some(findings.line_of(item.span().start));
        let Some(table) = item.get_ref().as_table() else {
            findings.report_on(line, &path, format!("holds {}", shown(item.get_ref())), BOARD);
            continue;
        };
        let Some(board) = board(&Section { path: path.clone(), table }, line, findings) else { continue };
        if boards.iter().any(|b| loosely(&b.name) == loosely(&board.name)) {
            findings.report_on(line, &path, format!("holds {:?} twice", board.name), "each board once");
        } else {
            boards.push(board);
        }
    }
    Some(boards)
}

fn board(section: &Section<'_, '_>, line: Option<usize>, findings: &mut Findings) -> Option<LocalBoard> {
    section.only(&["name", "open_status", "closed_status", "categories"], findings);
    let mut named = |key: &str| match section.get(key, findings) {
        Some(value) => name(value, Some(findings.line_of(value.span().start)), &section.key(key), findings),
        None => {
            findings.report_on(line, &section.key(key), "is missing", format!("it in each board: {BOARD}"));
            None
        }
    };
    let (board, open, closed) = (named("name"), named("open_status"), named("closed_status"));
    let categories = match array(section, "categories", "a list of names, which may be empty", findings) {
        Some(array) => names(array, &section.key("categories"), loosely, findings),
        None => Vec::new(),
    };
    let (board, open, closed) = (board?, open?, closed?);
    if loosely(&open) == loosely(&closed) {
        let found = format!("is {closed:?}, as is the open status of board {board:?}");
        findings.report(&section.key("closed_status"), found, "two different statuses");
    }
    Some(LocalBoard { name: board, open_status: open, closed_status: closed, categories })
}
