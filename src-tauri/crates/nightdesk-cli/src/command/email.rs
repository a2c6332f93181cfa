//! `email test TYPE`

use super::{Desk, failure, runtime};
use crate::args::EmailCommand;
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use crate::progress::Progress;
use crate::render::email;
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_api::EmailTested;
use nightdesk_core::notice::NotificationType;
use nightdesk_host as host;
use nightdesk_host::{Lock, Once, Store};
use std::time::Duration;

/// How often it is looked at how far it is.
const LOOK: Duration = Duration::from_millis(200);

/// How long an engine is waited for: an attempt takes a minute at the longest, and an unknown outcome is tried again.
const PATIENCE: TimeDelta = TimeDelta::seconds(150);

/// Tries mail.
pub fn run(desk: &Desk, out: Output, command: &EmailCommand) -> Ended {
    let EmailCommand::Test { kind } = command;
    let kind = NotificationType::from(*kind);
    let lock = desk.alone()?;
    let progress = Progress::begin("Handing mail to the server");
    let tested = match lock {
        None => beside(desk, kind)?,
        Some(lock) => {
            let store = desk.owned(&lock)?;
            runtime()?.block_on(Box::pin(ourselves(desk, lock, store, kind)))?
        }
    };
    drop(progress);
    out.result(&tested, email::tested)?;
    if tested.ok {
        say("The server has it. Whether it reaches the mailbox, a server doesn't tell: look there.");
        return Ok(Exit::Done);
    }
    for line in tested.addresses.iter().filter(|a| !a.ok) {
        let why = line.error.as_deref().unwrap_or("it has not been sent yet");
        say(&format!("{}: {why}", line.address));
    }
    if !tested.over || tested.addresses.iter().any(|a| a.next_at.is_some()) {
        say("The engine goes on with it for a few minutes; see nightdesk outbox");
    }
    Ok(Exit::Failed)
}

fn beside(desk: &Desk, kind: NotificationType) -> Result<EmailTested, Failure> {
    let begun = desk.write(|tx, now, actor| api::email_test(tx, now, actor, kind, None))?;
    loop {
        let tested = desk.read(|tx, _| api::email_tested(tx, begun.id))?;
        if tested.over || desk.now() - begun.begun_at > PATIENCE {
            return Ok(tested);
        }
        std::thread::sleep(LOOK);
    }
}

async fn ourselves(desk: &Desk, lock: Lock, mut store: Store, kind: NotificationType) -> Result<EmailTested, Failure> {
    let cause = desk.cause();
    let begun = store.write(|tx| api::email_test(tx, desk.now(), desk.actor(), kind, Some(&cause))).map_err(failure)?;
    let parts = host::system_parts(store, desk.secrets().clone(), desk.clock(), "nightdesk email test");
    let once = Once::start(parts.map_err(Failure::failed)?).await.map_err(Failure::failed)?;
    once.send(&cause).await.map_err(Failure::failed)?;
    let now = desk.now();
    let tested = once.db().write(move |tx| api::email_test_end(tx, now, begun.id)).await.map_err(failure)?;
    once.stop().await.map_err(Failure::failed)?;
    drop(lock);
    Ok(tested)
}
