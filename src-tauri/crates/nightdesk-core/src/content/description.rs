//! A ticket's description: everything a person needs at 3 a.m. without opening another window.

use super::plain::{block, line, moment, said};
use super::portal::Portal;
use crate::incident::{Incident, Remediation, Remediations};
use crate::port::Host;
use serde::{Deserialize, Serialize};

/// What a description is made of.
#[derive(Debug, Clone, Copy)]
pub struct Description<'a> {
    /// The incident.
    pub incident: &'a Incident,
    /// The organization's name, where it is known by now; else the incident's own word for it is used.
    pub organization_name: Option<&'a str>,
    /// Whether the ticket stands on the triage board for want of a mapping.
    pub unmapped: bool,
    /// The agent's host: `None` until it has been looked up; all fields empty where Huntress knows nothing of it.
    pub host: Option<&'a Host>,
    /// The account's portal.
    pub portal: &'a Portal,
    /// Why the record couldn't be read in full, where it is quarantined.
    pub quarantined: Option<&'a str>,
}

/// A section of a description that may become known only after the ticket was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The SOC's summary.
    Summary,
    /// The SOC's report.
    Report,
    /// The host's details.
    Host,
    /// What is to be done.
    Remediations,
}

/// Those sections that are known, each as it stands in [`description`].
pub fn parts(of: &Description<'_>) -> Vec<(Part, String)> {
    let incident = of.incident;
    let organization = said(of.organization_name.or(incident.organization_name.as_deref()));
    let is_told = |host: &&Host| incident.agent.is_some() && **host != Host::default();
    let host = of.host.filter(is_told).map(|_| place(of, organization.as_deref()));
    [
        (Part::Summary, soc(SUMMARY, incident.summary.as_deref())),
        (Part::Report, soc(REPORT, incident.body.as_deref())),
        (Part::Host, host),
        (Part::Remediations, remediations(&incident.remediations)),
    ]
    .into_iter()
    .filter_map(|(part, text)| Some((part, text?)))
    .collect()
}

const SUMMARY: &str = "SOC summary";
const REPORT: &str = "SOC report";

fn soc(heading: &str, text: Option<&str>) -> Option<String> {
    text.map(block).filter(|t| !t.trim().is_empty()).map(|text| format!("## {heading}\n\n{text}"))
}

/// A ticket's description as plain text with headings. Sections without content are left out.
pub fn description(of: &Description<'_>) -> String {
    let incident = of.incident;
    let organization = said(of.organization_name.or(incident.organization_name.as_deref()));
    let mut sections = Vec::new();
    if let Some(reason) = of.quarantined {
        sections.push(format!(
            "> This record could not be read in full ({}). What could be read follows; check it against the portal.",
            line(reason)
        ));
    }
    if of.unmapped {
        sections.push(unmapped_warning(incident, organization.as_deref()));
    }
    sections.push(format!("## Incident\n\n{}", facts(incident)));
    sections.extend(soc(SUMMARY, incident.summary.as_deref()));
    sections.extend(soc(REPORT, incident.body.as_deref()));
    sections.push(place(of, organization.as_deref()));
    sections.extend(remediations(&incident.remediations));
    sections.push(format!("## Portal\n\n{}", of.portal.link(incident)));
    sections.join("\n\n")
}

fn unmapped_warning(incident: &Incident, organization: Option<&str>) -> String {
    let named = match (organization, incident.organization) {
        (Some(name), _) => format!("The Huntress organization \"{name}\" is not mapped to a client."),
        (None, Some(id)) => format!("Huntress organization {id} is not mapped to a client."),
        (None, None) => "The Huntress organization of this incident is unknown.".to_owned(),
    };
    format!(
        "> WARNING, unmapped organization: {named} Re-home this ticket: drag it to its client on the triage board, or \
         run `nightdesk rehome`."
    )
}

fn facts(incident: &Incident) -> String {
    let indicators = indicators(incident);
    [
        Some(format!("Severity: {}", line(&incident.severity.to_string()))),
        Some(format!("Status: {}", line(&incident.status.to_string()))),
        said(incident.platform.as_deref()).map(|p| format!("Platform: {p}")),
        (!indicators.is_empty()).then(|| format!("Indicators: {indicators}")),
        incident.sent_at.map(|at| format!("Reported: {}", moment(at))),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join("\n")
}

/// The indicators as a comma list: the named types first, `?` where the SOC sent no number for one; then what was only
/// counted, without the zeros that Huntress sends for every other type.
pub(super) fn indicators(incident: &Incident) -> String {
    let counted = &incident.indicator_counts;
    let named = incident.indicator_types.iter().map(|kind| {
        let count = counted.iter().find(|(k, _)| k == kind).map_or("?".to_owned(), |(_, n)| n.to_string());
        (kind, count)
    });
    let rest = counted
        .iter()
        .filter(|(kind, count)| *count != 0 && !incident.indicator_types.contains(kind))
        .map(|(kind, count)| (kind, count.to_string()));
    named
        .chain(rest)
        .filter_map(|(kind, count)| said(Some(kind)).map(|kind| format!("{kind} ({count})")))
        .collect::<Vec<_>>()
        .join(", ")
}

fn place(of: &Description<'_>, organization: Option<&str>) -> String {
    let whose = match (organization, of.incident.organization) {
        (Some(name), Some(id)) => format!("Organization: {name} (Huntress organization {id})"),
        (Some(name), None) => format!("Organization: {name}"),
        (None, Some(id)) => format!("Organization: Huntress organization {id}"),
        (None, None) => "Organization: not given".to_owned(),
    };
    let Some(agent) = of.incident.agent else { return format!("## Organization\n\n{whose}") };
    let Some(host) = of.host else {
        return format!("## Host\n\nHost details are being looked up (Huntress agent {agent}).\n{whose}");
    };
    let mut lines: Vec<String> = [
        ("Hostname", &host.hostname),
        ("OS", &host.os),
        ("Internal IP", &host.ipv4_address),
        ("External IP", &host.external_ip),
        ("Serial", &host.serial_number),
    ]
    .into_iter()
    .filter_map(|(label, value)| said(value.as_deref()).map(|v| format!("{label}: {v}")))
    .collect();
    lines.extend(host.last_callback_at.map(|at| format!("Last callback: {}", moment(at))));
    if lines.is_empty() {
        lines.push(format!("Huntress has no details of agent {agent}; it may have been removed."));
    }
    lines.push(whose);
    format!("## Host\n\n{}", lines.join("\n"))
}

fn remediations(remediations: &Remediations) -> Option<String> {
    let lines = remediation_lines(remediations);
    (!lines.is_empty())
        .then(|| format!("## Remediations\n\n{}", lines.iter().map(|l| listed(l)).collect::<Vec<_>>().join("\n")))
}

/// The closing "and more" isn't an item of the list.
fn listed(line: &str) -> String {
    if line.starts_with("and more (") { line.to_owned() } else { format!("- {line}") }
}

/// What is to be done, a line each, with a last one for what the SOC didn't send inline.
pub fn remediation_lines(remediations: &Remediations) -> Vec<String> {
    let mut lines: Vec<String> = remediations.items.iter().map(remediation).collect();
    let in_all = remediations.total.max(i64::try_from(lines.len()).unwrap_or(i64::MAX));
    if remediations.has_more || in_all > i64::try_from(lines.len()).unwrap_or(i64::MAX) {
        lines.push(format!("and more ({in_all} in all)"));
    }
    lines
}

fn remediation(item: &Remediation) -> String {
    let status = said(Some(&item.status)).unwrap_or_else(|| "status not given".into());
    let what = said(Some(&item.action)).or_else(|| said(Some(&item.kind))).unwrap_or_else(|| "not described".into());
    let parameters: Vec<String> = item.parameters.iter().filter_map(|p| said(Some(p))).collect();
    if parameters.is_empty() {
        format!("[{status}] {what}")
    } else {
        format!("[{status}] {what}: {}", parameters.join("; "))
    }
}

/// The longest part of a raw record that a description shows.
const RAW_CHARS: usize = 4000;

/// The description of a bare ticket, for a record that couldn't even be told apart by an id (ND-4).
pub fn bare_description(reason: &str, raw_excerpt: &str) -> String {
    let raw = block(raw_excerpt);
    let shown: String = raw.chars().take(RAW_CHARS).collect();
    let cut = if shown.len() < raw.len() { "\n(cut here; the whole record is kept in quarantine)" } else { "" };
    format!(
        "> Huntress sent an incident report that could not be read: {}. Treat it as critical until somebody has looked \
         at the Huntress portal: https://huntress.io\n\nThe record is kept in quarantine (`nightdesk quarantine`).\n\n\
         ## Record as received\n\n{shown}{cut}",
        line(reason)
    )
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::ids::{AgentId, IncidentId, OrganizationId};
    use crate::incident::{Severity, Status};
    use proptest::prelude::*;

    /// A critical incident with nothing but what it must have.
    pub(in crate::content) fn incident(id: i64) -> Incident {
        Incident {
            id: IncidentId(id),
            account: None,
            organization: None,
            organization_name: None,
            agent: None,
            platform: None,
            status: Status("sent".into()),
            severity: Severity::Critical,
            subject: None,
            summary: None,
            body: None,
            indicator_types: Vec::new(),
            indicator_counts: Vec::new(),
            remediations: Remediations::default(),
            sent_at: None,
            closed_at: None,
            status_updated_at: None,
            created_at: None,
            updated_at: None,
        }
    }

    fn full() -> Incident {
        Incident {
            organization: Some(OrganizationId(7)),
            agent: Some(AgentId(9)),
            platform: Some("windows".into()),
            summary: Some("A foothold was found.".into()),
            body: Some("<p>The whole\r\nreport</p>".into()),
            indicator_types: vec!["footholds".into(), "process_detections".into(), "ransomware_canaries".into()],
            indicator_counts: vec![
                ("footholds".into(), 1),
                ("mde_detections".into(), 0),
                ("process_detections".into(), 2),
            ],
            remediations: Remediations {
                total: 12,
                has_more: true,
                items: vec![Remediation {
                    id: Some(1),
                    kind: "assisted".into(),
                    action: "delete_file".into(),
                    status: "unapproved".into(),
                    parameters: vec!["path: C:\\bad.exe".into(), "force: true".into()],
                }],
            },
            sent_at: chrono::DateTime::from_timestamp(1_781_006_400, 0),
            ..incident(42)
        }
    }

    fn host() -> Host {
        Host { hostname: Some("SRV01".into()), ipv4_address: Some("10.0.0.5".into()), ..Host::default() }
    }

    fn words(incident: &Incident, organization_name: Option<&str>, unmapped: bool, host: Option<&Host>) -> String {
        let portal = Portal { subdomain: Some("acme".into()) };
        description(&Description { incident, organization_name, unmapped, host, portal: &portal, quarantined: None })
    }

    #[test]
    fn a_full_incident_in_the_promised_order() {
        let text = words(&full(), Some("Acme"), true, Some(&host()));
        let mut from = 0;
        for part in [
            "WARNING, unmapped organization: The Huntress organization \"Acme\"",
            "nightdesk rehome",
            "Severity: critical",
            "Status: sent",
            "Platform: windows",
            "Indicators: footholds (1), process_detections (2), ransomware_canaries (?)",
            "Reported: 2026-06-09 12:00:00 UTC",
            "A foothold was found.",
            "<p>The whole\nreport</p>",
            "Hostname: SRV01",
            "Internal IP: 10.0.0.5",
            "Organization: Acme",
            "- [unapproved] delete_file: path: C:\\bad.exe; force: true",
            "and more (12 in all)",
            "https://acme.huntress.io/org/7/incident_reports/42",
        ] {
            let at = text[from..].find(part).unwrap_or_else(|| panic!("{part:?} is not after byte {from} of:\n{text}"));
            from += at + part.len();
        }
        assert!(!text.contains("mde_detections"), "zeros are dropped");
        assert!(!text.contains("Serial:") && !text.contains("OS:"), "what isn't known is left out");
    }

    #[test]
    fn without_an_agent_the_organization_stands_there() {
        let text = words(&Incident { agent: None, ..full() }, Some("Acme"), false, None);
        assert!(text.contains("## Organization\n\nOrganization: Acme"), "{text}");
        assert!(!text.contains("Hostname") && !text.contains("WARNING") && !text.contains("looked up"));
    }

    #[test]
    fn the_warning_names_the_organization_as_well_as_it_can() {
        let by_id = words(&Incident { organization: Some(OrganizationId(600)), ..incident(1) }, None, true, None);
        assert!(by_id.contains("Huntress organization 600 is not mapped"));
        assert!(words(&incident(1), None, true, None).contains("is unknown"));
        let own_word = Incident { organization_name: Some("Initech\n".into()), ..incident(1) };
        assert!(words(&own_word, None, true, None).contains("\"Initech\" is not mapped"));
    }

    #[test]
    fn host_details_that_are_awaited_or_unknown_say_so() {
        assert!(words(&full(), None, false, None).contains("Host details are being looked up (Huntress agent 9)"));
        assert!(words(&full(), None, false, Some(&Host::default())).contains("no details of agent 9"));
    }

    #[test]
    fn remediations_without_an_action_show_their_kind() {
        let items = vec![Remediation { kind: "manual".into(), ..Remediation::default() }];
        let some = Incident { remediations: Remediations { total: 1, has_more: false, items }, ..incident(1) };
        let text = words(&some, None, false, None);
        assert!(text.contains("- [status not given] manual") && !text.contains("and more"), "{text}");
        let unlisted = Incident { remediations: Remediations { total: 3, ..Remediations::default() }, ..incident(1) };
        assert!(words(&unlisted, None, false, None).contains("and more (3 in all)"));
    }

    #[test]
    fn an_assumed_severity_and_a_partial_record_say_so() {
        let unknown = Incident { severity: Severity::Unknown(None), status: Status(String::new()), ..incident(1) };
        let text = description(&Description {
            incident: &unknown,
            organization_name: None,
            unmapped: false,
            host: None,
            portal: &Portal::default(),
            quarantined: Some("severity is a\nlist"),
        });
        assert!(text.contains("Severity: not given (treated as critical)\nStatus: not given"), "{text}");
        assert!(text.starts_with("> This record could not be read in full (severity is a list)"));
    }

    #[test]
    fn a_bare_description_shows_the_record_within_bounds() {
        let text = bare_description("id is missing", &format!("{{\"subject\":\"x\u{1b}\"}}{}", "ü".repeat(9000)));
        assert!(text.contains("id is missing") && text.contains("{\"subject\":\"x \"}") && text.contains("cut here"));
        assert!(text.chars().count() < RAW_CHARS + 600);
        assert!(!bare_description("x", "{}").contains("cut here"));
    }

    proptest! {
        #[test]
        fn any_text_of_the_vendors_is_shown_whole_and_without_controls(body in "\\PC{0,80}", word in "[\\x00-\\x{2fff}]{0,20}") {
            let odd = Incident {
                body: Some(body.clone()),
                platform: Some(word.clone()),
                subject: Some(word.clone()),
                status: Status(word.clone()),
                severity: Severity::Unknown(Some(word.clone())),
                indicator_types: vec![word.clone()],
                indicator_counts: vec![(word, -1)],
                ..full()
            };
            let text = words(&odd, None, true, None);
            prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
            prop_assert!(text.contains(block(&body).as_str()));
        }
    }
}
