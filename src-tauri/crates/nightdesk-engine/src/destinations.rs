//! Which screens somebody sits before, kept in the store: a command that edits beside the engine opens tickets too, and
//! has no screen.

use nightdesk_core::delivery::Kind;
use nightdesk_store::{Error, Setting, Tx};

/// Keeps the kinds of alert that the starting engine has a screen for.
pub(crate) fn remember(tx: &Tx<'_>, kinds: &[Kind]) -> Result<(), Error> {
    let words: Vec<&str> = kinds.iter().map(|k| k.word()).collect();
    tx.set(Setting::Destinations, Some(&words.join(",")))
}

/// The kinds of the engine that runs or ran last; none before the first.
pub(crate) fn known(tx: &Tx<'_>) -> Result<Vec<Kind>, Error> {
    let words = tx.setting(Setting::Destinations)?.unwrap_or_default();
    Ok(words.split(',').filter_map(Kind::parse).filter(|k| *k == Kind::Native).collect())
}
