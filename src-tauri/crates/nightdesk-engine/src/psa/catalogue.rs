//! The PSA's catalogue: kept here so that the desk works without it, and followed when names change there.

use crate::configure;
use crate::context::Context;
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::{self, Catalogue, Entry, Listed};
use nightdesk_core::config::Config;
use nightdesk_core::delivery::{Event, Kind as Delivery, State};
use nightdesk_core::ids::CatalogueId;
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_core::routing::Bound;
use nightdesk_store::{Error, Setting, Tx};
use std::collections::HashSet;

/// Puts what the PSA lists in the place of what is kept, where it differs. A rename is followed: routing's names become the
/// new ones, so that the configuration shown is one that can be applied. What waited for something that is there again is
/// tried again. Answers whether anything differed.
///
/// # Errors
/// The store's.
pub fn put(tx: &Tx<'_>, now: DateTime<Utc>, listed: &[Listed]) -> Result<bool, Error> {
    let before = Context::load(tx)?;
    tx.set_mark(Setting::PsaCatalogueAt, Some(now))?;
    if configure::lists(&before.catalogue, listed) {
        return Ok(false);
    }
    tx.put_catalogue(listed)?;
    let catalogue = tx.catalogue()?;
    let renamed = renamed(&before.catalogue, &catalogue);
    for (was, is) in &renamed {
        let psa = before.config.desk.kind.name();
        tx.append(
            now,
            &Draft::new(Kind::Configured, "renamed in the PSA").text(format!("{psa}: {was:?} is {is:?} now")),
        )?;
    }
    if let Some(bound) = &before.bound {
        let config = with_names(&before.config, bound, &before.catalogue, &catalogue);
        if config != before.config {
            let revision = tx.add_configuration(
                now,
                &serde_json::to_string(&config)?,
                Some(&serde_json::to_string(&Bound {
                    closed_status: config.routing.closed_status.clone(),
                    ..bound.clone()
                })?),
            )?;
            tx.append(
                now,
                &Draft::new(Kind::Configured, format!("revision {revision}")).text("names that changed in the PSA"),
            )?;
        }
    }
    // What was refused may have been so for a status or board that is different now; new clients alone mend nothing.
    let structure = |c: &Catalogue| -> Vec<Entry> {
        c.entries().iter().filter(|e| e.kind != catalogue::Kind::Client).cloned().collect()
    };
    let refused: &[State] = if structure(&before.catalogue) == structure(&catalogue) {
        &[State::NeedsHuman]
    } else {
        &[State::NeedsHuman, State::Rejected, State::DeadLettered]
    };
    try_again(tx, now, refused)?;
    Ok(true)
}

/// Whether a listing has nothing of what is known: it is somebody else's, or nobody's.
pub(super) fn is_anothers(known: &Catalogue, listed: &[Listed]) -> bool {
    let ids: HashSet<&str> = listed.iter().map(|l| l.remote_id.as_str()).collect();
    let mut known = known.entries().iter().filter(|e| e.active).peekable();
    known.peek().is_some() && !known.any(|e| ids.contains(e.remote_id.as_str()))
}

/// What only a person or another catalogue could mend is tried again once that has come. It is cancelled, which is told apart
/// from what was merely superseded: how it ended has been said.
pub(super) fn try_again(tx: &Tx<'_>, now: DateTime<Utc>, which: &[State]) -> Result<(), Error> {
    for id in tx.psa_deliveries(which)? {
        let Some(delivery) = tx.delivery(id)? else { continue };
        // A note says what it said; all else is planned anew, by the catalogue as it is now.
        if delivery.kind == Delivery::PsaNote {
            tx.change_delivery(id, Event::Redrive, now)?;
        } else if tx.change_delivery(id, Event::Cancel, now)?.is_some()
            && let Some(ticket) = delivery.ticket
        {
            tx.psa_compare(ticket);
        }
    }
    Ok(())
}

fn renamed(before: &Catalogue, after: &Catalogue) -> Vec<(String, String)> {
    before
        .entries()
        .iter()
        .filter_map(|was| Some((was, after.get(was.id)?)))
        .filter(|(was, is)| was.active && is.active && was.name != is.name)
        .map(|(was, is)| (format!("{} {}", was.kind.word(), was.name), is.name.clone()))
        .collect()
}

/// The configuration with the names that its bound numbers have now.
fn with_names(config: &Config, bound: &Bound, before: &Catalogue, after: &Catalogue) -> Config {
    let mut config = config.clone();
    let routing = &mut config.routing;
    let name = |slot: &mut Option<String>, id: CatalogueId| {
        if let Some(entry) = after.get(id).filter(|e| e.active) {
            *slot = Some(entry.name.clone());
        }
    };
    name(&mut routing.security_board, bound.security_board);
    name(&mut routing.triage_board, bound.triage_board);
    name(&mut routing.fallback_client, bound.fallback_client);
    name(&mut routing.priority.critical, bound.critical);
    name(&mut routing.priority.high, bound.high);
    name(&mut routing.priority.low, bound.low);
    if let Some(category) = bound.category {
        name(&mut routing.category, category);
    }
    // The closed status goes by name, since each board has its own: the security board's decides.
    if let Some(wanted) = routing.closed_status.clone()
        && let Some(id) = before.closed_status(bound.security_board, Some(&wanted))
        && before.name(id) == wanted
    {
        name(&mut routing.closed_status, id);
    }
    config
}
