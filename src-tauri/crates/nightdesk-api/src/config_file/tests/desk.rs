//! The desk that holds the tickets, and names that are a PSA's.

use super::*;
use nightdesk_core::catalogue::{Kind, StatusRole};
use nightdesk_core::config::{Desk, DeskKind};

fn entry(kind: Kind, name: &str, board: Option<&str>, role: Option<StatusRole>) -> Listed {
    let remote_id = format!("{}-{name}", board.unwrap_or_default());
    Listed { kind, remote_id, name: name.into(), board: board.map(|b| format!("-{b}")), role }
}

fn listed() -> Vec<Listed> {
    let mut all = vec![
        entry(Kind::Board, "Security", None, None),
        entry(Kind::Board, "Triage", None, None),
        entry(Kind::Category, "Security incident", Some("Security"), None),
    ];
    for board in ["Security", "Triage"] {
        all.push(entry(Kind::Status, "New", Some(board), Some(StatusRole::Opening)));
        all.push(entry(Kind::Status, "Closed", Some(board), Some(StatusRole::Closing)));
    }
    all.extend(["Security Triage", "Acme", "Globex"].map(|c| entry(Kind::Client, c, None, None)));
    all.extend(["Critical", "High", "Low"].map(|p| entry(Kind::Priority, p, None, None)));
    all
}

fn of_psa(text: &str, base: &Config, listed: Vec<Listed>) -> Result<Draft, String> {
    let used = Used { mappings: vec![(OrganizationId(4), "Initech".into())], listed: Some(listed) };
    parse(text, base, &used, false).map_err(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

const ALGAPSA: &str = "[desk]\nkind = \"algapsa\"\nbase_url = \"https://psa.example.com\"\n";

fn at_algapsa() -> Config {
    of_psa(ALGAPSA, &example(), listed()).unwrap().config
}

#[test]
fn a_psa_has_an_address_and_the_built_in_desk_has_none() {
    let psa = Desk { kind: DeskKind::Algapsa, base_url: Some("https://psa.example.com".into()) };
    assert_eq!(read(ALGAPSA).unwrap().desk, psa);
    assert_eq!(read("[desk]\nkind = \"algapsa\"\nbase_url = \"https://PSA.example.com/\"").unwrap().desk, psa);
    let here = "[desk]\nkind = \"algapsa\"\nbase_url = \"http://127.0.0.1:3000\"";
    assert_eq!(read(here).unwrap().desk.base_url.as_deref(), Some("http://127.0.0.1:3000"));
    has("[desk]\nkind = \"algapsa\"", &["line 1: desk.base_url is missing", "https://psa.example.com"]);
    has("[desk]\nkind = \"algapsa\"\nbase_url = 4", &["line 3: desk.base_url is 4"]);
    has("[desk]\nkind = \"local\"\nbase_url = \"https://x.example\"", &["line 3: desk.base_url is given"]);
    has("[desk]\nbase_url = \"https://x.example\"", &["line 2: desk.base_url is given"]);
    has("[desk]\nkind = \"other\"", &["line 2: desk.kind is \"other\"", "expected \"local\" or \"algapsa\""]);
    has("[desk]\nkind = \"alga-psa\"", &["desk.kind", "expected \"algapsa\""]);
    has("[desk]\nkind = \"algapsa\"\nurl = \"x\"\nbase_url = \"https://x.example\"", &["line 3: desk.url"]);
    for wrong in
        ["http://psa.example.com", "https://u:p@psa.example.com", "https://psa.example.com/x", "psa", "https://x?y=1"]
    {
        let text = format!("[desk]\nkind = \"algapsa\"\nbase_url = \"{wrong}\"");
        has(&text, &["line 3: desk.base_url ", "expected the PSA's address"]);
        assert!(!problem(&text).contains("u:p"), "no password in a message");
    }
    assert_eq!(read("[desk]\n").unwrap(), Config::default());
}

#[test]
fn names_are_the_psas_where_the_desk_is_one() {
    let config = at_algapsa();
    assert_eq!(
        of_psa("[routing]\nfallback_client = \"Globex\"\n", &config, listed()).unwrap().config.desk,
        config.desk
    );
    let wrong =
        of_psa("[routing]\ntriage_board = \"Triagge\"\nclosed_status = \"Done\"\n", &config, listed()).unwrap_err();
    assert_eq!(
        wrong,
        "line 2: routing.triage_board is \"Triagge\", which is no board in AlgaPSA; expected one of \"Triage\", \"Security\"\n\
         line 3: routing.closed_status is \"Done\", which is no closed status of any board in AlgaPSA; expected \"Closed\""
    );
    let organization = of_psa("[[organization]]\nid = 4\nclient = \"Acmee\"\n", &config, listed()).unwrap_err();
    assert!(
        organization.starts_with(
            "line 3: organization.client of 4 is \"Acmee\", which is no client in AlgaPSA; expected one of \"Acme\""
        ),
        "{organization}"
    );
    // The built-in desk's own lists are kept for the way back, and are no measure now.
    assert!(of_psa("[local]\nclients = [\"Somebody\"]\n", &config, listed()).is_ok());
}

#[test]
fn of_many_clients_those_that_come_nearest_are_named() {
    let config = at_algapsa();
    let mut many = listed();
    many.extend((0..300).map(|n| entry(Kind::Client, &format!("Customer {n:03}"), None, None)));
    many.push(entry(Kind::Client, "Northwind Traders", None, None));
    let wrong = of_psa("[routing]\nfallback_client = \"Northwind Trader\"\n", &config, many).unwrap_err();
    assert!(wrong.contains("expected one of \"Northwind Traders\", ") && wrong.ends_with("and 292 more"), "{wrong}");
}

#[test]
fn another_desk_is_measured_by_the_routing_that_stays() {
    let mut other = listed();
    other.retain(|l| l.name != "Security incident" && l.name != "Globex");
    let wrong = of_psa(ALGAPSA, &example(), other).unwrap_err();
    assert_eq!(
        wrong,
        "line 1: routing.category is \"Security incident\", which is no category of board \"Security\" in AlgaPSA; expected it to \
         be unset, since there is none"
    );
    // And on the way back the built-in desk's lists are the measure again; its mapping goes along by name, or is told.
    let mut config = at_algapsa();
    config.local.boards.retain(|b| b.name != "Triage");
    let back = of_psa("[desk]\nkind = \"local\"\n", &config, listed()).unwrap_err();
    assert!(back.starts_with("line 1: routing.triage_board is \"Triage\", which is no board; expected"), "{back}");
}

#[test]
fn a_name_that_several_have_is_nobodys() {
    let twice = |kind, name| {
        let mut all = listed();
        all.push(Listed { remote_id: format!("another {name}"), ..entry(kind, name, None, None) });
        all
    };
    let text = format!("{ALGAPSA}[[organization]]\nid = 4\nclient = \"Acme\"\n");
    let wrong = of_psa(&text, &example(), twice(Kind::Client, "Acme")).unwrap_err();
    assert_eq!(
        wrong,
        "line 6: organization.client of 4 is \"Acme\", which is the name of more than one client in AlgaPSA; expected a name \
         that only one has: rename the others there"
    );
    let wrong = of_psa(&text, &example(), twice(Kind::Board, "Triage")).unwrap_err();
    assert!(
        wrong.starts_with("line 1: routing.triage_board is \"Triage\", which is the name of more than one board"),
        "{wrong}"
    );
    assert!(of_psa(&text, &example(), twice(Kind::Client, "Nobody's")).is_ok(), "what isn't used may be there twice");
}

#[test]
fn what_names_nothing_of_the_psas_needs_no_catalogue() {
    let config = at_algapsa();
    for (text, uses) in [
        ("[watch]\n", false),
        ("[routing]\n", true),
        (ALGAPSA, true),
        ("[[organization]]\nid = 4\nignore = true\n", true),
    ] {
        assert_eq!(parse(text, &config, &Used::default(), false).unwrap().uses_catalogue, uses, "{text}");
    }
    // A name that vanished there is no problem of a file that doesn't touch it.
    assert!(of_psa("[watch]\n", &config, Vec::new()).is_ok());
}

#[test]
fn the_difference_names_kind_and_address() {
    let after = Config { organizations: example().organizations, ..at_algapsa() };
    assert_eq!(
        difference(&example(), &after),
        ["desk.kind: \"local\" -> \"algapsa\"", "desk.base_url: (unset) -> \"https://psa.example.com\""]
    );
}
