//! Whether the desk stays as quick with a million tickets as with ten thousand.

use crate::Outcome;
use crate::sample::{Desk, PAGE, now, pages};
use crate::table::{Table, median, timed};
use nightdesk_api::{self as api, TicketsAsked};
use rusqlite::Connection;
use std::time::Duration;

/// Incidents that the SOC has open, and their tickets: the present doesn't grow with the past.
const OPEN: i64 = 1_000;

/// Pages taken in, of which the median counts.
const TAKEN: usize = 9;

struct Times {
    status: Duration,
    board: Duration,
    word: Duration,
    half: Duration,
    rare: Duration,
    ingest: Duration,
}

/// Compares a store of 10,000 tickets with one of 1,000,000 (`small`: 100,000).
pub fn measure(table: &mut Table, small: bool) -> Outcome {
    let many = if small { 100_000 } else { 1_000_000 };
    let new = pages(10_000_001, TAKEN)?;
    let few = times(10_000, &new)?;
    let many = times(many, &new)?;
    table.ratio("million: status", many.status, few.status, 1.5);
    table.ratio("million: triage board, open, 200", many.board, few.board, 1.5);
    table.ratio("million: search for a word, 100", many.word, few.word, 5.0);
    table.ratio("million: search for half a word, 100", many.half, few.half, 5.0);
    table.ratio("million: search for one ticket", many.rare, few.rare, 5.0);
    table.ratio("million: a page taken in", many.ingest, few.ingest, 1.2);
    Ok(())
}

fn times(tickets: i64, new: &[Vec<u8>]) -> Result<Times, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let mut desk = Desk::open(folder.path())?;
    desk.take(&pages(1, 1)?[0])?;
    let (took, filled) = timed(|| fill(desk.store.path(), tickets));
    filled?;
    eprintln!("million: {tickets} tickets in {:.0} s", took.as_secs_f64());

    let status = repeat(200, || desk.store.read(|tx| api::status(tx, now())).map(drop))?;
    let mut list = |search: Option<&str>, board: Option<&str>, limit: u32, least: usize| {
        let asked = TicketsAsked {
            board: board.map(str::to_owned),
            open: board.is_some(),
            search: search.map(str::to_owned),
            limit: Some(limit),
            ..TicketsAsked::default()
        };
        repeat(100, || -> Result<(), api::Error> {
            let found = desk.store.read(|tx| api::tickets(tx, &asked))?;
            assert!(found.len() >= least, "{asked:?} finds {}", found.len());
            Ok(())
        })
    };
    let board = list(None, Some("Triage"), 200, 200)?;
    let word = list(Some("canary"), None, 100, 100)?;
    let half = list(Some("harbour cana"), None, 100, 100)?;
    let rare = list(Some("T-6005"), None, 100, 1)?;
    let mut taken = Vec::new();
    for page in new {
        let (took, counts) = timed(|| desk.take(page));
        assert_eq!(usize::try_from(counts?.new)?, PAGE);
        taken.push(took);
    }
    Ok(Times { status, board, word, half, rare, ingest: median(taken) })
}

fn repeat<E>(times: usize, mut f: impl FnMut() -> Result<(), E>) -> Result<Duration, E> {
    f()?;
    let mut taken = Vec::new();
    for _ in 0..times {
        let (took, out) = timed(&mut f);
        out?;
        taken.push(took);
    }
    Ok(median(taken))
}

/// Multiplies the page that is there: each row of it again and again under the next numbers, closed but for the last
/// ones, with the raw bytes gone as they are after 90 days.
fn fill(path: &std::path::Path, tickets: i64) -> Outcome {
    let mut conn = Connection::open(path)?;
    conn.pragma_update(None, "synchronous", "OFF")?;
    conn.pragma_update(None, "cache_size", -400_000)?;
    let tx = conn.transaction()?;
    let page = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let copies = tickets / page - 1;
    let open_after = tickets - OPEN;
    tx.execute_batch(&format!(
        "UPDATE ticket SET state = 'closed_by_soc', is_open = 0, closed_at = changed_at;
         UPDATE incident SET is_open = 0, raw = NULL, facts = json_remove(facts, '$.body', '$.remediations');
         CREATE TEMP TABLE copy AS WITH RECURSIVE n (k) AS (VALUES (1) UNION ALL SELECT k + 1 FROM n WHERE k < {copies}) SELECT k FROM n;
         CREATE TEMP TABLE shape AS SELECT * FROM ticket;
         CREATE TEMP TABLE facts AS SELECT * FROM incident;
         CREATE TEMP TABLE said AS SELECT * FROM timeline;
         INSERT INTO ticket SELECT id + k * {page}, 'T-' || (id + k * {page} + 1000), title, account_id, incident_id + k * {page},
             quarantine_key, organization_id, client_id, board_id, status_id, category_id, priority_id, priority_assumed, severity,
             CASE WHEN id + k * {page} > {open_after} THEN 'open' ELSE state END, id + k * {page} > {open_after},
             unmapped, touched, moved, assignee, via_mapping, created_at, changed_at,
             CASE WHEN id + k * {page} > {open_after} THEN NULL ELSE closed_at END, remote_id, severity_rank
             FROM copy CROSS JOIN shape ORDER BY k, id;
         INSERT INTO timeline SELECT id + k * {page}, ticket_id + k * {page}, at, kind, actor, body FROM copy CROSS JOIN said ORDER BY k, id;
         INSERT INTO incident SELECT row + k * {page}, account_id, id + k * {page}, organization_id, agent_id, ticket_id + k * {page} > {open_after},
             class, ticket_id + k * {page}, updated_at, digest, first_seen_at, first_seen_by, received_at, gone_at, facts, raw, polled_at, posted_at
             FROM copy CROSS JOIN facts ORDER BY k, row;
         INSERT INTO ticket_search (rowid, words) SELECT t.id, t.number || ' ' || t.title || ' ' || o.name || ' ' || i.id || ' ' || json_extract(i.facts, '$.summary')
             FROM ticket t JOIN incident i ON i.row = t.id JOIN organization o ON o.account_id = t.account_id AND o.id = t.organization_id
             WHERE t.id > {page} ORDER BY t.id;
         INSERT INTO ledger SELECT seq, bytes, hash FROM (SELECT (SELECT MAX(seq) FROM ledger) + 1 + k * {page} + n.id AS seq, l.bytes, l.hash
             FROM copy CROSS JOIN shape n CROSS JOIN (SELECT bytes, hash FROM ledger ORDER BY seq DESC LIMIT 1) l ORDER BY k, n.id);
         INSERT INTO sweep_listing SELECT account_id, 1, id FROM incident WHERE is_open = 1;
         INSERT INTO setting (name, value) VALUES ('sweep_number', '1') ON CONFLICT (name) DO UPDATE SET value = '1';
         UPDATE tally SET n = {tickets} WHERE name IN ('seen', 'ticketed', 'tickets');
         UPDATE tally SET n = {OPEN} WHERE name = 'open_incidents';"
    ))?;
    tx.commit()?;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    // Else the first commits that are measured would wait for all of this to reach the disk.
    std::fs::File::open(path)?.sync_all()?;
    Ok(())
}
