//! An incident as its view shows it: the SOC's report as text, the host, and what is to be done.

use crate::error::Error;
use crate::webhook_in::FirstSeen;
use crate::webhook_log::pretty;
use chrono::{DateTime, Utc};
use nightdesk_core::content;
use nightdesk_core::ids::{AgentId, IncidentId, IncidentKey, OrganizationId};
use nightdesk_core::incident::Incident;
use nightdesk_core::port::Host;
use nightdesk_core::routing::Class;
use nightdesk_engine::context::Context;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An incident. What the vendor wrote is text and only ever shown as text (ND-16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IncidentView {
    /// Its number at Huntress.
    #[ts(type = "number")]
    pub id: IncidentId,
    /// The subject line.
    pub subject: Option<String>,
    /// The SOC's word for where it has got to.
    pub status: Option<String>,
    /// Huntress's word for how bad it is.
    pub severity: Option<String>,
    /// Huntress's word for the platform.
    pub platform: Option<String>,
    /// The analyst's words.
    pub summary: Option<String>,
    /// The SOC's report.
    pub body: Option<String>,
    /// What was found, without what was found zero times.
    pub indicators: Vec<Indicator>,
    /// What is to be done, a line each.
    pub remediations: Vec<String>,
    /// When the SOC sent it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// When anything last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// The agent; identity and e-mail reports have none.
    #[ts(type = "number | null")]
    pub agent_id: Option<AgentId>,
    /// The host, once it was looked up.
    pub host: Option<HostView>,
    /// The organization.
    #[ts(type = "number | null")]
    pub organization_id: Option<OrganizationId>,
    /// Its present name.
    pub organization_name: Option<String>,
    /// Its page in Huntress's portal.
    pub portal_url: Option<String>,
    /// By which way it came, and when by each.
    pub first_seen: FirstSeen,
    /// Why its record could not be read in full.
    pub quarantine: Option<String>,
    /// The record as received, for one that could not be read in full.
    pub raw: Option<String>,
}

/// A kind of indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Indicator {
    /// Huntress's word for it.
    pub kind: String,
    /// How many; `None` where only the kind was named.
    pub count: Option<i64>,
}

/// A host as Huntress knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "Host")]
#[allow(missing_docs)]
pub struct HostView {
    pub hostname: Option<String>,
    pub os: Option<String>,
    pub ipv4_address: Option<String>,
    pub external_ip: Option<String>,
    pub serial_number: Option<String>,
    pub last_callback_at: Option<DateTime<Utc>>,
}

/// An incident; `None` where it isn't on record.
pub(crate) fn incident(
    tx: &Tx<'_>,
    context: &Context,
    key: IncidentKey,
    quarantine: Option<&str>,
) -> Result<Option<IncidentView>, Error> {
    let Some(stored) = tx.incident(key)? else { return Ok(None) };
    let i = stored.facts()?;
    let host = match i.agent {
        Some(agent) => tx.host(key.account, agent)?.and_then(|(host, _)| host),
        None => None,
    };
    let named = match i.organization {
        Some(id) => tx.organization(key.account, id)?.and_then(|o| o.name),
        None => None,
    };
    let raw = if stored.class == Class::Quarantined { tx.incident_raw(key)? } else { None };
    let line = |text: &Option<String>| text.as_deref().map(content::line).filter(|t| !t.is_empty());
    let block = |text: &Option<String>| text.as_deref().map(content::block).filter(|t| !t.trim().is_empty());
    Ok(Some(IncidentView {
        id: i.id,
        subject: line(&i.subject),
        status: Some(content::line(&i.status.0)).filter(|s| !s.is_empty()),
        severity: i.severity.word().map(content::line),
        platform: line(&i.platform),
        summary: block(&i.summary),
        body: block(&i.body),
        indicators: indicators(&i),
        remediations: content::remediation_lines(&i.remediations),
        sent_at: i.sent_at,
        closed_at: i.closed_at,
        updated_at: i.updated_at,
        agent_id: i.agent,
        host: host.map(HostView::from),
        organization_id: i.organization,
        organization_name: named.or_else(|| i.organization_name.clone()).map(|n| content::line(&n)),
        portal_url: Some(context.portal().link(&i)),
        first_seen: FirstSeen::of(&stored),
        quarantine: quarantine.map(str::to_owned),
        raw: raw.map(|bytes| pretty(&bytes)),
    }))
}

/// The named kinds first, then what was only counted, without the zeros that Huntress sends for every other kind.
fn indicators(i: &Incident) -> Vec<Indicator> {
    let counted = |kind: &str| i.indicator_counts.iter().find(|(k, _)| k == kind).map(|(_, n)| *n);
    let named = i.indicator_types.iter().map(|kind| Indicator { kind: content::line(kind), count: counted(kind) });
    let rest = i.indicator_counts.iter().filter(|(kind, n)| *n != 0 && !i.indicator_types.contains(kind));
    named.chain(rest.map(|(kind, n)| Indicator { kind: content::line(kind), count: Some(*n) })).collect()
}

impl From<Host> for HostView {
    fn from(h: Host) -> Self {
        Self {
            hostname: h.hostname,
            os: h.os,
            ipv4_address: h.ipv4_address,
            external_ip: h.external_ip,
            serial_number: h.serial_number,
            last_callback_at: h.last_callback_at,
        }
    }
}
