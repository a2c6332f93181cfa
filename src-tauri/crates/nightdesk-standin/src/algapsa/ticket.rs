//! Tickets, as the desk keeps them, as its answers show them and as tests read them.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::catalogue::Status;
use super::rich_text;
use super::stamp::stamp;
use super::state::State;

/// A ticket as it stands, with names.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticket {
    /// UUID.
    pub id: String,
    /// The number that people use, such as `TIC1001`.
    pub number: String,
    /// The title.
    pub title: String,
    /// The board's name.
    pub board: String,
    /// The board.
    pub board_id: String,
    /// The client's name.
    pub client: String,
    /// The client.
    pub client_id: String,
    /// The status' name.
    pub status: String,
    /// The status.
    pub status_id: String,
    /// The priority's name.
    pub priority: String,
    /// The priority.
    pub priority_id: String,
    /// The category's name.
    pub category: Option<String>,
    /// The subcategory's name.
    pub subcategory: Option<String>,
    /// The name of the user that it is assigned to.
    pub assigned_to: Option<String>,
    /// The free attributes, `null` when there are none.
    pub attributes: Value,
    /// The body as people see it.
    pub description_html: String,
    /// `api` for one made over the API.
    pub source: &'static str,
    /// Whether its status is a closed one.
    pub is_closed: bool,
    /// When it was opened.
    pub entered_at: DateTime<Utc>,
    /// The name of the user who opened it.
    pub entered_by: Option<String>,
    /// When the ticket itself was last changed; comments and tags don't count.
    pub updated_at: DateTime<Utc>,
    /// The name of the user who changed it last.
    pub updated_by: Option<String>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The name of the user who closed it.
    pub closed_by: Option<String>,
}

/// The event of a ticket's being closed, to which the vendor ties its clocks, surveys and webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The ticket.
    pub ticket_id: String,
    /// The name of the user who closed it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A row of the table of tickets.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TicketRow {
    /// The order in which tickets were made.
    pub(crate) made: u64,
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) url: Option<String>,
    pub(crate) board: String,
    pub(crate) client: String,
    pub(crate) status: String,
    pub(crate) priority: String,
    pub(crate) category: Option<String>,
    pub(crate) subcategory: Option<String>,
    pub(crate) assigned_to: Option<String>,
    pub(crate) attributes: Value,
    pub(crate) source: &'static str,
    pub(crate) is_closed: bool,
    pub(crate) entered_at: DateTime<Utc>,
    pub(crate) entered_by: String,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) updated_by: Option<String>,
    pub(crate) closed_at: Option<DateTime<Utc>>,
    pub(crate) closed_by: Option<String>,
}

impl TicketRow {
    /// Puts it into a status, which closes or reopens it as the status says.
    pub(crate) fn take_status(&mut self, status: &Status, by: &str, at: DateTime<Utc>) {
        self.status.clone_from(&status.id);
        if status.is_closed && !self.is_closed {
            self.closed_at = Some(at);
            self.closed_by = Some(by.to_owned());
        } else if !status.is_closed {
            self.closed_at = None;
            self.closed_by = None;
        }
        self.is_closed = status.is_closed;
    }

    pub(crate) fn touch(&mut self, by: &str, at: DateTime<Utc>) {
        self.updated_at = at;
        self.updated_by = Some(by.to_owned());
    }

    /// The row alone, as creating answers it.
    pub(crate) fn bare(&self, tenant: &str) -> Value {
        json!({
            "ticket_id": self.id,
            "ticket_number": self.number,
            "title": self.title,
            "url": self.url,
            "board_id": self.board,
            "client_id": self.client,
            "location_id": null,
            "contact_name_id": null,
            "status_id": self.status,
            "category_id": self.category,
            "subcategory_id": self.subcategory,
            "priority_id": self.priority,
            "entered_by": self.entered_by,
            "updated_by": self.updated_by,
            "closed_by": self.closed_by,
            "assigned_to": self.assigned_to,
            "assigned_team_id": null,
            "entered_at": stamp(self.entered_at),
            "updated_at": stamp(self.updated_at),
            "closed_at": self.closed_at.map(stamp),
            "due_date": null,
            "is_closed": self.is_closed,
            "source": self.source,
            "ticket_origin": self.source,
            "attributes": self.attributes,
            "tenant": tenant,
        })
    }

    /// The row with the names of what it points to and its tags, as lists give it.
    pub(crate) fn named(&self, state: &State) -> Value {
        let mut row = self.bare(&state.tenant);
        let seen = self.seen(state);
        let tags = state.tags.get(&("ticket".to_owned(), self.id.clone()));
        let tags: Vec<&str> = tags.into_iter().flatten().map(|tag| tag.text.as_str()).collect();
        if let Some(fields) = row.as_object_mut() {
            for (name, value) in [
                ("client_name", json!(seen.client)),
                ("contact_name", Value::Null),
                ("status_name", json!(seen.status)),
                ("status_is_closed", json!(self.is_closed)),
                ("priority_name", json!(seen.priority)),
                ("category_name", json!(seen.category)),
                ("subcategory_name", json!(seen.subcategory)),
                ("board_name", json!(seen.board)),
                ("entered_by_name", json!(seen.entered_by)),
                ("assigned_to_name", json!(seen.assigned_to)),
                ("tags", json!(tags)),
            ] {
                fields.insert(name.to_owned(), value);
            }
        }
        row
    }

    /// The row with names and the rendered body, as single reads and updates give it.
    pub(crate) fn whole(&self, state: &State) -> Value {
        let mut row = self.named(state);
        if let Some(fields) = row.as_object_mut() {
            fields.insert("description_html".to_owned(), self.description_html().into());
            fields.insert("documents".to_owned(), json!([]));
        }
        row
    }

    fn description_html(&self) -> String {
        match self.attributes.get("description") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => rich_text::html(text),
            Some(other) => rich_text::html(&other.to_string()),
        }
    }

    pub(crate) fn seen(&self, state: &State) -> Ticket {
        let name = |id: &Option<String>| state.user_name(id.as_deref());
        let category = |id: &Option<String>| state.categories.get(id.as_ref()?).map(|one| one.name.clone());
        Ticket {
            id: self.id.clone(),
            number: self.number.clone(),
            title: self.title.clone(),
            board: state.boards.get(&self.board).map(|one| one.name.clone()).unwrap_or_default(),
            board_id: self.board.clone(),
            client: state.clients.get(&self.client).map(|one| one.name.clone()).unwrap_or_default(),
            client_id: self.client.clone(),
            status: state.statuses.get(&self.status).map(|one| one.name.clone()).unwrap_or_default(),
            status_id: self.status.clone(),
            priority: state.priorities.get(&self.priority).map(|one| one.name.clone()).unwrap_or_default(),
            priority_id: self.priority.clone(),
            category: category(&self.category),
            subcategory: category(&self.subcategory),
            assigned_to: name(&self.assigned_to),
            attributes: self.attributes.clone(),
            description_html: self.description_html(),
            source: self.source,
            is_closed: self.is_closed,
            entered_at: self.entered_at,
            entered_by: state.user_name(Some(&self.entered_by)),
            updated_at: self.updated_at,
            updated_by: name(&self.updated_by),
            closed_at: self.closed_at,
            closed_by: name(&self.closed_by),
        }
    }
}

/// A ticket's number as people use it.
pub(crate) fn number(made: u64) -> String {
    format!("TIC{}", 1000 + made)
}
