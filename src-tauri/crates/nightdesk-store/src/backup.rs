//! Backups: before a migration, nightly, and what recovery takes.

use crate::{Error, LedgerHead, Store, Tx, sqlite};
use chrono::{DateTime, Duration, Utc};
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::path::{Path, PathBuf};

/// How long nightly backups are kept.
const KEEP_DAYS: i64 = 7;

/// A backup on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What a store was recovered from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recovery {
    /// The newest backup that passed its check.
    Backup(PathBuf),
    /// No backup passed: a new store, to be given the configuration written beside it.
    Empty,
}

fn folder(store: &Path) -> PathBuf {
    store.parent().unwrap_or(Path::new(".")).join("backups")
}

fn io(what: &str, e: &std::io::Error) -> Error {
    if e.kind() == std::io::ErrorKind::StorageFull { Error::Full } else { Error::Io(format!("{what}: {e}")) }
}

/// Copies into a temporary name first, so that a half-written backup never counts as one.
fn copy(conn: &Connection, to: &Path) -> Result<Backup, Error> {
    let dir = to.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir).map_err(|e| io("the backup folder cannot be made", &e))?;
    let partial = to.with_extension("partial");
    let _gone = fs::remove_file(&partial);
    let made = sqlite::copy(conn, &partial).and_then(|()| {
        let check = Connection::open_with_flags(&partial, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        sqlite::quick_check(&check)
    });
    if let Err(e) = made {
        let _gone = fs::remove_file(&partial);
        return Err(e);
    }
    let bytes = fs::metadata(&partial).map_err(|e| io("the backup cannot be read back", &e))?.len();
    fs::rename(&partial, to).map_err(|e| io("the backup cannot be named", &e))?;
    Ok(Backup { path: to.to_owned(), bytes })
}

/// The copy that is made before a migration (ND-15); kept for good, as there are few of them.
pub(crate) fn before_migration(conn: &Connection, store: &Path, from: u32) -> Result<Backup, Error> {
    copy(conn, &folder(store).join(format!("before-schema-{from}-to-{}.db", crate::SCHEMA_VERSION)))
}

impl Store {
    /// Makes the nightly backup, checked before and after, and drops those older than a week.
    pub fn back_up(&self, now: DateTime<Utc>) -> Result<Backup, Error> {
        self.quick_check()?;
        let dir = folder(self.path());
        let backup = copy(&self.conn, &dir.join(format!("nightly-{}.db", now.format("%Y%m%dT%H%M%SZ"))))?;
        let oldest = format!("nightly-{}.db", (now - Duration::days(KEEP_DAYS)).format("%Y%m%dT%H%M%SZ"));
        for old in nightly(&dir)
            .into_iter()
            .filter(|p| p.file_name().is_some_and(|n| n.to_string_lossy().as_ref() < oldest.as_str()))
        {
            // A backup too many does no harm; failing for it would.
            let _kept = fs::remove_file(old);
        }
        Ok(backup)
    }

    /// The backups beside the store at `path`, newest first.
    pub fn backups(path: &Path) -> Vec<PathBuf> {
        let mut found = nightly(&folder(path));
        found.sort();
        found.reverse();
        found
    }

    /// The ledger's head in the newest sound backup: what the ledger must still hold, or its tail was cut off. `None`
    /// without a backup. Damaged ones are passed over, as recovery does.
    pub fn backup_head(&self) -> Option<(PathBuf, LedgerHead)> {
        Self::backups(self.path()).into_iter().find_map(|backup| {
            let mut conn = Connection::open_with_flags(&backup, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
            sqlite::quick_check(&conn).ok()?;
            let head = Tx::new(conn.transaction().ok()?).ledger_head().ok()?;
            Some((backup, head))
        })
    }

    /// Puts the damaged or missing store at `path` aside and the newest sound backup in its place. The damaged file
    /// and its log are kept, renamed with `now`, since a log that outlives its file would look like damage again.
    pub fn recover(path: &Path, now: DateTime<Utc>) -> Result<Recovery, Error> {
        let stamp = now.format("%Y%m%dT%H%M%SZ");
        for suffix in ["", "-wal", "-shm"] {
            let mut from = path.as_os_str().to_owned();
            from.push(suffix);
            let from = PathBuf::from(from);
            if from.exists() {
                let mut to = path.as_os_str().to_owned();
                to.push(format!(".damaged-{stamp}{suffix}"));
                fs::rename(&from, PathBuf::from(to)).map_err(|e| io("the damaged database cannot be put aside", &e))?;
            }
        }
        for backup in Self::backups(path) {
            let sound = Connection::open_with_flags(&backup, OpenFlags::SQLITE_OPEN_READ_ONLY)
                .map_err(Error::from)
                .and_then(|c| sqlite::quick_check(&c).and_then(|()| sqlite::user_version(&c)));
            if matches!(sound, Ok(v) if v > 0 && v <= crate::SCHEMA_VERSION) {
                let partial = path.with_extension("restoring");
                fs::copy(&backup, &partial).map_err(|e| io("the backup cannot be copied", &e))?;
                fs::rename(&partial, path).map_err(|e| io("the backup cannot be put in place", &e))?;
                return Ok(Recovery::Backup(backup));
            }
        }
        Ok(Recovery::Empty)
    }
}

fn nightly(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    entries
        .flatten()
        .map(|e| e.path())
        .filter(|p| {
            p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("nightly-"))
                && p.extension().is_some_and(|e| e == "db")
        })
        .collect()
}
