//! Escalations, platform actions and account notices.

use super::table::Rows;
use super::words::{NONE, brief, or_none};
use nightdesk_api::NoticeLine;
use nightdesk_core::notice::concerned;

/// So many organizations are named; the rest is counted.
const NAMED: usize = 2;

/// The list.
pub fn list(notices: &[NoticeLine]) -> String {
    if notices.is_empty() {
        return "No notices: Huntress has told of no escalation, platform action or account notice.".to_owned();
    }
    let headings = ["id", "type", "severity", "status", "received", "organizations", "subject"];
    let mut rows = Rows::new(&headings).right(0).whole(0).whole(1).whole(4);
    for n in notices {
        rows.row([
            &if n.id > 0 { n.id.to_string() } else { NONE.to_owned() },
            &n.kind.replace('_', " "),
            or_none(n.severity.as_deref()),
            &status(n),
            &brief(n.received_at),
            &organizations(n),
            or_none(n.subject.as_deref()),
        ]);
    }
    rows.text()
}

fn status(notice: &NoticeLine) -> String {
    let status = notice.status.as_deref().unwrap_or(if notice.one_time { "message" } else { NONE });
    if notice.overdue_since.is_some() { format!("{status}, overdue") } else { status.to_owned() }
}

fn organizations(notice: &NoticeLine) -> String {
    let names: Vec<String> = notice
        .organization_ids
        .iter()
        .zip(&notice.organization_names)
        .map(|(id, name)| name.clone().unwrap_or_else(|| format!("organization {id}")))
        .collect();
    match names.len() {
        0 if notice.more_organizations == 0 => "the account".to_owned(),
        _ => concerned(&names, notice.more_organizations, NAMED),
    }
}
