//! The configuration as a form edits it.

use crate::fixture::Desk;
use crate::host::Door;
use nightdesk_api::{Code, Detail};
use serde_json::{Value, json};

fn draft(door: &Door) -> Value {
    door.call("config", Value::Null).unwrap()["draft"].clone()
}

#[test]
fn a_new_desk_suggests_a_whole_routing() {
    let door = Door::to(Desk::empty());
    let config = door.call("config", Value::Null).unwrap();
    assert_eq!((&config["revision"], &config["complete"]), (&json!(0), &json!(false)));
    let guesses = &config["guesses"];
    assert_eq!(
        [&guesses["security_board"], &guesses["triage_board"], &guesses["fallback_client"], &guesses["category"]],
        ["Security", "Triage", "Security Triage", "Security incident"]
    );
    assert_eq!(guesses["priority"], json!({ "critical": "Critical", "high": "High", "low": "Low" }));
    assert_eq!(config["choices"]["boards"][0]["closed_statuses"], json!(["Closed"]));
    let mut draft = config["draft"].clone();
    draft["routing"] = guesses.clone();
    let checked = door.call("config_check", json!({ "draft": draft })).unwrap();
    assert_eq!((&checked["problems"], &checked["missing"]), (&json!([]), &json!([])));
    let applied = door.call("config_apply", json!({ "draft": draft, "if_revision": 0 })).unwrap();
    assert_eq!((&applied["revision"], &applied["missing"]), (&json!(1), &json!([])));
    let again = door.call("config", Value::Null).unwrap();
    assert_eq!((&again["complete"], &again["draft"]), (&json!(true), &draft));
    let nothing = door.call("config_check", json!({ "draft": draft })).unwrap();
    assert_eq!(nothing["difference"], json!([]), "what is shown is what was applied");
}

#[test]
fn every_problem_of_a_draft_is_told_where_it_stands() {
    let door = Door::to(Desk::busy());
    let mut draft = draft(&door);
    draft["local"]["clients"] = json!(["Security Triage", "Acme"]);
    draft["routing"]["triage_board"] = json!("Triag");
    draft["routing"]["poll_interval_minutes"] = json!(0);
    draft["huntress"]["base_url"] = json!("http://huntress.example");
    let checked = door.call("config_check", json!({ "draft": draft })).unwrap();
    let keys: Vec<&str> = checked["problems"].as_array().unwrap().iter().map(|p| p["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["huntress.base_url", "routing.triage_board", "routing.poll_interval_minutes"]);
    let refused = door.call("config_apply", json!({ "draft": draft, "if_revision": null })).unwrap_err();
    assert_eq!(refused.code, Code::InvalidInput);
    let Some(Detail::Problems(problems)) = refused.detail else { panic!("no problems") };
    assert!(problems.iter().all(|p| p.line.is_none()), "a form has no lines");
    assert_eq!(door.call("config", Value::Null).unwrap()["revision"], 1, "nothing was applied");
}

#[test]
fn a_stale_form_is_refused_and_the_mapping_stays() {
    let door = Door::to(Desk::busy());
    let mut draft = draft(&door);
    draft["routing"]["poll_interval_minutes"] = json!(7);
    let stale = door.call("config_apply", json!({ "draft": draft, "if_revision": 0 })).unwrap_err();
    assert_eq!(stale.code, Code::Conflict);
    assert!(!stale.message.contains('`'), "no command for somebody at a window: {stale}");
    draft["local"]["clients"] = json!(["Security Triage", "Acme", "Globex", "Umbrella Corp"]);
    draft["local"]["boards"] = json!([
        { "name": "Security", "open_status": "New", "closed_status": "Closed", "categories": ["Security incident"] },
        { "name": "Triage", "open_status": "New", "closed_status": "Closed", "categories": [] },
    ]);
    door.call("config_apply", json!({ "draft": draft, "if_revision": 1 })).unwrap();
    let organizations = door.call("organizations", Value::Null).unwrap();
    let acme = organizations.as_array().unwrap().iter().find(|o| o["id"] == 4).unwrap();
    assert_eq!(acme["client"], "Acme");
}

#[test]
fn a_dry_run_says_what_would_happen_and_does_nothing() {
    let door = Door::to(Desk::busy());
    let imagined = |organization: Value, severity: Value, status: &str| {
        json!({ "ticket_id": null, "draft": null,
                "incident": { "organization_id": organization, "severity": severity, "status": status } })
    };
    let outcome = |params: Value| door.call("dry_run", params).unwrap();
    let before = door.call("ledger", json!({ "before": null, "limit": 1 })).unwrap();
    let mapped = outcome(imagined(json!(4), json!("high"), "sent"));
    assert_eq!(mapped["outcome"], "A ticket would be opened for Acme on the board Security.");
    assert!(mapped["steps"].to_string().contains("priority High"), "{mapped}");
    let unmapped = outcome(imagined(json!(7), Value::Null, "sent"));
    assert!(unmapped["outcome"].as_str().unwrap().contains("wait on the board Triage"), "{unmapped}");
    assert!(unmapped["steps"].to_string().contains("Treat it as critical"), "{unmapped}");
    assert!(outcome(imagined(json!(8), json!("low"), "sent"))["steps"].to_string().contains("withheld"));
    assert!(outcome(imagined(json!(4), json!("low"), "closed"))["steps"].to_string().contains("ledger"));
    let ticket = |draft: Value| json!({ "ticket_id": 1, "incident": null, "draft": draft });
    assert!(outcome(ticket(Value::Null))["outcome"].as_str().unwrap().contains("Acme"));
    let mut other = draft(&door);
    other["routing"]["security_board"] = Value::Null;
    assert!(outcome(ticket(other))["steps"].to_string().contains("routing.security_board"));
    assert!(door.call("dry_run", json!({ "ticket_id": null, "incident": null, "draft": null })).is_err());
    assert_eq!(
        door.call("dry_run", json!({ "ticket_id": 99, "incident": null, "draft": null })).unwrap_err().code,
        Code::NotFound
    );
    assert_eq!(door.call("ledger", json!({ "before": null, "limit": 1 })).unwrap(), before);
}
