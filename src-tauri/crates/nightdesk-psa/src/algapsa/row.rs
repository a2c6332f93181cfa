//! A ticket as the PSA shows it in lists, single reads and answers to writes.

use chrono::{DateTime, Utc};
use nightdesk_core::psa::{Filed, Reference, Seen};
use serde_json::Value;

use super::json;
use super::people::People;

/// One ticket, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ticket {
    pub id: String,
    pub number: Option<String>,
    pub filed: Filed,
    pub is_closed: bool,
    pub entered_at: Option<DateTime<Utc>>,
    /// A ticket that was never changed may have none: then it is as of its entry.
    pub updated_at: Option<DateTime<Utc>>,
}

impl Ticket {
    /// What a row says, or the field that it can't be read without.
    pub fn read(row: &Value) -> Result<Self, &'static str> {
        let needed = |name: &'static str| json::text(row, name).map(str::to_owned).ok_or(name);
        let own = |name: &str| json::text(row, name).map(str::to_owned);
        let entered_at = json::time(row, "entered_at");
        Ok(Self {
            id: needed("ticket_id")?,
            number: json::word(row, "ticket_number"),
            filed: Filed {
                title: row.get("title").and_then(Value::as_str).ok_or("title")?.to_owned(),
                client: needed("client_id")?,
                board: needed("board_id")?,
                status: needed("status_id")?,
                category: own("category_id"),
                priority: own("priority_id"),
            },
            // The flag of its own stays behind where a status was written past the service, as the vendor's own Huntress
            // integration does; then the status tells.
            is_closed: json::is(row, "is_closed") || json::is(row, "status_is_closed"),
            entered_at,
            updated_at: json::time(row, "updated_at").or(entered_at),
        })
    }

    /// As the engine follows it.
    pub fn seen(self, row: &Value, people: &People) -> Seen {
        Seen {
            id: self.id,
            number: self.number,
            filed: self.filed,
            is_closed: self.is_closed,
            updated_at: self.updated_at,
            by: people.changed_by(row),
        }
    }

    /// The reference of a write that this is the answer to.
    pub fn written(&self) -> Reference {
        Reference { id: self.id.clone(), number: self.number.clone(), updated_at: self.updated_at }
    }

    /// The reference of a creation whose own answer was lost. People may have changed the ticket since, and that isn't ours: then
    /// it is as of no time of ours, and has to be looked at.
    pub fn found(&self) -> Reference {
        let is_untouched = self.entered_at.is_none() || self.updated_at <= self.entered_at;
        let updated_at = self.entered_at.or(self.updated_at).filter(|_| is_untouched);
        Reference { id: self.id.clone(), number: self.number.clone(), updated_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_in_full_and_one_that_lacks_what_is_needed() {
        let row = json!({
            "ticket_id": "t", "ticket_number": 1042, "title": "x", "client_id": "c", "board_id": "b", "status_id": "s",
            "category_id": null, "priority_id": "p", "is_closed": null, "status_is_closed": true,
            "entered_at": "2026-03-01T01:00:00Z", "updated_at": null,
        });
        let ticket = Ticket::read(&row).unwrap();
        assert_eq!((ticket.number.as_deref(), ticket.is_closed), (Some("1042"), true));
        assert_eq!((ticket.filed.category.as_deref(), ticket.filed.priority.as_deref()), (None, Some("p")));
        assert!(ticket.updated_at.is_some() && ticket.updated_at == ticket.entered_at);
        for name in ["ticket_id", "title", "client_id", "board_id", "status_id"] {
            let mut without = row.clone();
            without[name] = Value::Null;
            assert_eq!(Ticket::read(&without), Err(name));
        }
    }

    #[test]
    fn a_ticket_found_again_counts_as_ours_only_where_nobody_touched_it() {
        let mut row = json!({
            "ticket_id": "t", "title": "x", "client_id": "c", "board_id": "b", "status_id": "s",
            "entered_at": "2026-03-01T01:00:00Z", "updated_at": "2026-03-01T02:00:00Z",
        });
        let ticket = Ticket::read(&row).unwrap();
        assert_eq!((ticket.found().updated_at, ticket.written().updated_at), (None, ticket.updated_at));
        row["updated_at"] = row["entered_at"].clone();
        let ticket = Ticket::read(&row).unwrap();
        assert_eq!(ticket.found().updated_at, ticket.entered_at);
    }
}
