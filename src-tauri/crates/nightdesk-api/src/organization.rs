//! The mapping table: organizations as Huntress knows them, and the clients that they belong to.

use crate::error::Error;
use nightdesk_core::catalogue::{Catalogue, Kind};
use nightdesk_core::ids::OrganizationId;
use nightdesk_core::mapping::Index;
use nightdesk_engine::context::Context;
use nightdesk_store::{OrganizationRow, Tx};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How many clients are suggested for an organization.
const SUGGESTIONS: usize = 3;

/// An organization as listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Organization {
    /// Its number at Huntress.
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    let listing = Listing::load(tx, &context.catalogue)?;
    Ok(tx.organizations(context.account_id())?.iter().map(|row| listing.row(row)).collect())
}

/// One organization, as listed.
///
/// # Errors
/// `NotFound`.
pub fn org(tx: &Tx<'_>, id: OrganizationId) -> Result<Organization, Error> {
    let context = Context::load(tx)?;
    let row = tx.organization(context.account_id(), id)?.ok_or_else(|| unknown(id))?;
    Ok(Listing::load(tx, &context.catalogue)?.row(&row))
}

pub(crate) fn unknown(id: OrganizationId) -> Error {
    Error::not_found(format!("there is no organization {id}; `nightdesk orgs` lists them"))
}

struct Listing<'a> {
    catalogue: &'a Catalogue,
    index: Index,
    open: HashMap<OrganizationId, i64>,
}

impl<'a> Listing<'a> {
    fn load(tx: &Tx<'_>, catalogue: &'a Catalogue) -> Result<Self, Error> {
        let index = Index::new(catalogue.of(Kind::Client).map(|e| (e.id, e.name.as_str())));
        Ok(Self { catalogue, index, open: tx.open_tickets_by_organization()?.into_iter().collect() })
    }

    fn row(&self, row: &OrganizationRow) -> Organization {
        let wanted = row.name.as_deref().filter(|_| row.client.is_none() && !row.ignored);
        let suggestions = wanted.map(|n| self.index.suggest(n, SUGGESTIONS)).unwrap_or_default();
        Organization {
            id: row.id,
            name: row.name.clone(),
            client: row.client.map(|c| self.catalogue.name(c).to_owned()),
            ignored: row.ignored,
            open_tickets: self.open.get(&row.id).copied().unwrap_or(0),
            suggestions: suggestions
                .into_iter()
                .map(|s| Suggestion { client: self.catalogue.name(s.client).to_owned(), score: s.score })
                .collect(),
            how: row.how.word().to_owned(),
        }
    }
}
