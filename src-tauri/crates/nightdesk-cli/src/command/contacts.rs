//! `contacts`

use super::work::{self, Turn};
use super::{Desk, failure, runtime};
use crate::args::ContactsCommand;
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use crate::progress::Progress;
use crate::render::contact;
use nightdesk_api as api;
use nightdesk_api::{Entered, PinSent, Request, VerificationReport};
use nightdesk_core::config::Channel;
use nightdesk_core::port::{Carrier, Sender};
use nightdesk_host as host;
use nightdesk_host::{Lock, Once, Store};
use std::sync::Arc;

/// Lists the call tree, or verifies a number.
pub fn run(desk: &Desk, out: Output, command: Option<&ContactsCommand>) -> Ended {
    match command {
        None => {
            let contacts = desk.read(api::contacts)?;
            out.result(&contacts, |c| contact::list(c))?;
            Ok(Exit::Done)
        }
        Some(ContactsCommand::Verify { name, by }) => verify(desk, out, name, by.map(Into::into)),
        Some(ContactsCommand::Test { name }) => super::drill::test(desk, out, name),
        Some(ContactsCommand::Confirm { name, pin }) => confirm(desk, out, name, pin),
    }
}

fn verify(desk: &Desk, out: Output, name: &str, channel: Option<Channel>) -> Ended {
    // A slip in the name is told before anybody waits for an engine.
    desk.read(|tx, _| api::contact_phone(tx, name))?;
    let progress = Progress::begin("Sending a PIN");
    let request = Request::ContactVerify { name: name.to_owned(), channel };
    let report = match work::turn(desk, &request, &progress)? {
        Turn::Answered(report) => report,
        Turn::Ours(lock, store) => runtime()?.block_on(Box::pin(ourselves(desk, lock, *store, name, channel)))?,
    };
    drop(progress);
    let sent = PinSent::from(report);
    out.result(&sent, contact::sent)?;
    if sent.ok {
        return Ok(Exit::Done);
    }
    let why = sent.error.as_deref().unwrap_or("no reason was given");
    say(&format!("The PIN was not sent: {why}"));
    if contact::waits(&sent) {
        say("It waits for an engine for as long as it counts: nightdesk run");
    }
    Ok(Exit::Failed)
}

async fn ourselves(
    desk: &Desk,
    lock: Lock,
    mut store: Store,
    name: &str,
    channel: Option<Channel>,
) -> Result<VerificationReport, Failure> {
    let client = store.read(|tx| host::carrier_in_force(tx, desk.secrets().clone())).map_err(failure)?;
    let senders: [Arc<dyn Sender>; 2] = [Arc::new(client.texts()), Arc::new(client.calls())];
    let carrier: Arc<dyn Carrier> = Arc::new(client);
    let parts = host::system_parts(store, desk.secrets().clone(), desk.clock(), "nightdesk contacts verify");
    let once = Once::start(parts.map_err(Failure::failed)?).await.map_err(Failure::failed)?;
    let report = once.verify(&carrier, &senders, name, channel).await.map_err(Failure::failed)?;
    once.stop().await.map_err(Failure::failed)?;
    drop(lock);
    Ok(report)
}

/// An edit, made here beside whatever runs: as a request the PIN would stand in the database.
fn confirm(desk: &Desk, out: Output, name: &str, pin: &str) -> Ended {
    let pin = match pin {
        "-" => std::io::read_to_string(std::io::stdin()).map_err(Failure::failed)?.trim().to_owned(),
        given => given.to_owned(),
    };
    let secrets = desk.secrets().clone();
    let (phone, client) =
        desk.read(|tx, _| Ok((api::contact_phone(tx, name)?, host::carrier_in_force(tx, secrets)?)))?;
    let entered = Entered::new(&client, &phone, &pin).map_err(|e| failure(e.into()))?;
    let done = desk.write(|tx, now, actor| api::contact_confirm(tx, now, actor, name, &entered))?;
    out.result(&done, contact::entered)?;
    if done.ok {
        return Ok(Exit::Done);
    }
    let why = done.error.as_deref().unwrap_or("no reason was given");
    say(&format!("{} is not verified: {why}", done.name));
    Ok(Exit::Failed)
}
