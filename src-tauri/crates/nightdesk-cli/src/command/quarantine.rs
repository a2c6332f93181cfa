//! `quarantine`

use super::work::{self, Turn};
use super::{Desk, runtime};
use crate::args::QuarantineCommand;
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use crate::progress::Progress;
use crate::render::quarantine;
use nightdesk_api as api;
use nightdesk_api::{Request, Retried};
use nightdesk_core::ids::IncidentId;
use nightdesk_host as host;
use nightdesk_host::{Lock, Once, Store};

/// Lists, or fetches an incident again.
pub fn run(desk: &Desk, out: Output, command: Option<&QuarantineCommand>) -> Ended {
    let Some(QuarantineCommand::Retry { id }) = command else {
        let records = desk.read(|tx, _| api::quarantine(tx))?;
        out.result(&records, |r| quarantine::list(r))?;
        return Ok(Exit::Done);
    };
    let incident = desk.read(|tx, _| api::quarantined_incident(tx, *id))?;
    let progress = Progress::begin("Fetching the incident again");
    let retried = match work::turn(desk, &Request::QuarantineRetry(incident), &progress)? {
        Turn::Answered(retried) => retried,
        Turn::Ours(lock, store) => runtime()?.block_on(Box::pin(ourselves(desk, lock, *store, incident)))?,
    };
    drop(progress);
    out.result(&retried, |r| match r.ok {
        true => format!("Incident {incident} could be read in full; it is no longer quarantined."),
        false => String::new(),
    })?;
    if retried.ok {
        return Ok(Exit::Done);
    }
    let why = retried.error.as_deref().unwrap_or("it still breaks Huntress's own document");
    say(&format!("Incident {incident} stays quarantined: {why}. It keeps its ticket; read it in Huntress's portal"));
    Ok(Exit::Failed)
}

async fn ourselves(desk: &Desk, lock: Lock, store: Store, incident: IncidentId) -> Result<Retried, Failure> {
    let parts = host::system_parts(store, desk.secrets().clone(), desk.clock(), "nightdesk quarantine retry");
    let once = Once::start(parts.map_err(Failure::failed)?).await.map_err(Failure::failed)?;
    let before = once.newest().await.map_err(Failure::failed)?;
    let done = once.retry(incident).await;
    work::sent(once.deliver_since(before, &desk.cause()).await.map_err(Failure::failed)?);
    once.stop().await.map_err(Failure::failed)?;
    drop(lock);
    Ok(Retried { ok: done.ok, error: done.error })
}
