//! Polling pauses until routing is complete; the pause is time not watched (ND-14).

use crate::watch;
use chrono::{DateTime, SecondsFormat, Utc};
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_store::{Error, Setting, Tx};

/// How every reason of this kind begins.
const INCOMPLETE: &str = "routing is incomplete";

/// Why polling is paused, as status card and gap say it.
pub fn pause_reason(missing: &[&str]) -> String {
    format!("{INCOMPLETE}: {}", missing.join(", "))
}

/// Records what is known of the routing now: the pause and its gap begin where something is missing, and end where
/// nothing is. Repeating it changes nothing, so an engine may say it at its start, before any configuration was applied.
///
/// # Errors
/// The store's.
pub fn routing_known(tx: &Tx<'_>, now: DateTime<Utc>, missing: &[&str]) -> Result<(), Error> {
    if missing.is_empty() {
        tx.set(Setting::RoutingWasComplete, Some("1"))?;
        return resume(tx, now);
    }
    let reason = pause_reason(missing);
    // A pause whose reason changes keeps its beginning.
    if tx.mark(Setting::PausedSince)?.is_none() {
        tx.set_mark(Setting::PausedSince, Some(now))?;
    }
    if tx.setting(Setting::PauseReason)?.as_ref() != Some(&reason) {
        tx.set(Setting::PauseReason, Some(&reason))?;
        watch::failed_read(tx, now, &format!("polling was paused: {reason}"))?;
    }
    Ok(())
}

fn resume(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    if !tx.setting(Setting::PauseReason)?.is_some_and(|r| r.starts_with(INCOMPLETE)) {
        return Ok(());
    }
    let since = tx.mark(Setting::PausedSince)?.unwrap_or(now);
    let why = tx.setting(Setting::PauseReason)?.map_or_else(String::new, |r| format!("polling was paused: {r}"));
    tx.set_mark(Setting::PausedSince, None)?;
    tx.set(Setting::PauseReason, None)?;
    let (from, why) = match tx.open_gap()? {
        Some(gap) if gap.why.contains(INCOMPLETE) => {
            tx.set_gap(gap.id, Some(now.max(gap.from)), &gap.why)?;
            (gap.from, gap.why)
        }
        _ => {
            tx.add_gap(since.min(now), Some(now), &why)?;
            (since.min(now), why)
        }
    };
    let stamp = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    tx.append(now, &Draft::new(Kind::Gap, format!("from {} to {}", stamp(from), stamp(now))).text(why))?;
    Ok(())
}
