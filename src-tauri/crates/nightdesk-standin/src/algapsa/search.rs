//! `GET /tickets/search`.

use super::query::{Query, csv};
use super::refusal::{Outcome, Reply};
use super::route::Asked;
use super::ticket::TicketRow;
use super::ticket_filter::Column;

const LARGEST: usize = 100;
const UNLESS_GIVEN: usize = 25;

/// Tickets that hold a text, open ones unless asked, the newest first; what exceeds the limit is cut off unsaid.
pub(crate) fn search(asked: &mut Asked<'_>) -> Outcome {
    let mut query = Query::of(asked.request);
    let text = query.text("query").unwrap_or_default().to_lowercase();
    if text.is_empty() {
        query.issues.missing("query");
    }
    let columns = columns(&mut query);
    let statuses = query.ids("status_ids");
    let priorities = query.ids("priority_ids");
    let clients = query.ids("client_ids");
    let assigned = query.ids("assigned_to_ids");
    let closed_too = query.flag("include_closed") == Some(true);
    let limit = query.number("limit", 1, LARGEST, UNLESS_GIVEN);
    asked.ignore(query.settle()?);
    let state = &*asked.state;
    let among = |ids: &Option<Vec<String>>, id: Option<&String>| {
        ids.as_ref().is_none_or(|ids| id.is_some_and(|id| ids.contains(id)))
    };
    let mut rows: Vec<&TicketRow> = state.tickets.values().filter(|row| closed_too || !row.is_closed).collect();
    rows.retain(|row| {
        columns.iter().any(|at| at.of(row, state).is_some_and(|value| value.to_lowercase().contains(&text)))
            && among(&statuses, Some(&row.status))
            && among(&priorities, Some(&row.priority))
            && among(&clients, Some(&row.client))
            && among(&assigned, row.assigned_to.as_ref())
    });
    rows.sort_by_key(|row| std::cmp::Reverse(row.made));
    Ok(Reply::data(rows.into_iter().take(limit).map(|row| row.named(state)).collect()))
}

fn columns(query: &mut Query) -> Vec<Column> {
    let Some(text) = query.text("fields") else { return vec![Column::Title, Column::Number] };
    let mut columns = Vec::new();
    for name in csv(&text) {
        columns.push(match name.as_str() {
            "title" => Column::Title,
            "ticket_number" => Column::Number,
            "client_name" => Column::ClientName,
            "contact_name" => Column::ContactName,
            _ => {
                query.issues.add("invalid_enum_value", "fields", format!("There is no field {name}"));
                continue;
            }
        });
    }
    columns
}
