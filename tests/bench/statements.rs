//! How many statements a page costs.

use crate::Outcome;
use crate::sample::{Desk, PAGE, pages};
use crate::table::Table;
use std::sync::atomic::{AtomicUsize, Ordering};

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// The search's table is a module of SQLite's that keeps its words in tables of its own: what it runs there, which SQLite marks
/// with `--` or which names those tables, are not our statements.
fn count(sql: &str) {
    if !sql.starts_with("--") && !sql.contains("'ticket_search_") {
        COUNT.fetch_add(1, Ordering::Relaxed);
    }
}

/// Counts a page of new incidents and the same page again; the bounds are 6 for each incident and 6 for the whole page.
pub fn measure(table: &mut Table) -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut desk = Desk::open(folder.path())?;
    let pages = pages(1, 2)?;
    desk.take(&pages[0])?;
    desk.store.trace_statements(Some(count));
    COUNT.store(0, Ordering::Relaxed);
    let new = desk.take(&pages[1])?;
    let for_new = COUNT.swap(0, Ordering::Relaxed);
    let again = desk.take(&pages[1])?;
    let for_known = COUNT.swap(0, Ordering::Relaxed);
    desk.store.trace_statements(None);
    assert_eq!((usize::try_from(new.new)?, usize::try_from(again.unchanged)?), (PAGE, PAGE));
    table.amount("statements of a page of which nothing changed", for_known as f64, "", 6.0);
    let each = (for_new - for_known) as f64 / PAGE as f64;
    table.amount("statements for each new incident", each, "", 6.0);
    Ok(())
}
