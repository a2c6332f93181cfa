//! The first backfill: 10,000 incidents on 20 pages, from bytes received to tickets committed.

use crate::Outcome;
use crate::sample::{Desk, PAGE, pages};
use crate::table::{Table, median, timed};
use rusqlite::Connection;
use rusqlite::types::Value;
use std::path::Path;
use std::time::Duration;

const PAGES: usize = 20;
const RUNS: usize = 5;

/// The rows that a page leaves, by their numbers; a new incident gets the same one in each table.
const ROWS: [&str; 6] = [
    "SELECT * FROM ticket WHERE id > ?1 AND id <= ?2",
    "SELECT * FROM timeline WHERE id > ?1 AND id <= ?2",
    "SELECT * FROM incident WHERE row > ?1 AND row <= ?2",
    // The first two entries are the store's beginning and its configuration.
    "SELECT * FROM ledger WHERE seq > ?1 + 2 AND seq <= ?2 + 2",
    // Agents are numbered from 10,000 on in the sample.
    "SELECT * FROM look_up WHERE kind = 'agent' AND id > ?1 + 10000 AND id <= ?2 + 10000",
    // In place of the search's own form: the words that a ticket is found by.
    "SELECT id, number || ' ' || title || ' ' || (SELECT json_extract(facts, '$.summary') FROM incident WHERE row = ticket.id)
        FROM ticket WHERE id > ?1 AND id <= ?2",
];

type Rows = Vec<Vec<Value>>;

/// Measures it.
pub fn measure(table: &mut Table) -> Outcome {
    let pages = pages(1, PAGES)?;
    let bytes: usize = pages.iter().map(Vec::len).sum();
    eprintln!("backfill: {PAGES} pages of {PAGE}, {:.1} MB", bytes as f64 / 1e6);
    let rows = rows_of(&pages)?;
    let (mut measured, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        // In turn, so that a busy machine slows both.
        measured.push(desk(&pages)?);
        floor.push(plain(&pages, &rows)?);
        eprintln!("backfill: {:?} beside {:?}", measured.last(), floor.last());
    }
    table.ratio("backfill of 10,000 incidents", median(measured), median(floor), 3.0);
    Ok(())
}

fn desk(pages: &[Vec<u8>]) -> Result<Duration, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let mut desk = Desk::open(folder.path())?;
    let (took, out) = timed(|| pages.iter().try_for_each(|page| desk.take(page).map(drop)));
    out?;
    Ok(took)
}

/// The rows that each page leaves, by table.
fn rows_of(pages: &[Vec<u8>]) -> Result<Vec<Vec<Rows>>, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let mut desk = Desk::open(folder.path())?;
    for page in pages {
        let counts = desk.take(page)?;
        assert_eq!(usize::try_from(counts.tickets_created)?, PAGE, "every incident of the sample gets a ticket");
    }
    let conn = Connection::open(desk.store.path())?;
    let mut out = Vec::new();
    for page in 0..u32::try_from(pages.len())? {
        let size = u32::try_from(PAGE)?;
        let mut tables = Vec::new();
        for sql in ROWS {
            let mut statement = conn.prepare(sql)?;
            let columns = statement.column_count();
            let found = statement.query_map([page * size, (page + 1) * size], |r| {
                (0..columns).map(|i| r.get::<_, Value>(i)).collect::<Result<Vec<_>, _>>()
            })?;
            tables.push(found.collect::<Result<Rows, _>>()?);
        }
        out.push(tables);
    }
    Ok(out)
}

/// The floor: the same bytes parsed, the same rows put into tables without indexes or conditions, one durable transaction a page.
fn plain(pages: &[Vec<u8>], rows: &[Vec<Rows>]) -> Result<Duration, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let mut conn = plain_store(&folder.path().join("plain.db"), &rows[0])?;
    let (took, out) = timed(|| -> Outcome {
        for (page, tables) in pages.iter().zip(rows) {
            let parsed: serde_json::Value = serde_json::from_slice(page)?;
            std::hint::black_box(&parsed);
            let tx = conn.transaction()?;
            for (number, rows) in tables.iter().enumerate() {
                let Some(first) = rows.first() else { continue };
                let marks = vec!["?"; first.len()].join(", ");
                let mut insert = tx.prepare_cached(&format!("INSERT INTO plain{number} VALUES ({marks})"))?;
                for row in rows {
                    insert.execute(rusqlite::params_from_iter(row))?;
                }
            }
            tx.commit()?;
        }
        Ok(())
    });
    out?;
    Ok(took)
}

fn plain_store(path: &Path, tables: &[Rows]) -> Result<Connection, rusqlite::Error> {
    let conn = Connection::open(path)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    for (number, rows) in tables.iter().enumerate() {
        let columns: Vec<String> = (0..rows.first().map_or(1, Vec::len)).map(|c| format!("c{c}")).collect();
        conn.execute(&format!("CREATE TABLE plain{number} ({})", columns.join(", ")), [])?;
    }
    Ok(conn)
}
