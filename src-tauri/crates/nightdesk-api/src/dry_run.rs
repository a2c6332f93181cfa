//! "What would happen to this incident?": the routing table asked without acting on it.

use crate::config_draft::ConfigDraft;
use crate::config_view;
use crate::error::Error;
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::{Catalogue, Listed};
use nightdesk_core::ids::{IncidentId, OrganizationId, TicketId};
use nightdesk_core::incident::{Incident, Remediations, Severity, Status};
use nightdesk_core::routing::{Act, Bound, Filing, Plan, Standing, bind, plan};
use nightdesk_engine::context::Context;
use nightdesk_engine::psa::desk_of;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What to ask about: the incident of a ticket, or an imagined one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DryRunAsked {
    /// The incident of this ticket, as if it were seen for the first time.
    #[ts(type = "number | null")]
    pub ticket_id: Option<TicketId>,
    /// Or an imagined one.
    pub incident: Option<ImaginedIncident>,
    /// Under this configuration instead of the one in force.
    pub draft: Option<ConfigDraft>,
}

/// An incident that isn't there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImaginedIncident {
    /// Its organization.
    #[ts(type = "number | null")]
    pub organization_id: Option<OrganizationId>,
    /// Huntress's word for its severity.
    pub severity: Option<String>,
    /// Huntress's word for its status.
    pub status: String,
}

/// What would happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DryRun {
    /// In a sentence.
    pub outcome: String,
    /// What would be done, step by step.
    pub steps: Vec<String>,
}

/// Asks the routing table, and changes nothing.
///
/// # Errors
/// `NotFound` for a ticket that there isn't; `InvalidInput` where neither a ticket nor an incident is named, or both,
/// or the ticket's record can't be read.
pub fn dry_run(tx: &Tx<'_>, now: DateTime<Utc>, asked: &DryRunAsked) -> Result<DryRun, Error> {
    let context = Context::load(tx)?;
    let incident = match (asked.ticket_id, &asked.incident) {
        (Some(ticket), None) => of_ticket(tx, ticket)?,
        (None, Some(imagined)) => imagine(now, imagined),
        _ => return Err(Error::invalid("name either a ticket or an incident to ask about")),
    };
    let (catalogue, bound) = match &asked.draft {
        None => (context.catalogue.clone(), context.bound.clone().ok_or_else(|| context.config.routing.missing())),
        Some(draft) => {
            let config = draft.to_config();
            let catalogue = match (config.desk.is_remote(), desk_of(&config) == desk_of(&context.config)) {
                (false, _) => config_view::after(&context.catalogue, &Listed::of_local(&config.local)),
                (true, true) => context.catalogue.clone(),
                (true, false) => {
                    let psa = config.desk.kind.name();
                    return Ok(DryRun {
                        outcome: format!("It can't be told before {psa}'s catalogue is read."),
                        steps: vec!["Apply the desk first, then try again.".into()],
                    });
                }
            };
            let bound = bind(&config.routing, &catalogue);
            (catalogue, bound)
        }
    };
    let bound = match bound {
        Ok(bound) => bound,
        Err(missing) => {
            return Ok(DryRun {
                outcome: "Nothing would happen yet: polling is paused until routing is complete.".into(),
                steps: missing.into_iter().map(|key| format!("{key} is missing.")).collect(),
            });
        }
    };
    let row = match incident.organization {
        Some(id) => tx.organization(context.account_id(), id)?,
        None => None,
    };
    let standing = row.map_or_else(Standing::default, |o| Standing { client: o.client, ignored: o.ignored });
    let plan = plan(now, &incident, true, standing, None, &bound, &catalogue);
    Ok(told(&incident, &plan, &bound, &catalogue))
}

fn of_ticket(tx: &Tx<'_>, id: TicketId) -> Result<Incident, Error> {
    let ticket = tx.ticket(id)?.ok_or_else(|| Error::not_found(format!("there is no ticket {id}")))?;
    let unread = || Error::invalid(format!("{} has no incident that could be read", ticket.number));
    let stored = tx.incident(ticket.incident.ok_or_else(unread)?)?.ok_or_else(unread)?;
    Ok(stored.facts()?)
}

fn imagine(now: DateTime<Utc>, imagined: &ImaginedIncident) -> Incident {
    Incident {
        id: IncidentId(0),
        account: None,
        organization: imagined.organization_id,
        organization_name: None,
        agent: None,
        platform: None,
        status: Status(imagined.status.trim().to_lowercase()),
        severity: Severity::parse(imagined.severity.as_deref()),
        subject: None,
        summary: None,
        body: None,
        indicator_types: Vec::new(),
        indicator_counts: Vec::new(),
        remediations: Remediations::default(),
        sent_at: Some(now),
        closed_at: None,
        status_updated_at: Some(now),
        created_at: None,
        updated_at: Some(now),
    }
}

fn told(incident: &Incident, plan: &Plan, bound: &Bound, catalogue: &Catalogue) -> DryRun {
    let filing = plan.acts.iter().find_map(|act| match act {
        Act::Open(filing) => Some(filing),
        _ => None,
    });
    let Some(filing) = filing else {
        let why = match plan.reason {
            "organization_ignored" => {
                "Its organization is ignored: it would be withheld and counted on the status card."
            }
            "deleting" => "It is being deleted at Huntress: only a line in the ledger would be written.",
            _ => "It is closed already: only a line in the ledger would be written.",
        };
        return DryRun { outcome: "No ticket would be opened.".into(), steps: vec![why.into()] };
    };
    let (client, board) = (catalogue.name(filing.client), catalogue.name(filing.board));
    let outcome = if filing.unmapped {
        format!("It would wait on the board {board} for somebody to choose its client.")
    } else {
        format!("A ticket would be opened for {client} on the board {board}.")
    };
    let mut steps = filed(filing, incident, catalogue);
    if plan.alert.is_some() {
        steps.push(if plan.old_news {
            "Tell people of it in a summary only: its report is more than 24 hours old.".into()
        } else {
            "Alert people at once.".into()
        });
    }
    steps.push(if bound.close_through {
        "Close the ticket when the SOC closes the incident, unless somebody has worked on it.".into()
    } else {
        "Leave the ticket open when the SOC closes the incident.".into()
    });
    DryRun { outcome, steps }
}

fn filed(filing: &Filing, incident: &Incident, catalogue: &Catalogue) -> Vec<String> {
    let name = |id| catalogue.name(id).to_owned();
    let mut steps =
        vec![format!("File it under the client {} on the board {}.", name(filing.client), name(filing.board))];
    steps.push(match filing.status {
        Some(status) => format!("Give it the status {}.", name(status)),
        None => "Give it no status: the board has none for new tickets.".into(),
    });
    steps.extend(filing.category.map(|category| format!("Give it the category {}.", name(category))));
    steps.push(format!("Give it the priority {}.", name(filing.priority)));
    if filing.assumed {
        steps.push(format!("Treat it as critical, and say so: its severity is {}.", incident.severity));
    }
    if filing.unmapped {
        let why = match incident.organization {
            Some(id) => format!("Mark it as unmapped: organization {id} has no client."),
            None => "Mark it as unmapped: its organization is unknown.".into(),
        };
        steps.push(why);
    }
    steps
}
