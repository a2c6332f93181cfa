//! Lists: filters, order and pages.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::dialect::PageEdge;
use super::page_token::{PageToken, SortValue};
use super::request::Request;
use super::resource::{Resource, Values};
use super::row::{Row, Table};

const DEFAULT_LIMIT: usize = 10;
const MAX_LIMIT: usize = 500;

/// What a list request asks for, checked.
#[derive(Debug)]
pub(crate) struct Ask {
    resource: Resource,
    pub(crate) limit: usize,
    sort_field: String,
    descending: bool,
    token: Option<PageToken>,
    filters: Vec<(&'static str, String)>,
}

impl Ask {
    /// Reads the parameters; the error is the message of the 400.
    pub(crate) fn of(resource: Resource, request: &Request) -> Result<Self, String> {
        let limit = limit(request)?;
        let sort_field = request.param("sort_field").unwrap_or("id").to_owned();
        if !resource.sort_fields().contains(&sort_field.as_str()) {
            return Err("sort_field does not have a valid value".to_owned());
        }
        let descending = match request.param("sort_direction").unwrap_or("desc") {
            "desc" => true,
            "asc" => false,
            _ => return Err("sort_direction does not have a valid value".to_owned()),
        };
        let mut filters = Vec::new();
        for (name, values) in resource.filters() {
            if let Some(value) = request.param(name) {
                if !allowed(*values, value) {
                    return Err(format!("{name} does not have a valid value"));
                }
                filters.push((*name, value.to_owned()));
            }
        }
        let mut ask = Self { resource, limit, sort_field, descending, token: None, filters };
        if let Some(text) = request.param("page_token") {
            let token = PageToken::decode(text).filter(|token| token.order == ask.order());
            ask.token = Some(token.ok_or("page_token is invalid")?);
        }
        Ok(ask)
    }

    fn order(&self) -> String {
        let direction = if self.descending { "desc" } else { "asc" };
        format!("{} {} {direction}", self.resource.plural(), self.sort_field)
    }

    /// The page, and the token of the next one if there is one.
    pub(crate) fn page<'a>(
        &self,
        table: &'a Table,
        edge: PageEdge,
        now: DateTime<Utc>,
    ) -> (Vec<(i64, &'a Row)>, Option<String>) {
        let mut rows: Vec<(SortValue, i64, &Row)> = table
            .iter()
            .filter(|(_, row)| self.filters.iter().all(|(name, value)| matches(self.resource, row, name, value, now)))
            .map(|(id, row)| (self.sort_value(*id, row), *id, row))
            .filter(|(value, id, _)| self.beyond_token(value, *id, edge))
            .collect();
        rows.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        if self.descending {
            rows.reverse();
        }
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let token = rows
            .last()
            .filter(|_| more)
            .map(|(value, id, _)| PageToken { order: self.order(), value: value.clone(), id: *id }.encode());
        (rows.into_iter().map(|(_, id, row)| (id, row)).collect(), token)
    }

    fn sort_value(&self, id: i64, row: &Row) -> SortValue {
        let time = |at: DateTime<Utc>| SortValue::Number(at.timestamp_micros());
        match self.sort_field.as_str() {
            "created_at" => time(row.created_at),
            "updated_at" => time(row.updated_at),
            "due_at" => row.due_at.map_or(SortValue::Number(i64::MAX), time),
            "severity" => SortValue::Number(match row.text("severity") {
                Some("critical") => 3,
                Some("high") => 2,
                Some("low") => 1,
                _ => 0,
            }),
            "name" | "key" => SortValue::Text(row.text(&self.sort_field).unwrap_or_default().to_owned()),
            _ => SortValue::Number(id),
        }
    }

    fn beyond_token(&self, value: &SortValue, id: i64, edge: PageEdge) -> bool {
        let Some(token) = &self.token else { return true };
        let order = match edge {
            PageEdge::Exact => (value, id).cmp(&(&token.value, token.id)),
            PageEdge::Repeats | PageEdge::Misses => value.cmp(&token.value),
        };
        let order = if self.descending { order.reverse() } else { order };
        order.is_gt() || (edge == PageEdge::Repeats && order.is_eq())
    }
}

/// The checked page size: 1 to 500, 10 unless asked otherwise.
pub(crate) fn limit(request: &Request) -> Result<usize, String> {
    match request.param("limit").map(str::parse::<usize>) {
        None => Ok(DEFAULT_LIMIT),
        Some(Ok(limit)) if (1..=MAX_LIMIT).contains(&limit) => Ok(limit),
        Some(_) => Err(format!("limit must be between 1 and {MAX_LIMIT}")),
    }
}

fn allowed(values: Values, value: &str) -> bool {
    match values {
        Values::OneOf(list) => list.contains(&value),
        Values::Integer => value.parse::<i64>().is_ok(),
        Values::Text => true,
    }
}

fn matches(resource: Resource, row: &Row, filter: &str, wanted: &str, now: DateTime<Utc>) -> bool {
    let notice = matches!(resource, Resource::Escalations | Resource::PlatformActions);
    match filter {
        "status" if notice => {
            let resolved = row.text("status") == Some("resolved");
            match wanted {
                "resolved" => resolved,
                "overdue" => !resolved && row.due_at.is_some_and(|due| due < now),
                _ => !resolved,
            }
        }
        "organization_id" if notice => {
            let listed = row.wire.get("organizations").and_then(Value::as_array);
            let ids = listed.into_iter().flatten().filter_map(|one| one.get("id")?.as_i64());
            ids.into_iter().any(|id| wanted.parse() == Ok(id))
        }
        "organization_id" | "agent_id" => row.integer(filter).is_some_and(|id| wanted.parse() == Ok(id)),
        "indicator_type" => row
            .wire
            .get("indicator_types")
            .and_then(Value::as_array)
            .is_some_and(|list| list.iter().any(|kind| kind.as_str() == Some(wanted))),
        _ => row.text(filter) == Some(wanted),
    }
}
