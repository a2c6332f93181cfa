//! Things that come one at a time: the account, an incident by its id, a host, and a row of organizations.

use nightdesk_core::ids::{AccountId, IncidentId, OrganizationId};
use nightdesk_core::incident::Record;
use nightdesk_core::port::{Account, Host, HuntressError, ListedOrganization};

use super::answer::Answer;
use super::date::any_date;
use super::object::Object;
use super::record::record;
use super::value::Value;

/// Longest name kept, in characters.
const NAME: usize = 300;

/// What the answer is about: under its own name, as documented, or bare, as other clients have read it.
fn unwrap<'a>(answer: &'a Answer<'_>, name: &str) -> Result<(Value<'a>, Object<'a>), HuntressError> {
    let fields = answer.object()?;
    let (value, object) = match fields.get(name) {
        Value::MISSING => (answer.value(), Some(fields)),
        wrapped => (wrapped, wrapped.object()),
    };
    match object {
        Some(object) => Ok((value, object)),
        None => Err(HuntressError::BadAnswer(format!("`{name}` is {value}, expected an object"))),
    }
}

/// The account that the key belongs to.
///
/// # Errors
/// [`HuntressError::BadAnswer`] without a readable id: incidents are keyed by it.
pub(crate) fn account(answer: &Answer<'_>) -> Result<Account, HuntressError> {
    let (_, fields) = unwrap(answer, "account")?;
    let id = fields.get("id");
    let id = id.id().ok_or_else(|| HuntressError::BadAnswer(format!("the account's id is {id}")))?;
    Ok(Account {
        id: AccountId(id),
        name: name(fields.get("name")).unwrap_or_else(|| format!("Account {id}")),
        // It becomes part of a host name in links, so nothing but a host label passes.
        subdomain: fields
            .get("subdomain")
            .word(63)
            .filter(|label| label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')),
    })
}

/// The incident that was asked for.
///
/// # Errors
/// [`HuntressError::BadAnswer`], if there is none in the answer, or another one.
pub(crate) fn incident(answer: &Answer<'_>, asked: IncidentId) -> Result<Record, HuntressError> {
    let (value, fields) = unwrap(answer, "incident_report")?;
    if let Some(id) = fields.get("id").id()
        && id != asked.0
    {
        return Err(HuntressError::BadAnswer(format!("asked for incident {asked}, it sent incident {id}")));
    }
    Ok(record(answer.bytes_of(value)))
}

/// An agent's host details. None of them decides anything, so what can't be read is left out.
///
/// # Errors
/// [`HuntressError::BadAnswer`], if there is no object in the answer.
pub(crate) fn host(answer: &Answer<'_>) -> Result<Host, HuntressError> {
    let (_, fields) = unwrap(answer, "agent")?;
    let text = |key: &str| name(fields.get(key));
    Ok(Host {
        hostname: text("hostname"),
        os: text("os"),
        ipv4_address: text("ipv4_address"),
        external_ip: text("external_ip"),
        serial_number: text("serial_number"),
        last_callback_at: any_date(fields.get("last_callback_at")),
    })
}

/// A row of the organizations; `None` without a readable id.
pub(crate) fn organization(row: Value<'_>) -> Option<ListedOrganization> {
    let fields = row.object()?;
    let id = fields.get("id").id()?;
    Some(ListedOrganization {
        id: OrganizationId(id),
        name: name(fields.get("name")).unwrap_or_else(|| format!("Organization {id}")),
        key: fields.get("key").word(NAME),
    })
}

/// A name on one line.
fn name(value: Value<'_>) -> Option<String> {
    let text = value.word(NAME)?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use nightdesk_core::incident::Reading;

    fn answer(json: &str) -> Answer<'_> {
        Answer::read(json.as_bytes()).unwrap()
    }

    #[test]
    fn an_account_wrapped_or_bare() {
        let expected = Account { id: AccountId(5), name: "Test MSP".into(), subdomain: Some("test-msp".into()) };
        for json in [
            r#"{"account":{"id":5,"name":"Test MSP","subdomain":"test-msp"}}"#,
            r#"{"id":"5","name":" Test\nMSP ","subdomain":"test-msp"}"#,
        ] {
            assert_eq!(account(&answer(json)).unwrap(), expected, "{json}");
        }
        let plain = account(&answer(r#"{"account":{"id":5,"subdomain":"evil.example/?"}}"#)).unwrap();
        assert_eq!(plain, Account { id: AccountId(5), name: "Account 5".into(), subdomain: None });
        for json in [r#"{"account":null}"#, r#"{"account":{"name":"x"}}"#, "{}", "[]", "7"] {
            assert!(matches!(account(&answer(json)), Err(HuntressError::BadAnswer(_))), "{json}");
        }
    }

    #[test]
    fn an_incident_wrapped_or_bare_keeps_its_own_bytes() {
        let own = r#"{"id": 7, "updated_at":"2022-03-01T20:31:30Z"}"#;
        for json in [format!(r#"{{"incident_report": {own} }}"#), format!(" {own}\n")] {
            let record = incident(&answer(&json), IncidentId(7)).unwrap();
            assert_eq!(record.raw, own.as_bytes(), "{json}");
            assert!(matches!(record.reading, Reading::Whole(_)), "{json}");
        }
    }

    #[test]
    fn another_incident_than_asked_for_is_a_bad_answer() {
        for json in
            [r#"{"incident_report":{"id":8}}"#, r#"{"incident_report":null}"#, r#"{"incident_report":[]}"#, "[]"]
        {
            assert!(matches!(incident(&answer(json), IncidentId(7)), Err(HuntressError::BadAnswer(_))), "{json}");
        }
        let record = incident(&answer(r#"{"incident_report":{"id":"?"}}"#), IncidentId(7)).unwrap();
        assert!(matches!(record.reading, Reading::Unkeyed { .. }));
    }

    #[test]
    fn a_host_with_odd_fields() {
        let host =
            host(&answer(r#"{"agent":{"hostname":"SRV01","os":7,"external_ip":null,"last_callback_at":"soon"}}"#));
        assert_eq!(host.unwrap(), Host { hostname: Some("SRV01".into()), os: Some("7".into()), ..Host::default() });
    }

    #[test]
    fn an_organization_needs_no_more_than_an_id() {
        let read = |json: &str| organization(Value::parse(json).unwrap());
        let named = read(r#"{"id":"4","name":"Acme, Inc.","key":"acme"}"#).unwrap();
        assert_eq!(
            (named.id, named.name.as_str(), named.key.as_deref()),
            (OrganizationId(4), "Acme, Inc.", Some("acme"))
        );
        assert_eq!(read(r#"{"id":4}"#).unwrap().name, "Organization 4");
        assert_eq!(read(r#"{"name":"Acme"}"#), None);
        assert_eq!(read("4"), None);
    }
}
