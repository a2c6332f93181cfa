//! The outbox.

use super::table::Rows;
use super::words::{NONE, ago, or_none};
use chrono::{DateTime, Utc};
use nightdesk_api::Delivery;

/// The list.
pub fn list(deliveries: &[Delivery], now: DateTime<Utc>) -> String {
    if deliveries.is_empty() {
        return "Nothing in the outbox.".to_owned();
    }
    let headings = ["id", "kind", "destination", "state", "attempts", "next", "ticket", "last error"];
    let mut rows = Rows::new(&headings).right(0).right(4).whole(0).whole(1).whole(3);
    for d in deliveries {
        rows.row([
            &d.id.to_string(),
            d.kind.word(),
            &d.destination,
            d.state.word(),
            &d.attempts.to_string(),
            &d.next_at.map_or_else(|| NONE.to_owned(), |at| ago(at, now)),
            &d.ticket_id.map_or_else(|| NONE.to_owned(), |t| t.to_string()),
            or_none(d.last_error.as_deref()),
        ]);
    }
    rows.text()
}
