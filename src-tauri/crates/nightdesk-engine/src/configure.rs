//! Putting a configuration in force: catalogue, routing bound to numbers, mapping, and whether polling may begin.

mod pause;
#[cfg(test)]
mod tests;

pub use pause::{pause_reason, routing_known};

use crate::context::Context;
use crate::desk::{Error, find_client, reconsider};
use crate::hooks;
use crate::mapping;
use crate::psa;
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::{Catalogue, Listed};
use nightdesk_core::config::{Config, DeskKind, Organization, Paging};
use nightdesk_core::ids::{AccountId, OrganizationId};
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_core::routing;
use nightdesk_store::{How, OrganizationRow, Setting, Tx};
use std::collections::HashSet;

/// What applying a configuration came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The revision in force now.
    pub revision: i64,
    /// Nothing was different, and so nothing was written.
    pub difference_is_empty: bool,
    /// The routing keys that polling waits for; empty when it may begin.
    pub missing: Vec<&'static str>,
    /// What went along to another desk, where this configuration names one.
    pub carried: Option<psa::Carried>,
}

/// The configuration in force with its revision (0 when none was ever applied). `organizations` is filled from the
/// mapping table: what is mapped or ignored, by number.
///
/// # Errors
/// The store's.
pub fn current(tx: &Tx<'_>) -> Result<(Config, i64), nightdesk_store::Error> {
    let ctx = Context::load(tx)?;
    let mut config = ctx.config.clone();
    let rows = tx.organizations(ctx.account_id())?;
    config.organizations = rows
        .iter()
        .filter(|o| o.client.is_some() || o.ignored)
        .map(|o| Organization {
            id: o.id,
            client: o.client.map(|c| ctx.catalogue.name(c).to_owned()),
            ignore: o.ignored,
        })
        .collect();
    config.organizations.sort_by_key(|o| o.id);
    Ok((config, ctx.revision))
}

/// Puts a checked configuration in force. `draft.organizations` holds what the file names; others keep their mapping
/// unless `organizations_exact`. `listed` is the PSA's catalogue; the built-in desk's comes from the configuration
/// itself. Names are bound to numbers here; where routing is incomplete, polling pauses and says what is missing.
///
/// # Errors
/// Where an organization's client isn't in the catalogue. Any error means that nothing may be kept: the caller's
/// transaction must not be committed.
pub fn apply(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    draft: &Config,
    organizations_exact: bool,
    listed: Option<Vec<Listed>>,
) -> Result<Applied, Error> {
    let before = Context::load(tx)?;
    // The mapping table is the truth: a second copy beside it would go stale with the first re-home.
    let config = Config { organizations: Vec::new(), ..draft.clone() };
    let listed = listed.or_else(|| match config.desk.kind {
        DeskKind::Local => Some(Listed::of_local(&config.local)),
        // As it was last read there.
        DeskKind::Algapsa => None,
    });
    let moves = psa::desk_changed(tx, now, &before.config, &config)?;
    let mut after = before.clone();
    let settings_differ = before.revision == 0 || config != before.config;
    if moves && config.desk.is_remote() {
        tx.set_mark(Setting::PsaCatalogueAt, listed.as_ref().map(|_| now))?;
    }
    match listed {
        Some(listed) if !lists(&before.catalogue, &listed) => {
            tx.put_catalogue(&listed)?;
            after.catalogue = tx.catalogue()?;
        }
        // Another desk whose catalogue nobody has read yet: what is kept is the old one's.
        None if moves => {
            tx.put_catalogue(&[])?;
            after.catalogue = tx.catalogue()?;
        }
        _ => {}
    }
    let catalogue_differs = after.catalogue != before.catalogue;
    // Names of a PSA's that were bound once are followed by number: one that is gone from there is no reason to pause.
    let is_bound = before.bound.is_some() && !moves && config.desk.is_remote();
    let missing = if is_bound && config.routing == before.config.routing {
        Vec::new()
    } else if settings_differ || catalogue_differs {
        let bound = routing::bind(&config.routing, &after.catalogue);
        let missing = bound.as_ref().err().cloned().unwrap_or_default();
        after.bound = bound.ok();
        missing
    } else if before.bound.is_some() && !moves {
        // Bound once, followed by number since: a name that the PSA has changed meanwhile is no reason to pause.
        Vec::new()
    } else {
        routing::bind(&config.routing, &after.catalogue).err().unwrap_or_default()
    };
    after.config = config;

    let changes = changes(tx, &after, &draft.organizations, organizations_exact)?;
    if !settings_differ && !catalogue_differs && changes.is_empty() {
        return Ok(Applied { revision: before.revision, difference_is_empty: true, missing, carried: None });
    }
    let bound = after.bound.as_ref().map(serde_json::to_string).transpose().map_err(nightdesk_store::Error::from)?;
    let body = serde_json::to_string(&after.config).map_err(nightdesk_store::Error::from)?;
    let revision = tx.add_configuration(now, &body, bound.as_deref())?;
    after.revision = revision;
    tx.append(now, &Draft::new(Kind::Configured, format!("revision {revision}")).text(actor))?;
    hooks::configured(tx, now, actor, &before.config, &after.config)?;
    // A STOP was sent to the number from before, and a way that the carrier hadn't from there it may have from here.
    if is_another_sender(&before.config.paging, &after.config.paging) {
        tx.forget_old_sender()?;
    }
    pause::routing_known(tx, now, &missing)?;

    for (row, wanted) in changes {
        mapping::set(tx, &after, now, actor, &row, &wanted)?;
    }
    if catalogue_differs && !organizations_exact {
        mapping::link_by_name(tx, &after, now)?;
    }
    if before.bound.is_none() && after.bound.is_some() {
        reconsider_all(tx, &after, now)?;
    }
    let carried = psa::carry_over(tx, &after, now, actor)?;
    Ok(Applied { revision, difference_is_empty: false, missing, carried })
}

fn is_another_sender(before: &Paging, after: &Paging) -> bool {
    let sender = |p: &Paging| (p.provider, p.base_url.clone(), p.account_sid.clone(), p.from.clone());
    before.is_set_up() && after.is_set_up() && sender(before) != sender(after)
}

/// Huntress has named the account: organizations that a configuration mapped before are filed under it.
///
/// # Errors
/// The store's.
pub fn adopt_account(tx: &Tx<'_>, now: DateTime<Utc>, account: AccountId) -> Result<(), nightdesk_store::Error> {
    tx.adopt_organizations(now, AccountId(0), account)
}

/// Whether a catalogue is just what is listed.
pub(crate) fn lists(catalogue: &Catalogue, listed: &[Listed]) -> bool {
    // The store keeps boards first, so that what belongs to one finds it.
    let (boards, others): (Vec<&Listed>, Vec<&Listed>) =
        listed.iter().partition(|l| l.kind == nightdesk_core::catalogue::Kind::Board);
    catalogue.listed().iter().eq(boards.into_iter().chain(others))
}

/// The rows that a file changes, as they are and as they shall be.
fn changes(
    tx: &Tx<'_>,
    ctx: &Context,
    named: &[Organization],
    exact: bool,
) -> Result<Vec<(OrganizationRow, OrganizationRow)>, Error> {
    let mut changes = Vec::new();
    for organization in named {
        let row = mapping::row_or_unknown(tx, ctx, organization.id)?;
        let client = match &organization.client {
            Some(name) => Some(find_client(ctx, name)?.id),
            None => None,
        };
        let how = if client.is_some() { How::Config } else { How::None };
        let wanted =
            OrganizationRow { client, how, ignored: organization.ignore, sticky: client.is_none(), ..row.clone() };
        changes.push((row, wanted));
    }
    if exact {
        let named: HashSet<OrganizationId> = named.iter().map(|o| o.id).collect();
        for row in tx.organizations(ctx.account_id())?.into_iter().filter(|o| !named.contains(&o.id)) {
            let wanted = OrganizationRow { client: None, how: How::None, ignored: false, sticky: false, ..row.clone() };
            changes.push((row, wanted));
        }
    }
    changes.retain(|(row, wanted)| !mapping::same(row, wanted));
    Ok(changes)
}

/// An organization that was un-ignored while there were no boards has open incidents without tickets.
fn reconsider_all(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>) -> Result<(), Error> {
    for row in tx.organizations(ctx.account_id())?.into_iter().filter(|o| !o.ignored) {
        reconsider(tx, ctx, now, (row.account, row.id), 0)?;
    }
    Ok(())
}
