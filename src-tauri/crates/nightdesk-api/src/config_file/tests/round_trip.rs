//! What is shown applies, and what differs is named.

use super::super::*;
use super::{EXAMPLE, example, read};
use nightdesk_core::config::{
    Auth, Channel, Contact, Desk, DeskKind, Email, Huntress, Local, LocalBoard, Organization, Overrides, Paging,
    Priorities, Routing, Security, Threshold, Watch,
};
use proptest::prelude::*;
use proptest::sample::select;

#[test]
fn the_difference_names_old_and_new() {
    let before = example();
    let mut after = before.clone();
    assert!(difference(&before, &after).is_empty());
    after.routing.poll_interval_minutes = 10;
    after.routing.category = None;
    after.local.clients = vec!["Security Triage".into(), "Acme".into(), "Initech".into()];
    after.local.boards[1].closed_status = "Done".into();
    after.organizations = vec![Organization { id: OrganizationId(7), client: Some("Acme".into()), ignore: true }];
    assert_eq!(
        difference(&before, &after),
        [
            "routing.category: \"Security incident\" -> (unset)",
            "routing.poll_interval_minutes: 5 -> 10",
            "local.clients: - \"Globex\"",
            "local.clients: + \"Initech\"",
            "local.boards \"Triage\".closed_status: \"Closed\" -> \"Done\"",
            "organization 7: (unset) -> \"Acme\", ignored",
            "organization 4: \"Acme\" -> (unset)",
        ]
    );
    after = before.clone();
    after.local.priorities.swap(0, 1);
    assert_eq!(
        difference(&before, &after),
        [
            "local.priorities: [\"Critical\", \"High\", \"Medium\", \"Low\"] -> [\"High\", \"Critical\", \"Medium\", \"Low\"]"
        ]
    );
}

fn a_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9]{1,12}",
        "[\\PC\"'\\\\#=\\[\\]{}]{1,20}".prop_map(|s| s.trim().to_owned()).prop_filter("blank", |s| !s.is_empty()),
    ]
}

fn some_names(least: usize, most: usize) -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(a_name(), least..=most).prop_map(|mut names| {
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|n| seen.insert(catalogue::loosely(n)));
        names
    })
}

fn a_board() -> impl Strategy<Value = LocalBoard> {
    (a_name(), a_name(), some_names(0, 3)).prop_map(|(name, open, categories)| LocalBoard {
        name,
        closed_status: format!("{open} no more"),
        open_status: open,
        categories,
    })
}

fn a_local() -> impl Strategy<Value = Local> {
    let boards = proptest::collection::vec(a_board(), 1..4).prop_map(|mut boards| {
        let mut seen = std::collections::BTreeSet::new();
        boards.retain(|b| seen.insert(catalogue::loosely(&b.name)));
        boards
    });
    (some_names(1, 5), boards, some_names(1, 5)).prop_map(|(clients, boards, priorities)| Local {
        clients,
        boards,
        priorities,
    })
}

fn some_contacts() -> impl Strategy<Value = Vec<Contact>> {
    // What a number can do is its own business: a mobile, one that may be either, and one that gets calls only.
    let phone = select(vec![("+447400123456", 2), ("+12125550102", 2), ("+64211234567", 1)]);
    let ways = select(vec![vec![Channel::Call], vec![Channel::Sms, Channel::Call], vec![Channel::Call, Channel::Sms]]);
    let extension = proptest::option::of("[0-9*#w]{1,8}");
    (some_names(0, 4), proptest::collection::vec((phone, ways, extension, proptest::option::of(1..=60u32)), 4))
        .prop_map(|(names, each)| {
            let one = |(name, ((phone, can), ways, extension, wait_minutes)): (
                String,
                ((&str, usize), Vec<Channel>, _, _),
            )| {
                let channels = if can == 1 { vec![Channel::Call] } else { ways };
                Contact { name, phone: phone.to_owned(), channels, extension, wait_minutes }
            };
            names.into_iter().zip(each).map(one).collect()
        })
}

fn a_paging() -> impl Strategy<Value = Paging> {
    let account = proptest::option::of("AC[0-9a-f]{32}");
    let from = proptest::option::of("\\+[1-9][0-9]{6,14}");
    let base = select(vec!["https://api.twilio.com", "http://127.0.0.1:4010", "https://a.example/api/laml"]);
    let severity = select(vec![Threshold::Critical, Threshold::High, Threshold::Low]);
    let changed = proptest::option::of("\\{pin\\}[ \"'#=a-z]{0,20}");
    (account, from, base, severity, 1..=168u32, 1..=60u32, 1..=10u32, changed).prop_map(
        |(account_sid, from, base, min_severity, window_hours, step_wait_minutes, rounds, changed)| Paging {
            account_sid,
            from,
            base_url: base.to_owned(),
            min_severity,
            window_hours,
            step_wait_minutes,
            rounds,
            templates: changed.into_iter().map(|text| ("pin_text".to_owned(), text)).collect(),
            ..Paging::default()
        },
    )
}

fn a_config() -> impl Strategy<Value = Config> {
    let psa = select(vec![None, Some("https://psa.example.com"), Some("http://127.0.0.1:3000")]);
    (a_desk(), some_contacts(), a_paging(), an_email(), psa).prop_map(|(desk, contacts, paging, email, psa)| Config {
        desk: psa.map_or_else(Desk::default, |url| Desk { kind: DeskKind::Algapsa, base_url: Some(url.to_owned()) }),
        contacts,
        paging,
        email: Some(email),
        ..desk
    })
}

/// Mail that is set up: a file can't take it away, so that one without it says nothing of it.
fn an_email() -> impl Strategy<Value = Email> {
    let address = "[a-z][a-z0-9+-]{0,8}[a-z]@[a-z]{1,8}\\.example";
    let addresses = |least: usize| proptest::collection::vec(address, least..4);
    let host = select(vec!["mail.example.com", "127.0.0.1", "::1"]);
    let changed = proptest::option::of("\\{\\{ title \\}\\}[ \"'#=a-z<>\\n]{0,20}");
    let one = (host, 1..=65_535u16, select(Auth::ALL.to_vec()), select(Security::ALL.to_vec()), address, addresses(1));
    (one, addresses(0), any::<bool>(), changed).prop_map(
        |((host, smtp_port, auth, security, from, default), escalations, resolved_notices, changed)| Email {
            smtp_host: Some(host.to_owned()),
            smtp_port,
            security: if host.starts_with('m') && security == Security::None { Security::Tls } else { security },
            auth,
            username: Some("desk@example.com".into()),
            tenant: Some("example.onmicrosoft.com".into()),
            client_id: Some("0f1".into()),
            login_base_url: None,
            graph_base_url: Some("http://127.0.0.1:4012".into()),
            from,
            default,
            resolved_notices,
            overrides: Overrides { escalations, ..Overrides::default() },
            templates: changed.into_iter().map(|text| ("incident_html".to_owned(), text)).collect(),
        },
    )
}

fn a_desk() -> impl Strategy<Value = Config> {
    a_local().prop_flat_map(|local| {
        let of = |names: Vec<String>| proptest::option::of(select(names));
        let boards: Vec<String> = local.boards.iter().map(|b| b.name.clone()).collect();
        let closed = local.boards.iter().map(|b| b.closed_status.clone()).collect();
        let priority = || of(local.priorities.clone());
        let routing = (of(boards.clone()), of(boards), of(local.clients.clone()), of(closed), 1..=60u32, any::<bool>());
        let organization = (1..99i64, of(local.clients.clone()), any::<bool>());
        let organizations = proptest::collection::btree_map(1..i64::MAX, organization, 0..4).prop_map(|entries| {
            let one = |(id, (_, client, ignore))| Organization { id: OrganizationId(id), client, ignore };
            entries.into_iter().map(one).collect::<Vec<_>>()
        });
        let huntress = prop_oneof![
            (1..=60u32).prop_map(|n| Huntress { base_url: "https://api.huntress.io".into(), requests_per_minute: n }),
            (1..=60_000u32).prop_map(|n| Huntress { base_url: "http://127.0.0.1:8080".into(), requests_per_minute: n }),
        ];
        let watch = (1..=100u32, 1..=1440u32, 1..=1440u32).prop_map(|(late, blind, alarm)| Watch {
            late_after_intervals: late,
            blind_after_minutes: blind,
            alarm_after_minutes: alarm,
        });
        let priorities = (priority(), priority(), priority());
        (Just(local), routing, priorities, organizations, huntress, watch, any::<prop::sample::Index>()).prop_map(
            |(
                local,
                (security, triage, fallback, closed, minutes, through),
                (critical, high, low),
                organizations,
                huntress,
                watch,
                pick,
            )| {
                let categories = security
                    .as_ref()
                    .and_then(|s| local.boards.iter().find(|b| b.name == *s))
                    .map(|b| b.categories.clone())
                    .unwrap_or_default();
                let category = (!categories.is_empty()).then(|| pick.get(&categories).clone());
                let routing = Routing {
                    security_board: security,
                    category,
                    fallback_client: fallback,
                    triage_board: triage,
                    priority: Priorities { critical, high, low },
                    poll_interval_minutes: minutes,
                    close_through: through,
                    closed_status: closed,
                };
                Config { huntress, local, routing, watch, organizations, ..Config::default() }
            },
        )
    })
}

proptest! {
    #[test]
    fn what_is_shown_applies_and_changes_nothing(config in a_config(), base in a_config()) {
        let text = render(&config);
        // Over another desk, what the text doesn't name would stay.
        let draft = parse(&text, &base, &Used::default(), true);
        let again = draft.map_err(|p| TestCaseError::fail(format!("{p:?} in\n{text}")))?.config;
        prop_assert_eq!(&again, &config);
        prop_assert_eq!(&render(&again), &text);
        prop_assert!(difference(&config, &again).is_empty());
        let over_itself = parse(&text, &config, &Used::default(), false).map(|draft| draft.config);
        prop_assert_eq!(over_itself.ok(), Some(config.clone()));
        prop_assert_eq!(difference(&base, &config).is_empty(), base == config);
    }

    #[test]
    fn no_text_is_too_odd_to_be_judged(text in "\\PC*", cut in any::<prop::sample::Index>(), put in "[\\x00-\\x7f]{0,3}") {
        let _ = read(&text);
        let at = cut.index(EXAMPLE.len());
        let mangled = format!("{}{put}{}", &EXAMPLE[..at], &EXAMPLE[(at + 1).min(EXAMPLE.len())..]);
        if let Err(problems) = read(&mangled) {
            prop_assert!(!problems.is_empty());
        }
    }
}
