//! What applying a configuration changes, in words.

use super::email;
use super::paging::word;
use super::render::{kind, list, provider, quoted, ways};
use super::{webhook_in, webhook_out};
use nightdesk_core::config::{Config, Contact};

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
    lines.extend(scalars(&templates(before), &templates(after)));
    lines.extend(scalars(&email::keys(before.email.as_ref()), &email::keys(after.email.as_ref())));
    let posted = |c: &Config| webhook_in::named(&c.webhook_in);
    lines.extend(scalars(&posted(before), &posted(after)));
    let told = |c: &Config| webhook_out::named(&c.webhooks_out);
    lines.extend(scalars(&told(before), &told(after)));
    if lines.is_empty() && before.webhooks_out != after.webhooks_out {
        lines.push("webhook_out: another order".to_owned());
    }
    lines.extend(scalars(&contacts(before), &contacts(after)));
    lines.extend(order(&before.contacts, &after.contacts));
    lines.extend(scalars(&organizations(before), &organizations(after)));
    lines
}

type Keys = Vec<(String, String)>;

fn settings(config: &Config) -> Keys {
    let Config { huntress, desk, routing, watch, paging, .. } = config;
    let text = |name: &Option<String>| name.as_deref().map_or(UNSET.to_owned(), quoted);
    [
        ("huntress.base_url", quoted(&huntress.base_url)),
        ("huntress.requests_per_minute", huntress.requests_per_minute.to_string()),
        ("desk.kind", quoted(kind(desk.kind))),
        ("desk.base_url", text(&desk.base_url)),
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
        ("paging.provider", quoted(provider(paging.provider))),
        ("paging.account_sid", text(&paging.account_sid)),
        ("paging.from", text(&paging.from)),
        ("paging.base_url", quoted(&paging.base_url)),
        ("paging.studio_base_url", quoted(&paging.studio_base_url)),
        ("paging.min_severity", quoted(word(paging.min_severity))),
        ("paging.window_hours", paging.window_hours.to_string()),
        ("paging.step_wait_minutes", paging.step_wait_minutes.to_string()),
        ("paging.rounds", paging.rounds.to_string()),
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

fn templates(config: &Config) -> Keys {
    config.paging.templates.iter().map(|(name, text)| (format!("paging.templates.{name}"), quoted(text))).collect()
}

fn contacts(config: &Config) -> Keys {
    let one = |c: &Contact| {
        let mut value = format!("{}, {}", quoted(&c.phone), ways(&c.channels));
        if let Some(digits) = &c.extension {
            value.push_str(&format!(", extension {}", quoted(digits)));
        }
        if let Some(minutes) = c.wait_minutes {
            value.push_str(&format!(", wait_minutes {minutes}"));
        }
        (format!("contact {}", quoted(&c.name)), value)
    };
    config.contacts.iter().map(one).collect()
}

/// The order of the call tree, where it isn't what follows from who is gone and who is new.
fn order(before: &[Contact], after: &[Contact]) -> Option<String> {
    let has = |list: &[Contact], name: &str| list.iter().any(|c| c.name == name);
    let stay = before.iter().filter(|c| has(after, &c.name));
    let expected: Vec<String> =
        stay.chain(after.iter().filter(|c| !has(before, &c.name))).map(|c| c.name.clone()).collect();
    let found: Vec<String> = after.iter().map(|c| c.name.clone()).collect();
    (expected != found).then(|| format!("contact: {} -> {}", list(&expected), list(&found)))
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
