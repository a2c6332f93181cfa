//! An account and what it starts with.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::incident::IncidentBuilder;
use super::notice::Notice;
use super::row::{Row, stamp};

/// A Huntress account with the data it starts with. Times in it are relative to the clock of the stand-in.
#[derive(Clone, Debug)]
pub struct Account {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) subdomain: String,
    pub(crate) organizations: Vec<Organization>,
    pub(crate) agents: Vec<Agent>,
    pub(crate) incidents: Vec<IncidentBuilder>,
    pub(crate) escalations: Vec<Notice>,
    pub(crate) platform_actions: Vec<Notice>,
}

impl Account {
    /// An empty account; the subdomain is made from the name.
    pub fn new(id: i64, name: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            subdomain: key_of(name),
            organizations: Vec::new(),
            agents: Vec::new(),
            incidents: Vec::new(),
            escalations: Vec::new(),
            platform_actions: Vec::new(),
        }
    }

    /// With one more organization.
    #[must_use]
    pub fn organization(mut self, id: i64, name: &str) -> Self {
        self.organizations.push(Organization::new(id, name));
        self
    }

    /// With one more agent.
    #[must_use]
    pub fn agent(mut self, agent: Agent) -> Self {
        self.agents.push(agent);
        self
    }

    /// With one more incident report.
    #[must_use]
    pub fn incident(mut self, incident: IncidentBuilder) -> Self {
        self.incidents.push(incident);
        self
    }

    /// With one more escalation.
    #[must_use]
    pub fn escalation(mut self, notice: Notice) -> Self {
        self.escalations.push(notice);
        self
    }

    /// With one more platform action.
    #[must_use]
    pub fn platform_action(mut self, notice: Notice) -> Self {
        self.platform_actions.push(notice);
        self
    }

    /// The account's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its organizations, in the order in which they were added.
    pub fn organizations(&self) -> &[Organization] {
        &self.organizations
    }

    /// Its agents, in the order in which they were added.
    pub fn agents(&self) -> &[Agent] {
        &self.agents
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "subdomain": self.subdomain,
            "status": "enabled",
            "support_type": "huntress_supported",
            "neighborhood_watch": { "edr": 10, "ispm": 10, "itdr": 10, "sat": 10, "siem": 10 },
            "billing_address": {
                "line1": "14 Lantern Row", "line2": null, "city": "Portwick", "state": "OR",
                "postal_code": "97000", "country": "US"
            },
            "shipping_address": null,
        })
    }
}

/// An organization: a client of the MSP, as Huntress knows it.
#[derive(Clone, Debug)]
pub struct Organization {
    /// Its id at Huntress.
    pub id: i64,
    /// Its name at Huntress.
    pub name: String,
}

impl Organization {
    /// An organization; its key is made from the name.
    pub fn new(id: i64, name: &str) -> Self {
        Self { id, name: name.to_owned() }
    }

    pub(crate) fn row(&self, account_id: i64, now: DateTime<Utc>) -> Row {
        let key = key_of(&self.name);
        let mut row = Row::new(
            now,
            json!({
                "id": self.id,
                "agents_count": 0,
                "account_id": account_id,
                "created_at": stamp(now),
                "incident_reports_count": 0,
                "key": key,
                "logs_sources_count": self.id % 4,
                "identity_provider_tenant_id": format!("7e57aaaa-0000-4000-8000-{:012x}", self.id),
                "billable_identity_count": 8 + self.id % 60,
                "name": self.name,
                "report_recipients": [format!("it@{key}.example")],
                "sat_learner_count": 5 + self.id % 40,
                "updated_at": stamp(now),
            }),
        );
        row.detail = usages(self.id);
        row
    }
}

fn usages(id: i64) -> Value {
    let identities = 8 + id % 60;
    json!({
        "edr": {
            "billable_agents_count": 4 + id % 30, "unresponsive_agents_count": 0,
            "outdated_agents_count": id % 3, "isolated_agents_count": 0
        },
        "sat": { "learners_count": 5 + id % 40 },
        "itdr": [{
            "type": "microsoft",
            "identity_provider_tenant_id": format!("7e57aaaa-0000-4000-8000-{id:012x}"),
            "billable_identities_count": identities, "total_identities_count": identities + 3
        }]
    })
}

/// A host with the Huntress agent.
#[derive(Clone, Debug)]
pub struct Agent {
    /// Its id at Huntress.
    pub id: i64,
    /// The organization it belongs to.
    pub organization_id: i64,
    /// Its host's name.
    pub hostname: String,
    /// `windows`, `darwin` or `linux`.
    pub platform: String,
}

impl Agent {
    /// A Windows host.
    pub fn new(id: i64, organization_id: i64, hostname: &str) -> Self {
        Self { id, organization_id, hostname: hostname.to_owned(), platform: "windows".to_owned() }
    }

    /// On another platform: `darwin` or `linux`.
    #[must_use]
    pub fn on(mut self, platform: &str) -> Self {
        platform.clone_into(&mut self.platform);
        self
    }

    pub(crate) fn row(&self, account_id: i64, now: DateTime<Utc>) -> Row {
        let windows = self.platform == "windows";
        let (os, build, major, minor, arch) = match self.platform.as_str() {
            "darwin" => ("macOS 15.6", "24G84", 15, 6, "arm64"),
            "linux" => ("Debian GNU/Linux 12", "6.1.0", 12, 0, "x86_64"),
            _ => ("Windows 11 Pro", "26100", 10, 0, "x86_64"),
        };
        let octet = |shift: u32| (self.id >> shift) & 0xff;
        let callback = stamp(now - TimeDelta::minutes(4));
        let joined = now - TimeDelta::days(200 + self.id % 300);
        let mut row = Row::new(
            joined,
            json!({
                "id": self.id,
                "account_id": account_id,
                "arch": arch,
                "created_at": stamp(joined),
                "domain_name": "WORKGROUP",
                "edr_version": "0.3.20",
                "external_ip": format!("198.51.100.{}", 1 + self.organization_id % 250),
                "hostname": self.hostname,
                "defender_policy_status": if windows { "Compliant" } else { "Incompatible" },
                "defender_status": if windows { "Healthy" } else { "Incompatible" },
                "defender_substatus": if windows { "Up to date" } else { "" },
                "firewall_status": "Enabled",
                "tamper_protection_configured": if windows { json!(true) } else { Value::Null },
                "tamper_protection_actual": if windows { json!(true) } else { Value::Null },
                "ipv4_address": format!("10.{}.{}.{}", octet(16), octet(8), octet(0)),
                "last_callback_at": callback,
                "last_survey_at": callback,
                "mac_addresses": [format!("02:00:5e:{:02x}:{:02x}:{:02x}", octet(16), octet(8), octet(0))],
                "service_pack_major": 0,
                "service_pack_minor": 0,
                "organization_id": self.organization_id,
                "os": os,
                "os_build_version": build,
                "os_major": major,
                "os_minor": minor,
                "os_patch": 0,
                "platform": self.platform,
                "serial_number": format!("ND{:08X}", self.id),
                "tags": [],
                "updated_at": stamp(now),
                "version": "0.14.122",
                "version_number": 917_626,
                "win_build_number": if windows { 26100 } else { 0 },
            }),
        );
        row.updated_at = now;
        row
    }
}

/// A name as the service would write it in an address.
pub(crate) fn key_of(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
