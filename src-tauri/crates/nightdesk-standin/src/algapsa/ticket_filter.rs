//! Which tickets a list is asked for.

use chrono::{DateTime, Utc};

use super::query::{Query, csv};
use super::state::State;
use super::ticket::TicketRow;

/// The filters of `GET /tickets`, checked. There is none for `attributes`.
#[derive(Debug, Default)]
pub(crate) struct TicketFilter {
    ids: Vec<(Column, Vec<String>)>,
    texts: Vec<(Column, String)>,
    search: Option<String>,
    open_only: bool,
    closed_only: bool,
    assigned: Option<bool>,
    moments: Vec<(Column, Edge, DateTime<Utc>)>,
    tags: Option<Vec<String>>,
}

/// What a filter or an order looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Id,
    Number,
    Title,
    Board,
    Client,
    Status,
    Priority,
    Category,
    Subcategory,
    AssignedTo,
    EnteredBy,
    Location,
    Contact,
    Entered,
    Updated,
    Closed,
    BoardName,
    ClientName,
    ContactName,
    StatusName,
    PriorityName,
    CategoryName,
    IsClosed,
}

#[derive(Clone, Copy, Debug)]
enum Edge {
    From,
    To,
}

impl TicketFilter {
    pub(crate) fn read(query: &mut Query) -> Self {
        let mut filter = Self { search: query.text("search").map(|text| text.to_lowercase()), ..Self::default() };
        for (name, column) in [
            ("board_id", Column::Board),
            ("client_id", Column::Client),
            ("location_id", Column::Location),
            ("contact_name_id", Column::Contact),
            ("status_id", Column::Status),
            ("category_id", Column::Category),
            ("subcategory_id", Column::Subcategory),
            ("entered_by", Column::EnteredBy),
            ("assigned_to", Column::AssignedTo),
            ("priority_id", Column::Priority),
        ] {
            filter.ids.extend(query.id(name).map(|id| (column, vec![id])));
        }
        filter.ids.extend(query.ids("status_ids").map(|ids| (Column::Status, ids)));
        for (name, column) in [
            ("title", Column::Title),
            ("ticket_number", Column::Number),
            ("client_name", Column::ClientName),
            ("contact_name", Column::ContactName),
            ("status_name", Column::StatusName),
            ("priority_name", Column::PriorityName),
            ("category_name", Column::CategoryName),
            ("board_name", Column::BoardName),
        ] {
            filter.texts.extend(query.text(name).map(|text| (column, text.to_lowercase())));
        }
        for (name, column) in [
            ("entered", Column::Entered),
            ("created", Column::Entered),
            ("updated", Column::Updated),
            ("closed", Column::Closed),
        ] {
            let [from, to] = [(Edge::From, "from"), (Edge::To, "to")]
                .map(|(edge, end)| query.moment(&format!("{name}_{end}")).map(|at| (column, edge, at)));
            filter.moments.extend(from.into_iter().chain(to));
        }
        filter.open_only = query.flag("is_open") == Some(true);
        filter.closed_only = query.flag("is_closed") == Some(true);
        filter.assigned = query.flag("has_assignment");
        filter.tags = query.text("tags").map(|tags| csv(&tags));
        filter
    }

    pub(crate) fn holds(&self, row: &TicketRow, state: &State) -> bool {
        let value = |column: Column| column.of(row, state);
        let lower = |column: Column| value(column).unwrap_or_default().to_lowercase();
        self.ids.iter().all(|(column, ids)| value(*column).is_some_and(|id| ids.contains(&id)))
            && self.texts.iter().all(|(column, text)| lower(*column).contains(text.as_str()))
            && self.search.as_ref().is_none_or(|search| {
                [Column::Title, Column::Number, Column::ClientName].into_iter().any(|at| lower(at).contains(search))
            })
            && !(row.is_closed && self.open_only)
            && (row.is_closed || !self.closed_only)
            && self.assigned.is_none_or(|assigned| assigned == row.assigned_to.is_some())
            && self.moments.iter().all(|(column, edge, bound)| {
                column.moment(row).is_some_and(|at| match edge {
                    Edge::From => at >= *bound,
                    Edge::To => at <= *bound,
                })
            })
            && self.tags.as_ref().is_none_or(|wanted| {
                let tags = state.tags.get(&("ticket".to_owned(), row.id.clone()));
                tags.into_iter().flatten().any(|tag| wanted.contains(&tag.text))
            })
    }
}

impl Column {
    fn moment(self, row: &TicketRow) -> Option<DateTime<Utc>> {
        match self {
            Self::Entered => Some(row.entered_at),
            Self::Updated => Some(row.updated_at),
            Self::Closed => row.closed_at,
            _ => None,
        }
    }

    /// What a ticket has there, in a form whose order as text is the order of the column.
    pub(crate) fn of(self, row: &TicketRow, state: &State) -> Option<String> {
        match self {
            Self::Id => Some(row.id.clone()),
            Self::Number => Some(row.number.clone()),
            Self::Title => Some(row.title.clone()),
            Self::Board => Some(row.board.clone()),
            Self::Client => Some(row.client.clone()),
            Self::Status => Some(row.status.clone()),
            Self::Priority => Some(row.priority.clone()),
            Self::Category => row.category.clone(),
            Self::Subcategory => row.subcategory.clone(),
            Self::AssignedTo => row.assigned_to.clone(),
            Self::EnteredBy => Some(row.entered_by.clone()),
            Self::Location | Self::Contact | Self::ContactName => None,
            Self::Entered | Self::Updated | Self::Closed => self.moment(row).map(super::stamp::stamp),
            Self::BoardName => state.boards.get(&row.board).map(|one| one.name.clone()),
            Self::ClientName => state.clients.get(&row.client).map(|one| one.name.clone()),
            Self::StatusName => state.statuses.get(&row.status).map(|one| one.name.clone()),
            Self::PriorityName => state.priorities.get(&row.priority).map(|one| one.name.clone()),
            Self::CategoryName => state.categories.get(row.category.as_ref()?).map(|one| one.name.clone()),
            Self::IsClosed => Some(row.is_closed.to_string()),
        }
    }

    /// The column that a list may be ordered by under a name.
    pub(crate) fn to_sort_by(name: &str) -> Option<Self> {
        Some(match name {
            "ticket_id" => Self::Id,
            "ticket_number" => Self::Number,
            "title" => Self::Title,
            "board_id" => Self::Board,
            "client_id" => Self::Client,
            "status_id" => Self::Status,
            "priority_id" => Self::Priority,
            "category_id" => Self::Category,
            "assigned_to" => Self::AssignedTo,
            "entered_by" => Self::EnteredBy,
            "entered_at" | "created_at" => Self::Entered,
            "updated_at" => Self::Updated,
            "closed_at" => Self::Closed,
            "is_closed" => Self::IsClosed,
            "client_name" => Self::ClientName,
            "status_name" => Self::StatusName,
            "priority_name" => Self::PriorityName,
            _ => return None,
        })
    }
}
