//! `drill` and `contacts test`: people are tried, and waited for.

use super::{Desk, failure, runtime};
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use crate::progress::Progress;
use crate::render::page;
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_api::page_view::DrillView;
use nightdesk_core::paging::PageState;
use nightdesk_host as host;
use nightdesk_host::{Lock, Once, Store, Tx};
use std::time::Duration;

/// How often it is looked at how far it is.
const LOOK: Duration = Duration::from_millis(250);

/// How long after its end a drill is waited for that nobody ends.
const GRACE: TimeDelta = TimeDelta::seconds(15);

/// `drill`
pub fn drill(desk: &Desk, out: Output) -> Ended {
    tried(desk, out, None)
}

/// `contacts test NAME`
pub fn test(desk: &Desk, out: Output, name: &str) -> Ended {
    tried(desk, out, Some(name))
}

fn begin(
    tx: &Tx<'_>,
    now: chrono::DateTime<chrono::Utc>,
    actor: &str,
    who: Option<&str>,
    cause: Option<&str>,
) -> Result<DrillView, api::Error> {
    match who {
        Some(name) => api::contact_test(tx, now, actor, name, cause),
        None => api::drill(tx, now, actor, cause),
    }
}

fn tried(desk: &Desk, out: Output, who: Option<&str>) -> Ended {
    let lock = desk.alone()?;
    let progress = Progress::begin("Texting and calling");
    let view = match lock {
        None => {
            let begun = desk.write(|tx, now, actor| begin(tx, now, actor, who, None))?;
            runtime()?.block_on(until_over(desk, &begun, &progress, async || {
                desk.read(|tx, _| api::drill_view(tx, begun.run_id))
            }))?
        }
        Some(lock) => {
            let store = desk.owned(&lock)?;
            runtime()?.block_on(Box::pin(ourselves(desk, lock, store, who, &progress)))?
        }
    };
    drop(progress);
    out.result(&page::tried(&view), |_| page::drill(&view))?;
    match view.state {
        PageState::Acknowledged => return Ok(Exit::Done),
        PageState::Waiting | PageState::Running => {
            say("Not waiting any longer: answers still count while an engine runs.")
        }
        PageState::Exhausted | PageState::Ended => say("Not everybody answered."),
    }
    Ok(Exit::Failed)
}

async fn ourselves(
    desk: &Desk,
    lock: Lock,
    mut store: Store,
    who: Option<&str>,
    progress: &Progress,
) -> Result<DrillView, Failure> {
    let cause = desk.cause();
    let begun = store.write(|tx| begin(tx, desk.now(), desk.actor(), who, Some(&cause))).map_err(failure)?;
    let parts = host::system_parts(store, desk.secrets().clone(), desk.clock(), "nightdesk drill");
    let once = Once::start(parts.map_err(Failure::failed)?).await.map_err(Failure::failed)?;
    let sent = once.deliver(&cause).await.map_err(Failure::failed)?;
    if sent.arrived < sent.attempted {
        let left = sent.attempted - sent.arrived;
        say(&format!("{left} of {} could not be handed to the carrier; see nightdesk outbox", sent.attempted));
    }
    let run = begun.run_id;
    let look = async || once.db().read(move |tx| api::drill_view(tx, run)).await.map_err(failure);
    let view = once.follow(until_over(desk, &begun, progress, look)).await;
    once.stop().await.map_err(Failure::failed)?;
    drop(lock);
    view
}

/// Waits until every step is over, the drill's time is, or the user has enough of it.
async fn until_over(
    desk: &Desk,
    begun: &DrillView,
    progress: &Progress,
    look: impl AsyncFn() -> Result<DrillView, Failure>,
) -> Result<DrillView, Failure> {
    let enough = crate::signal::stop();
    tokio::pin!(enough);
    loop {
        let view = look().await?;
        if !view.state.is_open() || desk.now() > begun.ends_at + GRACE {
            return Ok(view);
        }
        progress.at(page::live(&view));
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = &mut enough => return Ok(view),
        }
    }
}
