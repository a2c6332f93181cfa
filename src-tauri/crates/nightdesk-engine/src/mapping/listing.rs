//! What Huntress lists as organizations, and the links that names alone can make.

use super::write;
use crate::context::Context;
use crate::desk::Error;
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::Kind;
use nightdesk_core::ids::{CatalogueId, OrganizationId};
use nightdesk_core::mapping::Index;
use nightdesk_core::port::ListedOrganization;
use nightdesk_store::{How, OrganizationRow, Setting, Tx};
use std::collections::HashMap;

/// Who made a link by name.
const ACTOR: &str = "Nightdesk";

/// What a listing brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Organizations that weren't known before.
    pub new: Vec<OrganizationId>,
    /// Those whose name changed; their mapping is kept.
    pub renamed: Vec<OrganizationId>,
    /// Those that were linked to the client of the same name.
    pub auto_linked: Vec<OrganizationId>,
}

/// Takes in what Huntress lists. An organization that is no longer listed stays, since its tickets name it. `complete`
/// says that this was the listing's last page, so that the next listing is due an hour from now.
///
/// # Errors
/// The store's.
pub fn put_listing(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    listed: &[ListedOrganization],
    complete: bool,
) -> Result<Listing, Error> {
    let account = ctx.account_id();
    let known: HashMap<OrganizationId, OrganizationRow> =
        tx.organizations(account)?.into_iter().map(|o| (o.id, o)).collect();
    let names = Names::of(ctx);
    let mut listing = Listing::default();
    for organization in listed {
        let before = known.get(&organization.id);
        let mut row = before.cloned().unwrap_or_else(|| OrganizationRow::unknown(account, organization.id));
        match before {
            None => listing.new.push(row.id),
            Some(b) if b.name.as_ref().is_some_and(|n| *n != organization.name) => listing.renamed.push(row.id),
            Some(_) => {}
        }
        row.name = Some(organization.name.clone());
        row.key.clone_from(&organization.key);
        row.listed_at = Some(now);
        match names.link(&row) {
            Some(linked) => {
                write(tx, ctx, now, ACTOR, &row, &linked)?;
                listing.auto_linked.push(row.id);
            }
            None => tx.put_organization(now, &row)?,
        }
    }
    if complete {
        tx.set_mark(Setting::OrganizationsListedAt, Some(now))?;
    }
    Ok(listing)
}

/// Links known organizations to clients that the catalogue has gained since they were listed.
///
/// # Errors
/// The store's.
pub fn link_by_name(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>) -> Result<Vec<OrganizationId>, Error> {
    let names = Names::of(ctx);
    let mut linked = Vec::new();
    for row in tx.organizations(ctx.account_id())? {
        if let Some(after) = names.link(&row) {
            write(tx, ctx, now, ACTOR, &row, &after)?;
            linked.push(row.id);
        }
    }
    Ok(linked)
}

struct Names {
    clients: Index,
    fallback: Option<CatalogueId>,
}

impl Names {
    fn of(ctx: &Context) -> Self {
        Self {
            clients: Index::new(ctx.catalogue.of(Kind::Client).map(|e| (e.id, e.name.as_str()))),
            fallback: fallback(ctx),
        }
    }

    /// The row with the link that its name makes: only where nobody has decided otherwise, and never to the fallback
    /// client, whose tickets are those that belong to nobody yet.
    fn link(&self, row: &OrganizationRow) -> Option<OrganizationRow> {
        if row.client.is_some() || row.ignored || row.sticky {
            return None;
        }
        let client = self.clients.exact_unique(row.name.as_deref()?)?;
        (Some(client) != self.fallback).then(|| OrganizationRow { client: Some(client), how: How::Auto, ..row.clone() })
    }
}

/// The client of tickets that wait to be mapped, also while the rest of the routing is incomplete.
pub(super) fn fallback(ctx: &Context) -> Option<CatalogueId> {
    let named = || {
        let name = ctx.config.routing.fallback_client.as_deref()?;
        ctx.catalogue.find(Kind::Client, name, None).map(|e| e.id)
    };
    ctx.bound.as_ref().map(|b| b.fallback_client).or_else(named)
}
