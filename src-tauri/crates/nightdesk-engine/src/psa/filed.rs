//! How a ticket stands here, in the PSA's own ids.

use crate::context::Context;
use nightdesk_core::catalogue::Kind;
use nightdesk_core::ids::CatalogueId;
use nightdesk_core::psa::{Filed, Marker, differences, title_with};
use nightdesk_store::TicketRow;

/// A ticket's standing here, and what of it the PSA doesn't have any more.
pub(super) struct Here {
    pub filed: Filed,
    gone: Vec<(&'static str, String)>,
}

impl Here {
    /// Of a ticket; `is_there` where the PSA has it already.
    pub fn of(ctx: &Context, ticket: &TicketRow, is_there: bool) -> Self {
        let mut gone = Vec::new();
        let mut remote = |kind: Kind, word: &'static str, id: CatalogueId| {
            let entry = ctx.catalogue.get(id).filter(|e| e.kind == kind);
            if entry.is_none_or(|e| !e.active) {
                gone.push((word, ctx.catalogue.name(id).to_owned()));
            }
            entry.map(|e| e.remote_id.clone()).unwrap_or_default()
        };
        let client = remote(Kind::Client, "client", ticket.client);
        let board = remote(Kind::Board, "board", ticket.board);
        let category = ticket.category.map(|id| remote(Kind::Category, "category", id));
        let priority = ticket.priority.map(|id| remote(Kind::Priority, "priority", id));
        let status = status(ctx, ticket, is_there);
        let status = match status {
            Some(id) => remote(Kind::Status, "status", id),
            None => {
                gone.push(("status", String::new()));
                String::new()
            }
        };
        let title = title_with(&ticket.title, &Marker::of(ticket.incident, ticket.id));
        Self { filed: Filed { title, client, board, status, category, priority }, gone }
    }

    /// Why it can't be asked for as long as it is so: what differs from `known` and the PSA doesn't have.
    pub fn obstacle(&self, ctx: &Context, ticket: &TicketRow, known: Option<&Filed>) -> Option<String> {
        let psa = ctx.config.desk.kind.name();
        let changed = known.map(|known| differences(known, &self.filed));
        let counts = |word: &str| changed.as_ref().is_none_or(|c| c.iter().any(|d| d.field.word() == word));
        let (word, name) = self.gone.iter().find(|(word, _)| counts(word))?;
        if *word == "status" && name.is_empty() {
            let board = ctx.catalogue.name(ticket.board);
            let which = if ticket.state.is_open() { "open" } else { "closed" };
            return Some(format!(
                "board {board:?} has no {which} status in {psa}: give it one there, or choose another board in [routing]"
            ));
        }
        Some(format!(
            "{word} {name:?} is no longer in {psa}: bring it back there, or choose another; what needs it waits"
        ))
    }
}

/// The status it has, or its board's for as long as it has none. One that is gone is no reason not to open the ticket with
/// another; a ticket that stands in it there is left so.
fn status(ctx: &Context, ticket: &TicketRow, is_there: bool) -> Option<CatalogueId> {
    ticket.status.filter(|id| is_there || ctx.catalogue.is_active(*id)).or_else(|| {
        if ticket.state.is_open() {
            ctx.catalogue.opening_status(ticket.board)
        } else {
            let wanted = ctx.bound.as_ref().and_then(|b| b.closed_status.as_deref());
            ctx.catalogue.closed_status(ticket.board, wanted)
        }
    })
}
