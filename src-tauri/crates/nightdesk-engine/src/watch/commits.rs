//! Noticing what other processes write to the same store.

use crate::db::Db;
use crate::pulse::Pulse;
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often the store is asked. Commands beside an engine are promised to be noticed within 250 ms.
const EVERY: Duration = Duration::from_millis(200);

/// Beats the pulse whenever another connection has committed, until `stop`. Real time, not the engine's clock: this is
/// how processes meet, and no deadline hangs on it.
pub async fn follow_commits(db: Db, pulse: Pulse, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
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
