//! Records that could not be read in full.

use super::table::Rows;
use super::words::{NONE, brief};
use nightdesk_api::Quarantined;

/// The list.
pub fn list(records: &[Quarantined]) -> String {
    if records.is_empty() {
        return "Nothing is quarantined: every record could be read.".to_owned();
    }
    let mut rows = Rows::new(&["incident", "seen", "ticket", "reason"]).right(0).whole(0).whole(1);
    for q in records {
        rows.row([
            &q.incident_id.map_or_else(|| NONE.to_owned(), |i| i.to_string()),
            &brief(q.seen_at),
            &q.ticket_id.map_or_else(|| NONE.to_owned(), |t| t.to_string()),
            &q.reason,
        ]);
    }
    format!("{}\nEach has its ticket. To read one again: nightdesk quarantine retry INCIDENT\n", rows.text())
}
