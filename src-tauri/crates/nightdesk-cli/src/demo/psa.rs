//! The demo's desk, where that is AlgaPSA: its stand-in, its catalogue, and the count at the end.

use super::triage::ACTOR;
use crate::command::failure;
use crate::exit::Failure;
use crate::output::{Output, say};
use crate::render::words::count;
use nightdesk_api as api;
use nightdesk_api::words::PsaStanding;
use nightdesk_core::clock::Clock as _;
use nightdesk_core::config::{Channel, Config};
use nightdesk_host::secrets::Secrets;
use nightdesk_host::{self as host, DataDir, FastClock, Store};
use nightdesk_standin::algapsa::AlgaStandin;
use nightdesk_standin::night::{Helpdesk, Here, Standing, filed, helpdesk, verified};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// What was opened in the night's last moments gets so long to arrive, in real time.
const ARRIVES_WITHIN: Duration = Duration::from_secs(20);

/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_millis(200);

/// Starts the stand-in with the night's own boards and clients, and makes it the desk.
///
/// # Errors
/// When it can't be started.
pub async fn start(config: &mut Config, clock: &Arc<FastClock>) -> Result<AlgaStandin, Failure> {
    let time = clock.clone();
    let standin = AlgaStandin::start(helpdesk(config), Arc::new(move || time.now())).await;
    let standin = standin.map_err(|e| Failure::failed(format!("the stand-in for AlgaPSA cannot start: {e}")))?;
    filed(config, &standin.base_url());
    Ok(standin)
}

/// Applies the demo's configuration before the engine starts, as a person would.
///
/// # Errors
/// When the desk can't be read, or the store can't be used.
pub async fn apply(
    dir: &DataDir,
    clock: &Arc<FastClock>,
    config: &Config,
    secrets: Arc<Secrets>,
) -> Result<(), Failure> {
    let text = api::config_file::render(config);
    let lock = host::Lock::try_acquire(dir, host::Role::Command, "nightdesk demo", clock.now());
    let lock = lock.map_err(Failure::failed)?;
    let mut store = host::open(dir, &lock, clock.now()).map_err(Failure::failed)?.store;
    let asked = store.read(|tx| api::config_desk(tx, &text, false)).map_err(failure)?;
    let listing = host::psa::listing(asked, secrets, clock.clone()).await.map_err(failure)?;
    let now = clock.now();
    let set_up = store.write(|tx| {
        api::config_apply_against(tx, now, ACTOR, &text, false, None, listing.listed)?;
        // These people's numbers were verified before the night.
        verified().try_for_each(|phone| Ok(tx.verify_contact(phone, now, Channel::Call)?))
    });
    set_up.map_err(failure)
}

/// Lets arrive what the night's last moments brought, while the engine still runs.
///
/// # Errors
/// When the store can't be used, or the engine fails.
pub async fn arrive(
    dir: &DataDir,
    engine: impl Future<Output = Result<(), host::Error>> + Unpin,
) -> Result<(), Failure> {
    let mut store = host::open_guest(dir).map_err(Failure::failed)?;
    let arrived = async {
        while store.read(api::psa_status).map_err(failure)?.is_some_and(|s| s.waiting > 0) {
            tokio::time::sleep(LOOK).await;
        }
        Ok::<(), Failure>(())
    };
    tokio::select! {
        ended = engine => Err(ended.map_or_else(Failure::failed, |()| Failure::failed("the engine stopped"))),
        waited = tokio::time::timeout(ARRIVES_WITHIN, arrived) => waited.unwrap_or(Ok(())),
    }
}

/// What people there did and the desk has followed, a sentence each.
///
/// # Errors
/// When the store can't be read.
pub fn followed(store: &mut Store, there: &mut Helpdesk) -> Result<Vec<String>, Failure> {
    let here = store.read(|tx| api::tickets(tx, &api::TicketsAsked::default())).map_err(failure)?;
    Ok(there.followed(here.iter().filter_map(|t| {
        let (remote_id, status) = (t.remote_id.as_deref()?, t.status.as_deref()?);
        Some(Here { remote_id, number: &t.number, board: &t.board, client: &t.client, status })
    })))
}

/// Compares what stands there with what stands here; whether nothing is missing there and nothing is there twice.
///
/// # Errors
/// When the store can't be read, or the words can't be said.
pub fn account(store: &mut Store, out: Output, there: &Standing) -> Result<bool, Failure> {
    let here = store.read(|tx| api::tickets(tx, &api::TicketsAsked::default())).map_err(failure)?;
    let ids: HashSet<&str> = there.ids.iter().map(String::as_str).collect();
    let is_there = |t: &&api::Ticket| t.remote_id.as_deref().is_some_and(|id| ids.contains(id));
    let waiting = here.iter().filter(|t| t.remote_id.is_none()).count();
    let missing: Vec<&str> = here
        .iter()
        .filter(|t| t.remote_id.is_some() && t.psa != Some(PsaStanding::Gone) && !is_there(t))
        .map(|t| &*t.number)
        .collect();
    let foreign = there.tickets - here.iter().filter(is_there).count().min(there.tickets);
    out.text(&format!(
        "AlgaPSA: {} there, {} open; {} here, {waiting} still waiting to arrive; {} missing, {} doubled",
        count(there.tickets, "ticket", "tickets"),
        there.open,
        count(here.len(), "ticket", "tickets"),
        missing.len(),
        there.doubled.len(),
    ))?;
    if !missing.is_empty() {
        say(&format!("missing in AlgaPSA: {}", missing.join(", ")));
    }
    if !there.doubled.is_empty() {
        say(&format!("twice in AlgaPSA: {}", there.doubled.join(", ")));
    }
    if foreign > 0 {
        say(&format!("{} in AlgaPSA that the desk doesn't know", count(foreign, "ticket", "tickets")));
    }
    Ok(missing.is_empty() && there.doubled.is_empty() && foreign == 0)
}
