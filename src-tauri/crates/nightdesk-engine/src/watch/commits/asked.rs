//! The write-ahead log, looked at now and again: macOS tells of changes late, and Windows may write a file's entry in its
//! folder only when the file is closed.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often the log is looked at.
const EVERY: Duration = Duration::from_millis(200);

/// The log, into which every commit writes.
pub struct Log {
    path: PathBuf,
    seen: Option<(u64, SystemTime)>,
}

impl Log {
    /// The log of a store.
    pub fn of(store: &Path) -> Self {
        let mut path = store.as_os_str().to_owned();
        path.push("-wal");
        Self { path: path.into(), seen: None }
    }

    /// Completes once something may have been written since the last time. Nothing is lost when it is dropped before.
    pub async fn written(&mut self) {
        loop {
            tokio::time::sleep(EVERY).await;
            let now = std::fs::metadata(&self.path).and_then(|m| Ok((m.len(), m.modified()?))).ok();
            if cfg!(windows) || now.is_none() || now != self.seen {
                self.seen = now;
                return;
            }
        }
    }
}
