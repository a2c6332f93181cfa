//! Reading the table: all of it, or every problem at once.

use super::guard::bare;
use crate::config_file::Problem;
use nightdesk_core::ids::OrganizationId;
use nightdesk_engine::context::{Context, Mapping};
use nightdesk_engine::desk;
use nightdesk_engine::mapping::TableRow;
use std::collections::HashMap;

const COLUMNS: [&str; 4] = ["id", "name", "client", "ignored"];

/// Reads a table; what it has no column for stays as `mapping` has it.
pub(super) fn parse(text: &[u8], context: &Context, mapping: &Mapping) -> Result<Vec<TableRow>, Vec<Problem>> {
    // Spreadsheets write a byte order mark, and semicolons where the comma is the decimal sign.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let heading = text.split(|b| *b == b'\n').next().unwrap_or_default();
    let delimiter = if heading.contains(&b';') && !heading.contains(&b',') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(text);
    let mut reading = Reading { context, mapping, seen: HashMap::new(), problems: Vec::new() };
    let columns = match reader.headers() {
        Ok(headers) => reading.columns(headers),
        Err(e) => {
            reading.report(Some(1), "", format!("cannot be read: {e}"), "UTF-8 text");
            None
        }
    };
    let Some(columns) = columns else { return Err(reading.problems) };
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => rows.extend(reading.row(&record, &columns)),
            Err(e) => {
                let line = e.position().map(csv::Position::line);
                reading.report(
                    line,
                    "",
                    format!("cannot be read: {e}"),
                    "UTF-8 text with as many cells as the heading",
                );
            }
        }
    }
    if reading.problems.is_empty() { Ok(rows) } else { Err(reading.problems) }
}

/// At which place each column stands.
struct Columns {
    id: usize,
    client: usize,
    ignored: Option<usize>,
    count: usize,
}

struct Reading<'a> {
    context: &'a Context,
    mapping: &'a Mapping,
    /// The line on which each organization stood.
    seen: HashMap<i64, u64>,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn report(&mut self, line: Option<u64>, key: &str, message: String, expected: impl Into<String>) {
        let line = line.and_then(|l| usize::try_from(l).ok());
        self.problems.push(Problem { line, key: key.to_owned(), message, expected: expected.into() });
    }

    fn columns(&mut self, headers: &csv::StringRecord) -> Option<Columns> {
        let names: Vec<String> = headers.iter().map(str::to_lowercase).collect();
        let heading = COLUMNS.join(",");
        for (place, name) in names.iter().enumerate() {
            if !COLUMNS.contains(&name.as_str()) {
                self.report(Some(1), "heading", format!("has the column {name:?}"), heading.clone());
            } else if names[..place].contains(name) {
                self.report(Some(1), "heading", format!("has the column {name:?} twice"), heading.clone());
            }
        }
        let place = |name: &str| names.iter().position(|n| n == name);
        let (Some(id), Some(client)) = (place("id"), place("client")) else {
            self.report(Some(1), "heading", "lacks id or client".into(), heading);
            return None;
        };
        Some(Columns { id, client, ignored: place("ignored"), count: names.len() })
    }

    fn row(&mut self, record: &csv::StringRecord, columns: &Columns) -> Option<TableRow> {
        let line = record.position().map(csv::Position::line);
        if record.len() != columns.count {
            let found = format!("has {} cells", record.len());
            self.report(line, "line", found, format!("{}, as in the heading", columns.count));
            return None;
        }
        let cell = |place: usize| bare(record.get(place).unwrap_or_default());
        let id = self.id(cell(columns.id), line);
        let client = self.client(cell(columns.client), line);
        let flag = columns.ignored.map(|place| self.flag(cell(place), line));
        let id = id?;
        let ignored = match flag {
            Some(flag) => flag?,
            None => self.mapping.get(id).is_some_and(|o| o.ignored),
        };
        Some(TableRow { id, name: None, client: client?, ignored })
    }

    fn id(&mut self, cell: &str, line: Option<u64>) -> Option<OrganizationId> {
        let Some(id) = cell.parse::<i64>().ok().filter(|n| *n > 0) else {
            self.report(line, "id", format!("is {cell:?}"), "the organization's number at Huntress");
            return None;
        };
        if let Some(first) = self.seen.insert(id, line.unwrap_or(0)) {
            self.report(line, "id", format!("is {id}, which line {first} has too"), "each organization once");
            return None;
        }
        Some(OrganizationId(id))
    }

    /// Outer `None` for a problem.
    #[allow(clippy::option_option)]
    fn client(&mut self, cell: &str, line: Option<u64>) -> Option<Option<String>> {
        if cell.is_empty() {
            return Some(None);
        }
        match desk::find_client(self.context, cell) {
            Ok(client) => Some(Some(client.name.clone())),
            Err(desk::Error::AmbiguousClient { choices, .. }) => {
                self.report(line, "client", format!("is {cell:?}, which fits several clients"), choices.to_string());
                None
            }
            Err(desk::Error::UnknownClient { near, .. }) if !near.0.is_empty() => {
                self.report(line, "client", format!("is {cell:?}, which is no client"), near.0.join(" or "));
                None
            }
            Err(_) => {
                self.report(
                    line,
                    "client",
                    format!("is {cell:?}, which is no client"),
                    "a client of the PSA, or nothing",
                );
                None
            }
        }
    }

    fn flag(&mut self, cell: &str, line: Option<u64>) -> Option<bool> {
        match cell.to_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "" | "false" | "no" | "0" => Some(false),
            _ => {
                self.report(line, "ignored", format!("is {cell:?}"), "true or false");
                None
            }
        }
    }
}
