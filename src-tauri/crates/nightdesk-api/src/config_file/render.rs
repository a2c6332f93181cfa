//! A configuration as a file: applying it again changes nothing.

use super::paging::word;
use nightdesk_core::config::{Channel, Config, Contact, Desk, DeskKind, LocalBoard, Organization, Paging, Provider};
use std::fmt::Write as _;

/// The whole configuration, without secrets, in the form that [`super::parse`] reads. Equal configurations give equal
/// text.
pub fn render(config: &Config) -> String {
    let Config { huntress, desk, local, routing, watch, organizations, contacts: tree, paging: carrier, email, .. } =
        config;
    let mut out = String::new();
    section(
        &mut out,
        "[huntress]",
        &[
            ("base_url", Some(quoted(&huntress.base_url))),
            ("requests_per_minute", Some(huntress.requests_per_minute.to_string())),
        ],
    );
    out.push('\n');
    out.push_str(&render_desk(desk));
    section(
        &mut out,
        "[local]",
        &[
            ("clients", Some(lines(local.clients.iter().map(|c| quoted(c))))),
            ("boards", Some(lines(local.boards.iter().map(board)))),
            ("priorities", Some(list(&local.priorities))),
        ],
    );
    let text = |name: &Option<String>| name.as_deref().map(quoted);
    section(
        &mut out,
        "[routing]",
        &[
            ("security_board", text(&routing.security_board)),
            ("category", text(&routing.category)),
            ("fallback_client", text(&routing.fallback_client)),
            ("triage_board", text(&routing.triage_board)),
            ("priority.critical", text(&routing.priority.critical)),
            ("priority.high", text(&routing.priority.high)),
            ("priority.low", text(&routing.priority.low)),
            ("poll_interval_minutes", Some(routing.poll_interval_minutes.to_string())),
            ("close_through", Some(routing.close_through.to_string())),
            ("closed_status", text(&routing.closed_status)),
        ],
    );
    section(
        &mut out,
        "[watch]",
        &[
            ("late_after_intervals", Some(watch.late_after_intervals.to_string())),
            ("blind_after_minutes", Some(watch.blind_after_minutes.to_string())),
            ("alarm_after_minutes", Some(watch.alarm_after_minutes.to_string())),
        ],
    );
    paging(&mut out, carrier);
    if let Some(email) = email {
        super::email::render(&mut out, email);
    }
    if config.webhook_in.is_set_up() {
        section(&mut out, "[webhook_in]", &super::webhook_in::keys(&config.webhook_in));
    }
    let endpoints = super::webhook_out::render(&config.webhooks_out);
    if !endpoints.is_empty() {
        out.push('\n');
        out.push_str(&endpoints);
    }
    out.push_str(&contacts(tree));
    let mut organizations: Vec<&Organization> = organizations.iter().collect();
    organizations.sort_by_key(|o| o.id);
    for Organization { id, client, ignore } in organizations {
        section(
            &mut out,
            "[[organization]]",
            &[
                ("id", Some(id.to_string())),
                ("client", text(client)),
                // An entry has to say something: one without a client says that it isn't withheld.
                ("ignore", (*ignore || client.is_none()).then(|| ignore.to_string())),
            ],
        );
    }
    out
}

/// Which PSA holds the tickets.
pub(crate) fn render_desk(desk: &Desk) -> String {
    let mut out = String::new();
    let base_url = desk.base_url.as_deref().map(quoted);
    section(&mut out, "[desk]", &[("kind", Some(quoted(kind(desk.kind)))), ("base_url", base_url)]);
    out
}

/// The call tree, in its order.
pub(crate) fn contacts(contacts: &[Contact]) -> String {
    let mut out = String::new();
    for Contact { name, phone, channels, extension, wait_minutes } in contacts {
        out.push('\n');
        let mut entry = String::new();
        section(
            &mut entry,
            "[[contact]]",
            &[
                ("name", Some(quoted(name))),
                ("phone", Some(quoted(phone))),
                ("channels", Some(ways(channels))),
                ("extension", extension.as_deref().map(quoted)),
                ("wait_minutes", wait_minutes.map(|n| n.to_string())),
            ],
        );
        out.push_str(&entry);
    }
    out
}

fn paging(out: &mut String, paging: &Paging) {
    let text = |name: &Option<String>| name.as_deref().map(quoted);
    section(
        out,
        "[paging]",
        &[
            ("provider", Some(quoted(provider(paging.provider)))),
            ("account_sid", text(&paging.account_sid)),
            ("from", text(&paging.from)),
            ("base_url", Some(quoted(&paging.base_url))),
            ("studio_base_url", Some(quoted(&paging.studio_base_url))),
            ("min_severity", Some(quoted(word(paging.min_severity)))),
            ("window_hours", Some(paging.window_hours.to_string())),
            ("step_wait_minutes", Some(paging.step_wait_minutes.to_string())),
            ("rounds", Some(paging.rounds.to_string())),
        ],
    );
    if !paging.templates.is_empty() {
        let changed: Vec<_> = paging.templates.iter().map(|(name, text)| (name.as_str(), Some(quoted(text)))).collect();
        section(out, "[paging.templates]", &changed);
    }
}

/// The word for a carrier, as the file has it.
pub(super) fn provider(provider: Provider) -> &'static str {
    match provider {
        Provider::Twilio => "twilio",
    }
}

/// A contact's channels, as the file has them.
pub(super) fn ways(channels: &[Channel]) -> String {
    list(&channels.iter().map(|c| c.word().to_owned()).collect::<Vec<_>>())
}

pub(super) fn section(out: &mut String, heading: &str, keys: &[(&str, Option<String>)]) {
    if !out.is_empty() {
        out.push('\n');
    }
    let _ = writeln!(out, "{heading}");
    for (key, value) in keys {
        if let Some(value) = value {
            let _ = writeln!(out, "{key} = {value}");
        }
    }
}

/// The word for a connector, as the file has it.
pub(super) fn kind(kind: DeskKind) -> &'static str {
    kind.word()
}

pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

pub(super) fn list(names: &[String]) -> String {
    format!("[{}]", names.iter().map(|n| quoted(n)).collect::<Vec<_>>().join(", "))
}

/// One to a line, so that a change of one shows as one line wherever the file is kept under version control.
fn lines(items: impl Iterator<Item = String>) -> String {
    let mut out = "[\n".to_owned();
    for item in items {
        let _ = writeln!(out, "    {item},");
    }
    out.push(']');
    out
}

fn board(board: &LocalBoard) -> String {
    format!(
        "{{ name = {}, open_status = {}, closed_status = {}, categories = {} }}",
        quoted(&board.name),
        quoted(&board.open_status),
        quoted(&board.closed_status),
        list(&board.categories)
    )
}
