//! The mapping as a table that can be taken elsewhere and brought back, and the choices offered for it.

use super::listing::fallback;
use super::{row_or_unknown, same, set};
use crate::context::Context;
use crate::desk::{Error, find_client};
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::Kind;
use nightdesk_core::ids::{CatalogueId, OrganizationId, TicketId};
use nightdesk_core::mapping::Index;
use nightdesk_store::{How, OrganizationRow, Tx};
use std::collections::HashMap;

/// How many clients are suggested.
const SUGGESTIONS: usize = 3;

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// The organization.
    pub id: OrganizationId,
    /// Its name, for the reader; not looked at when importing.
    pub name: Option<String>,
    /// The client's name.
    pub client: Option<String>,
    /// Whether its tickets are withheld.
    pub ignored: bool,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Organizations whose mapping is different now.
    pub changed: Vec<OrganizationId>,
    /// How many lines said what was so already.
    pub unchanged: u32,
    /// Withheld incidents that got a ticket.
    pub opened: Vec<TicketId>,
}

/// Finds the clients that an organization may belong to; made once for a list of organizations.
#[derive(Debug)]
pub struct Suggester {
    clients: Index,
    names: HashMap<CatalogueId, String>,
}

impl Suggester {
    /// Over the active clients but the fallback one.
    pub fn new(ctx: &Context) -> Self {
        let fallback = fallback(ctx);
        let clients = || ctx.catalogue.of(Kind::Client).filter(|e| Some(e.id) != fallback);
        Self {
            clients: Index::new(clients().map(|e| (e.id, e.name.as_str()))),
            names: clients().map(|e| (e.id, e.name.clone())).collect(),
        }
    }

    /// Clients with their scores, best first; none for an organization that needs none.
    pub fn of(&self, row: &OrganizationRow) -> Vec<(String, f64)> {
        let Some(name) = row.name.as_deref().filter(|_| row.client.is_none() && !row.ignored) else {
            return Vec::new();
        };
        let found = self.clients.suggest(name, SUGGESTIONS);
        found.into_iter().filter_map(|s| Some((self.names.get(&s.client)?.clone(), s.score))).collect()
    }
}

/// [`Suggester`] for a single organization.
pub fn suggestions(ctx: &Context, row: &OrganizationRow) -> Vec<(String, f64)> {
    Suggester::new(ctx).of(row)
}

/// The whole table, by organization number.
///
/// # Errors
/// The store's.
pub fn export(tx: &Tx<'_>, ctx: &Context) -> Result<Vec<TableRow>, Error> {
    let mut rows: Vec<TableRow> = tx
        .organizations(ctx.account_id())?
        .into_iter()
        .map(|o| TableRow {
            id: o.id,
            client: o.client.map(|c| ctx.catalogue.name(c).to_owned()),
            name: o.name,
            ignored: o.ignored,
        })
        .collect();
    rows.sort_by_key(|r| r.id);
    Ok(rows)
}

/// Sets what the rows say, whole or not at all; organizations that they don't name keep what they have. Importing what
/// was exported changes nothing. Open triage tickets stay in place.
///
/// # Errors
/// [`Error::Table`] with every problem of the table; the caller's transaction must not be committed.
pub fn import(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    actor: &str,
    rows: &[TableRow],
) -> Result<Imported, Error> {
    let mut problems = Vec::new();
    let mut clients: Vec<Option<CatalogueId>> = Vec::with_capacity(rows.len());
    let mut lines: HashMap<OrganizationId, usize> = HashMap::new();
    for (i, row) in rows.iter().enumerate() {
        let line = i + 1;
        if row.id.0 <= 0 {
            problems.push(format!("row {line}: {} is no organization's number", row.id));
        }
        if let Some(first) = lines.insert(row.id, line) {
            problems.push(format!("row {line}: organization {} stands in row {first} too", row.id));
        }
        let name = row.client.as_deref().filter(|c| !c.trim().is_empty());
        match name.map(|n| find_client(ctx, n)).transpose() {
            Ok(client) => clients.push(client.map(|e| e.id)),
            Err(e) => problems.push(format!("row {line}: {e}")),
        }
    }
    if !problems.is_empty() {
        return Err(Error::Table(problems));
    }
    let mut imported = Imported::default();
    for (row, client) in rows.iter().zip(clients) {
        let before = row_or_unknown(tx, ctx, row.id)?;
        let how = if client.is_some() { How::Import } else { How::None };
        let wanted = OrganizationRow { client, how, ignored: row.ignored, sticky: client.is_none(), ..before.clone() };
        if same(&before, &wanted) {
            imported.unchanged += 1;
        } else {
            imported.opened.extend(set(tx, ctx, now, actor, &before, &wanted)?);
            imported.changed.push(row.id);
        }
    }
    Ok(imported)
}
