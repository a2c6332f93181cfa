//! Every rule of the file form, by what a person would read.

mod desk;
mod mail;
mod people;
mod round_trip;
mod webhooks_out;

use super::*;
use nightdesk_core::config::{Local, Organization, Routing};

/// What the documented example says, as far as there is a part for it.
const EXAMPLE: &str = r#"
[huntress]
base_url = "https://api.huntress.io"
requests_per_minute = 30

[desk]
kind = "local"

[local]
clients = ["Security Triage", "Acme", "Globex"]
boards = [{ name = "Security", open_status = "New", closed_status = "Closed", categories = ["Security incident"] },
          { name = "Triage", open_status = "New", closed_status = "Closed" }]
priorities = ["Critical", "High", "Medium", "Low"]

[routing]
security_board = "Security"
category = "Security incident"
fallback_client = "Security Triage"
triage_board = "Triage"
priority = { critical = "Critical", high = "High", low = "Low" }
poll_interval_minutes = 5
close_through = true
closed_status = "Closed"

[[organization]]
id = 4
client = "Acme"

[[contact]]
name = "Dana"
phone = "+12125550102"
channels = ["sms", "call"]

[paging]
provider = "twilio"
account_sid = "AC00000000000000000000000000000000"
from = "+12125550101"
base_url = "https://api.twilio.com"
studio_base_url = "https://studio.twilio.com"
min_severity = "critical"
window_hours = 24
step_wait_minutes = 5
rounds = 2

[watch]
late_after_intervals = 2
blind_after_minutes = 10
alarm_after_minutes = 15
"#;

fn read(text: &str) -> Result<Config, Vec<Problem>> {
    parse(text, &Config::default(), &Used::default(), false).map(|draft| draft.config)
}

/// Each problem as a line of output.
fn problems(text: &str) -> Vec<String> {
    read(text).unwrap_err().iter().map(ToString::to_string).collect()
}

/// The only problem of a text.
fn problem(text: &str) -> String {
    let all = problems(text);
    assert_eq!(all.len(), 1, "{text}: {all:#?}");
    all[0].clone()
}

fn has(text: &str, parts: &[&str]) {
    let found = problem(text);
    for part in parts {
        assert!(found.contains(part), "{part:?} is not in {found:?}");
    }
}

fn example() -> Config {
    read(EXAMPLE).unwrap()
}

#[test]
fn the_documented_example_applies() {
    let config = example();
    assert!(config.routing.missing().is_empty());
    assert!(config.routing.close_through);
    assert_eq!(config.local.clients, ["Security Triage", "Acme", "Globex"]);
    assert_eq!(config.local.boards[0].categories, ["Security incident"]);
    assert_eq!(
        config.organizations,
        [Organization { id: OrganizationId(4), client: Some("Acme".into()), ignore: false }]
    );
    assert!(parse(EXAMPLE, &config, &Used::default(), true).unwrap().organizations_exact);
}

#[test]
fn every_way_to_write_the_same_document_is_read() {
    let crlf = EXAMPLE.replace('\n', "\r\n");
    assert_eq!(read(&crlf).unwrap(), example());
    let dotted = EXAMPLE.replace(
        "priority = { critical = \"Critical\", high = \"High\", low = \"Low\" }",
        "priority.critical = 'Critical'\npriority.high = \"\"\"High\"\"\"\npriority.low = \"L\\u006fw\"",
    );
    assert_eq!(read(&dotted).unwrap(), example());
    assert_eq!(read("[routing.priority]\nlow = \"Low\"").unwrap().routing.priority.low.as_deref(), Some("Low"));
    let boards = "[local]\nclients = [\"Security Triage\"]\npriorities = [\"Critical\"]\n[[local.boards]]\nname = \"A\"\nopen_status = \"New\"\nclosed_status = \"Done\"\n";
    assert_eq!(read(boards).unwrap().local.boards.len(), 1);
    assert_eq!(read("organization = [{ id = 0x4, ignore = true }]").unwrap().organizations[0].id, OrganizationId(4));
}

#[test]
fn an_absent_section_stays_and_a_present_one_is_replaced_whole() {
    let base = example();
    assert!(base.paging.is_set_up());
    let kept = parse("", &base, &Used::default(), false).unwrap().config;
    assert_eq!(kept, Config { organizations: Vec::new(), ..base.clone() });
    let replaced = parse("[routing]\ntriage_board = \"Triage\"\n", &base, &Used::default(), false).unwrap().config;
    assert_eq!(replaced.local, base.local);
    assert_eq!(replaced.routing, Routing { triage_board: Some("Triage".into()), ..Routing::default() });
    assert_eq!(replaced.routing.missing().len(), 5);
}

#[test]
fn an_incomplete_routing_section_is_accepted_and_empty_is_unset() {
    let text = "[routing]\nsecurity_board = \"\"\ncategory = \" \"\npriority = { low = \"\" }\n";
    assert_eq!(read(text).unwrap().routing, Routing::default());
    assert_eq!(read("[routing]\npriority = {}\n").unwrap().routing.missing().len(), 6);
    assert_eq!(read("[routing]\n").unwrap(), Config::default());
}

#[test]
fn a_number_out_of_bounds_says_where_and_what() {
    let text = "\n\n[routing]\n\npoll_interval_minutes = 0\n";
    assert_eq!(problem(text), "line 5: routing.poll_interval_minutes is 0; expected a whole number from 1 to 60");
    for (key, least, most) in [
        ("routing.poll_interval_minutes", 1_i64, 60),
        ("huntress.requests_per_minute", 1, 60),
        ("watch.late_after_intervals", 1, 100),
        ("watch.blind_after_minutes", 1, 1440),
        ("watch.alarm_after_minutes", 1, 1440),
    ] {
        assert!(read(&format!("{key} = {least}")).is_ok() && read(&format!("{key} = {most}")).is_ok(), "{key}");
        for wrong in
            ["0", "-1", &(most + 1).to_string(), "9223372036854775808", "5.0", "\"5\"", "true", "[5]", "1979-05-27"]
        {
            let found = problem(&format!("{key} = {wrong}"));
            assert!(
                found.starts_with(&format!("line 1: {key} is ")) && found.ends_with(&format!("from {least} to {most}")),
                "{found}"
            );
        }
    }
}

#[test]
fn several_problems_are_reported_together_each_with_its_line() {
    let text = "[huntress]\nbase_url = \"http://example.com\"\nrequests = 3\n[routing]\nsecurity_board = \"Nope\"\npoll_interval_minutes = 99\nclose_through = \"yes\"\npriority = { low = 3 }\n[[organization]]\nid = 4\nclient = \"Acme\"\n[email]\nsmtp_port = 25\n[watch]\nblind_after_minutes = 0\n";
    let lines: Vec<_> = read(text).unwrap_err().into_iter().map(|p| (p.line.unwrap(), p.key)).collect();
    let expected = [
        (2, "huntress.base_url"),
        (3, "huntress.requests"),
        (5, "routing.security_board"),
        (6, "routing.poll_interval_minutes"),
        (7, "routing.close_through"),
        (8, "routing.priority.low"),
        (11, "organization.client"),
        (12, "email.default"),
        (12, "email.from"),
        (12, "email.smtp_host"),
        (15, "watch.blind_after_minutes"),
    ];
    assert_eq!(lines, expected.map(|(line, key)| (line, key.to_owned())));
}

#[test]
fn bad_syntax_is_reported_with_its_line_and_nothing_else() {
    for (text, line) in [
        ("[huntress]\nbase_url = \n", 2),
        ("\n\n[routing\n", 3),
        ("[watch]\nblind_after_minutes = 1\nblind_after_minutes = 2\n", 3),
        ("[desk]\nkind = \"local\n", 2),
        ("[desk]\n[watch]\n[desk]\n", 3),
        ("a b c", 1),
    ] {
        let found = read(text).unwrap_err();
        assert_eq!(found[0].line, Some(line), "{text:?}: {found:?}");
        assert!(found[0].key.is_empty() && !found[0].message.is_empty() && !found[0].expected.is_empty());
        assert!(!found[0].to_string().contains('\n'));
    }
}

#[test]
fn an_unknown_key_is_an_error_that_names_the_nearest() {
    has(
        "[routing]\npoll_intervall_minutes = 5",
        &["line 2: routing.poll_intervall_minutes is not a known key", "; expected poll_interval_minutes"],
    );
    has("[routing]\npoll_interval = 5", &["; expected poll_interval_minutes"]);
    has("[huntres]\n", &["line 1: huntres is not a known section; expected huntress"]);
    has("[watch]\n\"a\\n\\u001b[2J\" = 1", &["line 2: watch.a [2J is not a known key"]);
    has("answer = 42", &["answer is not a known section; expected one of huntress, desk, local"]);
    has("[huntress]\ncolour = 1", &["expected one of base_url, requests_per_minute"]);
    has("[routing]\npriority = { medium = \"Medium\" }", &["routing.priority.medium is not a known key"]);
    has("[[organization]]\nid = 1\nignore = true\nname = \"x\"", &["line 4: organization.name is not a known key"]);
    has(
        "[local]\nboards = [{ name = \"A\", open_status = \"B\", closed_status = \"C\", colour = 1 }]",
        &["line 2: local.boards.colour is not"],
    );
}

#[test]
fn the_base_url_is_https_or_loopback_and_bare() {
    let with = |url: &str| format!("[huntress]\nbase_url = \"{url}\"\nrequests_per_minute = 30\n");
    for (url, stored) in [
        ("https://api.huntress.io", "https://api.huntress.io"),
        ("https://API.huntress.io/", "https://api.huntress.io"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:80", "http://[::1]"),
    ] {
        assert_eq!(read(&with(url)).unwrap().huntress.base_url, stored);
    }
    for url in [
        "http://api.huntress.io",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0",
        "https://user:pw@api.huntress.io",
        "https://user@api.huntress.io",
        "https://api.huntress.io/v1",
        "https://api.huntress.io?x=1",
        "https://api.huntress.io/#x",
        "ftp://api.huntress.io",
        "api.huntress.io",
        "https://",
        "nonsense",
    ] {
        let found = problem(&with(url));
        assert!(found.starts_with("line 2: huntress.base_url ") && !found.contains("pw"), "{found}");
    }
    let fast = |url: &str, n: u32| format!("[huntress]\nbase_url = \"{url}\"\nrequests_per_minute = {n}\n");
    assert!(read(&fast("http://127.0.0.1:1", 60_000)).is_ok());
    has(&fast("http://127.0.0.1:1", 60_001), &["from 1 to 60000"]);
    has(&fast("https://api.huntress.io", 61), &["line 3", "from 1 to 60"]);
}

#[test]
fn the_local_catalogue_has_names_that_can_be_told_apart() {
    let base = |key: &str, value: &str| format!("[local]\n{key} = {value}\n");
    has(&base("clients", "[]"), &["local.clients is empty; expected a list with at least one client"]);
    has(&base("clients", "\"Acme\""), &["local.clients is \"Acme\"; expected a list"]);
    for wrong in ["\"\"", "\"  \"", "\" Acme\"", "\"A\\nB\"", "7", &format!("\"{}\"", "x".repeat(256))] {
        has(
            &base("clients", &format!("[\"Security Triage\",\n{wrong}]")),
            &["line 3: local.clients holds", "1 to 255"],
        );
    }
    assert!(read(&base("clients", &format!("[\"{}\"]", "é".repeat(255)))).is_ok());
    has(&base("clients", "[\"A\",\n\"B\",\n\"A\"]"), &["line 4: local.clients holds \"A\" twice"]);
    assert!(read(&base("clients", "[\"Globex\", \"globex\"]")).is_ok(), "two customers may be called alike");
    has(&base("priorities", "[\"High\", \"HIGH\"]"), &["\"HIGH\" beside \"High\""]);
    let board = |rest: &str| base("boards", &format!("[\n{{ name = \"A\", {rest} }}]"));
    has(&board("open_status = \"New\""), &["line 3: local.boards.closed_status is missing"]);
    has(&board("open_status = \"Done\", closed_status = \"done\""), &["line 3", "two different statuses"]);
    has(
        &board("open_status = \"New\", closed_status = \"Done\", categories = [\"a\", \"a\"]"),
        &["local.boards.categories holds \"a\" twice"],
    );
    has(&base("boards", "[3]"), &["local.boards holds 3; expected { name"]);
    has(&base("boards", "[]"), &["local.boards is empty"]);
    let twice = "{ name = \"A\", open_status = \"N\", closed_status = \"C\" }";
    has(&base("boards", &format!("[{twice},\n{twice}]")), &["line 3: local.boards holds \"A\" twice"]);
    assert_eq!(read("[local]\nclients = [\"X\"]\n").unwrap().local.boards, Local::default().boards);
}

#[test]
fn routing_names_must_exist_and_the_choices_are_named() {
    let with = |key: &str, value: &str| EXAMPLE.replace(key, value);
    has(
        &with("triage_board = \"Triage\"", "triage_board = \"triage\""),
        &["line 19: routing.triage_board is \"triage\", which is no board; expected one of \"Triage\", \"Security\""],
    );
    has(
        &with("fallback_client = \"Security Triage\"", "fallback_client = \"Nobody\""),
        &["routing.fallback_client is \"Nobody\", which is no client", "\"Acme\""],
    );
    has(&with("low = \"Low\"", "low = \"Lowest\""), &["line 20: routing.priority.low", "no priority", "\"Low\""]);
    has(
        &with("closed_status = \"Closed\"\n\n", "closed_status = \"New\"\n\n"),
        &["routing.closed_status is \"New\"", "expected \"Closed\""],
    );
    has(
        &with("category = \"Security incident\"", "category = \"Other\""),
        &["category of board \"Security\"; expected \"Security incident\""],
    );
    has(
        &with("security_board = \"Security\"", "security_board = \"Triage\""),
        &["category of board \"Triage\"; expected it to be unset"],
    );
    has("[routing]\ncategory = \"x\"\n", &["which is no category; expected \"Security incident\""]);
}

#[test]
fn a_catalogue_that_leaves_out_what_is_in_use_is_refused() {
    let base = example();
    let used =
        Used { mappings: vec![(OrganizationId(4), "Acme".into()), (OrganizationId(5), "Acme".into())], listed: None };
    let read = |text: &str, exact| parse(text, &base, &used, exact);
    let first =
        |text: &str| read(text, false).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let local = |clients: &str| format!("[local]\nclients = [{clients}]\n");
    let no_fallback = first(&local("\"Acme\""));
    assert_eq!(
        no_fallback,
        "line 2: local.clients leaves out \"Security Triage\", which routing.fallback_client uses as client; expected \"Security Triage\" to stay, or another routing.fallback_client"
    );
    let no_acme = local("\"Security Triage\", \"Globex\"");
    assert!(first(&no_acme).contains("leaves out \"Acme\", to which organization 4, 5 is mapped"));
    assert!(read(&no_acme, true).is_ok(), "with --exact those mappings go");
    let other = "[[organization]]\nid = 4\nclient = \"Globex\"\n[[organization]]\nid = 5\nignore = true\n";
    assert!(read(&format!("{no_acme}{other}"), false).is_ok());
    let priorities = "[local]\nclients = [\"Security Triage\", \"Acme\"]\npriorities = [\"Critical\", \"High\"]\n";
    assert!(first(priorities).contains("line 3: local.priorities leaves out \"Low\", which routing.priority.low uses"));
    let boards = "[local]\nclients = [\"Security Triage\", \"Acme\"]\nboards = [{ name = \"Security\", open_status = \"New\", closed_status = \"Closed\", categories = [\"Security incident\"] }]\n";
    assert!(first(boards).contains("local.boards leaves out \"Triage\", which routing.triage_board uses"));
    assert!(read("[watch]\n", false).is_ok(), "what the file doesn't touch isn't judged");
}

#[test]
fn organizations_are_named_once_with_something_to_set() {
    let with = |rest: &str| format!("[local]\nclients = [\"Acme\"]\n[[organization]]\n{rest}\n");
    has(&with("client = \"Acme\""), &["line 3: organization.id is missing"]);
    for wrong in ["0", "-4", "\"4\"", "4.0"] {
        has(&with(&format!("id = {wrong}\nclient = \"Acme\"")), &["line 4: organization.id is ", "above 0"]);
    }
    has(&with("id = 4"), &["line 3: organization names 4, but neither client nor ignore"]);
    has(
        &with("id = 4\nclient = \"Acmee\""),
        &["line 5: organization.client of 4 is \"Acmee\", which is no client; expected \"Acme\""],
    );
    has(&with("id = 4\nclient = 5"), &["line 5: organization.client is 5"]);
    has(
        &with("id = 4\nignore = true\n[[organization]]\nid = 4\nclient = \"Acme\""),
        &["line 7: organization.id is 4, which line 4 has too"],
    );
    has("[organization]\nid = 4\n", &["line 1: organization is a table; expected [[organization]]"]);
    let both =
        read(&with("id = 9\nclient = \"Acme\"\nignore = true\n[[organization]]\nid = 2\nignore = false")).unwrap();
    assert_eq!(both.organizations[0], Organization { id: OrganizationId(2), client: None, ignore: false });
    assert_eq!(
        both.organizations[1],
        Organization { id: OrganizationId(9), client: Some("Acme".into()), ignore: true }
    );
    has("huntress = 5", &["line 1: huntress is 5; expected a section, [huntress]"]);
}
