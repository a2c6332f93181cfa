//! The clients of the desk.

use crate::error::Error;
use nightdesk_core::catalogue::Kind;
use nightdesk_core::ids::CatalogueId;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use ts_rs::TS;

/// A client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Client {
    /// Its name.
    pub name: String,
    /// How many of its tickets are open.
    pub open: i64,
}

/// Every client that the PSA lists, by name.
///
/// # Errors
/// The store's.
pub fn clients(tx: &Tx<'_>) -> Result<Vec<Client>, Error> {
    let open: HashMap<CatalogueId, i64> = tx.open_tickets_by_client()?.into_iter().collect();
    let catalogue = tx.catalogue()?;
    let named = catalogue.of(Kind::Client);
    let mut clients: Vec<Client> =
        named.map(|e| Client { name: e.name.clone(), open: open.get(&e.id).copied().unwrap_or(0) }).collect();
    clients.sort_by_key(|c| c.name.to_lowercase());
    Ok(clients)
}
