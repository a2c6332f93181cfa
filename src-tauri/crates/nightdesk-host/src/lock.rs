//! One engine per data directory: an OS file lock, which a crashed process can't leave behind (ND-6).

use crate::data_dir::{DataDir, private, write_whole};
use chrono::{DateTime, SecondsFormat, Utc};
use nightdesk_core::clock::Clock;
use serde::{Deserialize, Serialize};
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::Duration;

/// Time between two tries for a lock that somebody else holds.
const TRY_EVERY: Duration = Duration::from_millis(100);

/// What the holder does with the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the engine, for as long as it likes.
    Engine,
    /// Does one command's work and goes.
    Command,
}

/// Who holds a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process.
    pub pid: u32,
    /// Engine or command.
    pub role: Role,
    /// The program and command, in words.
    pub what: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let since = self.since.to_rfc3339_opts(SecondsFormat::Secs, true);
        write!(f, "{} (process {}, since {since})", self.what, self.pid)
    }
}

/// Why the lock couldn't be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("the data directory is in use by {0}")]
    Held(Holder),
    /// Another process has it and hasn't said yet who it is.
    #[error("the data directory is in use by another Nightdesk")]
    HeldByUnknown,
    /// The lock file can't be used.
    #[error("the data directory cannot be locked: {0}")]
    Io(String),
}

impl LockError {
    /// Whether an engine holds it: nothing to wait for then.
    pub fn is_engine(&self) -> bool {
        matches!(self, Self::Held(holder) if holder.role == Role::Engine)
    }
}

/// The lock, held until it is dropped or its process ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
    holder: PathBuf,
}

impl Lock {
    /// Takes the lock if it is free. `what` names the program and command to whoever finds it taken.
    ///
    /// # Errors
    /// [`LockError`], naming the holder.
    pub fn try_acquire(dir: &DataDir, role: Role, what: &str, now: DateTime<Utc>) -> Result<Self, LockError> {
        let io = |e: &dyn std::fmt::Display| LockError::Io(e.to_string());
        let path = dir.lock();
        let file = private().create(true).append(true).open(&path).map_err(|e| io(&e))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Self::holder(dir)),
            Err(TryLockError::Error(e)) => return Err(io(&e)),
        }
        let holder = Holder { pid: std::process::id(), role, what: what.to_owned(), since: now };
        let text = serde_json::to_string(&holder).map_err(|e| io(&e))?;
        // Not in the locked file itself: on Windows nobody else can read that.
        write_whole(&dir.holder(), &text).map_err(|e| io(&e))?;
        Ok(Self { _file: file, holder: dir.holder() })
    }

    /// [`Self::try_acquire`], waiting up to `within` for a command to finish. An engine isn't waited for.
    ///
    /// # Errors
    /// [`LockError`], naming the holder.
    pub async fn acquire(
        dir: &DataDir,
        role: Role,
        what: &str,
        clock: &dyn Clock,
        within: Duration,
    ) -> Result<Self, LockError> {
        let tries = within.as_millis() / TRY_EVERY.as_millis();
        let mut before = None;
        for _ in 0..tries {
            match Self::try_acquire(dir, role, what, clock.now()) {
                Err(error @ (LockError::Held(_) | LockError::HeldByUnknown)) => {
                    // Seen twice, because a crashed engine's note may outlive it for a moment.
                    if error.is_engine() && before.as_ref() == Some(&error) {
                        return Err(error);
                    }
                    before = Some(error);
                }
                done => return done,
            }
            tokio::time::sleep(TRY_EVERY).await;
        }
        Self::try_acquire(dir, role, what, clock.now())
    }

    fn holder(dir: &DataDir) -> LockError {
        let text = std::fs::read_to_string(dir.holder()).unwrap_or_default();
        serde_json::from_str(&text).map_or(LockError::HeldByUnknown, LockError::Held)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While still locked, so that it can't be the next holder's note.
        let _gone = std::fs::remove_file(&self.holder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nightdesk_engine::clock::SystemClock;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_767_000_000, 0).unwrap()
    }

    #[test]
    fn nd_6_a_second_engine_is_told_who_holds_the_directory() {
        let outside = tempfile::tempdir().unwrap();
        let dir = DataDir::at(outside.path()).unwrap();
        let lock = Lock::try_acquire(&dir, Role::Engine, "nightdesk run", now()).unwrap();
        let refused = Lock::try_acquire(&dir, Role::Engine, "nightdesk run", now()).unwrap_err();
        assert!(refused.is_engine());
        let words = refused.to_string();
        assert!(words.contains("nightdesk run") && words.contains(&std::process::id().to_string()), "{words}");
        drop(lock);
        assert!(!dir.holder().exists());
        Lock::try_acquire(&dir, Role::Command, "nightdesk poll", now()).unwrap();
    }

    #[tokio::test]
    async fn an_engine_waits_for_a_command_but_not_for_an_engine() {
        let outside = tempfile::tempdir().unwrap();
        let dir = DataDir::at(outside.path()).unwrap();
        let clock = SystemClock::default();
        let half_minute = Duration::from_secs(30);
        let command = Lock::try_acquire(&dir, Role::Command, "nightdesk poll", now()).unwrap();
        let leave = async {
            tokio::time::sleep(Duration::from_millis(250)).await;
            drop(command);
        };
        let (engine, ()) = tokio::join!(Lock::acquire(&dir, Role::Engine, "nightdesk run", &clock, half_minute), leave);
        let engine = engine.unwrap();
        let second = Lock::acquire(&dir, Role::Engine, "nightdesk run", &clock, half_minute);
        let second = tokio::time::timeout(Duration::from_secs(5), second).await.unwrap();
        assert!(second.unwrap_err().is_engine());
        drop(engine);
    }
}
