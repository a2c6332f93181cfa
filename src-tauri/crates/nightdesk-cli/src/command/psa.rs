//! `psa`

use super::{Desk, failure, runtime, work};
use crate::args::PsaCommand;
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use crate::progress::Progress;
use crate::render::psa;
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_api::PsaStatus;
use nightdesk_host as host;
use nightdesk_host::{Lock, Once, Store};
use std::time::Duration;

/// How long an engine may take to read the PSA before we say that it hasn't yet.
const PATIENCE: TimeDelta = TimeDelta::minutes(2);

/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_millis(100);

/// Shows how the PSA stands, asks what the key may do, or has it read.
pub fn run(desk: &Desk, out: Output, command: Option<&PsaCommand>) -> Ended {
    match command {
        None => {
            let (status, now) = desk.read(|tx, now| Ok((api::psa_status(tx)?, now)))?;
            out.result(&status, |s| psa::state(s.as_ref(), now))?;
            Ok(Exit::Done)
        }
        Some(PsaCommand::Check) => check(desk, out),
        Some(PsaCommand::Sync) => sync(desk, out),
    }
}

fn check(desk: &Desk, out: Output) -> Ended {
    let in_force = desk.read(|tx, _| api::desk_in_force(tx))?;
    let progress = Progress::begin(&format!("Asking {}", in_force.kind.name()));
    let checked = runtime()?.block_on(host::psa::check(&in_force, desk.secrets().clone(), desk.clock()));
    drop(progress);
    out.result(&checked, |c| psa::rights(in_force.kind.name(), c))?;
    if checked.ok {
        return Ok(Exit::Done);
    }
    say(&psa::trouble(&checked));
    Ok(Exit::Failed)
}

fn sync(desk: &Desk, out: Output) -> Ended {
    desk.read(|tx, _| api::desk_in_force(tx))?;
    let progress = Progress::begin("Reading the PSA");
    match desk.alone()? {
        None => beside(desk)?,
        Some(lock) => {
            let store = desk.owned(&lock)?;
            runtime()?.block_on(Box::pin(ourselves(desk, lock, store)))?;
        }
    }
    drop(progress);
    let (status, now) = desk.read(|tx, now| Ok((api::psa_status(tx)?, now)))?;
    out.result(&status, |s| psa::state(s.as_ref(), now))?;
    match status {
        Some(PsaStatus { error: Some(error), remedy, .. }) => {
            say(&format!("{error}: {}", remedy.unwrap_or_default()));
            Ok(Exit::Failed)
        }
        _ => Ok(Exit::Done),
    }
}

/// Asks the engine, and waits until it has answered.
fn beside(desk: &Desk) -> Result<(), Failure> {
    desk.write(|tx, _, _| api::psa_sync(tx))?;
    let deadline = desk.now() + PATIENCE;
    while desk.read(|tx, _| api::psa_status(tx))?.is_some_and(|s| s.is_asked) {
        if desk.now() > deadline {
            let minutes = PATIENCE.num_minutes();
            return Err(Failure::failed(format!(
                "the engine has not read it within {minutes} minutes; look at its log"
            )));
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}

async fn ourselves(desk: &Desk, lock: Lock, store: Store) -> Result<(), Failure> {
    let parts = host::system_parts(store, desk.secrets().clone(), desk.clock(), "nightdesk psa sync");
    let once = Once::start(parts.map_err(Failure::failed)?).await.map_err(Failure::failed)?;
    let before = once.newest().await.map_err(Failure::failed)?;
    let failing = once.read_psa().await.map_err(Failure::failed)?;
    if failing.is_none() {
        // What its answer gave rise to, such as a creation that had waited for a board.
        work::sent(once.deliver_since(before, &desk.cause()).await.map_err(Failure::failed)?);
    }
    once.stop().await.map_err(Failure::failed)?;
    drop(lock);
    Ok(())
}

/// What a command that changed tickets says where nobody tells the PSA of it now.
pub fn told_later(desk: &Desk) -> Result<(), Failure> {
    let Some(waits) = desk.read(|tx, _| api::psa_waits(tx))? else { return Ok(()) };
    if !desk.has_engine()? {
        say(&format!("{waits} hears of it when an engine runs: nightdesk run"));
    }
    Ok(())
}

/// `secret test ALGAPSA_API_KEY`: whether the PSA takes the key, where the desk is one. Answers what is wrong.
pub fn try_key(desk: &Desk) -> Result<Option<Result<String, String>>, Failure> {
    // Without a store there is no desk to try it on yet.
    let Ok(mut store) = desk.guest() else { return Ok(None) };
    let in_force = match store.read(api::desk_in_force) {
        Ok(in_force) => in_force,
        Err(error) if error.code == api::Code::Conflict => return Ok(None),
        Err(error) => return Err(failure(error)),
    };
    let checked = runtime()?.block_on(host::psa::check(&in_force, desk.secrets().clone(), desk.clock()));
    Ok(Some(match checked.ok {
        true => Ok(format!("{} takes it, and it may do what is needed", in_force.kind.name())),
        false => Err(psa::trouble(&checked)),
    }))
}
