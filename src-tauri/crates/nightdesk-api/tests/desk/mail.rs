//! The mail settings through the desk's calls.

use super::fixture::Desk;
use super::host::Door;
use nightdesk_api::Code;
use serde_json::{Value, json};

fn draft() -> Value {
    let mut draft = Door::to(Desk::busy()).call("email", Value::Null).unwrap()["draft"].clone();
    draft["smtp_host"] = json!("mail.example.com");
    draft["auth"] = json!("none");
    draft["from"] = json!("desk@example.com");
    draft["default"] = json!(["soc@example.com"]);
    draft
}

#[test]
fn a_form_begins_blank_and_what_it_saves_is_in_force() {
    let door = Door::to(Desk::busy());
    let before = door.call("email", Value::Null).unwrap();
    assert_eq!((&before["status"]["configured"], &before["types"]), (&json!(false), &json!([])));
    let blank = door.call("email_check", json!({ "draft": before["draft"] })).unwrap();
    let keys: Vec<&str> = blank["problems"].as_array().unwrap().iter().filter_map(|p| p["key"].as_str()).collect();
    assert_eq!(keys, ["email.smtp_host", "email.username", "email.from", "email.default"]);
    let checked = door.call("email_check", json!({ "draft": draft() })).unwrap();
    assert_eq!((&checked["problems"], &checked["keeps_proof"]), (&json!([]), &json!(false)));
    assert!(checked["difference"].as_array().unwrap().len() > 5, "{checked}");
    door.call("email_apply", json!({ "draft": draft(), "if_revision": before["revision"] })).unwrap();
    let stale = door.call("email_apply", json!({ "draft": draft(), "if_revision": before["revision"] })).unwrap_err();
    assert_eq!(stale.code, Code::Conflict);
    let after = door.call("email", Value::Null).unwrap();
    assert_eq!((&after["draft"]["smtp_port"], &after["status"]["configured"]), (&json!(465), &json!(true)));
    assert_eq!(
        after["types"][1],
        json!({ "type": "escalations", "overridden": false, "addresses": ["soc@example.com"] })
    );
    assert!(door.call("config", Value::Null).unwrap()["toml"].as_str().unwrap().contains("[email.overrides]"));
    // The routing's form saves without mail among its sections, and takes nothing away.
    let mut routing = door.call("config", Value::Null).unwrap()["draft"].clone();
    routing["local"]["clients"] = json!(["Security Triage", "Acme", "Globex"]);
    door.call("config_apply", json!({ "draft": routing, "if_revision": null })).unwrap();
    assert_eq!(door.call("email", Value::Null).unwrap()["draft"], after["draft"]);
}

#[test]
fn a_wording_is_previewed_changed_and_reset() {
    let door = Door::to(Desk::busy());
    let all = door.call("mail_wordings", Value::Null).unwrap();
    assert_eq!(all["wordings"].as_array().unwrap().len(), 21);
    let asked = json!({ "message": "incident", "templates": { "incident_subject": "[MSP] {{ subject }}", "incident_html": "{{ title | safe }}" } });
    let seen = door.call("mail_preview", asked).unwrap();
    assert_eq!(
        seen["subject"],
        "[MSP] Nightdesk [EDR] CRITICAL Incident | Ransomware canary tripped on DC01 (Contoso Dental)"
    );
    assert_eq!(seen["problems"][0]["name"], "incident_html");
    assert!(seen["html"].as_str().unwrap().starts_with("<!doctype html>"), "{seen}");
    let mut changed = draft();
    changed["templates"] = json!({ "incident_subject": "[MSP] {{ subject }}" });
    door.call("email_apply", json!({ "draft": changed, "if_revision": null })).unwrap();
    let now = door.call("mail_wordings", Value::Null).unwrap();
    assert_eq!((&now["wordings"][0]["changed"], &now["wordings"][1]["changed"]), (&json!(true), &json!(false)));
    changed["templates"] = json!({ "incident_subject": "" });
    door.call("email_apply", json!({ "draft": changed, "if_revision": null })).unwrap();
    assert_eq!(door.call("mail_wordings", Value::Null).unwrap()["wordings"][0]["changed"], false);
    assert_eq!(
        door.call("mail_preview", json!({ "message": "gossip", "templates": {} })).unwrap_err().code,
        Code::InvalidInput
    );
}

#[test]
fn a_test_needs_mail_and_is_watched_by_its_number() {
    let door = Door::to(Desk::busy());
    let asked = json!({ "type": "platform_actions" });
    assert_eq!(door.call("email_test", asked.clone()).unwrap_err().code, Code::Conflict);
    door.call("email_apply", json!({ "draft": draft(), "if_revision": null })).unwrap();
    let begun = door.call("email_test", asked).unwrap();
    assert_eq!(
        (&begun["type"], &begun["over"], &begun["ok"]),
        (&json!("platform_actions"), &json!(false), &json!(false))
    );
    assert_eq!(begun["addresses"][0]["state"], "queued");
    assert_eq!(door.call("email_tested", json!({ "id": begun["id"] })).unwrap(), begun);
}
