//! The ledger as a file that another program can verify: JSON lines, a header and then one line for each entry.

use crate::error::{Code, Error};
use crate::ledger::{BATCH, is_text_of, text};
use chrono::{DateTime, SubsecRound, Utc};
use nightdesk_core::ledger::Verifier;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Write};

const FORMAT: &str = "nightdesk-ledger";
const VERSION: u32 = 1;
const HOW: &str = "Entries count from 1 in the order of these lines; each entry's hash is SHA-256 over the 32 bytes of \
                   the previous entry's hash (32 zero bytes before the first) followed by the UTF-8 bytes of its \
                   `entry` string, and `text`, where it is not null, has the SHA-256 that `entry` names as text_sha256.";

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Always `nightdesk-ledger`.
    pub format: String,
    /// Of the file's form, not of the entries'.
    pub version: u32,
    /// How many lines follow.
    pub entries: i64,
    /// The last entry's hash, in hexadecimal.
    pub head: String,
    /// When it was written.
    pub exported_at: DateTime<Utc>,
    /// How to check it, for a reader who has nothing but the file.
    pub how: String,
}

#[derive(Serialize, Deserialize)]
struct Line {
    /// The canonical bytes, as text: verified as they are, never serialised again.
    entry: String,
    hash: String,
    text: Option<String>,
}

/// Writes the whole ledger as of this transaction.
///
/// # Errors
/// The store's; `DatabaseDamaged` for an entry that isn't text, which can't have been written as one; `DiskFull` or
/// `Internal` when the writer fails.
pub fn ledger_export(tx: &Tx<'_>, now: DateTime<Utc>, out: &mut dyn Write) -> Result<Header, Error> {
    let head = tx.ledger_head()?;
    let header = Header {
        format: FORMAT.into(),
        version: VERSION,
        entries: head.seq,
        head: hex::encode(head.hash),
        exported_at: now.trunc_subsecs(3),
        how: HOW.into(),
    };
    line(out, &header)?;
    let mut after = 0;
    loop {
        let batch = tx.ledger_entries(after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = last.seq;
        for stored in batch {
            let text = text(tx, &stored)?;
            let entry = String::from_utf8(stored.bytes).map_err(|_| {
                Error::new(Code::DatabaseDamaged, format!("ledger entry {} is not text: it was changed", stored.seq))
            })?;
            line(out, &Line { entry, hash: hex::encode(&stored.hash), text })?;
        }
    }
    out.flush().map_err(|e| written(&e))?;
    Ok(header)
}

fn line(out: &mut dyn Write, value: &impl Serialize) -> Result<(), Error> {
    let mut text = serde_json::to_vec(value).map_err(nightdesk_store::Error::from)?;
    text.push(b'\n');
    out.write_all(&text).map_err(|e| written(&e))
}

fn written(e: &std::io::Error) -> Error {
    let code = if e.kind() == std::io::ErrorKind::StorageFull { Code::DiskFull } else { Code::Internal };
    Error::new(code, format!("the export could not be written: {e}"))
}

/// Checks an export by nothing but the file itself; answers its header.
///
/// # Errors
/// `InvalidInput` naming the first thing that doesn't hold.
pub fn ledger_verify_export(file: impl BufRead) -> Result<Header, Error> {
    let mut lines = file.lines();
    let mut next = || lines.next().transpose().map_err(|e| Error::invalid(format!("the export cannot be read: {e}")));
    let first = next()?.ok_or_else(|| Error::invalid("the export is empty"))?;
    let header: Header =
        serde_json::from_str(&first).map_err(|e| Error::invalid(format!("no header in line 1: {e}")))?;
    if header.format != FORMAT || header.version != VERSION {
        return Err(Error::invalid(format!("this is {} {}, not {FORMAT} {VERSION}", header.format, header.version)));
    }
    let mut verifier = Verifier::default();
    while let Some(text) = next()? {
        let seq = verifier.head().0 + 1;
        let line: Line = serde_json::from_str(&text).map_err(|e| Error::invalid(format!("entry {seq}: {e}")))?;
        let hash = hex::decode(&line.hash).map_err(|e| Error::invalid(format!("entry {seq}: {e}")))?;
        verifier.entry(seq, line.entry.as_bytes(), &hash).map_err(|e| Error::invalid(e.to_string()))?;
        if line.text.is_some_and(|t| !is_text_of(line.entry.as_bytes(), &t)) {
            return Err(Error::invalid(format!("the text beside entry {seq} was changed")));
        }
    }
    let (entries, head) = verifier.head();
    if entries != header.entries || hex::encode(head) != header.head {
        return Err(Error::invalid(format!(
            "the header promises {} entries, but the chain ends at entry {entries}: its tail was cut off or added to",
            header.entries
        )));
    }
    Ok(header)
}
