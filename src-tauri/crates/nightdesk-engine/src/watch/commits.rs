//! Noticing what other processes write to the same store.

use crate::db::Db;
use crate::pulse::Pulse;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often the store is asked. Commands beside an engine are promised to be noticed within 250 ms.
const EVERY: Duration = Duration::from_millis(200);

/// Beats the pulse whenever another connection has committed, until `stop`. Real time, not the engine's clock: this is
/// how processes meet, and no deadline hangs on it.
pub async fn follow_commits(db: Db, pulse: Pulse, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let Ok(mut log) = db.with(|store| Log::of(store.path())).await else { return };
    let mut seen = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if !log.may_have_grown() {
            continue;
        }
        match db.with(|store| store.data_version()).await {
            Ok(Ok(version)) => {
                // The first answer beats too: somebody may have committed between the engine's first look and this one.
                if seen != Some(version) {
                    seen = Some(version);
                    pulse.beat();
                }
            }
            Ok(Err(error)) => tracing::debug!(%error, "the store's version could not be read"),
            Err(_) => return,
        }
    }
}

/// The write-ahead log, into which every commit writes: a look at its directory entry spares an engine at rest from
/// waking the store's thread five times a second.
struct Log {
    path: PathBuf,
    seen: Option<(u64, SystemTime)>,
    ask_again: bool,
}

impl Log {
    fn of(store: &Path) -> Self {
        let mut path = store.as_os_str().to_owned();
        path.push("-wal");
        Self { path: path.into(), seen: None, ask_again: true }
    }

    /// Whether something may have been committed since the last time. Where its entry can't be relied on (Windows may
    /// write it only when the file is closed), always.
    fn may_have_grown(&mut self) -> bool {
        let now = std::fs::metadata(&self.path).and_then(|m| Ok((m.len(), m.modified()?))).ok();
        if cfg!(not(unix)) || now.is_none() {
            return true;
        }
        // A file system's clock is coarse: a second commit may leave the entry as the first one did, so a changed one
        // is asked about twice.
        let changed = now != self.seen;
        self.seen = now;
        std::mem::replace(&mut self.ask_again, changed) || changed
    }
}
