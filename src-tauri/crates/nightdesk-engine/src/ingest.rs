//! Records become incidents, tickets, ledger lines and deliveries, in the caller's one transaction (ND-2).

mod acts;
mod bare;
mod comment;
mod reconsider;

pub(crate) use comment::comment;
pub use reconsider::reconsider;

use crate::context::{Context, Mapping};
use crate::faults;
use crate::inbox;
use crate::paging;
use acts::Desk;
use bare::Unread;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::delivery::Kind;
use nightdesk_core::ids::{IncidentId, IncidentKey, TicketId};
use nightdesk_core::incident::{Incident, Reading, Record};
use nightdesk_core::ledger::{self, Draft};
use nightdesk_core::routing::{Act, Change, Class, Known, Plan, merge, plan};
use nightdesk_store::{
    Error, FirstSeen, IncidentUpdate, LookUpKind, NewIncident, OrganizationRow, Setting, StoredIncident, TicketRow, Tx,
};
use std::collections::{HashMap, HashSet};

/// A time of change that lies further ahead than clocks differ can't be compared with: it would hold back all later word.
const SKEW_MINUTES: i64 = 10;

/// What a page, or several, came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records received.
    pub fetched: u32,
    /// Seen for the first time.
    pub new: u32,
    /// Known, and different.
    pub changed: u32,
    /// Known, and the same.
    pub unchanged: u32,
    /// Tickets opened.
    pub tickets_created: u32,
    /// Tickets closed.
    pub tickets_closed: u32,
    /// Records quarantined for the first time.
    pub quarantined: u32,
}

impl Counts {
    /// Adds another page's.
    pub fn add(&mut self, other: Self) {
        self.fetched += other.fetched;
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.tickets_created += other.tickets_created;
        self.tickets_closed += other.tickets_closed;
        self.quarantined += other.quarantined;
    }
}

/// Takes in a page of records. ND-2: everything it writes is in the caller's transaction. ND-4: a record that can't be
/// read in full is quarantined with its bytes and a bare ticket, and holds nothing back.
pub fn page(
    tx: &Tx<'_>,
    ctx: &Context,
    mapping: &mut Mapping,
    now: DateTime<Utc>,
    records: &[Record],
    by: FirstSeen,
    destinations: &[Kind],
) -> Result<Counts, Error> {
    let Some(bound) = ctx.bound.as_ref() else {
        return Err(Error::Value("routing is incomplete, so nothing can be filed".into()));
    };
    let mut counts = Counts { fetched: u32::try_from(records.len()).unwrap_or(u32::MAX), ..Counts::default() };
    let ids: Vec<IncidentId> = records.iter().filter_map(|r| r.reading.incident()).map(|i| i.id).collect();
    let mut once = HashSet::new();
    let repeated: HashSet<IncidentId> = ids.iter().copied().filter(|id| !once.insert(*id)).collect();
    let mut known: HashMap<IncidentId, StoredIncident> =
        tx.known_incidents(ctx.account_id(), &ids)?.into_iter().map(|k| (k.key.id, k)).collect();
    let mut tickets = tickets_of_changed(tx, records, &known)?;
    meet_organizations(tx, ctx, mapping, now, records)?;

    // Oldest first, so that tickets and timelines read in the order in which things happened.
    let mut order: Vec<&Record> = records.iter().collect();
    // Huntress lists the newest first, those of one second too, so their numbers decide.
    order.sort_by_key(|r| {
        (r.reading.updated_at().is_none(), r.reading.updated_at(), r.reading.incident().map(|i| i.id))
    });
    let mut seen: HashSet<(IncidentId, [u8; 32])> = HashSet::new();
    for record in order {
        let (incident, doubt) = match &record.reading {
            Reading::Unkeyed { key, reason, subject, severity, .. } => {
                let unread = Unread { key, reason, subject: subject.as_deref(), severity, raw: &record.raw };
                bare::take(tx, ctx, bound, now, &unread, destinations, &mut counts)?;
                continue;
            }
            Reading::Whole(i) => (i, None),
            Reading::Partial { incident, reason } => (incident, Some(reason.clone())),
        };
        if let Some((key, reason)) = foreign(incident, ctx) {
            let (subject, severity) = (incident.subject.as_deref(), &incident.severity);
            let unread = Unread { key: &key, reason: &reason, subject, severity, raw: &record.raw };
            bare::take(tx, ctx, bound, now, &unread, destinations, &mut counts)?;
            continue;
        }
        if !seen.insert((incident.id, record.digest)) {
            counts.unchanged += 1;
            continue;
        }
        let desk = Desk { tx, ctx, bound, mapping, now, destinations, via_mapping: 0 };
        let taken = Taking { desk: &desk, record, incident, doubt: doubt.as_deref(), by };
        match known.get(&incident.id) {
            None => taken.new_incident(&mut counts)?,
            Some(stored) => {
                let ticket = stored.ticket.and_then(|t| tickets.remove(&t));
                taken.known_incident(stored, ticket, &mut counts)?;
            }
        }
        // A second row for the same incident on one page meets what the first one left.
        if repeated.contains(&incident.id)
            && let Some(stored) = tx.incident(taken.key())?
        {
            if let Some(t) = stored.ticket
                && let Some(row) = tx.ticket(t)?
            {
                tickets.insert(t, row);
            }
            known.insert(stored.key.id, stored);
        }
    }
    faults::point("ingest.page");
    Ok(counts)
}

/// A row of another account among ours is a record that can't be understood, never one to mix in: its number may well
/// be one of ours. Answers its key and the reason.
fn foreign(incident: &Incident, ctx: &Context) -> Option<(String, String)> {
    let account = incident.account.filter(|a| *a != ctx.account_id())?;
    let ours = ctx.account_id();
    Some((
        format!("account-{account}-incident-{}", incident.id),
        format!("it says that it belongs to Huntress account {account}, and this desk watches account {ours}"),
    ))
}

fn tickets_of_changed(
    tx: &Tx<'_>,
    records: &[Record],
    known: &HashMap<IncidentId, StoredIncident>,
) -> Result<HashMap<TicketId, TicketRow>, Error> {
    let wanted: Vec<TicketId> = records
        .iter()
        .filter_map(|r| r.reading.incident().map(|i| (i.id, &r.digest)))
        .filter_map(|(id, digest)| known.get(&id).filter(|k| k.digest != digest.as_slice()))
        .filter_map(|k| k.ticket)
        .collect();
    Ok(tx.tickets_by_id(&wanted)?.into_iter().map(|t| (t.id, t)).collect())
}

/// Organizations that nobody has listed yet get a row, and the listing becomes due so that they get a name.
fn meet_organizations(
    tx: &Tx<'_>,
    ctx: &Context,
    mapping: &mut Mapping,
    now: DateTime<Utc>,
    records: &[Record],
) -> Result<(), Error> {
    let mut met = false;
    for incident in records.iter().filter_map(|r| r.reading.incident()) {
        let Some(id) = incident.organization.filter(|id| mapping.get(*id).is_none()) else { continue };
        let mut row = OrganizationRow::unknown(ctx.account_id(), id);
        row.name.clone_from(&incident.organization_name);
        tx.put_organization(now, &row)?;
        mapping.put(row);
        met = true;
    }
    if met {
        tx.set_mark(Setting::OrganizationsListedAt, None)?;
    }
    Ok(())
}

struct Taking<'a> {
    desk: &'a Desk<'a>,
    record: &'a Record,
    incident: &'a Incident,
    doubt: Option<&'a str>,
    by: FirstSeen,
}

impl Taking<'_> {
    fn key(&self) -> IncidentKey {
        IncidentKey { account: self.desk.ctx.account_id(), id: self.incident.id }
    }

    fn plan(&self, incident: &Incident, known: Option<Known<'_>>) -> Plan {
        let d = self.desk;
        plan(
            d.now,
            incident,
            self.doubt.is_none(),
            d.mapping.standing(incident.organization),
            known,
            d.bound,
            &d.ctx.catalogue,
        )
    }

    fn new_incident(&self, counts: &mut Counts) -> Result<(), Error> {
        let plan = self.plan(self.incident, None);
        counts.new += 1;
        let ticket = self.desk.carry_out(self.key(), self.incident, &plan, None, self.doubt, counts)?;
        self.desk.tx.add_incident(
            self.desk.now,
            &NewIncident {
                key: self.key(),
                incident: self.incident,
                class: plan.class,
                ticket,
                digest: &self.record.digest,
                raw: &self.record.raw,
                by: self.by,
            },
        )?;
        self.ledger(&plan, ticket)?;
        if self.by.is_listing() && self.incident.status.is_open() && !plan.old_news {
            inbox::missed(self.desk.tx, self.desk.ctx, self.desk.now, self.incident)?;
        }
        self.after(&plan, ticket, counts)?;
        let is_asked_for = !self.incident.severity.is_known() && self.by != FirstSeen::ById;
        self.desk.page(self.key(), self.incident, &plan, ticket, is_asked_for)
    }

    fn known_incident(
        &self,
        stored: &StoredIncident,
        ticket: Option<TicketRow>,
        counts: &mut Counts,
    ) -> Result<(), Error> {
        let d = self.desk;
        d.tx.came_by(stored, self.by, d.now)?;
        if self.by != FirstSeen::Webhook && stored.posted_at.is_some() {
            // Complete by now, so that nobody need ask for it any more.
            d.tx.webhook_completed(self.key())?;
        }
        let settled = stored.ticket.is_some() || !stored.is_open || d.mapping.standing(stored.organization).ignored;
        if stored.digest == self.record.digest && settled && stored.gone_at.is_none() {
            counts.unchanged += 1;
            return Ok(());
        }
        // Older than what is known: an answer or event that was overtaken must not move the incident backwards.
        let latest = d.now + Duration::minutes(SKEW_MINUTES);
        let known_at = stored.updated_at.filter(|at| *at <= latest);
        if self.incident.updated_at.zip(known_at).is_some_and(|(new, old)| new < old) {
            counts.unchanged += 1;
            return Ok(());
        }
        let mut before = stored.facts()?;
        before.updated_at = before.updated_at.filter(|at| *at <= latest);
        if self.by == FirstSeen::Webhook && is_overtaken_in_its_second(&before, self.incident) {
            counts.unchanged += 1;
            return Ok(());
        }
        let after = merge(&before, self.incident);
        let before = if stored.posted_at.is_some() { completed(before, &after) } else { before };
        let facts = ticket.as_ref().map(TicketRow::facts);
        let plan = self.plan(&after, Some(Known { incident: &before, class: stored.class, ticket: facts.as_ref() }));
        let was_ticketed = ticket.is_some();
        let id = if plan.change == Change::Unchanged && plan.class == stored.class {
            counts.unchanged += 1;
            stored.ticket
        } else {
            counts.changed += 1;
            let id = d.carry_out(self.key(), &after, &plan, ticket, self.doubt, counts)?.or(stored.ticket);
            self.ledger(&plan, id)?;
            if stored.class == Class::Quarantined && self.doubt.is_none() {
                self.released(id)?;
            }
            if !was_ticketed || self.doubt.is_some() {
                self.after(&plan, id, counts)?;
            }
            id
        };
        d.tx.update_incident(
            d.now,
            &IncidentUpdate {
                key: self.key(),
                was_class: stored.class,
                was_open: stored.is_open,
                incident: &after,
                class: plan.class,
                ticket: id,
                digest: &self.record.digest,
                raw: &self.record.raw,
            },
        )?;
        if let Some(ticket) = id {
            // A webhook's report is completed without a word on the timeline.
            d.tx.psa_compare(ticket);
        }
        if plan.change == Change::Unchanged {
            return Ok(());
        }
        if !before.severity.is_known() {
            paging::severity_known(d.tx, d.ctx, d.now, self.key(), &after.severity)?;
        }
        if plan.acts.contains(&Act::EndPage) {
            paging::incident_over(d.tx, d.ctx, d.now, self.key())?;
        }
        d.page(self.key(), &after, &plan, id, false)
    }

    fn quarantine_key(&self) -> String {
        format!("incident-{}", self.incident.id)
    }

    fn released(&self, ticket: Option<TicketId>) -> Result<(), Error> {
        let d = self.desk;
        if d.tx.release(d.ctx.account_id(), &self.quarantine_key(), d.now)? {
            d.tx.append(d.now, &Draft::new(ledger::Kind::Released, "read in full").incident(self.key()))?;
            if let Some(t) = ticket {
                d.tx.add_to_timeline(t, d.now, "released", None, "Huntress's record could be read in full now.")?;
            }
        }
        Ok(())
    }

    fn ledger(&self, plan: &Plan, ticket: Option<TicketId>) -> Result<(), Error> {
        let kind = match plan.class {
            Class::Quarantined => ledger::Kind::Quarantined,
            Class::Withheld => ledger::Kind::Withheld,
            Class::RecordOnly => ledger::Kind::RecordOnly,
            Class::Ticketed => plan.acts.iter().fold(ledger::Kind::Changed, |kind, act| match act {
                Act::Open(_) => ledger::Kind::Ticketed,
                Act::Close(_) => ledger::Kind::Closed,
                Act::Reopen(_) => ledger::Kind::Reopened,
                _ => kind,
            }),
        };
        let mut draft = Draft::new(kind, format!("{} sha256={}", plan.reason, hex::encode(self.record.digest)))
            .incident(self.key());
        draft.ticket = ticket;
        self.desk.tx.append(self.desk.now, &draft)?;
        Ok(())
    }

    /// What follows once the ticket exists: quarantine's own row, and look-ups that nobody waits for.
    fn after(&self, plan: &Plan, ticket: Option<TicketId>, counts: &mut Counts) -> Result<(), Error> {
        let d = self.desk;
        if let Some(reason) = self.doubt.filter(|_| plan.class == Class::Quarantined) {
            counts.quarantined += 1;
            d.tx.quarantine(
                d.now,
                &nightdesk_store::NewQuarantine {
                    account: d.ctx.account_id(),
                    incident: Some(self.incident.id),
                    key: &self.quarantine_key(),
                    reason,
                    ticket,
                    raw: &self.record.raw,
                },
            )?;
        }
        if ticket.is_some() {
            if let Some(agent) = self.incident.agent {
                d.tx.want(LookUpKind::Agent, d.ctx.account_id(), agent.0, "host", d.now)?;
            }
            if !self.incident.severity.is_known() && self.by != FirstSeen::ById {
                d.tx.want(LookUpKind::Incident, d.ctx.account_id(), self.incident.id.0, "severity", d.now)?;
            }
        }
        Ok(())
    }
}

/// Huntress's times are whole seconds and webhooks come in any order: an event of the very second in which the incident
/// was closed doesn't open it again. The report that is fetched afterwards decides.
fn is_overtaken_in_its_second(before: &Incident, event: &Incident) -> bool {
    before.updated_at == event.updated_at && !before.status.is_open() && event.status.is_open()
}

/// What a webhook can't say isn't a change when the report of the same moment says it: no note calls it one.
fn completed(before: Incident, after: &Incident) -> Incident {
    if before.updated_at != after.updated_at || !before.indicator_types.is_empty() || before.remediations.total > 0 {
        return before;
    }
    Incident {
        indicator_types: after.indicator_types.clone(),
        indicator_counts: after.indicator_counts.clone(),
        remediations: after.remediations.clone(),
        ..before
    }
}
