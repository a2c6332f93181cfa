//! `watch-check`: asked by a scheduler outside the engine, so that a desk that stands still is noticed too.

use super::{Desk, failure, runtime};
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use crate::render::words::{ago, span};
use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_api as api;
use nightdesk_host as host;
use nightdesk_host::Once;
use std::collections::BTreeSet;
use std::time::Duration;

/// How often it is looked at whether somebody has it.
const LOOK: Duration = Duration::from_millis(250);

/// How long somebody who is rung has to answer: a phone rings for 40 seconds, and the text is read out. Afterwards the
/// page goes on with the next check.
const RINGS: TimeDelta = TimeDelta::seconds(90);

/// `watch-check`
pub fn watch_check(desk: &Desk, out: Output, max_minutes: Option<u32>) -> Ended {
    let (check, now) = desk.read(|tx, now| Ok((api::watch_check(tx, now, max_minutes)?, now)))?;
    out.result(&check, |c| match c.last_read_at {
        Some(at) => format!("{}: Huntress was last read {}", c.state.word(), ago(at, now)),
        None => format!("{}: Huntress has never been read", c.state.word()),
    })?;
    if !check.too_old {
        return Ok(Exit::Done);
    }
    let what = match check.last_read_at {
        Some(at) => format!("the last proven read is {} old, more than {} min", span(now - at), check.max_minutes),
        None => "there was no proven read yet".to_owned(),
    };
    say(&format!("{what}: incidents may be waiting unseen. Look at: nightdesk status, nightdesk doctor"));
    if let Err(failure) = tell(desk, &check) {
        say("Nobody could be told of it:");
        failure.report();
    }
    Ok(Exit::Failed)
}

/// Mails and pages by whoever can: an engine that stirs, else this command.
fn tell(desk: &Desk, check: &api::WatchCheck) -> Result<(), Failure> {
    let engine = desk.has_engine()? && desk.read(api::engine_stirs)?;
    let cause = desk.cause();
    desk.write(|tx, now, _| api::causing(tx, &cause, || api::watch_alarm(tx, now, check, engine)))?;
    if engine {
        return Ok(());
    }
    runtime()?.block_on(Box::pin(ourselves(desk, &cause)))
}

async fn ourselves(desk: &Desk, cause: &str) -> Result<(), Failure> {
    // Without the directory's lock: an engine that starts meanwhile must not be turned away, and one that hangs keeps it.
    let store = desk.guest().map_err(Failure::failed)?;
    let parts = host::system_parts(store, desk.secrets().clone(), desk.clock(), "nightdesk watch-check");
    let once = Once::beside(parts.map_err(Failure::failed)?).await.map_err(Failure::failed)?;
    let until = desk.now() + RINGS;
    let before = once.db().read(|tx| tx.newest_delivery()).await.map_err(Failure::failed)?;
    let mut told = BTreeSet::new();
    loop {
        once.escalate(cause).await.map_err(Failure::failed)?;
        let ours = cause.to_owned();
        once.db().write(move |tx| tx.caused_since(before, &ours)).await.map_err(Failure::failed)?;
        let sent = once.deliver(cause).await.map_err(Failure::failed)?;
        if sent.arrived < sent.attempted {
            let left = sent.attempted - sent.arrived;
            say(&format!("{left} of {} could not be sent; see nightdesk outbox", sent.attempted));
        }
        if !once.follow(wants_more(desk, &once, until, &mut told)).await? {
            break;
        }
    }
    let page = once.db().read(move |tx| api::open_desk_page(tx, until)).await.map_err(failure)?;
    if let Some(page) = page {
        let doing = page.doing.as_deref().unwrap_or("nobody has it yet");
        say(&format!("The desk's own page: {doing}. It goes on with an engine, or with the next check."));
    }
    once.stop().await.map_err(Failure::failed)?;
    Ok(())
}

/// Waits while somebody may still answer; `true` when somebody is to be told who wasn't before, which wants sending.
async fn wants_more(desk: &Desk, once: &Once, until: DateTime<Utc>, told: &mut BTreeSet<i64>) -> Result<bool, Failure> {
    loop {
        let now = desk.now();
        let page = once.db().read(move |tx| api::open_desk_page(tx, now)).await.map_err(failure)?;
        let Some(page) = page.filter(|_| now < until) else { return Ok(false) };
        let known = told.len();
        told.extend(page.steps.iter().map(|step| step.id));
        if known > 0 && told.len() > known {
            return Ok(true);
        }
        tokio::time::sleep(LOOK).await;
    }
}
