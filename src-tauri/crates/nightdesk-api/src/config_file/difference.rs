//! What applying a configuration changes, in words.

use super::render::{kind, list, quoted};
use nightdesk_core::config::Config;

const UNSET: &str = "(unset)";

/// A line for each difference, in the file's order: `routing.poll_interval_minutes: 5 -> 10`; empty for equal
/// configurations. `organizations` on both sides is the whole mapping table.
pub fn difference(before: &Config, after: &Config) -> Vec<String> {
    let mut lines = scalars(&settings(before), &settings(after));
    lines.extend(members("local.clients", &before.local.clients, &after.local.clients));
    let names = |c: &Config| c.local.boards.iter().map(|b| b.name.clone()).collect::<Vec<_>>();
    lines.extend(members("local.boards", &names(before), &names(after)));
    lines.extend(scalars(&boards(before, after), &boards(after, before)));
    lines.extend(members("local.priorities", &before.local.priorities, &after.local.priorities));
    lines.extend(scalars(&organizations(before), &organizations(after)));
    lines
}

type Keys = Vec<(String, String)>;

fn settings(config: &Config) -> Keys {
    let Config { huntress, desk, routing, watch, .. } = config;
    let text = |name: &Option<String>| name.as_deref().map_or(UNSET.to_owned(), quoted);
    [
        ("huntress.base_url", quoted(&huntress.base_url)),
        ("huntress.requests_per_minute", huntress.requests_per_minute.to_string()),
        ("desk.kind", quoted(kind(desk.kind))),
        ("routing.security_board", text(&routing.security_board)),
        ("routing.category", text(&routing.category)),
        ("routing.fallback_client", text(&routing.fallback_client)),
        ("routing.triage_board", text(&routing.triage_board)),
        ("routing.priority.critical", text(&routing.priority.critical)),
        ("routing.priority.high", text(&routing.priority.high)),
        ("routing.priority.low", text(&routing.priority.low)),
        ("routing.poll_interval_minutes", routing.poll_interval_minutes.to_string()),
        ("routing.close_through", routing.close_through.to_string()),
        ("routing.closed_status", text(&routing.closed_status)),
        ("watch.late_after_intervals", watch.late_after_intervals.to_string()),
        ("watch.blind_after_minutes", watch.blind_after_minutes.to_string()),
        ("watch.alarm_after_minutes", watch.alarm_after_minutes.to_string()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .to_vec()
}

/// The keys of the boards that are in both.
fn boards(config: &Config, other: &Config) -> Keys {
    let in_both = config.local.boards.iter().filter(|b| other.local.boards.iter().any(|o| o.name == b.name));
    in_both
        .flat_map(|b| {
            let key = |key| format!("local.boards {}.{key}", quoted(&b.name));
            [
                (key("open_status"), quoted(&b.open_status)),
                (key("closed_status"), quoted(&b.closed_status)),
                (key("categories"), list(&b.categories)),
            ]
        })
        .collect()
}

fn organizations(config: &Config) -> Keys {
    let mut sorted: Vec<_> = config.organizations.iter().collect();
    sorted.sort_by_key(|o| o.id);
    sorted
        .into_iter()
        .map(|o| {
            let client = o.client.as_deref().map_or("unmapped".to_owned(), quoted);
            let value = if o.ignore { format!("{client}, ignored") } else { client };
            (format!("organization {}", o.id), value)
        })
        .collect()
}

fn scalars(before: &Keys, after: &Keys) -> Vec<String> {
    let find = |keys: &Keys, key: &str| keys.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
    let gone = before.iter().filter(|(key, _)| find(after, key).is_none());
    after
        .iter()
        .map(|(key, new)| (key, find(before, key).unwrap_or(UNSET.into()), new.clone()))
        .chain(gone.map(|(key, old)| (key, old.clone(), UNSET.into())))
        .filter(|(_, old, new)| old != new)
        .map(|(key, old, new)| format!("{key}: {old} -> {new}"))
        .collect()
}

fn members(key: &str, before: &[String], after: &[String]) -> Vec<String> {
    let removed = before.iter().filter(|n| !after.contains(n)).map(|n| format!("{key}: - {}", quoted(n)));
    let added = after.iter().filter(|n| !before.contains(n)).map(|n| format!("{key}: + {}", quoted(n)));
    let lines: Vec<String> = removed.chain(added).collect();
    if lines.is_empty() && before != after {
        return vec![format!("{key}: {} -> {}", list(before), list(after))];
    }
    lines
}
