//! `status` and `doctor`.

use super::{Desk, runtime};
use crate::exit::{Ended, Exit};
use crate::output::{Output, say};
use crate::render::{card, check};
use nightdesk_api as api;
use nightdesk_core::clock::Clock;
use std::sync::Arc;

/// The status with how paging stands, in one object.
#[derive(serde::Serialize)]
struct Whole {
    #[serde(flatten)]
    status: api::Status,
    paging: api::paging_status::PagingStatus,
}

/// `status`
pub fn status(desk: &Desk, out: Output) -> Ended {
    let (status, paging, now) = desk.read(|tx, now| Ok((api::status(tx, now)?, api::paging_status(tx)?, now)))?;
    let whole = Whole { status, paging };
    out.result(&whole, |w| card::card(&w.status, now) + &card::paging(&w.paging, now))?;
    Ok(Exit::Done)
}

/// `doctor`
pub fn doctor(desk: &Desk, out: Output) -> Ended {
    let clock: Arc<dyn Clock> = desk.clock();
    let findings = runtime()?.block_on(nightdesk_host::doctor(desk.dir(), desk.secrets(), &clock));
    out.result(&findings, |f| check::list(f))?;
    let problems: Vec<&str> = findings.iter().filter(|f| !f.ok).map(|f| f.check).collect();
    if problems.is_empty() {
        return Ok(Exit::Done);
    }
    say(&format!("Not as a shift needs it: {}", problems.join(", ")));
    Ok(Exit::Failed)
}
