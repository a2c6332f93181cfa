//! Opening the store, and what happens when it is damaged or gone.

use crate::written::head_on_record;
use crate::{DataDir, Error, Lock};
use chrono::{DateTime, Utc};
use nightdesk_api::config_file::{self, Used};
use nightdesk_core::config::Config;
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_engine::configure;
use nightdesk_store::{Error as Fault, Opening, Recovery, Store, Tx};

/// An open store, with what its owner must be told.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// Sentences for a person, empty on an ordinary day: what was recovered, from what, and what is uncertain now.
    pub notes: Vec<String>,
}

/// Opens the store as the holder of the directory's lock: creates or migrates it, and recovers one that is damaged or
/// gone. A store of a newer Nightdesk is left as it is (ND-15).
///
/// # Errors
/// The store's, or [`Error::StillDamaged`] when what was recovered is no better.
pub fn open(dir: &DataDir, _lock: &Lock, now: DateTime<Utc>) -> Result<Opened, Error> {
    let path = dir.database();
    let is_gone = std::fs::metadata(&path).map_or(true, |found| found.len() == 0);
    if is_gone && had_a_store(dir) {
        return recover(dir, "the database file is missing", now);
    }
    match open_whole(dir, now) {
        Err(Error::Store(Fault::Damaged(what))) => recover(dir, &what, now),
        opened => Ok(Opened { store: opened?, notes: Vec::new() }),
    }
}

/// Looks through the whole store for damage and recovers it if there is any: for a command that met damage which an
/// opening doesn't show. `None` when the store is sound after all.
///
/// # Errors
/// As [`open`].
pub fn recover_if_damaged(dir: &DataDir, lock: &Lock, now: DateTime<Utc>) -> Result<Option<Opened>, Error> {
    let opened = open(dir, lock, now)?;
    match opened.store.quick_check() {
        Ok(()) => Ok((!opened.notes.is_empty()).then_some(opened)),
        Err(Fault::Damaged(what)) => {
            // The file can't be put aside under an open connection.
            drop(opened);
            recover(dir, &what, now).map(Some)
        }
        Err(other) => Err(other.into()),
    }
}

/// Opens the store beside a running engine, or for a look at it.
///
/// # Errors
/// The store's.
pub fn open_guest(dir: &DataDir) -> Result<Store, Error> {
    Ok(Store::open(&dir.database(), Opening::Guest)?)
}

/// Puts a damaged store aside and the best that there is in its place.
pub(crate) fn recover(dir: &DataDir, why: &str, now: DateTime<Utc>) -> Result<Opened, Error> {
    tracing::error!(why, "the database has to be recovered");
    let head = head_on_record(dir);
    let recovery = Store::recover(&dir.database(), now)?;
    let written = std::fs::read_to_string(dir.configuration()).ok();
    let mut notes = Vec::new();
    let source = match &recovery {
        Recovery::Backup(path) => path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned()),
        Recovery::Empty => "nothing".to_owned(),
    };
    notes.push(match &recovery {
        Recovery::Backup(path) => format!(
            "THE DATABASE WAS DAMAGED OR MISSING ({why}) and was restored from the backup {}. What was done since that backup is lost here; incidents are read anew from Huntress.",
            path.display()
        ),
        Recovery::Empty => format!(
            "THE DATABASE WAS DAMAGED OR MISSING ({why}) and no backup was sound: a new one was made. Tickets and their history are lost here; open incidents are read anew from Huntress."
        ),
    });
    notes.push(format!("A damaged file is kept in {}, named nightdesk.db.damaged-….", dir.path().display()));

    dir.prepare_store()?;
    let mut store = Store::open(&dir.database(), Opening::Owner).map_err(still_damaged)?;
    let doubtful = store
        .write::<_, Fault>(|tx| {
            tx.begin_ledger(now, head.as_deref())?;
            let old = head.as_deref().unwrap_or("none on record");
            tx.append(now, &Draft::new(Kind::Restored, format!("from {source}; old head {old}")).text(why))?;
            tx.doubt_everything(now)
        })
        .map_err(still_damaged)?;
    if doubtful > 0 {
        notes.push(format!(
            "{doubtful} deliveries may or may not have left: each is looked up before it is sent again."
        ));
    }
    if recovery == Recovery::Empty {
        notes.push(match written.map(|text| store.write(|tx| reapply(tx, now, &text))) {
            Some(Ok(())) => "The configuration that was written beside the database is in force again.".to_owned(),
            Some(Err(reason)) => format!(
                "The configuration beside the database could not be applied again ({reason}); polling is paused until you apply one."
            ),
            None => "No configuration was found; polling is paused until you apply one.".to_owned(),
        });
    }
    for note in &notes {
        tracing::error!("{note}");
    }
    Ok(Opened { store, notes })
}

fn open_whole(dir: &DataDir, now: DateTime<Utc>) -> Result<Store, Error> {
    dir.prepare_store()?;
    let mut store = Store::open(&dir.database(), Opening::Owner)?;
    store.write::<_, Fault>(|tx| tx.begin_ledger(now, None))?;
    Ok(store)
}

fn had_a_store(dir: &DataDir) -> bool {
    !Store::backups(&dir.database()).is_empty() || dir.configuration().exists() || dir.head().exists()
}

fn still_damaged(fault: Fault) -> Error {
    match fault {
        Fault::Damaged(what) => Error::StillDamaged(what),
        other => other.into(),
    }
}

/// Why a written configuration can't be applied again, in words.
struct Unfit(String);

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Fault> for Unfit {
    fn from(fault: Fault) -> Self {
        Self(fault.to_string())
    }
}

fn reapply(tx: &Tx<'_>, now: DateTime<Utc>, text: &str) -> Result<(), Unfit> {
    let draft = config_file::parse(text, &Config::default(), &Used::default(), false)
        .map_err(|problems| Unfit(format!("it has {} problems", problems.len())))?;
    configure::apply(tx, now, "recovery", &draft.config, draft.organizations_exact, None)
        .map_err(|error| Unfit(error.to_string()))?;
    Ok(())
}

#[cfg(test)]
mod tests;
