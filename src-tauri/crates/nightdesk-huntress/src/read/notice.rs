//! Escalations, platform actions and account notices: one shape, of which the one-time messages have less.

use nightdesk_core::ids::{AccountId, OrganizationId};
use nightdesk_core::notice::{Notice, NoticeKind};
use sha2::{Digest, Sha256};

use super::date::any_date;
use super::object::Object;
use super::value::{Kind, Value, cut};

/// Longest subject kept, in characters.
const SUBJECT: usize = 1_000;

/// Longest text kept, in characters.
const BODY: usize = 20_000;

/// Longest word kept of a severity or status, in characters.
const WORD: usize = 100;

/// Fields that stay when a notice changes, and so tell notices without an id apart.
const LASTING: [&str; 4] = ["id", "subject", "type", "created_at"];

/// A row of either listing, or the payload of a webhook; `None` for what isn't an object. One without a readable id is a
/// notice all the same, since it may be an urgent one: it gets a number below zero, the same whenever it comes.
pub(crate) fn notice(kind: NoticeKind, row: Value<'_>) -> Option<Notice> {
    let fields = row.object()?;
    Some(Notice {
        id: fields.get("id").id().unwrap_or_else(|| stand_in(&fields, row)),
        kind,
        severity: fields.get("severity").word(WORD),
        subject: fields.get("subject").text().map(|text| cut(&text, SUBJECT)),
        status: fields.get("status").word(WORD),
        about: fields.get("type").word(WORD),
        body: fields.first(&["message", "body"]).text().map(|text| cut(&text, BODY)),
        account: fields
            .get("account")
            .object()
            .and_then(|a| a.get("id").id())
            .or_else(|| fields.get("account_id").id())
            .map(AccountId),
        total_organizations: fields.get("total_organizations_impacted").id().and_then(|n| u32::try_from(n).ok()),
        organizations: organizations(fields.first(&["organizations", "organization_ids", "organization"])),
        created_at: any_date(fields.get("created_at")),
        updated_at: any_date(fields.get("updated_at")),
        resolved_at: any_date(fields.get("resolved_at")),
        overdue_since: None,
    })
}

/// A number that Huntress never gives, and that a browser's numbers can hold.
fn stand_in(fields: &Object<'_>, row: Value<'_>) -> i64 {
    let mut hash = Sha256::new();
    if LASTING.iter().all(|name| fields.get(name).is_absent()) {
        hash.update(row.raw());
    }
    for name in LASTING {
        hash.update(fields.get(name).raw());
        hash.update([0]);
    }
    -1 - hash.finalize().iter().take(6).fold(0, |number, byte| number << 8 | i64::from(*byte))
}

/// Documented as objects with id and name; bare ids have been seen in a stand-in of another project. An empty list is the
/// whole account.
fn organizations(value: Value<'_>) -> Vec<OrganizationId> {
    let rows = match (value.kind(), value.object()) {
        (Kind::List, _) => value.items(),
        (_, Some(object)) if object.get("id").is_absent() => object.entries().map(|(_, row)| row).collect(),
        _ => vec![value],
    };
    let ids = rows.into_iter().filter_map(|row| row.object().map_or(row, |object| object.get("id")).id());
    ids.map(OrganizationId).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Notice> {
        notice(NoticeKind::Escalation, Value::parse(json).unwrap())
    }

    #[test]
    fn a_whole_notice() {
        let notice = read(
            r#"{"id":84938,"account":{"id":1},"organizations":[{"id":1234,"name":"ExampleCo"}],"severity":"low",
                "created_at":"2025-09-05T18:20:34Z","resolved_at":null,"status":"open","subject":"Defender Disabled",
                "subtype":"US","type":"Environmental Issue","updated_at":"2025-09-05T18:21:34Z"}"#,
        )
        .unwrap();
        assert_eq!((notice.id, notice.organizations), (84938, vec![OrganizationId(1234)]));
        assert_eq!(notice.subject.as_deref(), Some("Defender Disabled"));
        assert_eq!((notice.severity.as_deref(), notice.status.as_deref()), (Some("low"), Some("open")));
        assert!(notice.created_at < notice.updated_at && notice.resolved_at.is_none());
    }

    #[test]
    fn organizations_in_any_shape() {
        for json in ["[1,2]", r#"[{"id":1},{"id":"2"},{},null]"#, r#"{"a":{"id":1},"b":2}"#] {
            let notice = read(&format!(r#"{{"id":1,"organizations":{json}}}"#)).unwrap();
            assert_eq!(notice.organizations, [OrganizationId(1), OrganizationId(2)], "{json}");
        }
        for json in ["[]", "null", "\"all\"", "true", "{}"] {
            assert!(read(&format!(r#"{{"id":1,"organizations":{json}}}"#)).unwrap().organizations.is_empty(), "{json}");
        }
    }

    #[test]
    fn one_without_a_readable_id_is_known_by_what_stays_the_same() {
        assert_eq!(read(r#"{"id":1,"severity":{},"subject":[],"created_at":5}"#).unwrap().id, 1);
        let id = |json: &str| read(json).unwrap().id;
        let open = id(r#"{"id":"abc","subject":"x","status":"open"}"#);
        assert!((-(1 << 48)..0).contains(&open), "{open}");
        assert_eq!(id(r#"{"status":"resolved","subject":"x","id":"abc"}"#), open);
        let others = [
            r#"{"id":"abd","subject":"x"}"#,
            r#"{"subject":"x"}"#,
            r#"{"id":null}"#,
            r#"{"id":null,"severity":"low"}"#,
            "{}",
        ];
        let mut ids: Vec<i64> = others.into_iter().map(id).chain([open]).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 6);
        assert!(read("[]").is_none() && read("7").is_none());
    }
}
