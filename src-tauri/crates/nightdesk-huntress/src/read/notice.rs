//! Escalations, platform actions and account notices: one shape, of which the one-time messages have less.

use nightdesk_core::ids::{AccountId, OrganizationId};
use nightdesk_core::notice::{Notice, NoticeKind};

use super::date::any_date;
use super::value::{Kind, Value, cut};

/// Longest subject kept, in characters.
const SUBJECT: usize = 1_000;

/// Longest text kept, in characters.
const BODY: usize = 20_000;

/// Longest word kept of a severity or status, in characters.
const WORD: usize = 100;

/// A row of either listing, or the payload of a webhook; `None` without a readable id.
pub(crate) fn notice(kind: NoticeKind, row: Value<'_>) -> Option<Notice> {
    let fields = row.object()?;
    Some(Notice {
        id: fields.get("id").id()?,
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
    })
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
    fn only_an_id_is_needed() {
        assert!(read(r#"{"id":1,"severity":{},"subject":[],"created_at":5}"#).is_some());
        for json in [r#"{"subject":"x"}"#, r#"{"id":null}"#, "[]", "7"] {
            assert_eq!(read(json), None, "{json}");
        }
    }
}
