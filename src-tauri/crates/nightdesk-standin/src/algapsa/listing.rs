//! `GET /tickets`.

use serde_json::Value;

use super::page::Page;
use super::query::{Query, csv};
use super::refusal::Outcome;
use super::route::Asked;
use super::state::State;
use super::ticket::TicketRow;
use super::ticket_filter::{Column, TicketFilter};

/// What `fields` may name.
const FIELDS: [&str; 14] = [
    "ticket_id",
    "ticket_number",
    "title",
    "status_id",
    "status_name",
    "status_is_closed",
    "priority_name",
    "assigned_to_name",
    "client_name",
    "contact_name",
    "updated_at",
    "entered_at",
    "closed_at",
    "tags",
];

/// A word for all of them.
const PRESET: &str = "mobile_list";

/// A page of tickets in the order of the moment.
pub(crate) fn list(asked: &mut Asked<'_>) -> Outcome {
    let mut query = Query::of(asked.request);
    let page = Page::numbered(&mut query);
    let filter = TicketFilter::read(&mut query);
    let column = sort_column(&mut query);
    let descending = query.descending("order", true);
    let fields = fields(&mut query);
    asked.ignore(query.settle()?);
    let state = &*asked.state;
    let mut rows: Vec<&TicketRow> = state.tickets.values().filter(|row| filter.holds(row, state)).collect();
    // The database orders what has no value after everything else, and before it when the order falls.
    rows.sort_by_cached_key(|row| {
        let value = column.of(row, state).map(|text| text.to_lowercase());
        (value.is_none(), value, row.made)
    });
    if descending {
        rows.reverse();
    }
    Ok(page.reply(&rows, |row| shown(row, state, fields.as_deref())))
}

fn sort_column(query: &mut Query) -> Column {
    let Some(name) = query.text("sort") else { return Column::Entered };
    Column::to_sort_by(&name).unwrap_or_else(|| {
        query.issues.add("invalid_enum_value", "sort", "Not a column that tickets can be ordered by");
        Column::Entered
    })
}

fn fields(query: &mut Query) -> Option<Vec<String>> {
    let text = query.text("fields")?;
    let mut fields = Vec::new();
    for name in csv(&text) {
        match name.as_str() {
            PRESET => fields.extend(FIELDS.map(str::to_owned)),
            known if FIELDS.contains(&known) => fields.push(name),
            _ => query.issues.add("invalid_enum_value", "fields", format!("There is no field {name}")),
        }
    }
    Some(fields)
}

fn shown(row: &TicketRow, state: &State, fields: Option<&[String]>) -> Value {
    let whole = row.named(state);
    match (fields, whole) {
        (Some(fields), Value::Object(whole)) => {
            Value::Object(whole.into_iter().filter(|(name, _)| fields.contains(name)).collect())
        }
        (_, whole) => whole,
    }
}
