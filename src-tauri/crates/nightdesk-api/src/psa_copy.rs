//! How tickets stand in the PSA: their number and page there, and whether the copy is in step.

use crate::error::Error;
use crate::words::PsaStanding;
use nightdesk_core::config::Desk;
use nightdesk_core::ids::TicketId;
use nightdesk_engine::context::Context;
use nightdesk_engine::psa::desk_of;
use nightdesk_store::{TicketRow, Tx};
use std::collections::{HashMap, HashSet};

/// What is known of some tickets' copies. Without a PSA there are none.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    desk: Option<Desk>,
    numbers: HashMap<TicketId, Option<String>>,
    gone: HashSet<TicketId>,
    waiting: HashSet<TicketId>,
    failed: HashMap<TicketId, Option<String>>,
}

/// One ticket's copy.
#[derive(Debug, Default)]
pub(crate) struct Copy {
    pub(crate) number: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) standing: Option<PsaStanding>,
    pub(crate) error: Option<String>,
}

impl Copies {
    /// Those of these tickets; a question for each five hundred of them, and none where the desk is the built-in one.
    pub(crate) fn of(tx: &Tx<'_>, context: &Context, tickets: impl Iterator<Item = TicketId>) -> Result<Self, Error> {
        let Some(desk) = desk_of(&context.config) else { return Ok(Self::default()) };
        let tickets: Vec<TicketId> = tickets.collect();
        let mut copies = Self { desk: Some(context.config.desk.clone()), ..Self::default() };
        for copy in tx.psa_copies(&desk, &tickets)? {
            copies.numbers.insert(copy.ticket, copy.number);
            if copy.is_gone {
                copies.gone.insert(copy.ticket);
            }
        }
        let asked: HashSet<TicketId> = tickets.into_iter().collect();
        copies.waiting.extend(tx.psa_due(u32::MAX)?.into_iter().filter(|id| asked.contains(id)));
        for (ticket, has_failed, error) in tx.psa_unfinished(&desk)? {
            if has_failed {
                copies.failed.insert(ticket, error);
            } else {
                copies.waiting.insert(ticket);
            }
        }
        Ok(copies)
    }

    /// One ticket's.
    pub(crate) fn get(&self, row: &TicketRow) -> Copy {
        let Some(desk) = &self.desk else { return Copy::default() };
        let is_there = row.remote_id.is_some() && self.numbers.contains_key(&row.id);
        let standing = if self.gone.contains(&row.id) {
            Some(PsaStanding::Gone)
        } else if self.failed.contains_key(&row.id) {
            Some(PsaStanding::Failed)
        } else if self.waiting.contains(&row.id) || (!is_there && row.state.is_open()) {
            Some(PsaStanding::Waiting)
        } else {
            // One that was over before the desk became this PSA has no copy there.
            is_there.then_some(PsaStanding::InStep)
        };
        let url = row.remote_id.as_deref().filter(|_| standing != Some(PsaStanding::Gone) && is_there);
        Copy {
            number: self.numbers.get(&row.id).cloned().flatten(),
            url: url.and_then(|id| page(desk, id)),
            standing,
            error: self.failed.get(&row.id).cloned().flatten(),
        }
    }
}

/// A ticket's page for people in AlgaPSA. The path is the one that the vendor's own notices link to (its public source,
/// 2026); not tried on a running server.
fn page(desk: &Desk, id: &str) -> Option<String> {
    let mut url = url::Url::parse(desk.base_url.as_deref()?).ok()?;
    url.path_segments_mut().ok()?.pop_if_empty().extend(["msp", "tickets", id]);
    Some(url.into())
}
