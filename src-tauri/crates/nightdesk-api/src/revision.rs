//! What a client hears: "topic X is at revision N". It then asks again; entities are never pushed.

use crate::error::Error;
use nightdesk_store::{Topic, Tx};
use std::collections::BTreeMap;

/// Every topic's revision, by its word; 0 before its first change.
///
/// # Errors
/// The store's.
pub fn revisions(tx: &Tx<'_>) -> Result<BTreeMap<String, i64>, Error> {
    Topic::ALL.into_iter().map(|t| Ok((t.word().to_owned(), tx.revision(t)?))).collect()
}
