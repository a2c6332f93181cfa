//! The accounting of every incident, and whether its chain holds (ND-13).

use crate::error::Error;
use nightdesk_core::ledger::{Break, Verifier};
use nightdesk_store::{LedgerEntry, LedgerHead, Store, Tally, Tx};
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

/// As [`ledger`], and with `verify` also against the newest sound backup: a chain whose tail was cut off, or that was
/// written anew, holds in itself and only shows beside a head that is on record elsewhere.
///
/// # Errors
/// The store's.
pub fn ledger_beside_backup(store: &mut Store, verify: bool) -> Result<Ledger, Error> {
    let known = if verify { store.backup_head() } else { None };
    store.read(|tx| {
        let mut ledger = ledger(tx, verify)?;
        if let (Some((backup, known)), Some(true)) = (known, ledger.verified) {
            let name = backup.file_name().unwrap_or_default().to_string_lossy().into_owned();
            ledger.error = missing(tx, known)?.map(|fault| format!("{fault} (backup {name})"));
            ledger.verified = Some(ledger.error.is_none());
        }
        Ok(ledger)
    })
}

/// What is wrong with a ledger that should hold this head.
fn missing(tx: &Tx<'_>, known: LedgerHead) -> Result<Option<String>, Error> {
    let last = tx.ledger_head()?.seq;
    if known.seq == 0 || follows_another(tx)? {
        return Ok(None);
    }
    if known.seq > last {
        return Ok(Some(Break::Cut { last, known: known.seq }.to_string()));
    }
    let same = tx.ledger_entries(known.seq - 1, 1)?.first().is_some_and(|e| e.hash == known.hash);
    Ok((!same).then(|| Break::Hash { seq: known.seq }.to_string()))
}

/// A store made after damage begins a chain of its own, which names the head that it follows.
fn follows_another(tx: &Tx<'_>) -> Result<bool, Error> {
    #[derive(Deserialize)]
    struct First {
        fact: String,
    }
    let first = tx.ledger_entries(0, 1)?.into_iter().next();
    let first = first.and_then(|e| serde_json::from_slice::<First>(&e.bytes).ok());
    Ok(first.is_some_and(|f| f.fact.starts_with("follows ")))
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
