use super::*;
use crate::{Role, refresh_configuration, write_head};
use nightdesk_store::Setting;
use std::fs;
use std::path::PathBuf;

const CONFIGURATION: &str = r#"
[local]
clients = ["Security Triage", "Acme"]
boards = [{ name = "Security", open_status = "New", closed_status = "Closed" },
          { name = "Triage", open_status = "New", closed_status = "Closed" }]
priorities = ["High"]

[routing]
security_board = "Security"
fallback_client = "Security Triage"
triage_board = "Triage"
priority = { critical = "High", high = "High", low = "High" }

[[organization]]
id = 4
client = "Acme"
"#;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_000_000, 0).unwrap()
}

fn desk() -> (tempfile::TempDir, DataDir, Lock) {
    let outside = tempfile::tempdir().unwrap();
    let dir = DataDir::at(outside.path()).unwrap();
    let lock = Lock::try_acquire(&dir, Role::Engine, "test", now()).unwrap();
    (outside, dir, lock)
}

/// A store that was in use: configured, marked, its head and configuration written, and with a backup if asked.
fn used(dir: &DataDir, lock: &Lock, backup: bool) {
    let mut store = open(dir, lock, now()).unwrap().store;
    store.write(|tx| reapply(tx, now(), CONFIGURATION)).map_err(|e| e.to_string()).unwrap();
    store.write::<_, Fault>(|tx| tx.set_mark(Setting::LastProvenRead, Some(now()))).unwrap();
    refresh_configuration(dir, &mut store).unwrap();
    write_head(dir, &store.read(|tx| tx.ledger_head()).unwrap()).unwrap();
    if backup {
        store.back_up(now()).unwrap();
    }
    store.checkpoint().unwrap();
}

fn damage(dir: &DataDir) {
    let mut bytes = fs::read(dir.database()).unwrap();
    bytes[..1024].fill(0xAA);
    fs::write(dir.database(), bytes).unwrap();
}

fn ledger(store: &mut Store) -> String {
    let entries = store.read(|tx| tx.ledger_entries(0, 100)).unwrap();
    entries.into_iter().map(|e| String::from_utf8(e.bytes).unwrap() + "\n").collect()
}

fn last_read(store: &mut Store) -> Option<DateTime<Utc>> {
    store.read(|tx| tx.mark(Setting::LastProvenRead)).unwrap()
}

#[test]
fn a_damaged_file_is_put_aside_and_the_backup_takes_its_place() {
    let (_outside, dir, lock) = desk();
    used(&dir, &lock, true);
    damage(&dir);
    let Opened { mut store, notes } = open(&dir, &lock, now()).unwrap();
    assert!(notes[0].contains("restored from the backup"), "{notes:?}");
    assert_eq!(last_read(&mut store), Some(now()));
    let entries = ledger(&mut store);
    let head = head_on_record(&dir).unwrap();
    assert!(entries.contains("\"restored\"") && entries.contains(&head), "{entries}");
    let aside: Vec<PathBuf> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().path()).collect();
    assert!(aside.iter().any(|p| p.to_string_lossy().contains("nightdesk.db.damaged-")), "{aside:?}");
    drop(store);
    assert!(open(&dir, &lock, now()).unwrap().notes.is_empty());
}

#[test]
fn a_missing_file_is_restored_too() {
    let (_outside, dir, lock) = desk();
    used(&dir, &lock, true);
    fs::remove_file(dir.database()).unwrap();
    let Opened { mut store, notes } = open(&dir, &lock, now()).unwrap();
    assert!(!notes.is_empty());
    assert_eq!(last_read(&mut store), Some(now()));
}

#[test]
fn without_a_backup_the_written_configuration_is_applied_again() {
    let (_outside, dir, lock) = desk();
    used(&dir, &lock, false);
    let head = head_on_record(&dir).unwrap();
    damage(&dir);
    let Opened { mut store, notes } = open(&dir, &lock, now()).unwrap();
    assert!(notes.iter().any(|n| n.contains("in force again")), "{notes:?}");
    assert_eq!(last_read(&mut store), None);
    let (config, revision) = store.read(configure::current).unwrap();
    assert!(revision > 0);
    assert_eq!(config.organizations[0].client.as_deref(), Some("Acme"));
    assert!(ledger(&mut store).contains(&format!("follows {head}")));
}

#[test]
fn a_first_start_recovers_nothing() {
    let (_outside, dir, lock) = desk();
    let Opened { mut store, notes } = open(&dir, &lock, now()).unwrap();
    assert!(notes.is_empty());
    assert!(ledger(&mut store).contains("new store"));
}

#[test]
fn nd_15_a_newer_store_is_left_untouched() {
    let (_outside, dir, lock) = desk();
    used(&dir, &lock, true);
    let mut bytes = fs::read(dir.database()).unwrap();
    // The schema's version is the header's big-endian user_version, at byte 60 of the SQLite file format.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(dir.database(), &bytes).unwrap();
    let refused = open(&dir, &lock, now()).unwrap_err();
    assert!(matches!(refused, Error::Store(Fault::TooNew { found: 99, .. })), "{refused}");
    assert_eq!(fs::read(dir.database()).unwrap(), bytes);
}
