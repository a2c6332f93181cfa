//! `[email]`.

use super::super::*;
use super::{has, read};
use nightdesk_core::config::{Auth, Email, Security};

const EXAMPLE: &str = "[email]\nsmtp_host = \"127.0.0.1\"\nsmtp_port = 2525\nsecurity = \"none\"\nfrom = \"nightdesk@example.com\"\ndefault = [\"soc@example.com\"]\nresolved_notices = true\n[email.overrides]\nincidents = []\nescalations = [\"leads@example.com\"]\nplatform_actions = []\naccount_notices = []\n";

fn email(text: &str) -> Email {
    read(text).unwrap().email.unwrap()
}

fn with(rest: &str) -> String {
    format!("[email]\nfrom = \"n@example.com\"\ndefault = [\"soc@example.com\"]\n{rest}\n")
}

#[test]
fn the_contracts_example_is_read_as_documented() {
    let read = email(EXAMPLE);
    assert_eq!((read.smtp_host.as_deref(), read.smtp_port), (Some("127.0.0.1"), 2525));
    assert_eq!((read.security, read.auth, read.resolved_notices), (Security::None, Auth::None, true));
    assert_eq!(read.overrides.escalations, ["leads@example.com"]);
    let least = email(&with("smtp_host = \"mail.example.com\""));
    assert_eq!((least.security, least.smtp_port, least.resolved_notices), (Security::Tls, 465, true));
    assert_eq!(email(&with("smtp_host = \"m.example.com\"\nsecurity = \"starttls\"")).smtp_port, 587);
    let graph = email(&with("auth = \"graph\"\ntenant = \"t\"\nclient_id = \"c\""));
    assert_eq!((graph.auth, graph.smtp_host), (Auth::Graph, None));
}

#[test]
fn mail_can_be_changed_and_never_taken_away() {
    let base = read(EXAMPLE).unwrap();
    let over = |text: &str, exact| parse(text, &base, &Used::default(), exact).map(|draft| draft.config.email);
    assert_eq!(over("", false).unwrap(), base.email);
    assert_eq!(over("", true).unwrap(), base.email, "an exact file takes away contacts, not the fallback");
    for nobody in ["default = []", "default = [\" \"]", ""] {
        let text = format!("[email]\nsmtp_host = \"m.example.com\"\nfrom = \"n@example.com\"\n{nobody}\n");
        assert!(over(&text, false).unwrap_err().iter().any(|p| p.key == "email.default"), "{nobody}");
    }
    let changed = over(&with("smtp_host = \"m.example.com\""), false).unwrap().unwrap();
    assert!(changed.overrides.escalations.is_empty(), "a section that is there replaces the whole");
}

#[test]
fn everything_wrong_is_told_at_once() {
    let text = with(
        "smtp_host = \"smtp://m.example.com\"\nsmtp_port = 70000\nsecurity = \"ssl\"\nauth = \"password\"\ncolour = 1\nresolved_notices = \"no\"",
    ) + "[email.overrides]\nincidents = [\"SOC <soc@example.com>\", 5]\nrumours = []\n[email.templates]\nincident_text = \"{{ nobody }}\"\nincident_sound = \"x\"\n";
    let without_sender = text.replace("n@example.com", "nobody");
    let found = |text: &str| -> Vec<String> { read(text).unwrap_err().into_iter().map(|p| p.key).collect() };
    assert_eq!(found(&without_sender).len(), found(&text).len() + 1, "a wrong sender hides nothing");
    let found = found(&text);
    for key in [
        "email.smtp_host",
        "email.smtp_port",
        "email.security",
        "email.username",
        "email.colour",
        "email.resolved_notices",
        "email.overrides.incidents",
        "email.overrides.rumours",
        "email.templates.incident_text",
        "email.templates.incident_sound",
    ] {
        assert!(found.iter().any(|k| k == key), "{key} in {found:?}");
    }
    let said = read(&text).unwrap_err().iter().map(ToString::to_string).collect::<String>();
    assert!(said.contains("which holds more than the address"), "{said}");
    has(
        &with("smtp_host = \"m.example.com\"\nsecurity = \"none\""),
        &["email.security is \"none\" to another machine"],
    );
    has(&with("smtp_host = \"m.example.com\"\nauth = \"xoauth2\"\nusername = \"u\""), &["email.client_id is missing"]);
    has(&with("auth = \"graph\"\nclient_id = \"c\""), &["email.tenant is missing"]);
    has(&with(""), &["email.smtp_host is missing"]);
    has(
        "[email]\nsmtp_host = \"m.example.com\"\ndefault = [\"a@example.com\"]\nfrom = \"x\"\n",
        &["email.from is not a mail address"],
    );
    has(
        &with("smtp_host = \"m.example.com\"\ngraph_base_url = \"http://x.example\""),
        &["is plain http to another machine"],
    );
}

#[test]
fn what_is_worth_a_second_look_is_warned_of_and_accepted() {
    let twice = email(
        "[email]\nsmtp_host = \"m.example.com\"\nfrom = \"n@example.com\"\ndefault = [\"soc@example.com\", \"SOC@example.com\"]\n[email.overrides]\nincidents = [\"support@example.com\"]\nescalations = [\"x@acme.zendesk.com\"]\n",
    );
    let warnings = email_warnings(&twice);
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    assert!(warnings[0].contains("email.default lists SOC@example.com twice"), "{warnings:?}");
    assert!(warnings[1].contains("support@example.com may make a second ticket"), "{warnings:?}");
    assert!(warnings[2].contains("Zendesk"), "{warnings:?}");
    assert!(email_warnings(&email(EXAMPLE)).is_empty(), "listed for one type as well is what overrides are for");
}

#[test]
fn the_difference_names_each_key() {
    let before = read(EXAMPLE).unwrap();
    let mut after = before.clone();
    if let Some(email) = &mut after.email {
        email.default.push("b@example.com".into());
        email.overrides.escalations.clear();
        email.templates.insert("test_text".into(), "Hi {{ title }}".into());
    }
    assert_eq!(
        difference(&before, &after),
        [
            "email.default: [\"soc@example.com\"] -> [\"soc@example.com\", \"b@example.com\"]",
            "email.overrides.escalations: [\"leads@example.com\"] -> []",
            "email.templates.test_text: (unset) -> \"Hi {{ title }}\"",
        ]
    );
    assert!(difference(&Config::default(), &before).iter().any(|l| l == "email.smtp_port: (unset) -> 2525"));
}
