//! Every method through its one door.

use crate::fixture::{Desk, t};
use crate::host::{Door, ELSEWHERE};
use nightdesk_api::Code;
use nightdesk_api::rpc::{METHODS, Sort, typescript};
use nightdesk_core::ids::TicketId;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::path::Path;

/// Parameters that each method takes on a busy desk, in an order in which the edits follow from one another.
fn examples(draft: &Value) -> Vec<(&'static str, Value)> {
    vec![
        ("card", Value::Null),
        ("board", json!({})),
        (
            "security",
            json!({ "status": null, "client": null, "severity": null, "state": "open", "text": null, "board": null, "offset": 0, "limit": 50 }),
        ),
        ("ticket", json!({ "id": 1 })),
        ("organizations", Value::Null),
        ("clients", Value::Null),
        ("accounts", Value::Null),
        ("config", Value::Null),
        ("config_check", json!({ "draft": draft })),
        ("psa_status", Value::Null),
        ("psa_sync", Value::Null),
        ("psa_check", json!({ "base_url": "https://psa.example.com", "key": null })),
        ("psa_preview", json!({ "draft": draft })),
        ("contacts", Value::Null),
        ("countries", Value::Null),
        ("pages", json!({ "limit": 10 })),
        ("suppressed", json!({ "limit": 10 })),
        ("drills", json!({ "limit": 10 })),
        ("wordings", Value::Null),
        ("wording_preview", json!({ "name": "page_text", "text": "" })),
        ("dry_run", json!({ "ticket_id": 1, "incident": null, "draft": null })),
        ("polls", json!({ "limit": 10 })),
        ("gaps", json!({ "limit": 10 })),
        ("ledger", json!({ "before": null, "limit": 10 })),
        ("ledger_verify", Value::Null),
        ("quarantine", Value::Null),
        ("deliveries", json!({ "state": null, "limit": 10 })),
        ("delivery", json!({ "id": 1 })),
        ("preferences", Value::Null),
        ("alarm", Value::Null),
        ("organizations_export", Value::Null),
        ("rehome", json!({ "tickets": [2], "client": "Globex", "map_organization": true })),
        ("undo", json!({ "id": null })),
        ("close", json!({ "id": 1 })),
        ("reopen", json!({ "id": 1 })),
        ("note", json!({ "id": 1, "text": "called them" })),
        ("assign", json!({ "id": 1, "who": null })),
        ("organization_map", json!({ "id": 9, "client": "Acme", "move_tickets": false })),
        ("organization_unmap", json!({ "id": 9 })),
        ("organization_ignore", json!({ "id": 9 })),
        ("organizations_import", json!({ "csv": "id,client\n9,\n" })),
        ("acknowledge", json!({ "ticket_id": null })),
        ("config_apply", json!({ "draft": draft, "if_revision": 1 })),
        (
            "contact_set",
            json!({ "name": null, "place": null, "if_revision": null,
                    "contact": { "name": "Dana", "phone": "+1 212 555 0102", "channels": ["sms", "call"],
                                 "extension": null, "wait_minutes": 3 } }),
        ),
        ("email", Value::Null),
        ("email_check", json!({ "draft": email() })),
        ("email_apply", json!({ "draft": email(), "if_revision": null })),
        ("email_test", json!({ "type": "escalations" })),
        ("email_tested", json!({ "id": 1 })),
        ("mail_wordings", Value::Null),
        ("mail_preview", json!({ "message": "incident", "templates": { "incident_text": "{{ title }}" } })),
        ("webhook_in", Value::Null),
        ("webhook_in_check", json!({ "draft": receiver() })),
        ("webhook_in_apply", json!({ "draft": receiver(), "if_revision": null })),
        ("webhooks_received", json!({ "id": "msg_", "before": null, "limit": null })),
        ("webhook_received", json!({ "number": 1 })),
        ("notices", json!({ "type": null })),
        ("webhooks", Value::Null),
        (
            "webhook_set",
            json!({ "url": null, "if_revision": null, "endpoint": {
            "url": "https://siem.example.com/in", "categories": ["escalations"], "allow_private": false } }),
        ),
        ("webhook_attempts", json!({ "url": "https://siem.example.com/in", "limit": 10 })),
        ("webhook_rotate", json!({ "url": "https://siem.example.com/in" })),
        ("webhook_enable", json!({ "url": "https://siem.example.com/in" })),
        ("webhook_test", json!({ "url": "https://siem.example.com/in" })),
        ("webhook_tried", json!({ "delivery_id": 1, "message_id": "msg_1", "url": "https://siem.example.com/in" })),
        ("webhook_resend", json!({ "message_id": "msg_1" })),
        ("webhook_secret", json!({ "url": "https://siem.example.com/in" })),
        ("page_anyway", json!({ "incident_id": 1 })),
        ("page_take", json!({ "incident_id": 1 })),
        ("drill", Value::Null),
        ("contact_test", json!({ "name": "Dana" })),
        ("redrive", json!({ "id": 1 })),
        ("dismiss", json!({ "id": 1 })),
        ("account_accept", json!({ "id": 5 })),
        ("preferences_set", json!({ "zoom": 1.25 })),
        ("poll_now", Value::Null),
        ("quarantine_retry", json!({ "incident_id": 6 })),
        ("contact_verify", json!({ "name": "Dana", "by": "call" })),
        ("contact_confirm", json!({ "name": "Dana", "pin": "123456" })),
        ("setup", Value::Null),
        (
            "connect",
            json!({ "base_url": null, "key": "hk", "secret": "hs", "fallback_file": false, "passphrase": null }),
        ),
        ("secrets", Value::Null),
        ("secret_set", json!({ "name": "HUNTRESS_API_KEY", "value": "hk" })),
        ("secret_delete", json!({ "name": "HUNTRESS_API_KEY" })),
        ("secrets_unlock", json!({ "passphrase": "three owls" })),
        ("doctor", Value::Null),
        ("shell", Value::Null),
        ("autostart_set", json!({ "on": true })),
        ("mute", json!({ "minutes": 30 })),
        ("test_alert", json!({ "severity": "unknown" })),
        ("open_portal", json!({ "ticket_id": 1 })),
        ("open_psa", json!({ "ticket_id": 1 })),
        ("open_log_folder", Value::Null),
        ("save_text", json!({ "name": "ledger.jsonl", "text": "" })),
        ("demo_start", Value::Null),
        ("quit_confirmed", Value::Null),
        ("window_painted", Value::Null),
        ("show_window", json!({ "view": "ticket", "ticket_id": 1, "reason": null })),
    ]
}

fn receiver() -> Value {
    json!({ "listen": "127.0.0.1:8787", "tls_cert": null, "tls_key": "", "public_url": "https://desk.example.com" })
}

fn email() -> Value {
    json!({
        "smtp_host": "mail.example.com", "smtp_port": null, "security": "starttls", "auth": "password", "username": "desk",
        "tenant": null, "client_id": null, "login_base_url": null, "graph_base_url": null, "from": "desk@example.com",
        "default": ["soc@example.com"], "resolved_notices": true, "templates": {},
        "overrides": { "incidents": [], "escalations": ["leads@example.com"], "platform_actions": [], "account_notices": [] }
    })
}

fn busy() -> Door {
    let mut desk = Desk::busy();
    desk.write(|tx| tx.queue(t(2), &crate::queries::delivery("m1", TicketId(1))));
    desk.write(|tx| tx.keep_webhook(t(2), &crate::webhooks_in::webhook("msg_1")));
    Door::to(desk)
}

#[test]
fn every_method_takes_its_parameters() {
    let door = busy();
    let mut draft = door.call("config", Value::Null).unwrap()["draft"].clone();
    draft["local"]["clients"] = json!(["Security Triage", "Acme", "Globex"]);
    let examples = examples(&draft);
    let named: Vec<&str> = examples.iter().map(|(name, _)| *name).collect();
    let mut all: Vec<&str> = METHODS.iter().map(|m| m.name).collect();
    all.sort_unstable();
    assert_eq!(
        {
            let mut n = named;
            n.sort_unstable();
            n
        },
        all,
        "each method has its example"
    );
    for (name, params) in examples {
        let sort = METHODS.iter().find(|m| m.name == name).unwrap().sort;
        let answer = door.call(name, params);
        match (sort, answer) {
            (Sort::Reads | Sort::Edits, Ok(_)) => {}
            // A queued delivery can't be sent again or dismissed, and the key belongs to no other account: the desk's own answers.
            (Sort::Edits, Err(e)) if ["redrive", "dismiss", "account_accept"].contains(&name) => {
                assert_eq!(e.code, Code::Conflict)
            }
            // Nobody can be paged here yet.
            (Sort::Edits, Err(e)) if ["page_anyway", "page_take", "drill", "contact_test"].contains(&name) => {
                assert!(matches!(e.code, Code::Conflict | Code::NotFound), "{name}: {e}")
            }
            (Sort::Edits, Err(e)) if name == "webhook_resend" => {
                assert_eq!(e.code, Code::NotFound, "no such message was sent")
            }
            (Sort::Reads, Err(e)) if name == "email_tested" => {
                assert_eq!(e.code, Code::NotFound, "no such test was begun")
            }
            // Beside the built-in desk nobody has to be asked, and there is nothing to be read.
            (Sort::Works, Ok(_)) if name == "config_check" || name == "config_apply" => {}
            (Sort::Edits, Err(e)) if name == "psa_sync" => assert_eq!(e.code, Code::Conflict),
            // The host of these tests derives secrets; everything else is elsewhere.
            (Sort::Works, Ok(answer)) if name == "webhook_secret" => {
                assert!(answer["secret"].as_str().is_some_and(|s| s.starts_with("whsec_")), "{answer:?}")
            }
            (Sort::Works | Sort::Shell, Err(e)) => assert_eq!(e.message, ELSEWHERE, "{name}"),
            (_, answer) => panic!("{name}: {answer:?}"),
        }
    }
}

#[test]
fn what_is_not_expected_is_named_and_nothing_is_changed() {
    let door = busy();
    let before = door.call("board", Value::Null).unwrap();
    let extra = json!({ "tickets": [2], "client": "Globex", "map_organization": true, "force": true });
    let e = door.call("rehome", extra).unwrap_err();
    assert_eq!(e.code, Code::InvalidInput);
    assert!(e.message.contains("rehome") && e.message.contains("`force`"), "{e}");
    let e = door.call("rehome", json!({ "tickets": [2], "client": "Globex" })).unwrap_err();
    assert!(e.message.contains("map_organization"), "{e}");
    let e = door.call("rehome", json!([[2], "Globex", true])).unwrap_err();
    assert!(e.message.contains("named parameters"), "{e}");
    let e = door.call("bord", Value::Null).unwrap_err();
    assert_eq!(e.code, Code::NotFound);
    assert!(e.message.contains("\"board\""), "the likeliest first: {e}");
    let partly = json!({ "tickets": [2, 99], "client": "Globex", "map_organization": true });
    assert_eq!(door.call("rehome", partly).unwrap_err().code, Code::NotFound);
    assert_eq!(door.call("board", Value::Null).unwrap(), before);
}

#[test]
fn the_committed_bindings_are_fresh() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/ipc/bindings.gen.ts");
    let found = std::fs::read_to_string(committed).unwrap().replace("\r\n", "\n");
    assert!(found == typescript(), "ui/src/ipc/bindings.gen.ts is stale; run: cargo xtask bindings");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("open")),
        Just(json!(1)),
    ];
    let keys = prop::sample::select(vec![
        "id",
        "tickets",
        "client",
        "map_organization",
        "limit",
        "offset",
        "state",
        "text",
        "status",
        "severity",
        "board",
        "before",
        "draft",
        "incident",
        "ticket_id",
        "organization_id",
        "csv",
        "who",
        "zoom",
        "theme",
        "if_revision",
    ]);
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(keys.clone().prop_map(str::to_owned), inner, 0..9)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

#[test]
fn any_parameters_of_any_method_are_answered() {
    // One desk for all cases: whatever a case manages to change is one more thing for the next to meet.
    let door = busy();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(48));
    let tried = runner.run(&(any_json(), any_json()), |(given, near)| {
        for method in METHODS {
            let _answered = door.call(method.name, given.clone());
            // The same with one field of a shape that is right put to something else.
            let mut params = examples(&Value::Null).into_iter().find(|(n, _)| *n == method.name).unwrap().1;
            if let Some(field) = params.as_object_mut().and_then(|o| o.values_mut().next()) {
                *field = near.clone();
            }
            let _answered = door.call(method.name, params);
        }
        Ok(())
    });
    tried.unwrap();
}
