//! What PostgreSQL would do differently: pragmas, full-text search, change notice, backup.

use crate::{Error, Setting};
use nightdesk_core::ids::TicketId;
use rusqlite::{Connection, OptionalExtension};
use std::time::Duration;

/// How long a writer waits for another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Pages of cache: 4 MiB. The engine must stay small in the tray.
const CACHE_KIB: i64 = 4096;

/// Full-text search is SQLite's own, so its table isn't in the shared migrations. It merges only what it must (16 pieces of
/// a size): merging a little with each page would make a page the slower the more tickets there are.
pub(crate) const SEARCH_SCHEMA: &str = "CREATE VIRTUAL TABLE ticket_search USING fts5(words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='3');
    INSERT INTO ticket_search (ticket_search, rank) VALUES ('automerge', 0);";

/// Settings of every connection. `synchronous=FULL`: what was answered for must survive a power cut.
pub(crate) fn prepare(conn: &Connection) -> Result<(), Error> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    // A page of reports is more than the cache holds. Written early, its index pages would be written again and again.
    conn.pragma_update(None, "cache_spill", false)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "journal_size_limit", 16 * 1024 * 1024)?;
    // What is blanked, as a PIN that was sent, doesn't lie on in a page's free space (ND-12). `FAST` costs no write more.
    conn.query_row("PRAGMA secure_delete = FAST", [], |_| Ok(()))?;
    conn.execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.ticket_term USING fts5vocab('main', 'ticket_search', 'instance')",
    )?;
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

/// The condition that finds tickets by words; every word must occur, the last one as a beginning. `None` when there
/// is nothing to search for, or nothing begins so.
pub(crate) fn match_expression(conn: &Connection, text: &str) -> Result<Option<String>, Error> {
    let mut words: Vec<&str> = text.split_whitespace().map(bare_number).flat_map(parts).collect();
    let Some(last) = words.pop() else { return Ok(None) };
    let mut conditions: Vec<String> = words.into_iter().map(|w| format!("\"{w}\"")).collect();
    conditions.push(match completions(conn, last)? {
        Some(whole) if whole.is_empty() => return Ok(None),
        Some(whole) => format!("({})", whole.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(" OR ")),
        None => format!("\"{last}\" *"),
    });
    Ok(Some(conditions.join(" AND ")))
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

/// `T-1001` without its letter: every ticket has that one, and looking through them all would find nothing more.
fn bare_number(word: &str) -> &str {
    let number = word.strip_prefix("T-").or_else(|| word.strip_prefix("t-"));
    number.filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())).unwrap_or(word)
}

/// The indexed words that begin so, found by leaping from one to the next. A search for whole words stops at the newest
/// hits, while one for a beginning first gathers every ticket that was ever indexed under it. `None` where that can't be
/// done (other letters are folded by the index in its own way), or isn't worth it.
fn completions(conn: &Connection, start: &str) -> Result<Option<Vec<String>>, Error> {
    const MOST: usize = 24;
    // Up to three letters have an index of their own.
    if !start.is_ascii() || start.len() <= 3 {
        return Ok(None);
    }
    let start = start.to_ascii_lowercase();
    let mut next = conn.prepare_cached("SELECT term FROM temp.ticket_term WHERE term >= ?1 LIMIT 1")?;
    let mut found: Vec<String> = Vec::new();
    let mut from = start.clone();
    while let Some(term) = next.query_row([&from], |r| r.get::<_, String>(0)).optional()?
        && term.starts_with(&start)
    {
        // A number that exists means itself, however many others it begins: somebody asks for one ticket or incident.
        if found.is_empty() && term == start && start.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Some(vec![term]));
        }
        if found.len() == MOST {
            return Ok(None);
        }
        from = format!("{term}\u{1}");
        found.push(term);
    }
    Ok(Some(found))
}

/// Copies the database into `to` with the backup API, while others may go on reading and writing.
pub(crate) fn copy(from: &Connection, to: &std::path::Path) -> Result<(), Error> {
    // One snapshot for the whole copy: a commit by another process would otherwise make it begin anew, again and again.
    let snapshot = from.unchecked_transaction()?;
    snapshot.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let mut target = Connection::open(to)?;
    rusqlite::backup::Backup::new(from, &mut target)?.run_to_completion(1024, Duration::from_millis(1), None)?;
    // Whoever works on what was restored from it has to know.
    target.execute(
        "INSERT INTO setting (name, value) VALUES (?1, '1') ON CONFLICT (name) DO UPDATE SET value = '1'",
        [Setting::IsBackup.name()],
    )?;
    // The copy must stand alone, without a log beside it.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_is_a_beginning() {
        let conn = Connection::open_in_memory().unwrap();
        prepare(&conn).unwrap();
        conn.execute_batch(SEARCH_SCHEMA).unwrap();
        let names = ["Canary files on SRV01", "canaries in Zürich", "cannot be read"];
        for (id, words) in (1..).zip(names) {
            index(&conn, TicketId(id), words).unwrap();
        }
        let found = |text: &str| -> Vec<i64> {
            let Some(expression) = match_expression(&conn, text).unwrap() else { return Vec::new() };
            let mut st = conn
                .prepare("SELECT rowid FROM ticket_search WHERE ticket_search MATCH ?1 ORDER BY rowid DESC")
                .unwrap();
            st.query_map([expression], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
        };
        assert_eq!(found("can"), [3, 2, 1]);
        assert_eq!(found("Canar"), [2, 1]);
        assert_eq!(found("canary"), [1]);
        assert_eq!(found("srv01 canary"), [1]);
        assert_eq!(found("züri"), [2]);
        assert_eq!(found("zuri"), [2]);
        assert!(found("cana files srv02").is_empty());
        assert!(found("canter").is_empty());
        assert!(found(" - \"*").is_empty());
        let many: Vec<String> = (0..60).map(|n| format!("host{n}")).collect();
        index(&conn, TicketId(4), &many.join(" ")).unwrap();
        assert_eq!(found("host"), [4]);
        let numbers: Vec<String> = (0..60).map(|n| format!("T-6005{n}")).collect();
        index(&conn, TicketId(5), &numbers.join(" ")).unwrap();
        assert_eq!(found("T-6005"), [5], "half a number is found while there is no such number");
        index(&conn, TicketId(6), "T-6005").unwrap();
        assert_eq!(found("T-6005"), [6], "and means itself where there is");
    }
}
