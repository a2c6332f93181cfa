//! Tickets as they are: what changed, what is open, one by its id.

use chrono::{DateTime, SecondsFormat, Utc};
use nightdesk_core::port::Changes;
use nightdesk_core::psa::Seen;
use serde_json::Value;

use super::exchange::data;
use super::gate::{Turn, Urgency};
use super::list::MOST;
use super::miss::Miss;
use super::refusal::Errand;
use super::row::Ticket;
use super::{AlgaPsa, json};

pub(super) const READ: Errand = Errand::new("read tickets", "ticket:read");

impl AlgaPsa {
    /// One page of the tickets changed at or after a time, oldest change first.
    pub(super) async fn changed_since(&self, since: DateTime<Utc>, page: u32) -> Result<Changes, Miss> {
        // Only `Z` is understood, and what stands there is in milliseconds: cut, never rounded up, so that nothing falls out.
        let since = since.to_rfc3339_opts(SecondsFormat::Millis, true);
        let (limit, page) = (MOST.to_string(), page.max(1).to_string());
        let query = [
            ("updated_from", since.as_str()),
            ("sort", "updated_at"),
            ("order", "asc"),
            ("limit", limit.as_str()),
            ("page", page.as_str()),
        ];
        let page = self.page(self.turn(Urgency::Changes), &["tickets"], &query, READ).await?;
        let tickets = page.rows.iter().filter_map(|row| self.read(row)).collect();
        Ok(Changes { tickets, has_more: page.has_more() })
    }

    /// One page of the ids of open tickets. In the order of their entry, which stays: one that is closed meanwhile can move
    /// others forward by a place, and a caller that misses one asks for it by its id.
    pub(super) async fn open_page(&self, page: u32) -> Result<(Vec<String>, bool), Miss> {
        let (limit, page) = (MOST.to_string(), page.max(1).to_string());
        let query = [
            ("is_open", "true"),
            ("fields", "ticket_id"),
            ("sort", "entered_at"),
            ("order", "asc"),
            ("limit", limit.as_str()),
            ("page", page.as_str()),
        ];
        let page = self.page(self.turn(Urgency::Changes), &["tickets"], &query, READ).await?;
        let ids = page.rows.iter().filter_map(|row| json::text(row, "ticket_id")).map(str::to_owned).collect();
        Ok((ids, page.has_more()))
    }

    /// One ticket; `None` where it was deleted.
    pub(super) async fn one(&self, id: &str) -> Result<Option<Seen>, Miss> {
        // What isn't one of its ids was never there: a local desk's ticket, for one.
        if uuid::Uuid::parse_str(id).is_err() {
            return Ok(None);
        }
        match self.row(self.turn(Urgency::Changes), id).await {
            Ok((ticket, row)) => Ok(Some(ticket.seen(&row, &self.inner.people))),
            Err(miss) if miss.is_gone() => Ok(None),
            Err(miss) => Err(miss),
        }
    }

    /// One ticket with its row.
    pub(super) async fn row(&self, turn: Turn, id: &str) -> Result<(Ticket, Value), Miss> {
        let row = data(self.get(turn, self.url(&["tickets", id], &[]), READ).await?)?;
        self.inner.people.learn(&row);
        let ticket = Ticket::read(&row).map_err(unreadable)?;
        // Whoever stands between could answer with another; what is written goes by what is read here.
        if ticket.id.eq_ignore_ascii_case(id) { Ok((ticket, row)) } else { Err(unreadable("ticket_id")) }
    }

    /// One bad row never holds back the others.
    fn read(&self, row: &Value) -> Option<Seen> {
        match Ticket::read(row) {
            Ok(ticket) => Some(ticket.seen(row, &self.inner.people)),
            Err(field) => {
                let id = json::text(row, "ticket_id").unwrap_or("unknown");
                tracing::warn!(ticket = id, field, "a changed ticket could not be read and was left out");
                None
            }
        }
    }
}

pub(super) fn unreadable(field: &str) -> Miss {
    Miss::Unreadable(format!("AlgaPSA's answer is a ticket whose {field} can't be read"))
}
