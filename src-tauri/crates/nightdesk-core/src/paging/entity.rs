//! What a page is about: one page in a window for each.

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

/// The host or identity that the subject names, in either format of Huntress's help article on incident titles:
/// `CRITICAL - Incident on SRV01 (Acme)` and `Huntress [EDR] Critical Incident | Malware on SRV01 (Acme)`.
pub fn name(incident: &Incident) -> Option<String> {
    let subject: String = incident.subject.as_deref()?.chars().take(LONGEST).collect();
    let details = match subject.rsplit_once(" | ") {
        Some((_, details)) => without_organization(details),
        None => after_on(&subject)?,
    };
    let name = after_on(details).unwrap_or(details);
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}

/// What happened, in the subject's words: without what is said beside it, the severity, the host and the organization.
/// `incident` where it says nothing more.
pub fn headline(incident: &Incident) -> String {
    let subject: String = incident.subject.as_deref().unwrap_or_default().chars().take(LONGEST).collect();
    let details = match subject.rsplit_once(" | ") {
        Some((_, details)) => details,
        // `[Huntress Detection] CRITICAL - ISOLATED - Incident on SRV01 (Acme)`
        None => subject.split_once(" - ").map_or(subject.as_str(), |(_, rest)| rest),
    };
    let details = without_organization(details);
    let words = details.split_once(" on ").map_or(details, |(words, _)| words);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() { "incident".to_owned() } else { words }
}

/// A subject is a line; what is longer is somebody's mischief.
const LONGEST: usize = 500;

fn without_organization(details: &str) -> &str {
    let details = details.trim();
    match details.strip_suffix(')').and_then(|d| d.rsplit_once(" (")) {
        Some((details, _)) => details.trim(),
        None => details,
    }
}

fn after_on(text: &str) -> Option<&str> {
    text.split_once(" on ").map(|(_, name)| without_organization(name)).filter(|name| !name.is_empty())
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
    fn a_headline_says_what_happened_and_nothing_twice() {
        let of = |subject: &str| headline(&Incident { subject: Some(subject.into()), ..bare() });
        assert_eq!(of("CRITICAL - Incident on SRV01 (Acme)"), "Incident");
        assert_eq!(of("[Huntress Detection] CRITICAL - ISOLATED - Incident on SRV01 (Acme)"), "ISOLATED - Incident");
        assert_eq!(of("Huntress [EDR] Critical Incident | Ransomware canary on SRV01 (Acme)"), "Ransomware canary");
        assert_eq!(of("Ransomware"), "Ransomware");
        assert_eq!((of(""), of(" on "), of(" | ")), ("incident".into(), "on".into(), "incident".into()));
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
            "name:1:4:dana@acme.test (acme"
        );
        assert_eq!(of(None, None, Some(old)), "incident:1:42", "names repeat from one organization to the next");
        for none in [None, Some(""), Some("Bulletin of the week"), Some(" on "), Some(" | ")] {
            assert_eq!(of(None, Some(4), none), "incident:1:42", "{none:?}");
        }
    }
}
