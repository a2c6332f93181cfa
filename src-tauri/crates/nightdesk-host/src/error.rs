//! What can go wrong around a data directory.

use crate::lock::LockError;
use crate::secrets;
use std::path::Path;

/// A host error. `Display` is a sentence for a person.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither a flag, nor the environment, nor the platform names a data directory.
    #[error("there is no home directory to keep data in; give one with --data-dir or NIGHTDESK_DATA_DIR")]
    NoHome,
    /// A file or folder of the data directory can't be used.
    #[error("{path}: {reason}")]
    Io {
        /// Which.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// Another process holds the directory.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The store.
    #[error(transparent)]
    Store(#[from] nightdesk_store::Error),
    /// A secret.
    #[error(transparent)]
    Secrets(#[from] secrets::Error),
    /// The store was damaged again right after it was recovered.
    #[error("the database was damaged, and so is what it was recovered from: {0}")]
    StillDamaged(String),
}

impl Error {
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        Self::Io { path: path.display().to_string(), reason: error.to_string() }
    }
}
