//! The data directory as a command uses it: beside an engine, or alone.

use crate::exit::{Exit, Failure};
use crate::output::say;
use chrono::{DateTime, Utc};
use nightdesk_api as api;
use nightdesk_core::clock::Clock as _;
use nightdesk_host as host;
use nightdesk_host::{DataDir, Lock, LockError, Role, Secrets, Store, StoreError, SystemClock, Tx};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How often a store that somebody else is just making is looked at again, and how many times.
const AGAIN: (Duration, u32) = (Duration::from_millis(100), 100);

/// A data directory with what a command needs beside it.
pub struct Desk {
    dir: DataDir,
    clock: Arc<SystemClock>,
    secrets: Arc<Secrets>,
    actor: String,
}

impl Desk {
    /// The directory that the flag, the environment or the platform names.
    ///
    /// # Errors
    /// When there is none or it can't be made.
    pub fn find(flag: Option<&Path>) -> Result<Self, Failure> {
        let dir = DataDir::resolve(flag.map(Path::to_owned)).map_err(Failure::failed)?;
        let secrets = Arc::new(Secrets::system().beside(&dir));
        Ok(Self { dir, clock: Arc::default(), secrets, actor: actor() })
    }

    /// Where it is.
    pub fn dir(&self) -> &DataDir {
        &self.dir
    }

    /// The machine's clock, read by the engine's crate (ND-11).
    pub fn clock(&self) -> Arc<SystemClock> {
        self.clock.clone()
    }

    /// The present time.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The secrets of this user and environment.
    pub fn secrets(&self) -> &Arc<Secrets> {
        &self.secrets
    }

    /// Asks the store, in one read transaction.
    ///
    /// # Errors
    /// The answer's, and when the store can't be used.
    pub fn read<T>(&self, f: impl FnOnce(&Tx<'_>, DateTime<Utc>) -> Result<T, api::Error>) -> Result<T, Failure> {
        self.ask(f)?.map_err(failure)
    }

    /// As [`Self::read`], with the answer's error left to the caller.
    ///
    /// # Errors
    /// When the store can't be used.
    pub fn ask<T>(
        &self,
        f: impl FnOnce(&Tx<'_>, DateTime<Utc>) -> Result<T, api::Error>,
    ) -> Result<Result<T, api::Error>, Failure> {
        let now = self.now();
        let (mut store, _lock) = self.store()?;
        let answer = store.read(|tx| f(tx, now));
        if let Err(error) = &answer {
            drop((store, _lock));
            self.repair(error.code);
        }
        Ok(answer)
    }

    /// Changes the store in one transaction, as this user. A running engine notices.
    ///
    /// # Errors
    /// As [`Self::read`]; nothing is then changed.
    pub fn write<T>(
        &self,
        f: impl FnOnce(&Tx<'_>, DateTime<Utc>, &str) -> Result<T, api::Error>,
    ) -> Result<T, Failure> {
        let now = self.now();
        let (mut store, _lock) = self.store()?;
        let done = store.write(|tx| f(tx, now, &self.actor));
        if let Err(error) = &done {
            drop((store, _lock));
            self.repair(error.code);
        }
        done.map_err(failure)
    }

    /// As [`Self::write`], and takes all of it back: what a change would come to.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn tried<T>(
        &self,
        f: impl FnOnce(&Tx<'_>, DateTime<Utc>, &str) -> Result<T, api::Error>,
    ) -> Result<T, Failure> {
        let now = self.now();
        let (mut store, _lock) = self.store()?;
        let mut found = None;
        let taken_back: Result<(), api::Error> = store.write(|tx| {
            found = Some(f(tx, now, &self.actor));
            Err(api::Error::new(api::Code::Stopped, "nothing of a preview is kept"))
        });
        match (found, taken_back) {
            (Some(answer), _) => answer.map_err(failure),
            (None, Err(error)) => Err(failure(error)),
            (None, Ok(())) => Err(Failure::failed("the preview told nothing")),
        }
    }

    /// As [`Self::write`], for what the file beside the database holds too: configuration and mapping.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn change<T>(
        &self,
        f: impl FnOnce(&Tx<'_>, DateTime<Utc>, &str) -> Result<T, api::Error>,
    ) -> Result<T, Failure> {
        let now = self.now();
        let (mut store, _lock) = self.store()?;
        let done = store.write(|tx| f(tx, now, &self.actor)).map_err(failure)?;
        if let Err(error) = host::refresh_configuration(&self.dir, &mut store) {
            say(&format!("Done, but the copy of the configuration for recovery could not be written: {error}"));
        }
        Ok(done)
    }

    /// Recovers a store in which a command met damage, where no engine is there to do it.
    pub fn repair(&self, code: api::Code) {
        if code != api::Code::DatabaseDamaged {
            return;
        }
        let Ok(Ok(lock)) = self.try_lock() else { return };
        // What was recovered, and from what, is in the log already.
        match host::recover_if_damaged(&self.dir, &lock, self.now()) {
            Ok(Some(_)) => say("The database has been recovered. Run the command again."),
            Ok(None) => {}
            Err(error) => say(&format!("The database could not be recovered: {error}")),
        }
    }

    /// Tells a running engine that a secret was changed. Where there is no store yet there is no engine either.
    pub fn secrets_changed(&self) {
        if let Ok(mut store) = host::open_guest(&self.dir) {
            let told = store.write(api::secrets_changed);
            if let Err(error) = told {
                say(&format!("A running engine notices the change only at its next start: {error}"));
            }
        }
    }

    /// Takes the directory if nobody holds it.
    ///
    /// # Errors
    /// When it can't be locked at all.
    pub fn try_lock(&self) -> Result<Result<Lock, LockError>, Failure> {
        match Lock::try_acquire(&self.dir, Role::Command, &what(), self.now()) {
            Err(error @ LockError::Io(_)) => Err(Failure::failed(error)),
            held_or_ours => Ok(held_or_ours),
        }
    }

    /// The directory where it is ours now; `None` beside an engine. A command that holds it is waited for.
    ///
    /// # Errors
    /// As [`Self::try_lock`], and where a command keeps the directory for too long.
    pub fn alone(&self) -> Result<Option<Lock>, Failure> {
        for _ in 0..AGAIN.1 {
            match self.try_lock()? {
                Ok(lock) => return Ok(Some(lock)),
                Err(holder) if holder.is_engine() => return Ok(None),
                Err(_) => std::thread::sleep(AGAIN.0),
            }
        }
        match self.try_lock()? {
            Ok(lock) => Ok(Some(lock)),
            Err(holder) => Err(Failure::failed(holder)),
        }
    }

    /// A name for what this command causes, like no other's.
    pub fn cause(&self) -> String {
        format!("command {} {}", std::process::id(), self.now().timestamp_millis())
    }

    /// Who works here.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// Whether an engine runs in this directory.
    ///
    /// # Errors
    /// As [`Self::try_lock`].
    pub fn has_engine(&self) -> Result<bool, Failure> {
        Ok(self.try_lock()?.is_err_and(|e| e.is_engine()))
    }

    /// The store beside whoever holds the directory.
    ///
    /// # Errors
    /// The store's.
    pub fn guest(&self) -> Result<Store, host::Error> {
        host::open_guest(&self.dir)
    }

    /// The store of a directory that is ours: made, migrated or recovered as need be.
    ///
    /// # Errors
    /// When it can't be used.
    pub fn owned(&self, lock: &Lock) -> Result<Store, Failure> {
        let opened = host::open(&self.dir, lock, self.now()).map_err(Failure::failed)?;
        // What was recovered is in the log already, as errors.
        Ok(opened.store)
    }

    /// Whether waiting would not help, beside this holder.
    pub fn is_final(error: &host::Error, holder: &LockError) -> bool {
        let host::Error::Store(error) = error else { return false };
        match error {
            StoreError::TooNew { .. } | StoreError::Busy | StoreError::Full => true,
            // Without a schema it is just being made; an older one is migrated by no engine that runs already.
            StoreError::NeedsMigration { found, .. } => *found != 0 && holder.is_engine(),
            _ => false,
        }
    }

    /// A guest's store where there is a usable one, else our own while nobody holds the directory.
    fn store(&self) -> Result<(Store, Option<Lock>), Failure> {
        let mut left = AGAIN.1;
        loop {
            let error = match self.guest() {
                Ok(store) => return Ok((store, None)),
                Err(error) => error,
            };
            // A newer store is nobody's to open; anything else its owner may put right.
            if matches!(error, host::Error::Store(StoreError::TooNew { .. })) {
                return Err(Failure::failed(error));
            }
            match self.try_lock()? {
                Ok(lock) => return Ok((self.owned(&lock)?, Some(lock))),
                Err(holder) if left == 0 || Self::is_final(&error, &holder) => return Err(Failure::failed(error)),
                // Somebody holds the directory, and may be just making or recovering the store.
                Err(_) => {}
            }
            left -= 1;
            std::thread::sleep(AGAIN.0);
        }
    }
}

/// An answer's error as the command's: every problem of a file is wrong input.
pub fn failure(error: api::Error) -> Failure {
    let exit = if matches!(error.detail, Some(api::Detail::Problems(_))) { Exit::Usage } else { Exit::Failed };
    Failure::Words(exit, error.to_string())
}

/// The user of the operating system, who stands on timelines.
fn actor() -> String {
    host::Desk::os_user()
}

/// This program and its command, for whoever finds the directory in use.
fn what() -> String {
    let command = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    format!("nightdesk {command}").trim_end().to_owned()
}
