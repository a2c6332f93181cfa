//! The database, its backups, its ledger, and what it knows of the last read.

use super::Finding;
use crate::DataDir;
use crate::written::head_on_record;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::health::State;
use nightdesk_core::ledger::{Break, Verifier};
use nightdesk_engine::watch;
use nightdesk_store::{Error, LedgerHead, Setting, Store, Tx};

/// A backup older than this was missed at least once.
const OLDEST_BACKUP_HOURS: i64 = 48;

/// Entries of the ledger that are read at a time.
const BATCH: u32 = 1000;

/// Checks the store itself.
pub(super) fn check(dir: &DataDir, store: &mut Store, now: DateTime<Utc>) -> Vec<Finding> {
    vec![
        database(store),
        store.read(|tx| backup(tx, now)).unwrap_or_else(|error| unreadable("backup", &error)),
        store.read(|tx| ledger(tx, dir)).unwrap_or_else(|error| unreadable("ledger", &error)),
        store.read(|tx| last_read(tx, now)).unwrap_or_else(|error| unreadable("last_read", &error)),
    ]
}

fn unreadable(check: &'static str, error: &Error) -> Finding {
    Finding::bad(check, error.to_string(), "restart Nightdesk, which checks the database and recovers it")
}

fn database(store: &Store) -> Finding {
    match store.quick_check() {
        Ok(()) => Finding::good("database", format!("sound: {}", store.path().display())),
        Err(error) => unreadable("database", &error),
    }
}

fn backup(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Finding, Error> {
    const CHECK: &str = "backup";
    const FIX: &str = "leave the engine running, look for \"backup\" in its log, and see that the disk has room";
    Ok(match tx.mark(Setting::LastBackupAt)? {
        Some(at) if now - at > Duration::hours(OLDEST_BACKUP_HOURS) => {
            Finding::bad(CHECK, format!("the newest is {} hours old", (now - at).num_hours()), FIX)
        }
        Some(at) => Finding::good(CHECK, format!("the newest is {} hours old", (now - at).num_hours().max(0))),
        // The engine makes the first one ten minutes after its start.
        None => match began(tx)? {
            Some(at) if now - at > Duration::hours(OLDEST_BACKUP_HOURS) => Finding::bad(CHECK, "there is none", FIX),
            _ => Finding::good(CHECK, "none yet; the engine makes one ten minutes after its first start, then nightly"),
        },
    })
}

/// When the store was begun, by its first ledger entry.
fn began(tx: &Tx<'_>) -> Result<Option<DateTime<Utc>>, Error> {
    let first = tx.ledger_entries(0, 1)?;
    let at = first.first().and_then(|entry| serde_json::from_slice::<serde_json::Value>(&entry.bytes).ok());
    Ok(at.and_then(|entry| entry.get("at_ms")?.as_i64()).and_then(DateTime::from_timestamp_millis))
}

fn ledger(tx: &Tx<'_>, dir: &DataDir) -> Result<Finding, Error> {
    const CHECK: &str = "ledger";
    const FIX: &str =
        "keep this data directory as it is and compare it with a backup: somebody or something has changed the ledger";
    let known = head_on_record(dir).and_then(|text| parse_head(&text));
    let mut verifier = Verifier::default();
    loop {
        let entries = tx.ledger_entries(verifier.head().0, BATCH)?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            if let Err(broken) = verifier.entry(entry.seq, &entry.bytes, &entry.hash) {
                return Ok(Finding::bad(CHECK, broken.to_string(), FIX));
            }
            if known.is_some_and(|known| known.seq == entry.seq && known.hash != verifier.head().1)
                && !restored_since(tx, entry.seq)?
            {
                return Ok(Finding::bad(CHECK, Break::Hash { seq: entry.seq }.to_string(), FIX));
            }
        }
    }
    let (last, _) = verifier.head();
    Ok(match known {
        Some(known) if known.seq > last && !restored_since(tx, 0)? => {
            Finding::bad(CHECK, Break::Cut { last, known: known.seq }.to_string(), FIX)
        }
        _ => Finding::good(CHECK, format!("{last} entries, whole")),
    })
}

fn parse_head(text: &str) -> Option<LedgerHead> {
    let (seq, hash) = text.split_once(' ')?;
    let byte = |at: usize| u8::from_str_radix(hash.get(2 * at..2 * at + 2)?, 16).ok();
    let mut out = nightdesk_core::ledger::GENESIS;
    for (at, slot) in out.iter_mut().enumerate() {
        *slot = byte(at)?;
    }
    Some(LedgerHead { seq: seq.parse().ok()?, hash: out })
}

/// Whether the newest entries say that a backup was restored: its ledger then goes on differently from the head that
/// the lost store had left on record, and names that head itself.
fn restored_since(tx: &Tx<'_>, seq: i64) -> Result<bool, Error> {
    let head = tx.ledger_head()?.seq;
    let from = seq.max(head - i64::from(BATCH)).max(1) - 1;
    let entries = tx.ledger_entries(from, BATCH + 1)?;
    Ok(entries.iter().any(|entry| entry.bytes.windows(17).any(|part| part == b"\"kind\":\"restored\"".as_slice())))
}

fn last_read(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Finding, Error> {
    const CHECK: &str = "last_read";
    let health = watch::health(tx, now)?;
    let age = tx.mark(Setting::LastProvenRead)?.map(|at| (now - at).num_minutes().max(0));
    let detail = match age {
        Some(minutes) => format!("{}; Huntress was last read in full {minutes} minutes ago", health.state.word()),
        None => format!("{}; Huntress has never been read in full", health.state.word()),
    };
    Ok(match health.state {
        State::Watching => Finding::good(CHECK, detail),
        State::Paused => {
            let why = tx.setting(Setting::PauseReason)?.unwrap_or_else(|| "a person has to decide something".into());
            Finding::bad(
                CHECK,
                format!("{detail}; paused: {why}"),
                "settle what it is paused for; `nightdesk status` says more",
            )
        }
        State::Late | State::Blind => {
            Finding::bad(CHECK, detail, "run `nightdesk poll`, which says what is in the way; see the other findings")
        }
    })
}
