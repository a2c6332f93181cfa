//! What decisions rest on, read in the transaction that acts on them.

use nightdesk_core::catalogue::Catalogue;
use nightdesk_core::config::Config;
use nightdesk_core::content::Portal;
use nightdesk_core::ids::{AccountId, OrganizationId};
use nightdesk_core::port::Account;
use nightdesk_core::routing::{Bound, Standing};
use nightdesk_store::{Error, OrganizationRow, Setting, Tx};
use std::collections::HashMap;

/// Configuration, catalogue and account, as of one transaction.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The configuration in force.
    pub config: Config,
    /// Its revision; 0 when none was ever applied.
    pub revision: i64,
    /// Routing by catalogue number, once complete.
    pub bound: Option<Bound>,
    /// The PSA's catalogue.
    pub catalogue: Catalogue,
    /// The watched account, once Huntress has named it.
    pub account: Option<Account>,
}

impl Context {
    /// Reads it.
    pub fn load(tx: &Tx<'_>) -> Result<Self, Error> {
        let stored = tx.configuration()?;
        let account = tx.setting(Setting::Account)?.map(|a| serde_json::from_str(&a)).transpose()?;
        let mut context = Self { catalogue: tx.catalogue()?, account, ..Self::default() };
        if let Some(stored) = stored {
            context.config = serde_json::from_str(&stored.body)?;
            context.revision = stored.revision;
            context.bound = stored.bound.map(|b| serde_json::from_str(&b)).transpose()?;
        }
        Ok(context)
    }

    /// The watched account's number. Before Huntress has named it, rows are filed under 0 and renumbered then.
    pub fn account_id(&self) -> AccountId {
        self.account.as_ref().map_or(AccountId(0), |a| a.id)
    }

    /// For links into Huntress's portal.
    pub fn portal(&self) -> Portal {
        Portal { subdomain: self.account.as_ref().and_then(|a| a.subdomain.clone()) }
    }
}

/// The mapping table of one account, in memory for as long as one transaction.
#[derive(Debug, Default)]
pub struct Mapping {
    rows: HashMap<OrganizationId, OrganizationRow>,
}

impl Mapping {
    /// Reads it.
    pub fn load(tx: &Tx<'_>, account: AccountId) -> Result<Self, Error> {
        Ok(Self { rows: tx.organizations(account)?.into_iter().map(|o| (o.id, o)).collect() })
    }

    /// An organization's row.
    pub fn get(&self, id: OrganizationId) -> Option<&OrganizationRow> {
        self.rows.get(&id)
    }

    /// Takes in a row that was just written.
    pub fn put(&mut self, row: OrganizationRow) {
        self.rows.insert(row.id, row);
    }

    /// What it means for an incident's routing. No organization, or an unknown one, is unmapped (ND-1).
    pub fn standing(&self, id: Option<OrganizationId>) -> Standing {
        match id.and_then(|id| self.get(id)) {
            Some(o) => Standing { client: o.client, ignored: o.ignored },
            None => Standing::default(),
        }
    }

    /// An organization's name, where it is known.
    pub fn name(&self, id: Option<OrganizationId>) -> Option<&str> {
        id.and_then(|id| self.get(id)).and_then(|o| o.name.as_deref())
    }
}
