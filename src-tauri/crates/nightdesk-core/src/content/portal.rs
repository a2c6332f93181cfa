//! Where a person reads the incident at Huntress.

use crate::incident::Incident;
use crate::notice::{Notice, NoticeKind};

/// The account's portal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Portal {
    /// The account's subdomain of huntress.io, as the account record gives it. It comes from outside, so a word that is
    /// no host name label is not used: a ticket's link leads to huntress.io and nowhere else.
    pub subdomain: Option<String>,
}

impl Portal {
    /// The incident's page. Huntress documents no format; tickets in the wild show pages below the organization, so
    /// that form is used wherever the organization is known.
    pub fn link(&self, incident: &Incident) -> String {
        let host = self.host();
        match incident.organization {
            Some(organization) => format!("https://{host}/org/{organization}/incident_reports/{}", incident.id),
            None => format!("https://{host}/incident_reports/{}", incident.id),
        }
    }

    /// A notice's page, where one is known: escalations have been seen below an organization; of the other kinds no page
    /// is known.
    pub fn notice_link(&self, notice: &Notice) -> Option<String> {
        let organization = notice.organizations.first()?;
        let is_known = notice.kind == NoticeKind::Escalation && notice.has_number();
        is_known.then(|| format!("https://{}/org/{organization}/escalations/{}", self.host(), notice.id))
    }

    fn host(&self) -> String {
        self.label().map_or_else(|| "huntress.io".to_owned(), |label| format!("{label}.huntress.io"))
    }

    fn label(&self) -> Option<String> {
        let label = self.subdomain.as_deref()?.trim().to_ascii_lowercase();
        let fits = (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-');
        fits.then_some(label)
    }
}

#[cfg(test)]
mod tests {
    use super::super::description::tests::incident;
    use super::*;
    use crate::ids::OrganizationId;

    fn link(subdomain: Option<&str>, organization: Option<i64>) -> String {
        let incident = Incident { organization: organization.map(OrganizationId), ..incident(42) };
        Portal { subdomain: subdomain.map(Into::into) }.link(&incident)
    }

    #[test]
    fn the_link_is_below_the_organization_where_that_is_known() {
        assert_eq!(link(Some("acme"), Some(7)), "https://acme.huntress.io/org/7/incident_reports/42");
        assert_eq!(link(Some("Acme"), None), "https://acme.huntress.io/incident_reports/42");
        assert_eq!(link(None, Some(7)), "https://huntress.io/org/7/incident_reports/42");
        assert_eq!(link(None, None), "https://huntress.io/incident_reports/42");
    }

    #[test]
    fn a_notice_has_a_link_where_its_page_is_known() {
        let notice = |json: &str| serde_json::from_str::<Notice>(json).unwrap();
        let of = |id: i64, kind: &str, organizations: &str| {
            let portal = Portal { subdomain: Some("acme".into()) };
            let json = format!(
                r#"{{"id":{id},"kind":"{kind}","organizations":{organizations},"severity":null,"subject":null,"status":null,
                    "created_at":null,"updated_at":null,"resolved_at":null}}"#
            );
            portal.notice_link(&notice(&json))
        };
        assert_eq!(of(9, "escalation", "[7,8]").as_deref(), Some("https://acme.huntress.io/org/7/escalations/9"));
        assert_eq!(of(9, "escalation", "[]"), None);
        assert_eq!(of(-9, "escalation", "[7]"), None);
        assert_eq!(of(9, "platform_action", "[7]"), None);
    }

    #[test]
    fn a_subdomain_cannot_lead_elsewhere() {
        for bad in ["evil.example/", "a.b", "a@b", "evil#", "", " ", "-a", "ä", "a b", &"a".repeat(64)] {
            assert_eq!(link(Some(bad), None), "https://huntress.io/incident_reports/42", "{bad:?}");
        }
    }
}
