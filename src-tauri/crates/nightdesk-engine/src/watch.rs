//! Time that nobody watched, and what may be claimed meanwhile (ND-14, ND-17).
//!
//! The functions here run in the transaction of whoever saw the thing happen: a gap and the cursor that proves its end
//! commit together.

mod commits;
mod watcher;

pub use commits::follow_commits;
pub use watcher::{Watcher, raise};

use crate::context::Context;
use chrono::{DateTime, SecondsFormat, Utc};
use nightdesk_core::clock::Lapse;
use nightdesk_core::health::{self, Evidence, Health};
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_store::{Error, GapRow, Setting, Tx};
use std::time::Duration;

/// What is said of the time between two engines.
pub const NOT_RUNNING: &str = "Nightdesk was not running";

/// What is said of a suspended machine.
pub const ASLEEP: &str = "the machine was asleep";

/// A walk reached its boundary and all of it is stored: called in the transaction that moves the cursor. Ends every
/// open gap, and the blind alarm.
pub fn proven_read(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    let last = tx.mark(Setting::LastProvenRead)?;
    let limit = late_after(tx)?;
    let follows = last.is_some_and(|last| last <= now && now - last <= limit);
    if !follows || tx.mark(Setting::WatchingSince)?.is_none() {
        tx.set_mark(Setting::WatchingSince, Some(now))?;
    }
    tx.set_mark(Setting::LastProvenRead, Some(now))?;
    while let Some(gap) = tx.open_gap()? {
        close(tx, &gap, now, now)?;
    }
    if let Some(since) = tx.mark(Setting::BlindAlarmAt)? {
        tx.set_mark(Setting::BlindAlarmAt, None)?;
        tx.append(now, &Draft::new(Kind::Alarm, format!("blind since {} ended", stamp(since))))?;
        crate::paging::desk_sees_again(tx, now)?;
        tracing::warn!("the desk sees Huntress again; the alarm is over");
    }
    Ok(())
}

/// A read failed, or may not even be tried: nothing is known since the last proven one. `why` is a sentence for a
/// person; a changed reason replaces the earlier one.
pub fn failed_read(tx: &Tx<'_>, now: DateTime<Utc>, why: &str) -> Result<(), Error> {
    match tx.open_gap()? {
        // What is over, and has another cause, keeps its own line.
        Some(gap) if gap.why == NOT_RUNNING || gap.why == ASLEEP => {
            close(tx, &gap, now, now)?;
            tx.add_gap(now, None, why)
        }
        Some(gap) if gap.why == why => Ok(()),
        Some(gap) => tx.set_gap(gap.id, None, why),
        None => {
            // A read in the future is of a clock that was set back since.
            let from = tx.mark(Setting::LastProvenRead)?.map_or(now, |last| last.min(now));
            tx.add_gap(from, None, why)
        }
    }
}

/// An engine starts, or a single poll begins: whatever lies between the last sign of life and now wasn't watched. The
/// gap stays open until the next proven read.
pub fn started(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    let last = tx.mark(Setting::EngineSeenAt)?.max(tx.mark(Setting::LastProvenRead)?);
    let Some(last) = last else { return Ok(()) };
    let limit = late_after(tx)?;
    if now - last <= limit {
        return Ok(());
    }
    match tx.open_gap()? {
        // Another attempt of the same outage, with no read between.
        Some(gap) if gap.why == NOT_RUNNING => Ok(()),
        Some(gap) => {
            let until = last.max(gap.from);
            close(tx, &gap, until, now)?;
            tx.add_gap(until, None, NOT_RUNNING)
        }
        None => tx.add_gap(last, None, NOT_RUNNING),
    }
}

/// The clocks show that time went by unseen, or was counted twice. `before` is the wall clock of the look before.
pub fn lapsed(tx: &Tx<'_>, now: DateTime<Utc>, lapse: Lapse, before: DateTime<Utc>) -> Result<(), Error> {
    let why = match lapse {
        Lapse::Normal => return Ok(()),
        Lapse::Slept(_) => ASLEEP.to_owned(),
        Lapse::Forward(by) => format!("the clock was set forward by {}", span(by)),
        Lapse::Back(by) => {
            // The hours between the two readings come twice; neither ends before the other begins.
            let why = format!("the clock was set back by {}", span(by));
            return record(tx, now.min(before), now.max(before), &why, now);
        }
    };
    if tx.open_gap()?.is_some() || !matches!(lapse, Lapse::Slept(_)) {
        // The open gap goes on and ends with the next proven read; this names the part of it.
        return record(tx, before, now, &why, now);
    }
    tx.add_gap(before, None, &why)
}

/// A sign of life, about once a minute. Touches no topic: nobody asks again because of it.
pub fn seen(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    tx.set_mark(Setting::EngineSeenAt, Some(now))
}

/// What the tray and the status card may claim at `now` (ND-17).
pub fn health(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Health, Error> {
    let ctx = Context::load(tx)?;
    judge(tx, &ctx, now)
}

/// [`health()`] for a caller that has the context already.
pub fn judge(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>) -> Result<Health, Error> {
    let last_proven_read = tx.mark(Setting::LastProvenRead)?;
    let paused_since = match tx.mark(Setting::PausedSince)? {
        // Another account's key stops polling until a person has answered.
        None if tx.setting(Setting::OtherAccount)?.is_some() => {
            Some(tx.mark(Setting::AccountCheckedAt)?.or(last_proven_read).unwrap_or(now))
        }
        since => since,
    };
    let evidence = Evidence {
        last_proven_read,
        watching_since: tx.mark(Setting::WatchingSince)?,
        paused_since,
        interval_minutes: ctx.config.routing.poll_interval_minutes,
        watch: &ctx.config.watch,
    };
    Ok(health::judge(&evidence, now))
}

fn late_after(tx: &Tx<'_>) -> Result<chrono::Duration, Error> {
    let config = Context::load(tx)?.config;
    Ok(health::late_after(config.routing.poll_interval_minutes, &config.watch))
}

fn close(tx: &Tx<'_>, gap: &GapRow, to: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Error> {
    let to = to.max(gap.from);
    tx.set_gap(gap.id, Some(to), &gap.why)?;
    note(tx, gap.from, to, &gap.why, now)
}

fn record(tx: &Tx<'_>, from: DateTime<Utc>, to: DateTime<Utc>, why: &str, now: DateTime<Utc>) -> Result<(), Error> {
    tx.add_gap(from, Some(to), why)?;
    note(tx, from, to, why, now)
}

/// The reason may quote a vendor's answer, so it stays outside the chain.
fn note(tx: &Tx<'_>, from: DateTime<Utc>, to: DateTime<Utc>, why: &str, now: DateTime<Utc>) -> Result<(), Error> {
    tx.append(now, &Draft::new(Kind::Gap, format!("from {} to {}", stamp(from), stamp(to))).text(why))?;
    Ok(())
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A length of time in words, as exact as a person needs it.
fn span(by: Duration) -> String {
    let seconds = by.as_secs();
    match seconds {
        0..120 => format!("{seconds} seconds"),
        120..7200 => format!("{} minutes", (seconds + 30) / 60),
        _ => format!("{} hours", (seconds + 1800) / 3600),
    }
}

#[cfg(test)]
mod tests;
