//! The configuration as a client shows, checks and applies it.

use crate::fixture::{Desk, t};
use nightdesk_api as api;
use nightdesk_api::{Code, Detail};
use nightdesk_core::health;
use nightdesk_core::ids::OrganizationId;

const FILE: &str = r#"
[local]
clients = ["Security Triage", "Acme", "Globex"]
[routing]
security_board = "Security"
category = "Security incident"
fallback_client = "Security Triage"
triage_board = "Triage"
priority = { critical = "Critical", high = "High", low = "Low" }
close_through = true
[[organization]]
id = 4
client = "Acme"
"#;

fn apply(desk: &mut Desk, text: &str, exact: bool, if_revision: Option<i64>) -> Result<api::ConfigApplied, api::Error> {
    desk.act(|tx| api::config_apply(tx, t(1), "dana", text, exact, if_revision))
}

#[test]
fn a_file_is_checked_applied_shown_and_applied_again() {
    let mut desk = Desk::empty();
    let checked = desk.ask(|tx| api::config_check(tx, FILE, false)).unwrap();
    assert_eq!((checked.revision, checked.missing.len()), (0, 0));
    assert!(checked.difference.iter().any(|d| d == "organization 4: (unset) -> \"Acme\""), "{:?}", checked.difference);
    let applied = apply(&mut desk, FILE, false, Some(0)).unwrap();
    assert_eq!((applied.revision, applied.difference), (1, checked.difference));
    assert!(desk.ask(|tx| api::status(tx, t(2))).unwrap().routing.complete);
    assert_eq!(desk.ask(|tx| api::org(tx, OrganizationId(4))).unwrap().client.as_deref(), Some("Acme"));
    let shown = desk.ask(api::config_show).unwrap();
    assert_eq!((shown.revision, shown.applied_at), (1, Some(t(1))));
    for exact in [false, true] {
        let again = apply(&mut desk, &shown.toml, exact, Some(1)).unwrap();
        assert_eq!((again.revision, again.difference), (1, vec![]), "applying what is shown changes nothing");
    }
}

#[test]
fn a_stale_base_and_every_problem_are_refused() {
    let mut desk = Desk::empty();
    apply(&mut desk, FILE, false, None).unwrap();
    assert_eq!(apply(&mut desk, FILE, false, Some(7)).unwrap_err().code, Code::Conflict);
    let e =
        apply(&mut desk, "[routing]\npoll_interval_minutes = 0\ntriage_bord = \"Triage\"\n", false, None).unwrap_err();
    assert_eq!(e.code, Code::InvalidInput);
    let Some(Detail::Problems(problems)) = &e.detail else { panic!("{e:?}") };
    assert_eq!(problems.len(), 2);
    assert!(e.to_string().contains("line 2: routing.poll_interval_minutes"), "{e}");
    assert_eq!(desk.ask(api::config_show).unwrap().revision, 1, "nothing was applied");
}

#[test]
fn organizations_that_a_file_leaves_out_keep_their_client_unless_it_is_exact() {
    let mut desk = Desk::empty();
    apply(&mut desk, FILE, false, None).unwrap();
    let kept = apply(&mut desk, "[[organization]]\nid = 9\nignore = true\n", false, None).unwrap();
    assert_eq!(kept.difference, ["organization 9: (unset) -> unmapped, ignored"]);
    let exact = apply(&mut desk, "[[organization]]\nid = 9\nignore = true\n", true, None).unwrap();
    assert_eq!(exact.difference, ["organization 4: \"Acme\" -> (unset)"]);
    assert_eq!(desk.ask(|tx| api::org(tx, OrganizationId(4))).unwrap().client, None);
}

#[test]
fn incomplete_routing_is_accepted_named_and_pauses() {
    let mut desk = Desk::empty();
    let applied = apply(&mut desk, "[routing]\nsecurity_board = \"Security\"\n", false, None).unwrap();
    assert!(applied.missing.contains(&"routing.triage_board".to_owned()));
    let status = desk.ask(|tx| api::status(tx, t(2))).unwrap();
    assert_eq!((status.state, status.routing.complete), (health::State::Paused, false));
    assert_eq!(status.routing.missing, applied.missing);
}
