//! The mapping table as CSV: taken elsewhere, worked on in a spreadsheet, and brought back.

mod guard;
mod parse;

use crate::error::{Code, Error};
use chrono::{DateTime, Utc};
use guard::guarded;
use nightdesk_core::ids::{OrganizationId, TicketId};
use nightdesk_engine::context::{Context, Mapping};
use nightdesk_engine::mapping;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use std::io::Write;
use ts_rs::TS;

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Imported {
    /// Organizations whose mapping is different now.
    #[ts(type = "Array<number>")]
    pub changed: Vec<OrganizationId>,
    /// How many lines said what was so already.
    pub unchanged: u32,
    /// Withheld incidents that got a ticket.
    #[ts(type = "Array<number>")]
    pub opened: Vec<TicketId>,
}

/// Writes the whole table, `id,name,client,ignored`, by organization number; answers how many lines. Cells that a
/// spreadsheet would run as a formula are written with an apostrophe before them, which the import takes off again.
///
/// # Errors
/// The store's; `DiskFull` or `Internal` when the writer fails.
pub fn orgs_export(tx: &Tx<'_>, out: &mut dyn Write) -> Result<u64, Error> {
    let rows = mapping::export(tx, &Context::load(tx)?)?;
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["id", "name", "client", "ignored"]).map_err(|e| written(&e))?;
    let mut count = 0;
    for row in rows {
        let text = |t: Option<String>| guarded(&t.unwrap_or_default());
        csv.write_record([row.id.to_string(), text(row.name), text(row.client), row.ignored.to_string()])
            .map_err(|e| written(&e))?;
        count += 1;
    }
    csv.flush().map_err(|e| written(&csv::Error::from(e)))?;
    Ok(count)
}

fn written(e: &csv::Error) -> Error {
    let full = matches!(e.kind(), csv::ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::StorageFull);
    let code = if full { Code::DiskFull } else { Code::Internal };
    Error::new(code, format!("the table could not be written: {e}"))
}

/// Sets what a table says, whole or not at all. Organizations that it doesn't name keep what they have, a line without
/// a client unmaps, and open triage tickets stay in place. The name is for the reader and isn't looked at.
///
/// # Errors
/// `InvalidInput` with every problem and its line; nothing may then be committed.
pub fn orgs_import(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, text: &[u8]) -> Result<Imported, Error> {
    let context = Context::load(tx)?;
    let known = Mapping::load(tx, context.account_id())?;
    let rows = parse::parse(text, &context, &known).map_err(|p| Error::problems("nothing was imported", p))?;
    let done = mapping::import(tx, &context, now, actor, &rows)?;
    Ok(Imported { changed: done.changed, unchanged: done.unchanged, opened: done.opened })
}
