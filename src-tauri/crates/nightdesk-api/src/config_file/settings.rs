//! The sections of single values: `[huntress]`, `[routing]`, `[watch]`.

use super::base_url;
use super::findings::Findings;
use super::section::{Section, shown};
use nightdesk_core::config::{Huntress, Priorities, Routing, Watch};
use toml::de::DeValue;

/// A Huntress account's whole budget.
const ACCOUNT_BUDGET: u32 = 60;
/// Enough for any stand-in on this machine.
const LOOPBACK_BUDGET: u32 = 60_000;

pub(super) fn huntress(section: &Section<'_, '_>, findings: &mut Findings) -> Huntress {
    section.only(&["base_url", "requests_per_minute"], findings);
    let default = Huntress::default();
    let mut loopback = false;
    let base_url =
        section.text("base_url", base_url::EXPECTED, findings).and_then(|text| match base_url::read(&text) {
            Ok((address, local)) => {
                loopback = local;
                Some(address)
            }
            Err(why) => {
                findings.report("huntress.base_url", why, base_url::EXPECTED);
                None
            }
        });
    // With an address that can't be read, a number that one of the two would allow is no second problem.
    let most = if loopback || !findings.sound("huntress.base_url") { LOOPBACK_BUDGET } else { ACCOUNT_BUDGET };
    Huntress {
        base_url: base_url.unwrap_or(default.base_url),
        requests_per_minute: section
            .whole("requests_per_minute", 1..=most, findings)
            .unwrap_or(default.requests_per_minute),
    }
}

pub(super) fn routing(section: &Section<'_, '_>, findings: &mut Findings) -> Routing {
    section.only(
        &[
            "security_board",
            "category",
            "fallback_client",
            "triage_board",
            "priority",
            "poll_interval_minutes",
            "close_through",
            "closed_status",
        ],
        findings,
    );
    let default = Routing::default();
    Routing {
        security_board: section.text("security_board", "the name of a board", findings),
        category: section.text("category", "the name of a category", findings),
        fallback_client: section.text("fallback_client", "the name of a client", findings),
        triage_board: section.text("triage_board", "the name of a board", findings),
        priority: priorities(section, findings),
        poll_interval_minutes: section
            .whole("poll_interval_minutes", 1..=60, findings)
            .unwrap_or(default.poll_interval_minutes),
        close_through: section.flag("close_through", findings).unwrap_or(default.close_through),
        closed_status: section.text("closed_status", "the name of a closed status", findings),
    }
}

fn priorities(routing: &Section<'_, '_>, findings: &mut Findings) -> Priorities {
    let Some(value) = routing.get("priority", findings) else { return Priorities::default() };
    let DeValue::Table(table) = value.get_ref() else {
        let found = format!("is {}", shown(value.get_ref()));
        findings.report("routing.priority", found, "{ critical = \"…\", high = \"…\", low = \"…\" }");
        return Priorities::default();
    };
    let section = Section { path: routing.key("priority"), table };
    section.only(&["critical", "high", "low"], findings);
    let mut name = |key| section.text(key, "the name of a priority", findings);
    Priorities { critical: name("critical"), high: name("high"), low: name("low") }
}

pub(super) fn watch(section: &Section<'_, '_>, findings: &mut Findings) -> Watch {
    section.only(&["late_after_intervals", "blind_after_minutes", "alarm_after_minutes"], findings);
    let default = Watch::default();
    Watch {
        late_after_intervals: section
            .whole("late_after_intervals", 1..=100, findings)
            .unwrap_or(default.late_after_intervals),
        blind_after_minutes: section
            .whole("blind_after_minutes", 1..=1440, findings)
            .unwrap_or(default.blind_after_minutes),
        alarm_after_minutes: section
            .whole("alarm_after_minutes", 1..=1440, findings)
            .unwrap_or(default.alarm_after_minutes),
    }
}
