//! A plan carried out on the local desk.

use super::Counts;
use crate::announce::{self, Happened, IncidentNews, News};
use crate::context::{Context, Mapping};
use crate::paging::{self, Called};
use chrono::{DateTime, Utc};
use nightdesk_core::content;
use nightdesk_core::delivery::Kind;
use nightdesk_core::ids::{CatalogueId, IncidentKey, TicketId};
use nightdesk_core::incident::Incident;
use nightdesk_core::routing::{Act, Bound, Class, Filing, Plan};
use nightdesk_core::ticket::{self, Event};
use nightdesk_store::{Error, NewTicket, TicketRow, Tx};

/// Where a plan is carried out.
pub(super) struct Desk<'a> {
    pub tx: &'a Tx<'a>,
    pub ctx: &'a Context,
    pub bound: &'a Bound,
    pub mapping: &'a Mapping,
    pub now: DateTime<Utc>,
    pub destinations: &'a [Kind],
    /// The re-home whose mapping files new tickets, or 0.
    pub via_mapping: i64,
}

impl Desk<'_> {
    /// Does what a plan says; answers the ticket that it opened or changed.
    pub fn carry_out(
        &self,
        key: IncidentKey,
        incident: &Incident,
        plan: &Plan,
        ticket: Option<TicketRow>,
        doubt: Option<&str>,
        counts: &mut Counts,
    ) -> Result<Option<TicketId>, Error> {
        let mut opened = None;
        let mut row = ticket;
        let before = row.clone();
        for act in &plan.acts {
            match (act, row.as_mut()) {
                (Act::Open(filing), _) => {
                    opened = Some(self.open(key, incident, filing, doubt)?);
                    counts.tickets_created += 1;
                }
                (act, Some(row)) => self.act(row, incident, act, counts)?,
                (_, None) => {}
            }
        }
        if let Some(row) = &mut row {
            row.severity = incident.severity.word().map(str::to_owned);
            row.organization = incident.organization;
            if doubt.is_none() && plan.class == Class::Ticketed {
                row.title = content::title(incident, row.unmapped);
            }
            if Some(&*row) != before.as_ref() {
                self.tx.save_ticket(self.now, row)?;
                if before.as_ref().is_some_and(|b| b.title != row.title) {
                    self.tx
                        .reindex_ticket(row.id, &format!("{} {} {}", row.number, row.title, self.words(incident)))?;
                }
            }
        }
        let id = opened.or(row.map(|r| r.id));
        if let (Some(alert), Some(ticket)) = (plan.alert, id) {
            self.announce(key, incident, Happened::Alerts(alert), plan.old_news, ticket)?;
        }
        if let (true, Some(ticket)) = (plan.acts.contains(&Act::EndPage), id) {
            self.announce(key, incident, Happened::Closed, false, ticket)?;
        }
        Ok(id)
    }

    /// The words beside number and title that a ticket is found by.
    fn words(&self, incident: &Incident) -> String {
        let name =
            self.mapping.name(incident.organization).or(incident.organization_name.as_deref()).unwrap_or_default();
        format!("{name} {} {}", incident.id, incident.summary.as_deref().unwrap_or_default())
    }

    fn open(
        &self,
        key: IncidentKey,
        incident: &Incident,
        filing: &Filing,
        doubt: Option<&str>,
    ) -> Result<TicketId, Error> {
        let title = content::title(incident, filing.unmapped);
        let title = match (doubt, title.strip_prefix("[Huntress] ")) {
            (Some(_), Some(rest)) => format!("[Huntress] [Unreadable] {rest}"),
            _ => title,
        };
        let id = self.tx.add_ticket(
            self.now,
            &NewTicket {
                title: &title,
                incident: Some(key),
                account: Some(key.account),
                quarantine_key: None,
                organization: incident.organization,
                client: filing.client,
                board: filing.board,
                status: filing.status,
                category: filing.category,
                priority: filing.priority,
                priority_assumed: filing.assumed,
                severity: incident.severity.word(),
                unmapped: filing.unmapped,
                via_mapping: self.via_mapping,
                words: &self.words(incident),
            },
        )?;
        let mut note = content::creation_note(incident);
        if let Some(reason) = doubt {
            note = format!("{note}\nThe record could not be read in full: {reason}.");
        }
        self.tx.add_to_timeline(id, self.now, "opened", None, &note)?;
        Ok(id)
    }

    fn act(&self, row: &mut TicketRow, incident: &Incident, act: &Act, counts: &mut Counts) -> Result<(), Error> {
        let say = |kind: &str, text: &str| self.tx.add_to_timeline(row.id, self.now, kind, None, text);
        let name = |id: CatalogueId| self.ctx.catalogue.name(id).to_owned();
        match act {
            Act::Open(_) | Act::EndPage => {}
            Act::Note(text) => say("note", text)?,
            Act::Prioritise { priority, assumed } => {
                row.priority_assumed = *assumed;
                if row.priority != Some(*priority) {
                    let old = row.priority.map_or_else(|| "none".to_owned(), name);
                    say("priority", &format!("Priority {old} -> {}.", name(*priority)))?;
                    row.priority = Some(*priority);
                }
            }
            Act::Close(status) => {
                if let Some(state) = ticket::next(row.state, Event::SocCloses) {
                    say("closed", &content::closed_by_soc(incident))?;
                    row.state = state;
                    row.status = status.or(row.status);
                    row.closed_at = Some(self.now);
                    counts.tickets_closed += 1;
                }
            }
            Act::Reopen(status) => {
                if let Some(state) = ticket::next(row.state, Event::SocReopens) {
                    say("reopened", "Reopened, because of what Huntress changed.")?;
                    row.state = state;
                    row.status = status.or(row.status);
                    row.closed_at = None;
                }
            }
            Act::Reroute(filing) => {
                say(
                    "rerouted",
                    &format!(
                        "Filed under {} on {}: its organization is known now.",
                        name(filing.client),
                        name(filing.board)
                    ),
                )?;
                row.client = filing.client;
                row.board = filing.board;
                row.category = filing.category;
                row.unmapped = filing.unmapped;
                row.status = if row.state.is_open() {
                    filing.status
                } else {
                    self.ctx.catalogue.closed_status(filing.board, self.bound.closed_status.as_deref()).or(row.status)
                };
            }
        }
        Ok(())
    }

    /// Considers whether people are paged for what a plan alerts of; called once the incident's row is written.
    pub fn page(
        &self,
        key: IncidentKey,
        incident: &Incident,
        plan: &Plan,
        ticket: Option<TicketId>,
        is_asked_for: bool,
    ) -> Result<(), Error> {
        let (Some(alert), Some(ticket)) = (plan.alert, ticket) else { return Ok(()) };
        let organization = self.mapping.name(incident.organization).or(incident.organization_name.as_deref());
        let called = Called { key, incident, alert, old_news: plan.old_news, ticket, organization, is_asked_for };
        paging::consider(self.tx, self.ctx, self.now, &called)
    }

    /// Tells everybody who is told of it.
    pub fn announce(
        &self,
        key: IncidentKey,
        incident: &Incident,
        happened: Happened,
        old: bool,
        ticket: TicketId,
    ) -> Result<(), Error> {
        let organization = self.mapping.name(incident.organization).or(incident.organization_name.as_deref());
        let news = News::Incident(IncidentNews { key, incident, happened, old, ticket, organization });
        announce::announce(self.tx, self.ctx, self.now, self.destinations, &news)
    }
}
