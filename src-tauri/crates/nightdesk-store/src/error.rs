//! What can go wrong with the store, by cause.

/// A store error. `Display` is a sentence for a person, with the remedy where there is one.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A newer Nightdesk wrote it (ND-15).
    #[error(
        "the database was written by a newer Nightdesk (schema {found}; this one knows {known}); update this program, nothing was changed"
    )]
    TooNew {
        /// The schema found.
        found: u32,
        /// The newest that this program knows.
        known: u32,
    },
    /// It needs a migration, and only the holder of the directory's lock may do that.
    #[error("the database has schema {found} and this program needs {known}; stop the running engine, or update it")]
    NeedsMigration {
        /// The schema found.
        found: u32,
        /// The one needed.
        known: u32,
    },
    /// Another process held the write lock for too long.
    #[error("the database is busy: another process has been writing for more than 5 seconds; try again")]
    Busy,
    /// No room on the disk.
    #[error("the disk is full: nothing was stored; free some space")]
    Full,
    /// The file is damaged.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The file or folder can't be read or written.
    #[error("the database cannot be opened: {0}")]
    Io(String),
    /// A stored value can't be read back.
    #[error("a stored value is unreadable: {0}")]
    Value(String),
    /// The claim was taken over by somebody else, so nothing was settled (ND-6).
    #[error("the claim on this delivery is no longer ours")]
    Fenced,
    /// Anything else that SQLite reports.
    #[error("database error: {0}")]
    Sqlite(String),
}

impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as C;
        let text = e.to_string();
        match e.sqlite_error_code() {
            Some(C::DatabaseBusy | C::DatabaseLocked) => Self::Busy,
            Some(C::DiskFull) => Self::Full,
            Some(C::DatabaseCorrupt | C::NotADatabase) => Self::Damaged(text),
            Some(C::CannotOpen | C::PermissionDenied | C::ReadOnly | C::SystemIoFailure) => Self::Io(text),
            _ => match e {
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Value(text),
                _ => Self::Sqlite(text),
            },
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Self::Value(e.to_string())
    }
}
