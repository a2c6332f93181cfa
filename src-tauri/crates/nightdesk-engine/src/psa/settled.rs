//! What the PSA answered, taken into what is known of the ticket there.

use super::desk_of;
use crate::context::Context;
use chrono::{DateTime, Utc};
use nightdesk_core::delivery::{Event, Kind, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::psa::{Create, GONE, Reference, Update};
use nightdesk_store::{DeliveryRow, Error, PsaTicketRow, Tx};

/// Takes in how a delivery to the PSA ended; answers the state that it has then. The ticket is compared anew afterwards.
pub(crate) fn settled(tx: &Tx<'_>, now: DateTime<Utc>, id: DeliveryId, state: State) -> Result<State, Error> {
    let Some(delivery) = tx.delivery(id)? else { return Ok(state) };
    let Some(ticket) = delivery.ticket else { return Ok(state) };
    let desk = desk_of(&Context::load(tx)?.config);
    if desk.as_deref() != Some(delivery.destination.as_str()) {
        if let Some(state) = call_off(tx, now, id)? {
            return Ok(state);
        }
        // What arrived at the desk that was left is kept for the day when somebody comes back to it, but never in the place of
        // what is known of the present one.
        if desk.map(|desk| tx.psa_ticket(&desk, ticket)).transpose()?.flatten().is_some() {
            return Ok(state);
        }
    }
    let mut row = tx.psa_ticket(&delivery.destination, ticket)?.unwrap_or_else(|| PsaTicketRow::new(ticket));
    match state {
        State::Accepted | State::Delivered => arrived(tx, now, &delivery, &mut row)?,
        State::Rejected if delivery.last_error.as_deref().is_some_and(|e| e.starts_with(GONE)) => {
            // The keeper makes sure of it; nothing is wrong with us.
            row.look_again = true;
            tx.put_psa_ticket(&delivery.destination, &row)?;
            return Ok(tx.change_delivery(id, Event::Cancel, now)?.unwrap_or(state));
        }
        _ => return Ok(state),
    }
    tx.psa_compare(ticket);
    Ok(state)
}

/// Ends what hasn't arrived at a desk that was left: nobody can send it or ask for it there any more. Whoever comes back to
/// that desk looks there before anything is made a second time.
pub(super) fn call_off(tx: &Tx<'_>, now: DateTime<Utc>, id: DeliveryId) -> Result<Option<State>, Error> {
    if let Some(superseded) = tx.change_delivery(id, Event::Supersede, now)? {
        return Ok(Some(superseded));
    }
    if tx.delivery(id)?.is_some_and(|d| d.state == State::InDoubt) {
        tx.change_delivery(id, Event::Refer, now)?;
    }
    tx.change_delivery(id, Event::Cancel, now)
}

/// Whether people have been told already that this came to nothing, and why: it was tried again in vain, by itself.
pub(crate) fn is_told(tx: &Tx<'_>, row: &DeliveryRow, reason: &str) -> Result<bool, Error> {
    let (Kind::PsaTicket | Kind::PsaUpdate, Some(ticket)) = (row.kind, row.ticket) else { return Ok(false) };
    let is_like = |d: &DeliveryRow| d.kind == row.kind && d.destination == row.destination && d.id < row.id;
    let before = tx.deliveries_of(ticket)?.into_iter().filter(is_like).max_by_key(|d| d.id);
    Ok(before.is_some_and(|d| d.state == State::Cancelled && d.last_error.as_deref() == Some(reason)))
}

fn arrived(tx: &Tx<'_>, now: DateTime<Utc>, delivery: &DeliveryRow, row: &mut PsaTicketRow) -> Result<(), Error> {
    let reference = delivery.remote_ref.as_deref().and_then(Reference::parse);
    match delivery.kind {
        Kind::PsaTicket => {
            let create: Create = serde_json::from_str(&delivery.payload)?;
            let Some(Reference { id, number, updated_at }) = reference else { return Ok(()) };
            let config = Context::load(tx)?.config;
            let is_here = desk_of(&config).as_deref() == Some(delivery.destination.as_str());
            if let Some(mut ticket) = tx.ticket(row.ticket)?.filter(|_| is_here) {
                ticket.remote_id = Some(id.clone());
                tx.save_ticket(now, &ticket)?;
                let psa = config.desk.kind.name();
                let called = number.as_deref().unwrap_or(&id);
                tx.add_to_timeline(ticket.id, now, "psa", None, &format!("In {psa} as {called}."))?;
            }
            *row = PsaTicketRow {
                remote_id: Some(id),
                number,
                base: Some(create.filed.clone()),
                known: Some(create.filed),
                updated_at,
                gone_at: None,
                // Found there, and changed by somebody before we knew of it.
                look_again: updated_at.is_none(),
                ..row.clone()
            };
        }
        Kind::PsaUpdate => {
            let update: Update = serde_json::from_str(&delivery.payload)?;
            row.look_again |= reference.as_ref().is_none_or(|r| r.updated_at.is_none());
            row.updated_at = reference.and_then(|r| r.updated_at).or(row.updated_at);
            row.known = Some(update.wants);
            row.base = Some(update.here);
        }
        _ => return Ok(()),
    }
    tx.put_psa_ticket(&delivery.destination, row)
}
