//! Whatever comes in, a record comes out.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test that is how a surprise is told, helpers included")]

use nightdesk_core::incident::Reading;
use nightdesk_huntress::record;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

const FIELDS: [&str; 19] = [
    "id",
    "account_id",
    "account",
    "agent_id",
    "body",
    "closed_at",
    "indicator_counts",
    "indicator_types",
    "organization_id",
    "organization",
    "platform",
    "remediations",
    "sent_at",
    "severity",
    "status",
    "status_updated_at",
    "subject",
    "summary",
    "updated_at",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop_oneof!["2022-03-01T20:31:30Z", "critical", "sent", "7"].prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        let key = prop_oneof![any::<String>(), "id|name|items|parameters|total_count|count".prop_map(String::from)];
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(key, inner, 0..5).prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn nd_1_any_values_in_all_fields(values in vec(any_json(), FIELDS.len())) {
        let report: Map<String, Value> = FIELDS.iter().map(|field| (*field).to_owned()).zip(values).collect();
        let raw = serde_json::to_vec(&report).unwrap();
        let read = record(&raw);
        prop_assert_eq!(&read.raw, &raw);
        let digest: [u8; 32] = Sha256::digest(&raw).into();
        prop_assert_eq!(read.digest, digest);
        prop_assert_eq!(record(&raw), read);
    }

    #[test]
    fn nd_4_any_value_in_one_field_never_costs_the_id(field in 1..FIELDS.len(), value in any_json()) {
        let mut report = json!({"id": 7, "updated_at": "2022-03-01T20:31:30Z", "severity": "low", "status": "sent"});
        report[FIELDS[field]] = value;
        let read = record(report.to_string().as_bytes()).reading;
        prop_assert_eq!(read.incident().map(|incident| incident.id.0), Some(7));
        match read {
            Reading::Partial { reason, .. } => prop_assert!(reason.contains(FIELDS[field]), "{}", reason),
            Reading::Whole(_) => {}
            Reading::Unkeyed { .. } => prop_assert!(false),
        }
    }

    #[test]
    fn nd_1_any_json_and_any_bytes(value in any_json(), bytes in vec(any::<u8>(), 0..200)) {
        let _ = record(value.to_string().as_bytes());
        let read = record(&bytes);
        prop_assert_eq!(read.raw, bytes);
    }

    #[test]
    fn nd_1_any_damage_to_a_good_report(place in 0usize..400, byte in any::<u8>(), cut in 0usize..400) {
        let mut raw = json!({
            "id": 1, "account_id": 5, "organization_id": 4, "agent_id": 12, "severity": "high", "status": "sent",
            "subject": "HIGH - Incident on laptop01 (Test)", "updated_at": "2022-03-01T20:31:30Z",
            "remediations": {"items": [{"id": 1, "parameters": ["x"]}]}, "indicator_counts": {"footholds": 1}
        }).to_string().into_bytes();
        let place = place % raw.len();
        raw[place] = byte;
        prop_assert_eq!(&record(&raw).raw, &raw);
        raw.truncate(cut);
        let read = record(&raw);
        prop_assert_eq!(&read.raw, &raw);
    }

    #[test]
    fn a_valid_report_reads_back_what_was_written(
        id in 1i64.., account in 1i64.., organization in proptest::option::of(1i64..), agent in proptest::option::of(1i64..),
        severity in "low|high|critical", status in "sent|closed|dismissed|auto_remediating|deleting|partner_dismissed",
        subject in "[ -~\u{a0}-\u{2ff}]{1,200}", seconds in 0i64..4_000_000_000, millis in 0u32..1_000,
    ) {
        let updated = chrono::DateTime::from_timestamp(seconds, millis * 1_000_000).unwrap();
        let raw = json!({
            "id": id, "account_id": account, "organization_id": organization, "agent_id": agent, "severity": severity,
            "status": status, "subject": subject, "updated_at": updated.to_rfc3339(),
        }).to_string();
        let read = record(raw.as_bytes()).reading;
        let Reading::Whole(incident) = read else { panic!("{read:?}") };
        prop_assert_eq!(incident.id.0, id);
        prop_assert_eq!(incident.account.map(|id| id.0), Some(account));
        prop_assert_eq!(incident.organization.map(|id| id.0), organization);
        prop_assert_eq!(incident.agent.map(|id| id.0), agent);
        prop_assert_eq!(incident.severity.word(), Some(severity.as_str()));
        prop_assert_eq!(incident.status.0, status);
        prop_assert_eq!(incident.subject, Some(subject));
        prop_assert_eq!(incident.updated_at, Some(updated));
    }
}
