//! An update laid over what is known: a field that is missing takes nothing away.

use crate::incident::{Incident, Severity};

/// The incident after an update. A missing severity, status, organization, agent or date keeps the known one, because
/// nothing is lowered or closed for want of a field; texts and lists follow the update where it has any.
pub fn merge(before: &Incident, update: &Incident) -> Incident {
    let severity = match &update.severity {
        Severity::Unknown(None) => before.severity.clone(),
        given => given.clone(),
    };
    let status = if update.status.0.is_empty() { before.status.clone() } else { update.status.clone() };
    let open = status.is_open();
    Incident {
        id: before.id,
        account: update.account.or(before.account),
        organization: update.organization.or(before.organization),
        organization_name: update.organization_name.clone().or_else(|| before.organization_name.clone()),
        agent: update.agent.or(before.agent),
        platform: update.platform.clone().or_else(|| before.platform.clone()),
        status,
        severity,
        subject: update.subject.clone().or_else(|| before.subject.clone()),
        summary: update.summary.clone().or_else(|| before.summary.clone()),
        body: update.body.clone().or_else(|| before.body.clone()),
        indicator_types: if update.indicator_types.is_empty() {
            &before.indicator_types
        } else {
            &update.indicator_types
        }
        .clone(),
        indicator_counts: if update.indicator_counts.is_empty() {
            &before.indicator_counts
        } else {
            &update.indicator_counts
        }
        .clone(),
        remediations: if update.remediations == Default::default() {
            &before.remediations
        } else {
            &update.remediations
        }
        .clone(),
        sent_at: update.sent_at.or(before.sent_at),
        // A reopened report has no closing time, and that absence is news.
        closed_at: if open { update.closed_at } else { update.closed_at.or(before.closed_at) },
        status_updated_at: update.status_updated_at.or(before.status_updated_at),
        created_at: update.created_at.or(before.created_at),
        updated_at: update.updated_at.max(before.updated_at),
    }
}
