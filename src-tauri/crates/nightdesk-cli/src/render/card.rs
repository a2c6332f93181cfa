//! The status card.

use super::words::{ago, brief, count, line, moment, span};
use chrono::{DateTime, Utc};
use nightdesk_api::paging_status::PagingStatus;
use nightdesk_api::{Accounts, EmailStatus, Gap, LastPoll, Outbox, Status};
use nightdesk_core::health::State;
use nightdesk_core::paging::PageState;
use std::fmt::Write as _;

/// The newest gaps; the rest is counted.
const GAPS: usize = 3;

/// The card as a block, the state and its evidence first (ND-17).
pub fn card(status: &Status, now: DateTime<Utc>) -> String {
    let mut out = headline(status, now);
    let mut row = |name: &str, text: String| {
        let _never_fails = writeln!(out, "  {name:<13} {}", line(&text));
    };
    row("account", account(status));
    row("last poll", last_poll(&status.last_poll, now));
    if let Some(next) = status.next_poll_at.filter(|_| status.state != State::Paused) {
        row("next poll", ago(next, now));
    }
    if !status.routing.complete {
        let missing = status.routing.missing.join(", ");
        row("routing", format!("incomplete: {missing}. Set it in a file and run: nightdesk config apply FILE"));
    }
    row("incidents", format!("{} open at the SOC", status.open_incidents));
    row("accounting", accounting(&status.ledger));
    row("outbox", outbox(&status.outbox));
    row("fallback", fallback(&status.email, now));
    if let Some(psa) = &status.psa {
        row("psa", super::psa::summary(psa, now));
    }
    if status.webhooks.received + status.webhooks.refused > 0 {
        let nightdesk_api::Webhooks { received, refused, last_at } = status.webhooks;
        let last = last_at.map_or_else(String::new, |at| format!(", the last {}", ago(at, now)));
        row("webhooks", format!("{received} received, {refused} refused{last}"));
    }
    for (at, text) in gaps(&status.gaps, now).into_iter().enumerate() {
        row(if at == 0 { "not watched" } else { "" }, text);
    }
    for alarm in &status.alarms {
        row("ALARM", alarm.clone());
    }
    out
}

/// The card's line of paging: armed, or what is missing.
pub fn paging(paging: &PagingStatus, now: DateTime<Utc>) -> String {
    let drill = match paging.last_drill.map(|d| (d.state, ago(d.at, now))) {
        None => "no drill yet (nightdesk drill)".to_owned(),
        Some((PageState::Acknowledged, at)) => format!("last drill {at}, everybody answered"),
        Some((PageState::Waiting | PageState::Running, _)) => "a drill runs".to_owned(),
        Some((_, at)) => format!("last drill {at}, not everybody answered (nightdesk drill)"),
    };
    let text = match (paging.armed, paging.open_pages) {
        (false, _) => format!("NOT ARMED: {}", paging.missing.join("; ")),
        (true, 0) => format!("armed, no page open; {drill}"),
        (true, n) => format!("armed, {} (nightdesk pages); {drill}", count(n, "page open", "pages open")),
    };
    let text = match paging.listening_only.as_slice() {
        [] => text,
        names => format!("{text}; only in Nightdesk can {} acknowledge (nightdesk contacts)", names.join(" and ")),
    };
    format!("  {:<13} {}\n", "paging", line(&text))
}

/// Whether what can't be delivered otherwise reaches anybody.
fn fallback(email: &EmailStatus, now: DateTime<Utc>) -> String {
    let Some(at) = email.tested_at.filter(|_| email.fallback) else {
        return format!("NO FALLBACK: {}", email.why.as_deref().unwrap_or("mail isn't set up"));
    };
    let taken = format!("mail by {}, taken {}", email.server.as_deref().unwrap_or("a server"), ago(at, now));
    match &email.why {
        None => taken,
        Some(why) => format!("{taken}; BUT {why}"),
    }
}

/// Every incident's class, and whether the sum is whole.
pub fn accounting(ledger: &Accounts) -> String {
    let sum = ledger.ticketed + ledger.record_only + ledger.withheld + ledger.quarantined;
    let whole = if sum == ledger.seen { String::new() } else { format!(" (but the classes add up to {sum})") };
    let unaccounted = match ledger.unaccounted {
        None => "not yet compared with Huntress's list".to_owned(),
        Some(n) => format!("{n} unaccounted"),
    };
    format!(
        "{} seen = {} ticketed + {} record only + {} withheld + {} quarantined{whole}; {unaccounted}",
        ledger.seen, ledger.ticketed, ledger.record_only, ledger.withheld, ledger.quarantined
    )
}

fn headline(status: &Status, now: DateTime<Utc>) -> String {
    let since = status.since.map(|at| format!("{} ({})", moment(at), ago(at, now)));
    let words = match (status.state, since) {
        (State::Watching, Some(since)) => format!("WATCHING since {since}"),
        (State::Watching, None) => "WATCHING".to_owned(),
        (State::Late, Some(since)) => format!("LATE: the last proven read is of {since}"),
        (State::Blind, Some(since)) => format!("BLIND: nothing is certain since {since}"),
        // An engine plans its next poll; without one that lies in the past soon, or there was never any.
        (State::Late | State::Blind, None) if status.next_poll_at.is_some_and(|next| next > now) => {
            "BLIND: Huntress has not been read yet; the last poll below says why".to_owned()
        }
        (State::Late | State::Blind, None) => "BLIND: Huntress has not been read yet. Start: nightdesk run".to_owned(),
        (State::Paused, since) => {
            let since = since.map_or_else(String::new, |s| format!(" since {s}"));
            // The keys that are missing have a line of their own.
            let routing = (!status.routing.complete).then(|| "routing is incomplete".to_owned());
            match routing.or_else(|| status.reason.clone()) {
                Some(reason) => format!("PAUSED{since}: {}", line(&reason)),
                None => format!("PAUSED{since}"),
            }
        }
    };
    format!("{words}\n")
}

fn account(status: &Status) -> String {
    let name = match (&status.account.name, status.account.id) {
        (Some(name), Some(id)) => format!("{name} ({id})"),
        (_, Some(id)) => id.to_string(),
        _ => "not known yet".to_owned(),
    };
    let organizations = count(status.organizations, "organization", "organizations");
    match status.unmapped_organizations {
        0 => format!("{name}, {organizations}"),
        n => format!("{name}, {organizations}, {n} without a client (nightdesk orgs)"),
    }
}

fn last_poll(poll: &LastPoll, now: DateTime<Utc>) -> String {
    match (poll.at, poll.ok) {
        (Some(at), Some(true)) => format!("{}, complete", ago(at, now)),
        (Some(at), _) => {
            format!("{}, failed: {}", ago(at, now), poll.error.as_deref().unwrap_or("no reason was recorded"))
        }
        (None, _) => "never".to_owned(),
    }
}

fn outbox(outbox: &Outbox) -> String {
    let parts = [
        (outbox.queued, "queued"),
        (outbox.retrying, "retrying"),
        (outbox.in_doubt, "in doubt"),
        (outbox.needs_human, "need a person (nightdesk outbox --state needs_human)"),
        (outbox.dead, "ended badly (nightdesk outbox --state rejected, then --state dead_lettered)"),
    ];
    let said: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    if said.is_empty() { "nothing waits".to_owned() } else { said.join(", ") }
}

fn gaps(gaps: &[Gap], now: DateTime<Utc>) -> Vec<String> {
    let mut lines: Vec<String> = gaps
        .iter()
        .take(GAPS)
        .map(|gap| match gap.to {
            Some(to) => format!("{} for {}: {}", brief(gap.from), span(to - gap.from), gap.why),
            None => format!("{}, for {} now: {}", brief(gap.from), span(now - gap.from), gap.why),
        })
        .collect();
    if gaps.len() > GAPS {
        lines.push(format!("and {} before (nightdesk status --json)", gaps.len() - GAPS));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use nightdesk_api::{Account, Routing, Webhooks};
    use nightdesk_core::ids::AccountId;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_767_000_000, 0).unwrap()
    }

    fn status(state: State) -> Status {
        Status {
            psa: None,
            state,
            since: Some(now() - TimeDelta::minutes(30)),
            reason: None,
            account: Account { id: Some(AccountId(5)), name: Some("Check\u{1b}[2J MSP".into()) },
            organizations: 2,
            unmapped_organizations: 1,
            open_incidents: 3,
            last_poll: LastPoll { at: Some(now() - TimeDelta::minutes(3)), ok: Some(true), error: None },
            next_poll_at: Some(now() + TimeDelta::minutes(2)),
            routing: Routing { complete: true, missing: Vec::new() },
            ledger: Accounts {
                seen: 3,
                ticketed: 2,
                record_only: 1,
                withheld: 0,
                quarantined: 0,
                unaccounted: Some(0),
            },
            outbox: Outbox::default(),
            email: EmailStatus {
                configured: true,
                fallback: true,
                tested_at: Some(now()),
                why: None,
                server: Some("mail.example.com:465".into()),
            },
            webhooks: Webhooks { received: 0, refused: 0, last_at: None },
            gaps: Vec::new(),
            alarms: Vec::new(),
            clock_skew_seconds: None,
        }
    }

    #[test]
    fn the_card_gives_state_evidence_and_accounts() {
        let text = card(&status(State::Watching), now());
        assert!(text.starts_with("WATCHING since 2025-12-29 08:50:00 UTC (30 min ago)"), "{text}");
        assert!(text.contains("3 seen = 2 ticketed + 1 record only + 0 withheld + 0 quarantined; 0 unaccounted"));
        assert!(text.contains("3 min ago, complete") && text.contains("in 2 min"));
        assert!(!text.contains('\u{1b}'), "a vendor's name can't act on the screen");
        assert!(text.contains("mail by mail.example.com:465, taken 0 s ago\n"), "{text}");
        let mut partly = status(State::Watching);
        partly.email.why = Some("mail to b@example.com was never tried with these settings".into());
        let text = card(&partly, now());
        assert!(text.contains("taken 0 s ago; BUT mail to b@example.com was never tried"), "{text}");
        let mut alone = status(State::Watching);
        alone.email =
            EmailStatus { fallback: false, tested_at: None, why: Some("mail isn't set up".into()), ..alone.email };
        assert!(card(&alone, now()).contains("NO FALLBACK: mail isn't set up"));
    }

    #[test]
    fn paging_is_armed_or_says_what_is_missing() {
        let mut stands = PagingStatus {
            is_set_up: true,
            armed: false,
            missing: vec!["no contact is verified: nobody would be paged".into()],
            listening_only: vec![],
            open_pages: 0,
            last_drill: None,
        };
        assert_eq!(
            paging(&stands, now()),
            "  paging        NOT ARMED: no contact is verified: nobody would be paged\n"
        );
        stands.armed = true;
        stands.open_pages = 2;
        assert!(paging(&stands, now()).contains("armed, 2 pages open (nightdesk pages); no drill yet"));
        stands.listening_only = vec!["Ravi".into(), "Wei".into()];
        let only = "; only in Nightdesk can Ravi and Wei acknowledge (nightdesk contacts)\n";
        assert!(paging(&stands, now()).ends_with(only));
    }

    #[test]
    fn what_is_wrong_is_said_with_a_remedy() {
        let mut blind = status(State::Blind);
        blind.last_poll = LastPoll { at: Some(now()), ok: Some(false), error: Some("refused".into()) };
        blind.outbox.needs_human = 2;
        blind.outbox.dead = 1;
        blind.ledger.seen = 9;
        blind.ledger.unaccounted = None;
        let why = "the engine was not running".to_owned();
        blind.gaps = vec![Gap { from: now() - TimeDelta::hours(1), to: None, why }];
        let text = card(&blind, now());
        assert!(text.starts_with("BLIND: nothing is certain since"), "{text}");
        assert!(text.contains("failed: refused") && text.contains("nightdesk outbox --state needs_human"));
        assert!(
            text.contains("1 ended badly (nightdesk outbox --state rejected, then --state dead_lettered)"),
            "{text}"
        );
        assert!(text.contains("add up to 3") && text.contains("not yet compared"));
        assert!(text.contains("for 60 min now: the engine was not running"), "{text}");
        blind.since = None;
        assert!(
            card(&blind, now()).starts_with("BLIND: Huntress has not been read yet; the last poll"),
            "an engine runs"
        );
        blind.next_poll_at = Some(now() - TimeDelta::minutes(9));
        assert!(card(&blind, now()).starts_with("BLIND: Huntress has not been read yet. Start: nightdesk run"));
        let mut paused = status(State::Paused);
        paused.routing = Routing { complete: false, missing: vec!["routing.triage_board".into()] };
        assert!(card(&paused, now()).contains("nightdesk config apply FILE"));
    }
}
