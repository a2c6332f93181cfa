//! What PostgreSQL would do differently: pragmas, full-text search, change notice, backup.

use crate::Error;
use nightdesk_core::ids::TicketId;
use rusqlite::{Connection, OptionalExtension};
use std::time::Duration;

/// How long a writer waits for another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Pages of cache: 4 MiB. The engine must stay small in the tray.
const CACHE_KIB: i64 = 4096;

/// Full-text search is SQLite's own, so its table isn't in the shared migrations.
pub(crate) const SEARCH_SCHEMA: &str = "CREATE VIRTUAL TABLE ticket_search USING fts5(words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='3');";

/// Settings of every connection. `synchronous=FULL`: what was answered for must survive a power cut.
pub(crate) fn prepare(conn: &Connection) -> Result<(), Error> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "journal_size_limit", 16 * 1024 * 1024)?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// The schema's version, 0 for a new file.
pub(crate) fn user_version(conn: &Connection) -> Result<u32, Error> {
    Ok(conn.pragma_query_value(None, "user_version", |r| r.get(0))?)
}

/// A number that changes when another connection, of whatever process, has committed.
pub(crate) fn data_version(conn: &Connection) -> Result<i64, Error> {
    Ok(conn.prepare_cached("PRAGMA data_version")?.query_row([], |r| r.get(0))?)
}

/// `Ok` when the file is sound; else the first finding.
pub(crate) fn quick_check(conn: &Connection) -> Result<(), Error> {
    let found: Option<String> = conn.query_row("PRAGMA quick_check(1)", [], |r| r.get(0)).optional()?;
    match found.as_deref() {
        Some("ok") => Ok(()),
        other => Err(Error::Damaged(other.unwrap_or("no answer to the check").to_owned())),
    }
}

/// Writes the log back into the file and empties it.
pub(crate) fn checkpoint(conn: &Connection) -> Result<(), Error> {
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// Adds a ticket's words to the search.
pub(crate) fn index(conn: &Connection, ticket: TicketId, words: &str) -> Result<(), Error> {
    conn.prepare_cached("INSERT INTO ticket_search (rowid, words) VALUES (?1, ?2)")?.execute((ticket.0, words))?;
    Ok(())
}

/// Replaces a ticket's words.
pub(crate) fn reindex(conn: &Connection, ticket: TicketId, words: &str) -> Result<(), Error> {
    conn.prepare_cached("INSERT OR REPLACE INTO ticket_search (rowid, words) VALUES (?1, ?2)")?
        .execute((ticket.0, words))?;
    Ok(())
}

/// The condition that finds tickets by words; every word must occur, the last one as a beginning. `None` when the
/// text holds nothing to search for.
pub(crate) fn match_expression(text: &str) -> Option<String> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(|w| format!("\"{w}\"")).collect();
    if words.is_empty() { None } else { Some(format!("{} *", words.join(" "))) }
}

/// Copies the database into `to` with the backup API, while others may go on reading and writing.
pub(crate) fn copy(from: &Connection, to: &std::path::Path) -> Result<(), Error> {
    // One snapshot for the whole copy: a commit by another process would otherwise make it begin anew, again and again.
    let snapshot = from.unchecked_transaction()?;
    snapshot.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let mut target = Connection::open(to)?;
    rusqlite::backup::Backup::new(from, &mut target)?.run_to_completion(1024, Duration::from_millis(1), None)?;
    // The copy must stand alone, without a log beside it.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    Ok(())
}
