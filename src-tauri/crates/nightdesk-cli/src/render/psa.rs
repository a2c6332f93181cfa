//! The PSA: how it stands, and what the key may do there.

use super::words::{ago, line};
use chrono::{DateTime, Utc};
use nightdesk_api::PsaStatus;
use nightdesk_api::psa_connect::PsaChecked;
use std::fmt::Write as _;

/// How it stands, as a block.
pub fn state(status: Option<&PsaStatus>, now: DateTime<Utc>) -> String {
    let Some(s) = status else { return "The built-in desk holds the tickets: there is no PSA.\n".to_owned() };
    let mut out = format!("{} at {}\n", s.name, line(s.base_url.as_deref().unwrap_or("no address")));
    let mut row = |name: &str, text: String| {
        let _never_fails = writeln!(out, "  {name:<13} {}", line(&text));
    };
    row("state", reached(s, now));
    if let Some(remedy) = &s.remedy {
        row("", format!("-> {remedy}"));
    }
    let at =
        |at: Option<DateTime<Utc>>| at.map_or_else(|| "never read".to_owned(), |at| format!("as of {}", ago(at, now)));
    row("catalogue", at(s.catalogue_at));
    row("changes there", at(s.seen_at));
    row("deliveries", deliveries(s));
    out
}

/// The same in one line, for the status card.
pub fn summary(s: &PsaStatus, now: DateTime<Utc>) -> String {
    let remedy = s.remedy.as_ref().map_or_else(String::new, |r| format!(" -> {r}"));
    format!("{} {}; {}{remedy}", s.name, reached(s, now), deliveries(s))
}

fn reached(s: &PsaStatus, now: DateTime<Utc>) -> String {
    match (s.reachable, s.since) {
        (Some(false), since) => {
            let since = since.map_or_else(String::new, |at| format!(" since {}", ago(at, now)));
            format!("CAN'T BE READ{since}: {}", s.error.as_deref().unwrap_or("no reason was recorded"))
        }
        (Some(true), _) => match s.seen_at.or(s.catalogue_at) {
            Some(at) => format!("is read, the last time {}", ago(at, now)),
            None => "is read".to_owned(),
        },
        (None, _) => "has not been read yet (nightdesk run, or nightdesk psa sync)".to_owned(),
    }
}

fn deliveries(s: &PsaStatus) -> String {
    let failed = match s.failed {
        0 => String::new(),
        n => format!(", {n} need a person (nightdesk outbox)"),
    };
    match s.waiting {
        0 if s.failed == 0 => "everything has arrived there".to_owned(),
        n => format!("{n} waiting for it{failed}"),
    }
}

/// What the key may do.
pub fn rights(name: &str, checked: &PsaChecked) -> String {
    let mut out = String::new();
    for right in &checked.rights {
        let may = match right.granted {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "?",
        };
        let permission = right.permission.as_ref().map_or_else(String::new, |p| format!(" ({})", line(p)));
        let needed = if right.is_needed { "" } else { ", not needed" };
        let _never_fails = writeln!(out, "{may:<4} {}{permission}{needed}", line(&right.to));
        if let Some(said) = right.said.as_ref().filter(|_| right.granted != Some(true)) {
            let _never_fails = writeln!(out, "     {name} said: {}", line(said));
        }
        if let Some(fix) = &right.fix {
            let _never_fails = writeln!(out, "     -> {}", line(fix));
        }
    }
    if checked.ok {
        let _never_fails = writeln!(out, "\nThe key may do everything that the desk needs.");
    }
    out
}

/// Why the check failed, in a sentence.
pub fn trouble(checked: &PsaChecked) -> String {
    if let Some(error) = &checked.error {
        return format!("{error}: {}", checked.remedy.as_deref().unwrap_or_default());
    }
    let of = |granted| {
        let those = checked.rights.iter().filter(move |r| r.is_needed && r.granted == granted);
        those.map(|r| r.to.as_str()).collect::<Vec<_>>().join(", ")
    };
    match (of(Some(false)), of(None)) {
        (lacking, _) if !lacking.is_empty() => format!("The key may not {lacking}, which the desk needs"),
        (_, unknown) => format!("It could not be found out whether the key may {unknown}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use nightdesk_api::words::DeskName;
    use nightdesk_core::port::{Access, Right};

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_767_000_000, 0).unwrap()
    }

    fn status() -> PsaStatus {
        PsaStatus {
            kind: DeskName::Algapsa,
            name: "AlgaPSA".into(),
            base_url: Some("https://psa.example.com".into()),
            reachable: Some(true),
            since: None,
            error: None,
            remedy: None,
            catalogue_at: Some(now() - TimeDelta::minutes(40)),
            seen_at: Some(now() - TimeDelta::seconds(30)),
            waiting: 0,
            failed: 0,
            is_asked: false,
        }
    }

    #[test]
    fn a_psa_stands_or_says_what_to_do() {
        assert!(state(None, now()).contains("built-in desk"));
        let text = state(Some(&status()), now());
        assert!(text.contains("AlgaPSA at https://psa.example.com") && text.contains("as of 40 min ago"), "{text}");
        assert_eq!(summary(&status(), now()), "AlgaPSA is read, the last time 30 s ago; everything has arrived there");
        let down = PsaStatus {
            reachable: Some(false),
            since: Some(now() - TimeDelta::minutes(5)),
            error: Some("the PSA could not be reached: refused".into()),
            remedy: Some("check the network".into()),
            waiting: 3,
            failed: 1,
            ..status()
        };
        let said = summary(&down, now());
        assert!(said.contains("CAN'T BE READ since 5 min ago: the PSA could not be reached: refused"), "{said}");
        assert!(said.contains("3 waiting for it, 1 need a person") && said.ends_with("-> check the network"), "{said}");
    }

    #[test]
    fn a_missing_right_is_named_with_its_fix() {
        let right = |to: &str, granted, is_needed| Right {
            to: to.into(),
            permission: Some("ticket:create".into()),
            granted,
            said: None,
            is_needed,
        };
        let of = |rights| PsaChecked::of(None, Access { rights });
        let lacking = of(vec![right("read boards", Some(true), true), right("open tickets", Some(false), true)]);
        let text = rights("AlgaPSA", &lacking);
        assert!(
            text.contains("NO   open tickets (ticket:create)") && text.contains("-> give the key's user"),
            "{text}"
        );
        assert_eq!(trouble(&lacking), "The key may not open tickets, which the desk needs");
        let fine = of(vec![right("add tags", Some(false), false)]);
        assert!(fine.ok && rights("AlgaPSA", &fine).contains("everything that the desk needs"));
    }
}
