//! One open ticket on its way from one desk to another.

use super::carry::CarriedTicket;
use crate::context::Context;
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::{Catalogue, Entry, Kind, StatusRole};
use nightdesk_core::ids::CatalogueId;
use nightdesk_core::incident::Severity;
use nightdesk_core::psa::Filed;
use nightdesk_core::routing::Bound;
use nightdesk_store::{Error, PsaTicketRow, TicketRow, Tx};

/// Lines of the timeline that say that a ticket was filed elsewhere.
const FILED_ANEW: [&str; 3] = ["rehomed", "undone", "rerouted"];

pub(super) struct Moving<'a> {
    pub tx: &'a Tx<'a>,
    pub ctx: &'a Context,
    pub bound: &'a Bound,
    pub now: DateTime<Utc>,
    pub actor: Option<&'a str>,
    pub desk: Option<&'a str>,
}

impl Moving<'_> {
    /// Files a ticket at the new desk: by name, or as it stands there already where it was there before. `None` where it is at
    /// home.
    pub fn ticket(&self, mut t: TicketRow) -> Result<Option<CarriedTicket>, Error> {
        let catalogue = &self.ctx.catalogue;
        if catalogue.is_active(t.client) && catalogue.is_active(t.board) {
            return Ok(None);
        }
        let name = |id: CatalogueId| catalogue.name(id).to_owned();
        let from = (name(t.client), name(t.board));
        let copy = self.copy(&t)?;
        let stood = Stood::of(catalogue, copy.as_ref().and_then(|row| row.known.as_ref()));
        let (is_filed_anew, is_prioritised) = self.done_since(&t)?;
        let client = catalogue.only(Kind::Client, &from.0).map(|e| e.id);
        let is_fallback = match (stood.client, stood.board) {
            // People there may have given it what the desk in between had no word for.
            (Some(client), Some(board)) if !is_filed_anew => {
                (t.client, t.board, t.category) = (client, board, stood.category);
                t.unmapped = client == self.bound.fallback_client && board == self.bound.triage_board;
                t.unmapped
            }
            _ => {
                self.by_name(&mut t, client, &from.1);
                client.is_none()
            }
        };
        t.status = stood.status.filter(|_| stood.board == Some(t.board)).or_else(|| catalogue.opening_status(t.board));
        let level = Severity::parse(t.severity.as_deref()).level();
        let by_name = t.priority.map(name).and_then(|p| catalogue.find(Kind::Priority, &p, None).map(|e| e.id));
        let stood_priority = stood.priority.filter(|_| !is_prioritised);
        t.priority = stood_priority.or(by_name).or(Some(self.bound.priority(level)));
        // What the old desk called it is nothing to the new one.
        t.remote_id = copy.as_ref().and_then(|row| row.remote_id.clone());
        let to = (name(t.client), name(t.board));
        self.tx.save_ticket(self.now, &t)?;
        if let (Some(desk), Some(copy)) = (self.desk, copy) {
            // Nobody followed what people did there meanwhile.
            self.tx.put_psa_ticket(desk, &PsaTicketRow { look_again: true, ..copy })?;
        }
        let kind = self.ctx.config.desk.kind.name();
        let said =
            format!("Carried over to {kind}: client {:?}, board {:?} (was {:?}, {:?}).", to.0, to.1, from.0, from.1);
        self.tx.add_to_timeline(t.id, self.now, "carried", self.actor, &said)?;
        Ok(Some(CarriedTicket { id: t.id, number: t.number, from, to, is_fallback }))
    }

    /// Its copy at the new desk, from before.
    fn copy(&self, t: &TicketRow) -> Result<Option<PsaTicketRow>, Error> {
        let Some(desk) = self.desk else { return Ok(None) };
        Ok(self.tx.psa_ticket(desk, t.id)?.filter(|row| row.remote_id.is_some() && row.gone_at.is_none()))
    }

    /// Whether it was filed elsewhere since it last changed desks, and whether its priority changed.
    fn done_since(&self, t: &TicketRow) -> Result<(bool, bool), Error> {
        let lines = self.tx.timeline_after(t.id, 0)?;
        let kinds: Vec<&str> = lines.iter().map(|(_, line)| line.kind.as_str()).collect();
        let since = kinds.iter().rposition(|kind| *kind == "carried").map_or(0, |last| last + 1);
        let since = &kinds[since..];
        Ok((since.iter().any(|kind| FILED_ANEW.contains(kind)), since.contains(&"priority")))
    }

    fn by_name(&self, t: &mut TicketRow, client: Option<CatalogueId>, board: &str) {
        let catalogue = &self.ctx.catalogue;
        t.unmapped |= client.is_none();
        t.client = client.filter(|_| !t.unmapped).unwrap_or(self.bound.fallback_client);
        let same_board = catalogue.only(Kind::Board, board).map(|e| e.id);
        t.board = if t.unmapped { self.bound.triage_board } else { same_board.unwrap_or(self.bound.security_board) };
        let category = t.category.map(|id| catalogue.name(id).to_owned());
        t.category = category
            .and_then(|c| catalogue.find(Kind::Category, &c, Some(t.board)).map(|e| e.id))
            .or(self.bound.category.filter(|_| t.board == self.bound.security_board));
    }
}

/// How a ticket stood at the desk that it comes back to, in as much as that is still in use there.
#[derive(Debug, Default)]
struct Stood {
    client: Option<CatalogueId>,
    board: Option<CatalogueId>,
    /// An open one.
    status: Option<CatalogueId>,
    category: Option<CatalogueId>,
    priority: Option<CatalogueId>,
}

impl Stood {
    fn of(catalogue: &Catalogue, known: Option<&Filed>) -> Self {
        let Some(known) = known else { return Self::default() };
        let entry = |kind: Kind, remote: &str| -> Option<&Entry> {
            catalogue.entries().iter().find(|e| e.kind == kind && e.active && e.remote_id == remote)
        };
        let id = |kind: Kind, remote: Option<&String>| entry(kind, remote?).map(|e| e.id);
        let status = entry(Kind::Status, &known.status).filter(|e| !e.role.is_some_and(StatusRole::is_closed));
        Self {
            client: id(Kind::Client, Some(&known.client)),
            board: id(Kind::Board, Some(&known.board)),
            status: status.map(|e| e.id),
            category: id(Kind::Category, known.category.as_ref()),
            priority: id(Kind::Priority, known.priority.as_ref()),
        }
    }
}
