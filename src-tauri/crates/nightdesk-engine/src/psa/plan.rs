//! From what changed here to what is asked of the PSA.

use super::carry::carry_late;
use super::desk_of;
use super::filed::Here;
use crate::context::Context;
use crate::db::Db;
use crate::description;
use crate::dispatcher::conclude;
use crate::pulse::Pulse;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::content::Part;
use nightdesk_core::delivery::{Event, Kind, State};
use nightdesk_core::ids::{DeliveryId, TicketId};
use nightdesk_core::psa::{Create, Filed, Marker, Mirror, Note, Pending, Step, Update, merge, next_step, pieces};
use nightdesk_store::{DeliveryRow, Error, NewDelivery, PsaTicketRow, Setting, TicketRow, TimelineEntry, Tx};
use tokio_util::sync::CancellationToken;

/// So many tickets are compared in one transaction: small, so that no poll waits for it.
const AT_ONCE: u32 = 100;

/// How long to wait before looking again after the store failed.
const AFTER_STORE_ERROR: Duration = Duration::seconds(5);

/// So far Huntress's clock and ours may be apart.
const CLOCKS_DIFFER: Duration = Duration::minutes(5);

/// What was sent so long before its ticket was opened wasn't seen by an ordinary poll: those are an hour apart at most.
const SEEN_LATE: Duration = Duration::minutes(65);

/// Lines of the timeline that are no news to the PSA: what the ticket began with, what went out, and what came from there.
const UNTOLD: [&str; 6] = ["opened", "delivery", "psa", "mapped", "page", "carried"];

/// The task that plans as soon as something changed.
pub struct Planner {
    /// The store.
    pub db: Db,
    /// Wake-ups, and the clock.
    pub pulse: Pulse,
    /// Ends it.
    pub stop: CancellationToken,
}

impl Planner {
    /// The task's name in the pulse.
    pub const NAME: &'static str = "psa_planner";

    /// Runs until stopped.
    pub async fn run(self) {
        let mut waiter = self.pulse.waiter(Self::NAME);
        while !self.stop.is_cancelled() {
            waiter.look();
            let next = match self.round().await {
                Ok(()) => None,
                Err(error) => {
                    tracing::warn!(%error, "what changed could not be compared with the PSA");
                    Some(self.pulse.clock().now() + AFTER_STORE_ERROR)
                }
            };
            tokio::select! {
                () = waiter.rest(next) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    async fn round(&self) -> Result<(), Error> {
        while self.db.read(|tx| tx.is_psa_due()).await? {
            let now = self.pulse.clock().now();
            self.db.write(move |tx| due(tx, now).map(drop)).await?;
            // The dispatcher isn't told of what is queued here in any other way.
            self.pulse.beat();
        }
        Ok(())
    }
}

/// Plans for some of the tickets that are due, oldest first; answers whether there are more.
///
/// # Errors
/// The store's.
pub fn due(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<bool, Error> {
    let ctx = Context::load(tx)?;
    let Some(desk) = desk_of(&ctx.config) else {
        tx.psa_forget_due()?;
        return Ok(false);
    };
    for id in tx.psa_due(AT_ONCE)? {
        ticket(tx, &ctx, &desk, now, id)?;
        tx.psa_compared(id)?;
    }
    tx.is_psa_due()
}

fn ticket(tx: &Tx<'_>, ctx: &Context, desk: &str, now: DateTime<Utc>, id: TicketId) -> Result<(), Error> {
    let Some(mut ticket) = tx.ticket(id)? else { return Ok(()) };
    let row = match tx.psa_ticket(desk, id)? {
        Some(row) => row,
        None if is_from_before(tx, &ticket)? => return Ok(()),
        None => {
            ticket = carry_late(tx, ctx, desk, now, ticket)?;
            let told = tx.timeline_after(id, 0)?.last().map_or(0, |(line, _)| *line);
            let row = PsaTicketRow { noted_to: told, ..PsaTicketRow::new(id) };
            tx.put_psa_ticket(desk, &row)?;
            row
        }
    };
    let deliveries: Vec<DeliveryRow> = tx.deliveries_of(id)?.into_iter().filter(|d| d.destination == desk).collect();
    let about = About { tx, ctx, desk, now, ticket: &ticket, row: &row, deliveries: &deliveries };
    about.stand()?;
    about.tell()
}

/// A ticket that was over before the desk became this PSA has no business there.
fn is_from_before(tx: &Tx<'_>, ticket: &TicketRow) -> Result<bool, Error> {
    Ok(!ticket.state.is_open() && tx.mark(Setting::PsaSince)?.is_some_and(|since| ticket.created_at < since))
}

struct About<'a> {
    tx: &'a Tx<'a>,
    ctx: &'a Context,
    desk: &'a str,
    now: DateTime<Utc>,
    ticket: &'a TicketRow,
    row: &'a PsaTicketRow,
    deliveries: &'a [DeliveryRow],
}

impl About<'_> {
    /// Brings the copy there to how the ticket stands here.
    fn stand(&self) -> Result<(), Error> {
        let here = Here::of(self.ctx, self.ticket, self.row.remote_id.is_some());
        let mirror = Mirror {
            id: self.row.remote_id.clone(),
            known: self.row.known.clone(),
            is_gone: self.row.gone_at.is_some(),
        };
        // What we didn't change stays as it is known there, even where people have made it something we have no word for.
        let mut wants = match (&self.row.base, &self.row.known) {
            // A title that somebody gave it there is theirs for good: ours only follows what the SOC calls it.
            (Some(base), Some(known)) if base.title != known.title => {
                Filed { title: known.title.clone(), ..merge(base, known, &here.filed) }
            }
            (Some(base), Some(known)) => merge(base, known, &here.filed),
            _ => here.filed.clone(),
        };
        // Taking a category away isn't something that a PSA has a call for; one that a ticket had before says little there.
        if let (None, Some(known)) = (&wants.category, &self.row.known) {
            wants.category.clone_from(&known.category);
        }
        let (drop, payload, kind) = match next_step(&mirror, &wants, &self.pending()) {
            Step::Rest => return Ok(()),
            Step::Drop(which) => return self.take_back(&which),
            Step::Create(instead_of) => {
                let create = self.create(wants)?;
                let told = self.parts()?.into_iter().map(|(part, _)| part).collect();
                self.tell_apart(told)?;
                (instead_of, serde_json::to_value(create)?, Kind::PsaTicket)
            }
            Step::Update(instead_of, was) => {
                let id = self.row.remote_id.clone().unwrap_or_default();
                let update = Update { id, was: *was, wants, here: here.filed.clone(), is_urgent: self.is_urgent() };
                (instead_of, serde_json::to_value(update)?, Kind::PsaUpdate)
            }
        };
        self.take_back(&drop)?;
        let Some(id) = self.queue(kind, &self.marker(kind), payload)? else { return Ok(()) };
        if let Some(why) = here.obstacle(self.ctx, self.ticket, self.row.known.as_ref()) {
            self.tx.set_delivery_error(id, &why)?;
            if let Some(state) = self.tx.change_delivery(id, Event::Refer, self.now)? {
                conclude(self.tx, id, state, self.now)?;
            }
        }
        Ok(())
    }

    fn create(&self, filed: Filed) -> Result<Create, Error> {
        let stored = self.ticket.incident.map(|key| self.tx.incident(key)).transpose()?.flatten();
        let incident = stored.map(|s| s.facts()).transpose()?;
        let reference = match self.ticket.incident {
            Some(key) => format!("huntress:{}:{}", key.account, key.id),
            None => format!("nightdesk:{}", self.ticket.quarantine_key.as_deref().unwrap_or(&self.ticket.number)),
        };
        let tags = ["huntress".to_owned()].into_iter().chain(self.ticket.severity.clone()).collect();
        let earlier = self.deliveries.iter().any(|d| d.kind == Kind::PsaTicket);
        let sent = incident.as_ref().map_or(Some(self.ticket.created_at), |i| i.sent_at);
        Ok(Create {
            marker: Marker::of(self.ticket.incident, self.ticket.id).to_string(),
            reference,
            filed,
            description: description::of(self.tx, self.ctx, self.ticket)?,
            tags,
            url: incident.map(|i| self.ctx.portal().link(&i)),
            is_urgent: self.is_urgent(),
            look_first: earlier || self.may_be_there(sent)?,
        })
    }

    /// Whether this desk, or the store that it had before, may have opened the ticket already: it is older than what the
    /// desk remembers of the PSA, or was seen so late that a machine's own copy may have been put back meanwhile.
    fn may_be_there(&self, sent: Option<DateTime<Utc>>) -> Result<bool, Error> {
        let Some(sent) = sent else { return Ok(true) };
        let remembers = self.tx.mark(Setting::PsaSince)?.max(self.tx.mark(Setting::RestoredAt)?);
        let is_older = remembers.is_some_and(|since| sent < since + CLOCKS_DIFFER);
        Ok(is_older || self.ticket.created_at - sent > SEEN_LATE)
    }

    /// Tells what happened since the last note, all of it with one; the next one waits until this one has arrived.
    fn tell(&self) -> Result<(), Error> {
        let Some(id) = self.row.remote_id.clone().filter(|_| self.row.gone_at.is_none()) else { return Ok(()) };
        if self.deliveries.iter().any(|d| d.kind == Kind::PsaNote && is_unsettled(d.state)) {
            return Ok(());
        }
        let mut parts = self.parts()?;
        let known = parts.iter().map(|(part, _)| *part).collect();
        parts.retain(|(part, _)| !self.row.told.contains(part));
        let lines = self.tx.timeline_after(self.ticket.id, self.row.noted_to)?;
        if lines.is_empty() && parts.is_empty() {
            return Ok(());
        }
        self.tell_apart(known)?;
        let Some(mut row) = self.tx.psa_ticket(self.desk, self.ticket.id)? else { return Ok(()) };
        row.noted_to = lines.last().map_or(row.noted_to, |(last, _)| *last);
        self.tx.put_psa_ticket(self.desk, &row)?;
        let lines = lines.iter().map(|(_, line)| line).filter(|l| !UNTOLD.contains(&l.kind.as_str()));
        let mut told: Vec<String> = lines.map(said).collect();
        // A change that quotes what is new has told of it.
        let is_told = |text: &str| {
            let body = text.split_once("\n\n").map_or(text, |(_, body)| body).trim();
            told.iter().any(|line| line.contains(body))
        };
        let untold: Vec<String> = parts.into_iter().map(|(_, text)| text).filter(|text| !is_told(text)).collect();
        told.extend(untold);
        if told.is_empty() {
            return Ok(());
        }
        for (n, text) in pieces(&told.join("\n")).into_iter().enumerate() {
            let mut marker = self.marker(Kind::PsaNote);
            if n > 0 {
                marker = format!("{marker}.{}", n + 1);
            }
            let note = Note { id: id.clone(), marker: marker.clone(), text };
            self.queue(Kind::PsaNote, &marker, serde_json::to_value(note)?)?;
        }
        Ok(())
    }

    fn parts(&self) -> Result<Vec<(Part, String)>, Error> {
        description::parts(self.tx, self.ctx, self.ticket)
    }

    /// The copy there has these sections, or is about to; whether the host's are still to come.
    fn tell_apart(&self, mut told: Vec<Part>) -> Result<(), Error> {
        let Some(mut row) = self.tx.psa_ticket(self.desk, self.ticket.id)? else { return Ok(()) };
        told.extend(&row.told);
        told.sort_unstable();
        told.dedup();
        let stored = self.ticket.incident.map(|key| self.tx.incident(key)).transpose()?.flatten();
        let agent = stored.map(|s| s.facts()).transpose()?.and_then(|incident| incident.agent);
        let awaits_agent = agent.filter(|_| !told.contains(&Part::Host));
        if row.told != told || row.awaits_agent != awaits_agent {
            row = PsaTicketRow { told, awaits_agent, ..row };
            self.tx.put_psa_ticket(self.desk, &row)?;
        }
        Ok(())
    }

    fn is_urgent(&self) -> bool {
        !matches!(self.ticket.severity.as_deref(), Some("high" | "low"))
    }

    fn pending(&self) -> Vec<Pending> {
        let wants = |d: &DeliveryRow| match d.kind {
            Kind::PsaTicket => serde_json::from_str::<Create>(&d.payload).ok().map(|c| c.filed),
            Kind::PsaUpdate => serde_json::from_str::<Update>(&d.payload).ok().map(|u| u.wants),
            _ => None,
        };
        let is_open = |d: &&DeliveryRow| {
            is_unsettled(d.state) || matches!(d.state, State::NeedsHuman | State::Rejected | State::DeadLettered)
        };
        let of = |d: &DeliveryRow| Some(Pending { delivery: d.id, kind: d.kind, state: d.state, wants: wants(d)? });
        self.deliveries.iter().filter(is_open).filter_map(of).collect()
    }

    fn take_back(&self, which: &[DeliveryId]) -> Result<(), Error> {
        for id in which {
            if self.tx.change_delivery(*id, Event::Supersede, self.now)?.is_none() {
                self.tx.change_delivery(*id, Event::Cancel, self.now)?;
            }
        }
        Ok(())
    }

    fn marker(&self, kind: Kind) -> String {
        format!("psa:{}:{}:{}", kind.word(), self.ticket.id, self.deliveries.len() + 1)
    }

    fn queue(&self, kind: Kind, marker: &str, payload: serde_json::Value) -> Result<Option<DeliveryId>, Error> {
        let new = NewDelivery {
            kind,
            destination: self.desk.to_owned(),
            // The store's own number tells two databases' deliveries apart no better than this; the desk's name does.
            marker: format!("{marker} {}", self.desk),
            payload,
            due_at: self.now,
            expires_at: None,
            incident: self.ticket.incident,
            ticket: Some(self.ticket.id),
            fallback_of: None,
            cause: None,
        };
        self.tx.queue(self.now, &new)
    }
}

fn said(line: &TimelineEntry) -> String {
    match &line.actor {
        Some(actor) => format!("{} ({actor})", line.text),
        None => line.text.clone(),
    }
}

fn is_unsettled(state: State) -> bool {
    matches!(state, State::Queued | State::Claimed | State::Sending | State::Retrying | State::InDoubt)
}
