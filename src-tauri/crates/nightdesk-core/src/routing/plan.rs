//! The routing table.

use super::Bound;
use crate::catalogue::Catalogue;
use crate::content;
use crate::ids::CatalogueId;
use crate::incident::Incident;
use crate::ticket::{self, State};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// An incident whose report is older than this when it is first seen opens a ticket but alerts nobody singly.
const OLD_NEWS_HOURS: i64 = 24;

/// The one class that an incident is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Its record could not be read in full; it has a bare ticket.
    Quarantined,
    /// Its organization is ignored.
    Withheld,
    /// It has a ticket.
    Ticketed,
    /// On record, with no ticket called for.
    RecordOnly,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 4] = [Self::Quarantined, Self::Withheld, Self::Ticketed, Self::RecordOnly];

    /// The word for it, as stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Quarantined => "quarantined",
            Self::Withheld => "withheld",
            Self::Ticketed => "ticketed",
            Self::RecordOnly => "record_only",
        }
    }

    /// The inverse of [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.word() == word)
    }
}

/// What the mapping table says of an incident's organization.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// The client that it is mapped to.
    pub client: Option<CatalogueId>,
    /// Its tickets are withheld.
    pub ignored: bool,
}

/// What plan needs to know of an incident's ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketFacts {
    /// Open, or closed by whom.
    pub state: State,
    /// The board that it stands on.
    pub board: CatalogueId,
    /// Whether it still waits for its organization to be mapped.
    pub unmapped: bool,
    /// Whether a person here closed, reopened, noted or assigned it.
    pub touched: bool,
    /// Whether a person re-homed it.
    pub moved: bool,
    /// Whether its priority was assumed for want of a known severity.
    pub priority_assumed: bool,
}

/// What is known of an incident that was seen before.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// As it was stored last.
    pub incident: &'a Incident,
    /// How it was counted.
    pub class: Class,
    /// Its ticket.
    pub ticket: Option<&'a TicketFacts>,
}

/// Where a ticket is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filing {
    /// The client.
    pub client: CatalogueId,
    /// The board.
    pub board: CatalogueId,
    /// The board's opening status; `None` when the board has none, which the desk reports as a fault of the board.
    pub status: Option<CatalogueId>,
    /// The category.
    pub category: Option<CatalogueId>,
    /// The priority.
    pub priority: CatalogueId,
    /// The priority rests on an unknown severity.
    pub assumed: bool,
    /// It waits on triage for its organization to be mapped.
    pub unmapped: bool,
}

/// Something to be done to a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Open one.
    Open(Filing),
    /// Write on its timeline.
    Note(String),
    /// Change its priority.
    Prioritise {
        /// To this.
        priority: CatalogueId,
        /// It rests on an unknown severity.
        assumed: bool,
    },
    /// Close it, with this status of its own board.
    Close(Option<CatalogueId>),
    /// Reopen it, with this status of its own board.
    Reopen(Option<CatalogueId>),
    /// File it elsewhere; its priority stays.
    Reroute(Filing),
    /// End the page that runs for it.
    EndPage,
}

/// Why people are to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alert {
    /// A new ticket.
    New,
    /// The severity was raised.
    Raised,
    /// The SOC reopened it.
    Reopened,
}

/// What kind of news an incident is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// Never seen before.
    New,
    /// Something is different.
    Changed,
    /// Nothing is.
    Unchanged,
}

/// What an incident calls for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How it is counted from now on.
    pub class: Class,
    /// New, changed or not.
    pub change: Change,
    /// What is done to its ticket, in this order.
    pub acts: Vec<Act>,
    /// Who wasn't told, or why: a word for the ledger.
    pub reason: &'static str,
    /// Whom it concerns, and why.
    pub alert: Option<Alert>,
    /// It alerts as part of a summary only.
    pub old_news: bool,
}

/// Decides what an incident calls for. Total: every incident, known or new, whole or in part, gets a plan, and every
/// plan ends in a class (ND-1).
///
/// `incident` is the update already merged over what is known; `whole` is false for a record that could not be read in
/// full.
pub fn plan(
    now: DateTime<Utc>,
    incident: &Incident,
    whole: bool,
    standing: Standing,
    known: Option<Known<'_>>,
    bound: &Bound,
    catalogue: &Catalogue,
) -> Plan {
    let desk = Desk { now, standing, bound, catalogue };
    match known {
        Some(Known { incident: before, ticket: Some(ticket), .. }) => desk.follow(before, incident, whole, ticket),
        Some(Known { incident: before, class, ticket: None }) => {
            let mut plan = desk.first(incident, whole);
            plan.change = if before == incident && plan.class == class { Change::Unchanged } else { Change::Changed };
            // An incident that reopens after it was recorded without a ticket is news of today, whatever its age.
            plan.old_news &= before.status.is_open();
            plan
        }
        None => desk.first(incident, whole),
    }
}

struct Desk<'a> {
    now: DateTime<Utc>,
    standing: Standing,
    bound: &'a Bound,
    catalogue: &'a Catalogue,
}

impl Desk<'_> {
    fn filing(&self, incident: &Incident) -> Filing {
        let level = incident.severity.level();
        // A mapping to a client that the PSA no longer lists would lose the ticket there: it waits on triage instead.
        let client = self.standing.client.filter(|c| self.catalogue.is_active(*c));
        let board = if client.is_some() { self.bound.security_board } else { self.bound.triage_board };
        Filing {
            client: client.unwrap_or(self.bound.fallback_client),
            board,
            status: self.catalogue.opening_status(board),
            category: client.and(self.bound.category),
            priority: self.bound.priority(level),
            assumed: !incident.severity.is_known(),
            unmapped: client.is_none(),
        }
    }

    /// An incident without a ticket.
    fn first(&self, incident: &Incident, whole: bool) -> Plan {
        let plan =
            |class, reason| Plan { class, change: Change::New, acts: Vec::new(), reason, alert: None, old_news: false };
        // A record that can't be read in full always gets its bare ticket (ND-4): what looks closed may not be, and
        // what looks like an ignored organization may be another.
        if whole && self.standing.ignored {
            return plan(Class::Withheld, "organization_ignored");
        }
        if whole && !incident.status.is_open() {
            let reason = if incident.status.is_deleting() { "deleting" } else { "closed_when_first_seen" };
            return plan(Class::RecordOnly, reason);
        }
        let filing = self.filing(incident);
        let old_news = incident.sent_at.is_some_and(|s| self.now - s > Duration::hours(OLD_NEWS_HOURS));
        Plan {
            class: if whole { Class::Ticketed } else { Class::Quarantined },
            change: Change::New,
            acts: vec![Act::Open(filing)],
            reason: if filing.unmapped { "unmapped" } else { "mapped" },
            alert: Some(Alert::New),
            old_news,
        }
    }

    /// An incident with a ticket.
    fn follow(&self, before: &Incident, after: &Incident, whole: bool, ticket: &TicketFacts) -> Plan {
        let mut acts = Vec::new();
        let mut alert = None;
        let mut reason = "changed";
        if let Some(change) = content::change_note(before, after) {
            acts.push(Act::Note(change.text));
        }
        let mut state = ticket.state;

        let (old, new) = (before.severity.level(), after.severity.level());
        let raised = after.severity != before.severity && new > old;
        let first_known = ticket.priority_assumed && after.severity.is_known() && !before.severity.is_known();
        if raised || first_known {
            acts.push(Act::Prioritise { priority: self.bound.priority(new), assumed: !after.severity.is_known() });
        }
        let reopened = !before.status.is_open() && after.status.is_open();
        // A raise of a report that is closed all the same calls nobody back.
        if (raised && after.status.is_open()) || reopened {
            alert = Some(if reopened { Alert::Reopened } else { Alert::Raised });
            reason = if reopened { "reopened_by_soc" } else { "severity_raised" };
            if let Some(next) = ticket::next(state, ticket::Event::SocReopens) {
                state = next;
                acts.push(Act::Reopen(self.catalogue.opening_status(ticket.board)));
            }
        }
        // Not only from an open status: `deleting` is on the way here, and ends no ticket by itself.
        if !before.status.is_closed_like() && after.status.is_closed_like() {
            reason = "closed_by_soc";
            acts.push(Act::EndPage);
            if self.bound.close_through && ticket::next(state, ticket::Event::SocCloses).is_some() {
                if ticket.touched {
                    acts.push(Act::Note(content::closed_but_worked_on()));
                } else {
                    let wanted = self.bound.closed_status.as_deref();
                    acts.push(Act::Close(self.catalogue.closed_status(ticket.board, wanted)));
                }
            }
        }
        if after.organization != before.organization && after.organization.is_some() {
            let waits = ticket.unmapped && ticket.board == self.bound.triage_board && !ticket.touched && !ticket.moved;
            let filing = self.filing(after);
            if waits && !self.standing.ignored && !filing.unmapped {
                reason = "organization_changed";
                acts.push(Act::Reroute(filing));
            }
        }
        let change = if acts.is_empty() && before == after { Change::Unchanged } else { Change::Changed };
        Plan {
            class: if whole { Class::Ticketed } else { Class::Quarantined },
            change,
            acts,
            reason,
            alert,
            old_news: false,
        }
    }
}
