//! `pages`, `ack` and `page`.

use super::{Desk, failure, runtime};
use crate::args::Taken;
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use crate::render::page;
use chrono::{DateTime, Utc};
use nightdesk_api as api;
use nightdesk_api::page_view::PageView;
use nightdesk_core::ids::IncidentId;
use nightdesk_core::paging::How;
use nightdesk_host as host;
use nightdesk_host::{Lock, Once, Store, Tx};

/// How many a person is shown who didn't say.
const SHOWN: u32 = 50;

/// Lists pages with those that were not sent, newest first. Who reads JSON gets all; who reads words hears of the rest.
pub fn list(desk: &Desk, out: Output, limit: Option<u32>) -> Ended {
    let (pages, held, now) =
        desk.read(|tx, now| Ok((api::pages(tx, now, u32::MAX)?, api::suppressed(tx, u32::MAX)?, now)))?;
    let mut lines = page::lines(pages, held);
    let shown = limit.or((!out.is_json()).then_some(SHOWN)).map_or(lines.len(), |n| n as usize);
    let more = lines.len().saturating_sub(shown);
    lines.truncate(shown);
    out.result(&lines, |l| page::list(l, more, now))?;
    Ok(Exit::Done)
}

/// `ack`
pub fn ack(desk: &Desk, out: Output, what: Taken) -> Ended {
    let taken = acted(desk, |tx, now, actor| match what {
        Taken::Incident(id) => api::page_take(tx, now, actor, IncidentId(id), How::Command),
        Taken::Desk => api::page_take_desk(tx, now, actor, How::Command),
    })?;
    out.result(&page::lines(vec![taken.clone()], Vec::new()), |_| {
        let who = taken.acknowledged_by.as_deref().unwrap_or("Somebody");
        match what {
            Taken::Incident(id) => format!("{who} has the page for incident {id}."),
            Taken::Desk => format!("{who} has the desk's own page."),
        }
    })?;
    Ok(Exit::Done)
}

/// `page`
pub fn page(desk: &Desk, out: Output, incident: i64, anyway: bool) -> Ended {
    let id = IncidentId(incident);
    let opened = acted(desk, |tx, now, actor| api::page(tx, now, actor, id, anyway))?;
    out.result(&page::lines(vec![opened.clone()], Vec::new()), |_| {
        let doing = opened.doing.as_deref().unwrap_or("done");
        format!("Paging for incident {incident}: {doing}.")
    })?;
    if !desk.has_engine()? {
        say("The next steps, and answers by key or reply, wait for an engine: nightdesk run");
    }
    Ok(Exit::Done)
}

/// An edit, made beside whatever runs; where no engine runs, what it queued is tried once.
fn acted(
    desk: &Desk,
    f: impl FnOnce(&Tx<'_>, DateTime<Utc>, &str) -> Result<PageView, api::Error>,
) -> Result<PageView, Failure> {
    match desk.alone()? {
        None => desk.write(f),
        Some(lock) => {
            let mut store = desk.owned(&lock)?;
            let (cause, now) = (desk.cause(), desk.now());
            let done = store.write(|tx| api::causing(tx, &cause, || f(tx, now, desk.actor()))).map_err(failure)?;
            runtime()?.block_on(Box::pin(sent(desk, lock, store, &cause)))?;
            Ok(done)
        }
    }
}

async fn sent(desk: &Desk, lock: Lock, store: Store, cause: &str) -> Result<(), Failure> {
    let parts = host::system_parts(store, desk.secrets().clone(), desk.clock(), "nightdesk page");
    let once = Once::start(parts.map_err(Failure::failed)?).await.map_err(Failure::failed)?;
    let sent = once.deliver(cause).await.map_err(Failure::failed)?;
    if sent.arrived < sent.attempted {
        let left = sent.attempted - sent.arrived;
        say(&format!("{left} of {} could not be handed to the carrier; see nightdesk outbox", sent.attempted));
    }
    once.stop().await.map_err(Failure::failed)?;
    drop(lock);
    Ok(())
}
