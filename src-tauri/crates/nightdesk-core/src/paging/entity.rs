//! What a page is about: one page in a window for each.

use super::subject::name;
use crate::ids::IncidentKey;
use crate::incident::Incident;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An endpoint or identity under attack, in the notation that the store keys windows by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Entity(pub String);

impl Entity {
    /// The desk itself, when it is blind.
    pub fn desk() -> Self {
        Self("desk".into())
    }

    /// The agent; without one the organization and the name in the subject; else the incident alone, so that two
    /// attacks are never taken for one.
    pub fn of(key: IncidentKey, incident: &Incident) -> Self {
        if let Some(agent) = incident.agent {
            return Self(format!("agent:{}:{agent}", key.account));
        }
        match (incident.organization, name(incident)) {
            (Some(organization), Some(name)) => {
                Self(format!("name:{}:{organization}:{}", key.account, name.to_lowercase()))
            }
            _ => Self(format!("incident:{}:{}", key.account, key.id)),
        }
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AccountId, AgentId, IncidentId, OrganizationId};

    fn bare() -> Incident {
        serde_json::from_value(serde_json::json!({
            "id": 42, "account": null, "organization": null, "organization_name": null, "agent": null, "platform": null,
            "status": "sent", "severity": "critical", "subject": null, "summary": null, "body": null, "indicator_types": [],
            "indicator_counts": [], "remediations": { "total": 0, "has_more": false, "items": [] }, "sent_at": null,
            "closed_at": null, "status_updated_at": null, "updated_at": null
        }))
        .unwrap()
    }

    fn of(agent: Option<i64>, organization: Option<i64>, subject: Option<&str>) -> String {
        let incident = Incident {
            agent: agent.map(AgentId),
            organization: organization.map(OrganizationId),
            subject: subject.map(Into::into),
            ..bare()
        };
        Entity::of(IncidentKey { account: AccountId(1), id: IncidentId(42) }, &incident).0
    }

    #[test]
    fn the_agent_else_the_name_in_either_format_else_the_incident_alone() {
        let old = "CRITICAL - Incident on SRV01 (Acme)";
        let new = "Huntress [EDR] Critical Incident | Malware on srv01 (Acme)";
        assert_eq!(of(Some(9), Some(4), Some(old)), "agent:1:9");
        assert_eq!(of(None, Some(4), Some(old)), "name:1:4:srv01");
        assert_eq!(of(None, Some(4), Some(new)), "name:1:4:srv01", "both formats name the same host");
        assert_eq!(
            of(None, Some(4), Some("Huntress [ITDR] High Incident | dana@acme.test (Acme (US))")),
            "name:1:4:dana@acme.test"
        );
        assert_eq!(of(None, None, Some(old)), "incident:1:42", "names repeat from one organization to the next");
        let no_host = "Huntress [SIEM] Critical Incident | Ransomware canary (Acme)";
        for none in [None, Some(""), Some("Bulletin of the week"), Some(" on "), Some(" | "), Some(no_host)] {
            assert_eq!(of(None, Some(4), none), "incident:1:42", "{none:?}");
        }
    }
}
