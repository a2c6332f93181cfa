//! A person's acts on tickets: re-homing, its undo, and the work on a single ticket. Each is synchronous and happens in
//! the caller's transaction: on an error the caller's transaction ends without a trace of it.

mod error;
#[cfg(test)]
pub(crate) mod fixture;
mod rehome;
#[cfg(test)]
mod tests;
mod undo;
mod work;

pub use error::{Error, Listed};
pub(crate) use rehome::{Act, Done, Learned, carry_out, reconsider};
pub use rehome::{Rehomed, rehome};
pub use undo::{Undone, latest_undo, undo};
pub use work::{assign, close, note, reopen};

use crate::context::Context;
use nightdesk_core::catalogue::{Entry, Kind};
use nightdesk_core::ids::{AccountId, TicketId};
use nightdesk_core::ledger::{self, Draft};
use nightdesk_core::mapping::{Index, normalise};
use nightdesk_store::TicketRow;

/// How many near names a message offers.
const NEAR: usize = 3;

/// The active client that a person means: by exact name, else by the only name that is equal but for case and
/// punctuation.
///
/// # Errors
/// [`Error::AmbiguousClient`] where several would do, [`Error::UnknownClient`] with the nearest names where none does.
pub fn find_client<'a>(ctx: &'a Context, name: &str) -> Result<&'a Entry, Error> {
    let wanted = normalise(name);
    let pick = |same: &dyn Fn(&Entry) -> bool| ctx.catalogue.of(Kind::Client).filter(|e| same(e)).collect::<Vec<_>>();
    for found in [pick(&|e| e.name == name.trim()), pick(&|e| !wanted.is_empty() && normalise(&e.name) == wanted)] {
        match found.as_slice() {
            [] => {}
            [one] => return Ok(one),
            several => {
                let choices = several.iter().map(|e| format!("{:?}", e.name)).collect();
                return Err(Error::AmbiguousClient { name: name.to_owned(), choices: Listed(choices) });
            }
        }
    }
    let index = Index::new(ctx.catalogue.of(Kind::Client).map(|e| (e.id, e.name.as_str())));
    let near = index.suggest(name, NEAR).iter().map(|s| format!("{:?}", ctx.catalogue.name(s.client))).collect();
    Err(Error::UnknownClient { name: name.to_owned(), near: Listed(near) })
}

/// The account that a ticket's organization belongs to.
pub(crate) fn account_of(ctx: &Context, ticket: &TicketRow) -> AccountId {
    ticket.incident.map_or_else(|| ctx.account_id(), |key| key.account)
}

/// A ledger entry about a ticket and its incident.
pub(crate) fn entry(kind: ledger::Kind, ticket: &TicketRow, fact: impl Into<String>) -> Draft {
    let draft = Draft::new(kind, fact).ticket(ticket.id);
    match ticket.incident {
        Some(key) => draft.incident(key),
        None => draft,
    }
}

/// The distinct ids in the order in which they were named.
fn distinct(ids: &[TicketId]) -> Vec<TicketId> {
    let mut seen = std::collections::HashSet::new();
    ids.iter().copied().filter(|id| seen.insert(*id)).collect()
}
