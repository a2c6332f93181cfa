//! What is written beside the database for the day that it is gone: the configuration and the ledger's head.

use crate::data_dir::write_whole;
use crate::{DataDir, Error};
use nightdesk_api::config_file;
use nightdesk_engine::configure;
use nightdesk_store::{LedgerHead, Store, Tx};

/// Writes the configuration's text beside the database, whole or not at all.
///
/// # Errors
/// [`Error::Io`].
pub fn write_configuration(dir: &DataDir, text: &str) -> Result<(), Error> {
    write_whole(&dir.configuration(), text)
}

/// Writes the configuration in force beside the database, mapping included. Nothing is written before one was applied.
/// To be called after each change of configuration or mapping.
///
/// # Errors
/// [`Error::Io`], or the store's.
pub fn refresh_configuration(dir: &DataDir, store: &mut Store) -> Result<(), Error> {
    match store.read(text)? {
        Some(text) => write_configuration(dir, &text),
        None => Ok(()),
    }
}

/// The configuration in force as a file would have it; `None` before one was applied.
pub(crate) fn text(tx: &Tx<'_>) -> Result<Option<String>, nightdesk_store::Error> {
    let (config, revision) = configure::current(tx)?;
    Ok((revision > 0).then(|| config_file::render(&config)))
}

/// Writes the ledger's head beside the database: number, blank, hash in hexadecimal.
///
/// # Errors
/// [`Error::Io`].
pub fn write_head(dir: &DataDir, head: &LedgerHead) -> Result<(), Error> {
    let hash: String = head.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    write_whole(&dir.head(), &format!("{} {hash}\n", head.seq))
}

/// The head on record, as it was written.
pub(crate) fn head_on_record(dir: &DataDir) -> Option<String> {
    let text = std::fs::read_to_string(dir.head()).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
