//! `poll`

use super::work::{self, Turn};
use super::{Desk, runtime};
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use crate::progress::Progress;
use crate::render::words::count;
use nightdesk_api::Request;
use nightdesk_host as host;
use nightdesk_host::{Counts, Lock, Once, PollReport, Store};
use std::sync::Arc;
use std::time::Duration;

/// How long look-ups of hosts may take after the result is out.
const LOOK_UPS: Duration = Duration::from_secs(2);

/// One poll, by the running engine or by ourselves.
pub fn poll(desk: &Desk, out: Output) -> Ended {
    let progress = Progress::begin("Polling Huntress");
    match work::turn(desk, &Request::Poll, &progress)? {
        Turn::Answered(report) => {
            drop(progress);
            told(out, &report)
        }
        Turn::Ours(lock, store) => runtime()?.block_on(Box::pin(ourselves(desk, out, lock, *store, progress))),
    }
}

async fn ourselves(desk: &Desk, out: Output, lock: Lock, store: Store, progress: Progress) -> Ended {
    let parts = host::system_parts(store, desk.secrets().clone(), desk.clock(), "nightdesk poll");
    let once = match Once::start(parts.map_err(Failure::failed)?).await {
        Ok(once) => once,
        Err(error) => {
            drop(lock);
            if matches!(error, host::StoreError::Damaged(_)) {
                desk.repair(nightdesk_api::Code::DatabaseDamaged);
            }
            return Err(Failure::failed(error));
        }
    };
    let before = once.newest().await.map_err(Failure::failed)?;
    let progress = Arc::new(progress);
    let report = once.poll(Some(follow(progress.clone()))).await;
    drop(progress);
    // The result is out before the look-ups begin: a script that waits for it isn't held up by them.
    let ended = told(out, &report);
    // People come before look-ups; and those who wait for an answer are told of after a failed poll too.
    if !report.damaged {
        work::sent(once.deliver_since(before, &desk.cause()).await.map_err(Failure::failed)?);
    }
    if report.ok {
        let waiting = once.look_ups(LOOK_UPS).await;
        if waiting > 0 {
            let look_ups = count(waiting, "look-up waits", "look-ups wait");
            say(&format!("{look_ups} for an engine (host details; the tickets are there): nightdesk run"));
        }
    }
    let store = once.stop().await.map_err(Failure::failed)?;
    let damaged = report.damaged;
    drop((store, lock));
    if damaged {
        desk.repair(nightdesk_api::Code::DatabaseDamaged);
    }
    ended
}

/// Shows how far a long walk is.
fn follow(progress: Arc<Progress>) -> Arc<dyn Fn(&Counts) + Send + Sync> {
    Arc::new(move |counts| {
        let (read, opened) = (counts.fetched, counts.tickets_created);
        progress.at(format!("Polling Huntress: {read} incidents read, {opened} tickets opened"));
    })
}

fn told(out: Output, report: &PollReport) -> Ended {
    out.result(report, words)?;
    if report.ok {
        return Ok(Exit::Done);
    }
    say(&format!("The poll failed: {}", report.error.as_deref().unwrap_or("no reason was given")));
    Ok(if report.paused { Exit::Paused } else { Exit::Failed })
}

fn words(r: &PollReport) -> String {
    if !r.ok && r.fetched == 0 {
        return String::new();
    }
    let fetched = count(r.fetched, "incident read", "incidents read");
    let requests = count(r.requests, "request", "requests");
    let quarantined = if r.quarantined > 0 { format!(", {} quarantined", r.quarantined) } else { String::new() };
    format!(
        "{fetched} in {requests}: {} new, {} changed, {} as before{quarantined}. {} opened, {} closed.",
        r.new,
        r.changed,
        r.unchanged,
        count(r.tickets_created, "ticket", "tickets"),
        r.tickets_closed,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poll_is_told_in_a_sentence() {
        let report = PollReport { ok: true, requests: 2, fetched: 3, new: 3, tickets_created: 3, ..Default::default() };
        assert_eq!(
            words(&report),
            "3 incidents read in 2 requests: 3 new, 0 changed, 0 as before. 3 tickets opened, 0 closed."
        );
        assert_eq!(words(&PollReport { error: Some("down".into()), ..Default::default() }), "");
    }
}
