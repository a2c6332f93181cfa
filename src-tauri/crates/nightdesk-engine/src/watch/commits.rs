//! Noticing what other processes write to the same store.

#[cfg(target_os = "linux")]
#[path = "commits/told.rs"]
mod log;
#[cfg(not(target_os = "linux"))]
#[path = "commits/asked.rs"]
mod log;

use crate::db::Db;
use crate::pulse::Pulse;
use log::Log;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The log is written a while before its commit can be seen: between the two lies a disk's flush. After each sign of a
/// write the store is therefore asked now and so much later, again and again.
const AGAIN: [Duration; 6] = [
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
    Duration::from_millis(1600),
];

/// How often the store is asked without any sign, should one ever be lost.
const ANYWAY: Duration = Duration::from_secs(20);

/// Time between two questions while somebody writes all the time.
const APART: Duration = Duration::from_millis(50);

/// Beats the pulse whenever another connection has committed, until `stop`; commands beside an engine are promised to
/// be noticed within 250 ms. Real time, not the engine's clock: this is how processes meet, and no deadline hangs on it.
pub async fn follow_commits(db: Db, pulse: Pulse, stop: CancellationToken) {
    let Ok(path) = db.with(|store| store.path().to_owned()).await else { return };
    let mut log = Log::of(&path);
    let mut seen = None;
    let mut asked = 0_usize;
    loop {
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
        let wait = AGAIN.get(asked).copied().unwrap_or(ANYWAY);
        let written = async {
            if asked == 0 {
                tokio::time::sleep(APART).await;
            }
            tokio::time::timeout(wait, log.written()).await
        };
        tokio::select! {
            () = stop.cancelled() => return,
            written = written => asked = if written.is_ok() { 0 } else { asked + 1 },
        }
    }
}
