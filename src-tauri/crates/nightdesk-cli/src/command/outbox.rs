//! `outbox`

use super::Desk;
use crate::args::OutboxCommand;
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use crate::render::delivery;
use nightdesk_api as api;
use nightdesk_core::ids::DeliveryId;

/// Lists, sends again, or lets be.
pub fn run(desk: &Desk, out: Output, state: Option<&str>, command: Option<&OutboxCommand>) -> Ended {
    match command {
        None => {
            let found = desk.ask(|tx, now| Ok((api::outbox(tx, state)?, now)));
            // A state is a word of the command line, like an option's value.
            let (deliveries, now) = found?.map_err(|e| match e.code {
                api::Code::InvalidInput => Failure::usage(e),
                _ => Failure::failed(e),
            })?;
            out.result(&deliveries, |d| delivery::list(d, now))?;
        }
        Some(OutboxCommand::Redrive { id }) => {
            let delivery = desk.write(|tx, now, _| api::redrive(tx, now, DeliveryId(*id)))?;
            out.result(&delivery, |d| format!("Delivery {} is {} again.", d.id, d.state.word()))?;
            if !desk.has_engine()? {
                say("It leaves when an engine runs: nightdesk run");
            }
        }
        Some(OutboxCommand::Dismiss { id }) => {
            let dismissed: Vec<_> = desk
                .write(|tx, now, actor| id.iter().map(|id| api::dismiss(tx, now, actor, DeliveryId(*id))).collect())?;
            out.result(&dismissed, |all| {
                let lines = all.iter().map(|d| format!("Delivery {} is dismissed. It stays {}.", d.id, d.state.word()));
                lines.collect::<Vec<_>>().join("\n")
            })?;
        }
    }
    Ok(Exit::Done)
}
