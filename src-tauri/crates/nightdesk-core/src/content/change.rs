//! Notes: what happened to an incident, in words, for a ticket's timeline.

use super::description::indicators;
use super::plain::{block, line, moment, said};
use crate::incident::{Incident, Remediations};
use chrono::{DateTime, Utc};

/// What a newer report of an incident says that the older one didn't.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// For the timeline.
    pub text: String,
    /// False where only the time of the last update moved: worth recording, not worth anybody's attention.
    pub material: bool,
}

/// The first note of a ticket.
pub fn creation_note(incident: &Incident) -> String {
    format!(
        "Opened from Huntress incident #{}: severity {}, status {}, {}.",
        incident.id,
        line(&incident.severity.to_string()),
        line(&incident.status.to_string()),
        updated(incident)
    )
}

/// Everything that differs between two readings of one incident, old -> new; `None` where nothing does.
pub fn change_note(before: &Incident, after: &Incident) -> Option<Change> {
    let changes = differences(before, after);
    if !changes.is_empty() {
        let head = format!("Huntress changed incident #{} ({}):", after.id, updated(after));
        return Some(Change { text: format!("{head}\n{}", changes.join("\n")), material: true });
    }
    let moved = before.updated_at != after.updated_at || before.status_updated_at != after.status_updated_at;
    moved.then(|| Change {
        text: format!(
            "Huntress incident #{} updated, status still {} ({}).",
            after.id,
            line(&after.status.to_string()),
            updated(after)
        ),
        material: false,
    })
}

fn differences(before: &Incident, after: &Incident) -> Vec<String> {
    let organization = |i: &Incident| organization(i, None);
    let or_none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
    let mut changes: Vec<String> = [
        ("status", line(&before.status.to_string()), line(&after.status.to_string())),
        ("severity", line(&before.severity.to_string()), line(&after.severity.to_string())),
        ("organization", organization(before), organization(after)),
        ("subject", text(before.subject.as_deref()), text(after.subject.as_deref())),
        ("platform", text(before.platform.as_deref()), text(after.platform.as_deref())),
        ("agent", number(before.agent), number(after.agent)),
        ("indicators", or_none(indicators(before)), or_none(indicators(after))),
        ("reported", time(before.sent_at), time(after.sent_at)),
        ("closed", time(before.closed_at), time(after.closed_at)),
        ("remediations", counts(&before.remediations), counts(&after.remediations)),
    ]
    .into_iter()
    .filter(|(_, old, new)| old != new)
    .map(|(what, old, new)| format!("- {what}: {old} -> {new}"))
    .collect();
    let same_counts = counts(&before.remediations) == counts(&after.remediations);
    if same_counts && before.remediations.items != after.remediations.items {
        changes.push("- remediations: their details changed".to_owned());
    }
    changes.extend(rewritten("the SOC's summary", before.summary.as_deref(), after.summary.as_deref()));
    changes.extend(rewritten("the SOC's full report", before.body.as_deref(), after.body.as_deref()));
    changes
}

fn rewritten(what: &str, before: Option<&str>, after: Option<&str>) -> Option<String> {
    let (before, after) = (block(before.unwrap_or_default()), block(after.unwrap_or_default()));
    if before == after {
        None
    } else if after.is_empty() {
        Some(format!("- {what} was removed"))
    } else {
        Some(format!("- {what} changed; it now reads:\n{after}"))
    }
}

/// By status, in the order first seen, so that one line tells how far the work has got.
fn counts(remediations: &Remediations) -> String {
    let mut by_status: Vec<(String, usize)> = Vec::new();
    for item in &remediations.items {
        let status = said(Some(&item.status)).unwrap_or_else(|| "status not given".into());
        match by_status.iter_mut().find(|(s, _)| *s == status) {
            Some((_, n)) => *n += 1,
            None => by_status.push((status, 1)),
        }
    }
    by_status.sort();
    let listed = by_status.iter().map(|(status, n)| format!("{n} {status}")).collect::<Vec<_>>().join(", ");
    let in_all = remediations.total.max(i64::try_from(remediations.items.len()).unwrap_or(i64::MAX));
    match (in_all, listed.is_empty()) {
        (0, _) => "none".to_owned(),
        (_, true) => format!("{in_all} in all"),
        _ if usize::try_from(in_all).is_ok_and(|n| n == remediations.items.len()) => listed,
        _ => format!("{listed} of the first {}, {in_all} in all", remediations.items.len()),
    }
}

fn text(value: Option<&str>) -> String {
    said(value).unwrap_or_else(|| "not given".into())
}

fn number(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "none".into(), |v| v.to_string())
}

fn time(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| "not given".into(), moment)
}

fn updated(incident: &Incident) -> String {
    incident.updated_at.map_or_else(|| "time of update not given".into(), |at| format!("updated {}", moment(at)))
}

fn organization(incident: &Incident, name: Option<&str>) -> String {
    match (said(name), incident.organization) {
        (Some(name), Some(id)) => format!("{name} ({id})"),
        (Some(name), None) => name,
        (None, Some(id)) => id.to_string(),
        (None, None) => "none".into(),
    }
}

/// The SOC raised the severity.
pub fn severity_raised(before: &Incident, after: &Incident) -> String {
    severity("raised", before, after)
}

/// The SOC lowered the severity, or named one where a critical one had been assumed.
pub fn severity_lowered(before: &Incident, after: &Incident) -> String {
    severity("lowered", before, after)
}

fn severity(how: &str, before: &Incident, after: &Incident) -> String {
    format!(
        "Huntress {how} the severity of incident #{}: {} -> {}.",
        after.id,
        line(&before.severity.to_string()),
        line(&after.severity.to_string())
    )
}

/// The SOC took a closed incident up again.
pub fn reopened(before: &Incident, after: &Incident) -> String {
    format!(
        "Huntress reopened incident #{}: status {} -> {}.",
        after.id,
        line(&before.status.to_string()),
        line(&after.status.to_string())
    )
}

/// The SOC is done with the incident.
pub fn closed_by_soc(after: &Incident) -> String {
    let at = after.closed_at.map(|at| format!(" at {}", moment(at))).unwrap_or_default();
    format!("Huntress closed incident #{} with status {}{at}.", after.id, line(&after.status.to_string()))
}

/// The SOC closed the incident, but a person had worked on the ticket, whose word is the last one.
pub fn closed_but_worked_on() -> String {
    "The ticket stays open although Huntress closed the incident, because somebody has worked on it here: close it when \
     that work is done."
        .to_owned()
}

/// Huntress answers 404 for an incident that was open: nobody said that it is solved, so the ticket stays as it is.
pub fn gone_note(incident: &Incident) -> String {
    format!(
        "Huntress no longer has incident #{} (HTTP 404); its last known status was {}. Nothing says that it is solved, \
         so this ticket stays as it is: ask the SOC.",
        incident.id,
        line(&incident.status.to_string())
    )
}

/// The incident got an organization, or another one. The names are those that are known for the two ids.
pub fn organization_changed(
    before: &Incident,
    before_name: Option<&str>,
    after: &Incident,
    after_name: Option<&str>,
) -> String {
    format!(
        "Huntress changed the organization of incident #{}: {} -> {}.",
        after.id,
        organization(before, before_name),
        organization(after, after_name)
    )
}

#[cfg(test)]
mod tests {
    use super::super::description::tests::incident;
    use super::*;
    use crate::ids::{AgentId, OrganizationId};
    use crate::incident::{Remediation, Severity, Status};

    fn at(minutes: i64) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(1_781_006_400 + minutes * 60, 0)
    }

    fn item(status: &str) -> Remediation {
        Remediation { status: status.into(), ..Remediation::default() }
    }

    #[test]
    fn the_creation_note_names_incident_severity_and_status() {
        let note = creation_note(&Incident { severity: Severity::High, updated_at: at(0), ..incident(1000) });
        assert_eq!(
            note,
            "Opened from Huntress incident #1000: severity high, status sent, updated 2026-06-09 12:00:00 UTC."
        );
    }

    #[test]
    fn a_status_change_names_both() {
        let after = Incident { status: Status("closed".into()), closed_at: at(5), updated_at: at(6), ..incident(1) };
        let change = change_note(&incident(1), &after).unwrap();
        assert!(change.material);
        assert!(change.text.contains("status: sent -> closed"), "{}", change.text);
        assert!(change.text.contains("closed: not given -> 2026-06-09 12:05:00 UTC"), "{}", change.text);
        assert!(change.text.contains("updated 2026-06-09 12:06:00 UTC"));
    }

    #[test]
    fn an_update_without_news_says_updated() {
        let after = Incident { updated_at: at(6), ..incident(1) };
        let change = change_note(&incident(1), &after).unwrap();
        assert!(!change.material);
        assert!(change.text.contains("updated, status still sent"));
        assert_eq!(change_note(&after, &after), None);
    }

    #[test]
    fn every_difference_is_named_old_and_new() {
        let before = incident(1);
        let remediations =
            Remediations { total: 12, has_more: true, items: vec![item("unapproved"), item("completed")] };
        let after = Incident {
            severity: Severity::Low,
            organization: Some(OrganizationId(7)),
            subject: Some("New\nsubject".into()),
            platform: Some("linux".into()),
            agent: Some(AgentId(9)),
            indicator_counts: vec![("footholds".into(), 2)],
            sent_at: at(1),
            remediations,
            summary: Some("Short.".into()),
            body: Some("Long\r\nreport".into()),
            ..incident(1)
        };
        let text = change_note(&before, &after).unwrap().text;
        for part in [
            "- severity: critical -> low",
            "- organization: none -> 7",
            "- subject: not given -> New subject",
            "- platform: not given -> linux",
            "- agent: none -> 9",
            "- indicators: none -> footholds (2)",
            "- reported: not given -> 2026-06-09 12:01:00 UTC",
            "- remediations: none -> 1 completed, 1 unapproved of the first 2, 12 in all",
            "- the SOC's summary changed; it now reads:\nShort.",
            "- the SOC's full report changed; it now reads:\nLong\nreport",
        ] {
            assert!(text.contains(part), "{part:?} is not in:\n{text}");
        }
        let back = change_note(&after, &before).unwrap().text;
        assert!(back.contains("- the SOC's summary was removed") && back.contains("- severity: low -> critical"));
    }

    #[test]
    fn remediations_that_changed_within_a_status_are_noted() {
        let with = |action: &str| Incident {
            remediations: Remediations {
                total: 1,
                has_more: false,
                items: vec![Remediation { action: action.into(), ..item("approved") }],
            },
            ..incident(1)
        };
        let change = change_note(&with("a"), &with("b")).unwrap();
        assert!(change.material && change.text.contains("their details changed"));
        let done = Incident {
            remediations: Remediations { total: 1, has_more: false, items: vec![item("completed")] },
            ..incident(1)
        };
        assert!(change_note(&with("a"), &done).unwrap().text.contains("1 approved -> 1 completed"));
    }

    #[test]
    fn line_ends_alone_are_no_news_and_a_webhooks_organization_name_is_none_either() {
        let before = Incident { body: Some("a\r\nb\n".into()), organization_name: Some("Acme".into()), ..incident(1) };
        let after = Incident { body: Some("a\nb".into()), organization_name: None, ..incident(1) };
        assert_eq!(change_note(&before, &after), None);
    }

    #[test]
    fn the_single_notes_say_what_happened() {
        let before = Incident { severity: Severity::Low, status: Status("closed".into()), ..incident(1) };
        let after = incident(1);
        assert_eq!(severity_raised(&before, &after), "Huntress raised the severity of incident #1: low -> critical.");
        assert_eq!(severity_lowered(&after, &before), "Huntress lowered the severity of incident #1: critical -> low.");
        assert_eq!(reopened(&before, &after), "Huntress reopened incident #1: status closed -> sent.");
        assert_eq!(closed_by_soc(&before), "Huntress closed incident #1 with status closed.");
        assert!(closed_but_worked_on().contains("stays open"));
        assert!(gone_note(&after).contains("stays as it is"));
        let moved = Incident { organization: Some(OrganizationId(4)), ..incident(1) };
        assert_eq!(
            organization_changed(&after, None, &moved, Some("Acme")),
            "Huntress changed the organization of incident #1: none -> Acme (4)."
        );
    }
}
