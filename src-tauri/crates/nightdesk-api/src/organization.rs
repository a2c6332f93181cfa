//! The mapping table: organizations as Huntress knows them, and the clients that they belong to.

use crate::error::Error;
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{MoveId, OrganizationId, TicketId};
use nightdesk_engine::context::Context;
use nightdesk_engine::mapping::{self, Suggester};
use nightdesk_store::{How, OrganizationRow, Tx};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use ts_rs::TS;

/// An organization as listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Organization {
    /// Its number at Huntress.
    #[ts(type = "number")]
    pub id: OrganizationId,
    /// Its name, once Huntress has told it.
    pub name: Option<String>,
    /// The client that it is mapped to.
    pub client: Option<String>,
    /// Its tickets are withheld.
    pub ignored: bool,
    /// How many of its tickets are open.
    pub open_tickets: i64,
    /// Clients of a similar name, best first; none for one that is mapped or ignored.
    pub suggestions: Vec<Suggestion>,
    /// How it got its mapping: `none`, `auto`, `manual`, `config`, `rehome`, `import`.
    pub how: String,
}

/// A client that an organization may belong to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Suggestion {
    /// Its name.
    pub client: String,
    /// How alike the names are: 0.6 to 1.
    pub score: f64,
}

/// All organizations of the watched account, by name.
///
/// # Errors
/// The store's.
pub fn orgs(tx: &Tx<'_>) -> Result<Vec<Organization>, Error> {
    let context = Context::load(tx)?;
    let listing = Listing::load(tx, &context)?;
    Ok(tx.organizations(context.account_id())?.iter().map(|row| listing.row(row)).collect())
}

/// One organization, as listed.
///
/// # Errors
/// `NotFound`.
pub fn org(tx: &Tx<'_>, id: OrganizationId) -> Result<Organization, Error> {
    let context = Context::load(tx)?;
    let row = tx.organization(context.account_id(), id)?.ok_or_else(|| unknown(id))?;
    Ok(Listing::load(tx, &context)?.row(&row))
}

fn unknown(id: OrganizationId) -> Error {
    Error::not_found(format!("there is no organization {id}; `nightdesk orgs` lists them"))
}

struct Listing<'a> {
    context: &'a Context,
    suggester: Suggester,
    open: HashMap<OrganizationId, i64>,
}

impl<'a> Listing<'a> {
    fn load(tx: &Tx<'_>, context: &'a Context) -> Result<Self, Error> {
        let open = tx.open_tickets_by_organization()?.into_iter().collect();
        Ok(Self { context, suggester: Suggester::new(context), open })
    }

    fn row(&self, row: &OrganizationRow) -> Organization {
        let suggestions = self.suggester.of(row).into_iter();
        Organization {
            id: row.id,
            name: row.name.clone(),
            client: row.client.map(|c| self.context.catalogue.name(c).to_owned()),
            ignored: row.ignored,
            open_tickets: self.open.get(&row.id).copied().unwrap_or(0),
            suggestions: suggestions.map(|(client, score)| Suggestion { client, score }).collect(),
            how: row.how.word().to_owned(),
        }
    }
}

/// What a change of the mapping did, beside the organization as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Remapped {
    /// As it is now.
    #[serde(flatten)]
    pub organization: Organization,
    /// Its open triage tickets that stay where they are: moving them is one more word.
    #[ts(type = "Array<number>")]
    pub left_on_triage: Vec<TicketId>,
    /// Those that moved, when that was asked for.
    #[ts(type = "Array<number>")]
    pub moved: Vec<TicketId>,
    /// What takes mapping and move back; `None` where nothing moved.
    #[ts(type = "number | null")]
    pub undo_id: Option<MoveId>,
    /// Incidents that got a ticket because the organization is no longer ignored.
    #[ts(type = "Array<number>")]
    pub opened: Vec<TicketId>,
}

/// Maps an organization to a client's name. Its open triage tickets stay in place unless `move_tickets`.
///
/// # Errors
/// `InvalidInput` for a client that there isn't; with `move_tickets`, `RoutingIncomplete`.
pub fn orgs_map(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    id: OrganizationId,
    client: &str,
    move_tickets: bool,
) -> Result<Remapped, Error> {
    let context = Context::load(tx)?;
    let done = mapping::map(tx, &context, now, actor, id, client, move_tickets, How::Manual)?;
    Ok(Remapped {
        organization: org(tx, id)?,
        left_on_triage: done.left_on_triage,
        moved: done.moved,
        undo_id: done.undo,
        opened: done.opened,
    })
}

/// Leaves an organization unmapped on purpose, and no longer ignored; it is never linked by name again.
///
/// # Errors
/// `NotFound`.
pub fn orgs_unmap(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, id: OrganizationId) -> Result<Remapped, Error> {
    let done = mapping::unmap(tx, &Context::load(tx)?, now, actor, id)?;
    alone(tx, id, done.opened)
}

/// Withholds an organization's new tickets, counted on the status card; those that it has are still followed.
///
/// # Errors
/// The store's.
pub fn orgs_ignore(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, id: OrganizationId) -> Result<Remapped, Error> {
    mapping::ignore(tx, &Context::load(tx)?, now, actor, id)?;
    alone(tx, id, Vec::new())
}

fn alone(tx: &Tx<'_>, id: OrganizationId, opened: Vec<TicketId>) -> Result<Remapped, Error> {
    Ok(Remapped { organization: org(tx, id)?, left_on_triage: Vec::new(), moved: Vec::new(), undo_id: None, opened })
}
