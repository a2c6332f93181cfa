//! An incident report in every shape it may come in: each field of each wrong type has one expected reading.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test that is how a surprise is told, helpers included")]

use nightdesk_core::ids::{AccountId, AgentId, IncidentId, OrganizationId};
use nightdesk_core::incident::{Incident, Reading, Severity};
use nightdesk_huntress::record;
use serde_json::{Value, json};

fn whole() -> Value {
    json!({
        "id": 1, "account_id": 5, "agent_id": 12, "body": "<Content>", "closed_at": "2022-03-15T14:22:00Z",
        "indicator_counts": {"footholds": 1, "monitored_files": 0}, "indicator_types": ["footholds"],
        "organization_id": 4, "platform": "windows",
        "remediations": {"total_count": 1, "has_more": false, "items": [{
            "id": 1, "type": "manual", "action": "Delete File", "status": "completed",
            "parameters": [{"name": "path", "description": "c:\\windows\\x"}],
            "approved_by": {"id": "123123", "email": "john.smith@example.com", "name": "John smith"}
        }]},
        "sent_at": "2022-03-01T21:00:00Z", "severity": "low", "status": "closed",
        "status_updated_at": "2022-03-15T14:22:00Z", "subject": "LOW - Incident on laptop01 (Test)",
        "summary": "A malicious scheduled task.", "updated_at": "2022-03-01T20:31:30Z"
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut report = whole();
    report[field] = value;
    report
}

fn without(field: &str) -> Value {
    let mut report = whole();
    report.as_object_mut().unwrap().remove(field);
    report
}

fn read(report: &Value) -> Reading {
    record(report.to_string().as_bytes()).reading
}

fn incident(report: &Value) -> Incident {
    match read(report) {
        Reading::Whole(incident) => incident,
        other => panic!("{report}: {other:?}"),
    }
}

fn partial(report: &Value) -> (Incident, String) {
    match read(report) {
        Reading::Partial { incident, reason } => (incident, reason),
        other => panic!("{report}: {other:?}"),
    }
}

fn unkeyed(raw: &[u8]) -> (String, String, Option<String>, Severity) {
    match record(raw).reading {
        Reading::Unkeyed { key, reason, subject, severity, .. } => (key, reason, subject, severity),
        other => panic!("{}: {other:?}", String::from_utf8_lossy(raw)),
    }
}

fn at(text: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    Some(chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc())
}

#[test]
fn a_documented_report_is_read_whole() {
    let read = incident(&whole());
    assert_eq!(read.id, IncidentId(1));
    assert_eq!(read.account, Some(AccountId(5)));
    assert_eq!(read.organization, Some(OrganizationId(4)));
    assert_eq!(read.organization_name, None);
    assert_eq!(read.agent, Some(AgentId(12)));
    assert_eq!(read.platform.as_deref(), Some("windows"));
    assert_eq!(read.status.0, "closed");
    assert_eq!(read.severity, Severity::Low);
    assert_eq!(read.subject.as_deref(), Some("LOW - Incident on laptop01 (Test)"));
    assert_eq!(read.summary.as_deref(), Some("A malicious scheduled task."));
    assert_eq!(read.body.as_deref(), Some("<Content>"));
    assert_eq!(read.indicator_types, ["footholds"]);
    assert_eq!(read.indicator_counts, [("footholds".to_owned(), 1), ("monitored_files".to_owned(), 0)]);
    assert_eq!(read.remediations.total, 1);
    assert_eq!(read.remediations.items[0].parameters, ["path: c:\\windows\\x"]);
    assert_eq!(read.sent_at, at("2022-03-01T21:00:00Z"));
    assert_eq!(read.closed_at, at("2022-03-15T14:22:00Z"));
    assert_eq!(read.status_updated_at, at("2022-03-15T14:22:00Z"));
    assert_eq!(read.updated_at, at("2022-03-01T20:31:30Z"));
}

/// The vendor's own example, where the contracts lie beside the repository.
#[test]
fn the_vendors_own_samples_are_read_whole() {
    let samples = "../../../../shared/contracts/huntress-samples/official";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(samples).join("definition.incident-report.json");
    if let Ok(raw) = std::fs::read(path) {
        let read = record(&raw);
        assert!(matches!(read.reading, Reading::Whole(_)), "{:?}", read.reading);
        assert_eq!(read.raw, raw);
    }
}

/// What each field makes of null, absence and each type. `whole`: read in full; `partial`: the record is quarantined with
/// the field's name in the reason; `unkeyed`: it has no id.
#[test]
fn nd_4_each_field_of_each_type_has_its_reading() {
    let shapes = [
        ("null", json!(null)),
        ("flag", json!(true)),
        ("number", json!(3)),
        ("fraction", json!(3.5)),
        ("negative", json!(-3)),
        ("text", json!("abc")),
        ("list", json!(["a", {"b": 1}])),
        ("object", json!({"a": {"b": [1]}})),
    ];
    // In the order of `shapes`: w(hole), p(artial), u(nkeyed).
    let expected = [
        ("id", "uuwuuuuu"),
        ("account_id", "wpwppppp"),
        ("organization_id", "wpwppppp"),
        ("agent_id", "wpwppppp"),
        ("status", "wpppp.pp"),
        ("severity", "wpppp.pp"),
        ("platform", "wwwwwwww"),
        ("subject", "wwwwwwww"),
        ("summary", "wwwwwwww"),
        ("body", "wwwwwwww"),
        ("indicator_types", "wwwwwwww"),
        ("indicator_counts", "wwwwwwww"),
        ("remediations", "wwwwwwww"),
        ("sent_at", "wppppppp"),
        ("closed_at", "wppppppp"),
        ("status_updated_at", "wppppppp"),
        ("updated_at", "pppppppp"),
    ];
    assert_eq!(expected.len(), whole().as_object().unwrap().len(), "every field is in the table");
    for (field, row) in expected {
        for ((shape, value), letter) in shapes.iter().zip(row.chars()) {
            let reading = read(&with(field, value.clone()));
            match (letter, &reading) {
                ('w' | '.', Reading::Whole(_)) => {}
                ('p', Reading::Partial { reason, .. }) => {
                    assert!(reason.starts_with(field), "{field} {shape}: {reason}")
                }
                ('u', Reading::Unkeyed { reason, .. }) => {
                    assert!(reason.starts_with("id is "), "{field} {shape}: {reason}")
                }
                _ => panic!("{field} as {shape}, expected {letter}: {reading:?}"),
            }
        }
        let absent = read(&without(field));
        match field {
            "id" => assert!(matches!(absent, Reading::Unkeyed { .. })),
            "updated_at" => assert!(matches!(absent, Reading::Partial { .. })),
            _ => assert!(matches!(absent, Reading::Whole(_)), "{field} absent: {absent:?}"),
        }
    }
}

#[test]
fn what_could_be_read_stays_in_a_partial_record() {
    let (read, reason) = partial(&with("severity", json!(3)));
    assert_eq!(reason, "severity is a number (3), expected a word");
    assert_eq!(read, Incident { severity: Severity::Unknown(None), ..incident(&whole()) });

    let (read, reason) = partial(&with("updated_at", json!("yesterday")));
    assert_eq!(reason, "updated_at is text (\"yesterday\"), expected a date and time");
    assert_eq!(read, Incident { updated_at: None, ..incident(&whole()) });
    assert_eq!(partial(&without("updated_at")).1, "updated_at is missing, so its changes cannot be followed by time");
    assert_eq!(partial(&with("updated_at", json!(null))).1, partial(&without("updated_at")).1);

    let mut both = with("status", json!(["sent"]));
    both["organization_id"] = json!("Acme");
    let (read, reason) = partial(&both);
    assert!(read.status.is_open(), "an unreadable status must not hide an attack");
    assert_eq!(
        reason,
        "organization_id is text (\"Acme\"), expected a whole number above zero; status is a list, expected a word"
    );
}

#[test]
fn words_outside_the_document_are_kept() {
    for (field, word) in [("status", "draft"), ("severity", "medium"), ("platform", "email_security")] {
        let read = incident(&with(field, json!(word)));
        let kept = match field {
            "status" => read.status.0.clone(),
            "severity" => read.severity.word().unwrap().to_owned(),
            _ => read.platform.clone().unwrap(),
        };
        assert_eq!(kept, word);
        assert!(field != "status" || read.status.is_open());
    }
    assert!(incident(&with("status", json!(" Closed "))).status.is_closed_like());
    assert_eq!(incident(&with("severity", json!("CRITICAL"))).severity, Severity::Critical);
    assert_eq!(incident(&with("status", json!(null))).status.0, "");
    assert_eq!(incident(&with("severity", json!(null))).severity, Severity::Unknown(None));
    assert_eq!(incident(&with("severity", json!("x".repeat(5_000)))).severity.word().unwrap().len(), 100);
}

#[test]
fn ids_in_other_spellings() {
    for id in [json!(7), json!(7.0), json!("7")] {
        assert_eq!(incident(&with("id", id.clone())).id, IncidentId(7), "{id}");
        assert_eq!(incident(&with("agent_id", id.clone())).agent, Some(AgentId(7)), "{id}");
    }
    assert_eq!(incident(&with("agent_id", json!(null))).agent, None);
    assert_eq!(incident(&without("organization_id")).organization, None);
}

#[test]
fn account_and_organization_as_objects() {
    let mut report = without("organization_id");
    report.as_object_mut().unwrap().remove("account_id");
    report["organization"] = json!({"id": 600, "name": "Acme"});
    report["account"] = json!({"id": "5"});
    let read = incident(&report);
    assert_eq!(read.organization, Some(OrganizationId(600)));
    assert_eq!(read.organization_name.as_deref(), Some("Acme"));
    assert_eq!(read.account, Some(AccountId(5)));

    report["organization"] = json!({"name": "Acme"});
    assert_eq!(incident(&report).organization, None);
    report["organization"] = json!({"id": [6]});
    assert_eq!(partial(&report).1, "organization.id is a list, expected a whole number above zero");
    report["organization"] = json!(["Acme"]);
    assert_eq!(partial(&report).1, "organization is a list, expected a whole number above zero");
}

/// A live answer had objects where `indicator_types` and a remediation's `parameters` are documented as lists, and stopped
/// another product's polling for good.
#[test]
fn nd_4_the_drift_seen_live_is_read_whole() {
    let mut report = with("indicator_types", json!({"footholds": true}));
    report["remediations"] = json!({"items": [{"action": "Isolate Host", "parameters": {"host": "SRV01"}}]});
    let read = incident(&report);
    assert_eq!(read.indicator_types, ["footholds"]);
    assert_eq!(read.remediations.items[0].action, "Isolate Host");
    assert_eq!(read.remediations.items[0].parameters, ["host: SRV01"]);
}

#[test]
fn descriptive_text_is_cleaned_and_cut_but_the_raw_bytes_stay() {
    let report = with("subject", json!(format!("a\u{0}\u{1b}[31mb\r\nc\t{}", "x".repeat(3_000_000))));
    let raw = report.to_string().into_bytes();
    let record = record(&raw);
    let subject = record.reading.incident().unwrap().subject.clone().unwrap();
    assert!(subject.starts_with("a[31mb\nc\tx"));
    assert_eq!(subject.chars().count(), 1_000);
    assert_eq!(record.raw, raw);
    let body = "y".repeat(300_000);
    assert_eq!(incident(&with("body", json!(body))).body, Some(body));
    assert_eq!(incident(&with("summary", json!({"text": ["a", 1]}))).summary.as_deref(), Some(r#"{"text":["a",1]}"#));
}

#[test]
fn a_record_without_an_id_has_a_lasting_key() {
    let mut report = with("id", json!({"value": 1}));
    let (key, reason, subject, severity) = unkeyed(report.to_string().as_bytes());
    assert!(key.starts_with("x-") && key.len() == 34, "{key}");
    assert_eq!(reason, "id is an object, expected a whole number above zero");
    assert_eq!(subject.as_deref(), Some("LOW - Incident on laptop01 (Test)"));
    assert_eq!(severity, Severity::Low);

    report["status"] = json!("dismissed");
    report["updated_at"] = json!("2022-03-02T20:31:30Z");
    report["body"] = json!("changed");
    assert_eq!(unkeyed(report.to_string().as_bytes()).0, key, "a change leaves the key as it is");
    report["agent_id"] = json!(13);
    assert_ne!(unkeyed(report.to_string().as_bytes()).0, key, "another record has another");
    assert_eq!(unkeyed(without("id").to_string().as_bytes()).1, "id is missing, expected a whole number above zero");
}

#[test]
fn records_without_any_lasting_field_are_told_apart_by_their_bytes() {
    let keys =
        [&b"{}"[..], br#"{"id":null,"body":"a"}"#, br#"{"id":null,"body":"b"}"#, b"7", b"[]", b"\"x\"", b"", b"{"];
    let mut keys: Vec<_> = keys.into_iter().map(|raw| unkeyed(raw).0).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 8);
    assert_eq!(unkeyed(b"7").1, "the record is a number (7), expected an object");
    assert_eq!(unkeyed(b"{\"id\":1").1, "the record is not valid JSON");
}

#[test]
fn a_field_given_twice_with_different_values_is_quarantined() {
    let text = whole().to_string();
    let twice = |extra: &str| text.replacen('{', &format!("{{{extra},"), 1).into_bytes();
    match record(&twice(r#""severity":"critical""#)).reading {
        Reading::Partial { reason, .. } => assert_eq!(reason, "severity is given twice, with different values"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(record(&twice(r#""severity":"low""#)).reading, Reading::Whole(_)));
    assert!(matches!(record(&twice(r#""body":"other""#)).reading, Reading::Whole(_)));
}

#[test]
fn nd_4_a_field_nested_too_deeply_costs_nothing_else() {
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    for field in ["body", "remediations", "indicator_types", "indicator_counts", "new_field"] {
        let raw = with(field, json!("@@")).to_string().replace("\"@@\"", &deep);
        assert!(matches!(record(raw.as_bytes()).reading, Reading::Whole(_)), "{field}");
    }
    for field in ["severity", "organization_id", "sent_at"] {
        let raw = with(field, json!("@@")).to_string().replace("\"@@\"", &deep);
        assert!(matches!(record(raw.as_bytes()).reading, Reading::Partial { .. }), "{field}");
    }
}

#[test]
fn stray_bytes_cost_themselves_only() {
    let mut raw = with("subject", json!("caf~ bar")).to_string().into_bytes();
    let place = raw.iter().position(|byte| *byte == b'~').unwrap();
    for (byte, expected) in [(0xe9, "caf? bar"), (0x00, "caf  bar"), (b'\n', "caf  bar")] {
        raw[place] = byte;
        let record = record(&raw);
        assert_eq!(record.raw, raw);
        match record.reading {
            Reading::Whole(incident) => assert_eq!(incident.subject.as_deref(), Some(expected)),
            other => panic!("{other:?}"),
        }
    }
    let escaped = with("subject", json!("~")).to_string().replace('~', r"half \ud800 of a pair");
    assert!(matches!(record(escaped.as_bytes()).reading, Reading::Whole(_)));
}
