//! Every answer against the vendor's own document, where that lies beside the workspace; skipped where it doesn't.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::desk::Desk;
use chrono::{DateTime, TimeDelta};
use nightdesk_standin::{Account, Agent, IncidentBuilder, Notice, Story, night};
use serde_json::Value;

fn contracts() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/contracts"))
        .find(|folder| folder.join("huntress-rest.openapi.json").is_file());
    if folder.is_none() {
        eprintln!("skipped: the vendor's document isn't here");
    }
    folder
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What may be null, by the document's own words or by the vendor's webhook schema of the same field. Everything else
/// that a well-formed stand-in record holds must have the documented type.
const NULLABLE: [&str; 10] = [
    "agent_id",
    "organization_id",
    "closed_at",
    "sent_at",
    "resolved_at",
    "approved_at",
    "approved_by",
    "completed_at",
    "subtype",
    "shipping_address",
];

/// Null for hosts that don't support it, says the document.
const NULLABLE_OF_AGENTS: [&str; 3] = ["tamper_protection_configured", "tamper_protection_actual", "edr_version"];

const ENUMS: [(&str, &str, &[&str]); 8] = [
    ("IncidentReport", "status", &["sent", "closed", "dismissed", "auto_remediating", "deleting", "partner_dismissed"]),
    ("IncidentReport", "severity", &["low", "high", "critical"]),
    (
        "IncidentReport",
        "platform",
        &["windows", "darwin", "microsoft_365", "google", "linux", "email_security", "other"],
    ),
    ("Agent", "platform", &["windows", "darwin", "linux"]),
    ("Agent", "firewall_status", &["Disabled", "Enabled", "Pending Isolation", "Isolated", "Pending Release"]),
    ("Remediation", "type", &["assisted", "manual", "containment"]),
    ("Remediation", "status", &["unapproved", "approved", "completed", "failed", "cancelled"]),
    ("Escalation", "severity", &["low", "high", "critical"]),
];

fn check(document: &Value, definition: &str, record: &Value) {
    let fields = document["definitions"][definition]["properties"].as_object().unwrap();
    let named: BTreeSet<&String> = fields.keys().collect();
    let given: BTreeSet<&String> = record.as_object().unwrap().keys().collect();
    assert_eq!(named, given, "{definition}: the document's fields and ours");
    for (name, schema) in fields {
        let value = &record[name];
        let place = format!("{definition}.{name} = {value}");
        let nullable = NULLABLE.contains(&name.as_str())
            || (definition == "Agent" && NULLABLE_OF_AGENTS.contains(&name.as_str()))
            || definition == "Address";
        if value.is_null() {
            assert!(nullable, "{place} may not be null");
            continue;
        }
        if let Some(inner) = schema["$ref"].as_str() {
            check(document, inner.rsplit('/').next().unwrap(), value);
            continue;
        }
        // The remediation's parameters are declared as a list; the text says plain text for containment.
        if definition == "Remediation" && name == "parameters" && record["type"] == "containment" {
            assert!(value.is_string(), "{place}");
            continue;
        }
        // One field is declared as text and exemplified as an object: an example says more than a declaration.
        let fits = match (schema["type"].as_str().unwrap().to_ascii_lowercase().as_str(), &schema["example"]) {
            ("string", Value::Object(_)) => value.is_object(),
            ("integer", _) => value.is_i64(),
            ("string", _) => value.is_string(),
            ("boolean", _) => value.is_boolean(),
            ("array", _) => value.is_array(),
            _ => value.is_object(),
        };
        assert!(fits, "{place} is not {schema}");
        if schema["format"] == "date-time" {
            assert!(DateTime::parse_from_rfc3339(value.as_str().unwrap()).is_ok(), "{place}");
        }
        let listed = ENUMS.iter().find(|(of, field, _)| *of == definition && field == name).map(|(_, _, list)| *list);
        if let Some(list) = listed {
            assert!(list.contains(&value.as_str().unwrap()), "{place}");
        }
        if let Some(list) = schema["enum"].as_array() {
            assert!(list.contains(value), "{place}");
        }
    }
}

fn check_list(document: &Value, plural: &str, definition: &str, body: &Value) -> usize {
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), sorted([plural, "pagination"]));
    let rows = body[plural].as_array().unwrap();
    rows.iter().for_each(|row| check(document, definition, row));
    rows.len()
}

fn sorted<const N: usize>(mut names: [&str; N]) -> [&str; N] {
    names.sort_unstable();
    names
}

fn small_account() -> Account {
    let mut account = Account::new(5, "Check MSP")
        .organization(4, "Acme (UK)")
        .agent(Agent::new(12, 4, "laptop01"))
        .agent(Agent::new(13, 4, "mac01").on("darwin"))
        .agent(Agent::new(14, 4, "web01").on("linux"))
        .escalation(Notice::new("A question").id(84_938).organization(4).about_agent(12, "laptop01"))
        .escalation(Notice::new("Answered").status("resolved"))
        .platform_action(Notice::new("Defender Disabled").id(84_938).organization(4));
    for story in Story::ALL {
        account = account
            .incident(IncidentBuilder::new(story).organization(4).agent(12))
            .incident(IncidentBuilder::new(story).closed_ago(TimeDelta::hours(1)).sent_ago(TimeDelta::hours(3)));
    }
    account
}

#[tokio::test]
async fn every_answer_has_the_documents_fields_and_types() {
    let Some(folder) = contracts() else { return };
    let document = read(&folder.join("huntress-rest.openapi.json"));
    let small = Desk::open(small_account()).await;
    let large = Desk::open(night::msp(7)).await;
    for desk in [&small, &large] {
        check(&document, "Account", &desk.get("/v1/account").await.json()["account"]);
        let actor = desk.get("/v1/actor").await.json();
        for field in actor["account"].as_object().unwrap().keys() {
            assert!(document["definitions"]["Actor"]["properties"]["account"]["example"].get(field).is_some());
        }
        for (plural, singular, row, whole) in [
            ("organizations", "organization", "Organization", "OrganizationWithActualProductUsages"),
            ("agents", "agent", "Agent", "Agent"),
            ("incident_reports", "incident_report", "IncidentReport", "IncidentReport"),
            ("escalations", "escalation", "Escalation", "EscalationWithEntities"),
            ("platform_actions", "platform_action", "PlatformAction", "PlatformActionWithEntities"),
        ] {
            let body = desk.get(&format!("/v1/{plural}?limit=500")).await.json();
            assert!(check_list(&document, plural, row, &body) > 0);
            for one in body[plural].as_array().unwrap().iter().take(30) {
                let body = desk.get(&format!("/v1/{plural}/{}", one["id"])).await.json();
                assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), [singular]);
                check(&document, whole, &body[singular]);
            }
        }
        for id in desk.huntress.world().incident_ids() {
            let body = desk.get(&format!("/v1/incident_reports/{id}/remediations?limit=500")).await.json();
            assert!(check_list(&document, "remediations", "Remediation", &body) > 0);
            for listed in desk.huntress.world().incident(id).unwrap()["remediations"]["items"].as_array().unwrap() {
                check(&document, "Remediation", listed);
                let path = format!("/v1/incident_reports/{id}/remediations/{}", listed["id"]);
                assert_eq!(&desk.get(&path).await.json()["remediation"], listed);
            }
        }
    }
}

#[tokio::test]
async fn answers_have_the_keys_of_the_assembled_samples() {
    let Some(folder) = contracts() else { return };
    let desk = Desk::open(small_account()).await;
    for (sample, path) in [
        ("get.account", "/v1/account"),
        ("get.agent", "/v1/agents/12"),
        ("get.escalation", "/v1/escalations/84938"),
        ("get.incident_report", "/v1/incident_reports/1"),
        ("get.organization", "/v1/organizations/4"),
        ("get.platform_action", "/v1/platform_actions/84938"),
        ("list.agents", "/v1/agents"),
        ("list.escalations", "/v1/escalations"),
        ("list.incident_reports", "/v1/incident_reports?limit=500"),
        ("list.organizations", "/v1/organizations"),
        ("list.platform_actions", "/v1/platform_actions"),
        ("list.remediations", "/v1/incident_reports/1/remediations"),
    ] {
        let expected = read(&folder.join(format!("huntress-samples/official/{sample}.json")));
        let body = desk.get(path).await.json();
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&expected), keys(&body), "{sample}");
        for (name, inner) in expected.as_object().unwrap() {
            let (ours, theirs) = match inner {
                Value::Array(rows) => (&body[name][0], &rows[0]),
                _ => (&body[name], inner),
            };
            assert_eq!(keys(theirs), keys(ours), "{sample}: {name}");
        }
    }
}

#[tokio::test]
async fn the_documents_filters_and_orders_are_the_ones_that_are_checked() {
    let Some(folder) = contracts() else { return };
    let document = read(&folder.join("huntress-rest.openapi.json"));
    let desk = Desk::open(small_account()).await;
    for plural in ["organizations", "agents", "incident_reports", "escalations", "platform_actions"] {
        let parameters = &document["paths"][&format!("/v1/{plural}")]["get"]["parameters"];
        for parameter in parameters.as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let status = async |value: &str| desk.get(&format!("/v1/{plural}?{name}={value}")).await.status;
            if let Some(values) = parameter["enum"].as_array() {
                for value in values {
                    assert_eq!(status(value.as_str().unwrap()).await, 200, "{plural} {name}={value}");
                }
                assert_eq!(status("medium").await, 400, "{plural} {name}");
            } else if parameter["type"] == "integer" {
                assert_eq!(status("4").await, 200, "{plural} {name}");
                assert_eq!(status("four").await, 400, "{plural} {name}");
            }
        }
    }
}
