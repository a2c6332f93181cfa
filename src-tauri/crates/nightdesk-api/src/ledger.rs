//! The accounting of every incident, and whether its chain holds (ND-13).

use crate::error::Error;
use nightdesk_core::ledger::Verifier;
use nightdesk_store::{LedgerEntry, Tally, Tx};
use serde::{Deserialize, Serialize};

/// Entries read at a time: the ledger of years must not have to fit into memory.
pub(crate) const BATCH: u32 = 1000;

/// The answer to `ledger`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// How many entries there are.
    pub entries: i64,
    /// Whether chain and counts hold; `None` when that wasn't asked.
    pub verified: Option<bool>,
    /// The first thing that doesn't hold.
    pub error: Option<String>,
    /// The last entry's hash in hexadecimal: keep it elsewhere, and a cut tail shows.
    pub head: String,
}

/// How long the ledger is and, with `verify`, whether every link holds, every text still is what its digest says, and
/// the counters on the status card agree with the incidents themselves.
///
/// # Errors
/// The store's. A broken chain is an answer, not an error.
pub fn ledger(tx: &Tx<'_>, verify: bool) -> Result<Ledger, Error> {
    let head = tx.ledger_head()?;
    let error = if verify { first_fault(tx)? } else { None };
    Ok(Ledger { entries: head.seq, verified: verify.then_some(error.is_none()), error, head: hex::encode(head.hash) })
}

fn first_fault(tx: &Tx<'_>) -> Result<Option<String>, Error> {
    if let Some(fault) = chain(tx)? {
        return Ok(Some(fault));
    }
    counts(tx)
}

fn chain(tx: &Tx<'_>) -> Result<Option<String>, Error> {
    let mut verifier = Verifier::default();
    loop {
        let batch = tx.ledger_entries(verifier.head().0, BATCH)?;
        if batch.is_empty() {
            return Ok(None);
        }
        for entry in batch {
            if let Err(broken) = verifier.entry(entry.seq, &entry.bytes, &entry.hash) {
                return Ok(Some(broken.to_string()));
            }
            if let Some(text) = text(tx, &entry)?
                && !is_text_of(&entry.bytes, &text)
            {
                return Ok(Some(format!("the text beside entry {} was changed", entry.seq)));
            }
        }
    }
}

/// The text beside an entry, unless it has none or it was erased.
pub(crate) fn text(tx: &Tx<'_>, entry: &LedgerEntry) -> Result<Option<String>, Error> {
    let Some(digest) = digest(&entry.bytes) else { return Ok(None) };
    Ok(tx.ledger_text(&digest)?)
}

/// The digest that an entry's bytes name, where they name one.
fn digest(bytes: &[u8]) -> Option<Vec<u8>> {
    #[derive(Deserialize)]
    struct Named {
        text_sha256: Option<String>,
    }
    let named: Named = serde_json::from_slice(bytes).ok()?;
    hex::decode(named.text_sha256?).ok()
}

/// Whether a text is the one that an entry's bytes name.
pub(crate) fn is_text_of(bytes: &[u8], text: &str) -> bool {
    digest(bytes).is_some_and(|d| d == nightdesk_core::ledger::digest(text))
}

fn counts(tx: &Tx<'_>) -> Result<Option<String>, Error> {
    let mut sum = 0;
    for (class, rows) in tx.recount()? {
        let counted = tx.tally(Tally::of(class))?;
        if counted != rows {
            let word = class.word();
            return Ok(Some(format!(
                "{counted} incidents are counted as {word}, but {rows} are: the counts were changed"
            )));
        }
        sum += rows;
    }
    let seen = tx.tally(Tally::Seen)?;
    Ok((seen != sum).then(|| format!("{seen} incidents were seen, but {sum} are accounted for")))
}
