//! `status`, `doctor` and `watch-check`.

use super::{Desk, runtime};
use crate::exit::{Ended, Exit};
use crate::output::{Output, say};
use crate::render::words::{ago, span};
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
    Ok(Exit::Failed)
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
