//! The ledger's table: append-only, hash-chained (ND-13).

use crate::{Error, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::ledger::{self, Draft, Hash, Kind};
use rusqlite::OptionalExtension;

/// The last entry's number and hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerHead {
    /// Its number; 0 for an empty ledger.
    pub seq: i64,
    /// Its hash.
    pub hash: Hash,
}

/// An entry as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Its place.
    pub seq: i64,
    /// The canonical bytes.
    pub bytes: Vec<u8>,
    /// Their link.
    pub hash: Vec<u8>,
    /// The text named by digest in the bytes, unless it was erased.
    pub text: Option<String>,
}

/// The digest that an entry's bytes name, where they name one.
fn named_digest(bytes: &[u8]) -> Option<Vec<u8>> {
    #[derive(serde::Deserialize)]
    struct Named {
        text_sha256: Option<String>,
    }
    let named: Named = serde_json::from_slice(bytes).ok()?;
    hex::decode(named.text_sha256?).ok()
}

impl Tx<'_> {
    /// The head of the chain.
    pub fn ledger_head(&self) -> Result<LedgerHead, Error> {
        if let Some((seq, hash)) = self.head.get() {
            return Ok(LedgerHead { seq, hash });
        }
        let mut st = self.tx.prepare_cached("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")?;
        let row: Option<(i64, Vec<u8>)> = st.query_row([], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        let (seq, hash) = match row {
            Some((seq, bytes)) => (
                seq,
                Hash::try_from(bytes.as_slice())
                    .map_err(|_| Error::Damaged(format!("ledger entry {seq} has no whole hash")))?,
            ),
            None => (0, ledger::GENESIS),
        };
        self.head.set(Some((seq, hash)));
        Ok(LedgerHead { seq, hash })
    }

    /// Appends an entry. ND-13: nothing here or elsewhere updates or deletes one.
    pub fn append(&self, at: DateTime<Utc>, draft: &Draft) -> Result<i64, Error> {
        let head = self.ledger_head()?;
        let seq = head.seq + 1;
        let bytes = ledger::bytes(seq, at, draft);
        let hash = ledger::link(&head.hash, &bytes);
        self.tx
            .prepare_cached("INSERT INTO ledger (seq, bytes, hash) VALUES (?1, ?2, ?3)")?
            .execute((seq, &bytes, &hash))?;
        if let Some(text) = &draft.text {
            self.tx
                .prepare_cached(
                    "INSERT INTO ledger_text (digest, body) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING",
                )?
                .execute((ledger::digest(text), text))?;
        }
        self.head.set(Some((seq, hash)));
        Ok(seq)
    }

    /// Entries after `after`, in order, at most `limit`.
    pub fn ledger_entries(&self, after: i64, limit: u32) -> Result<Vec<LedgerEntry>, Error> {
        let mut st =
            self.tx.prepare_cached("SELECT seq, bytes, hash FROM ledger WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
        let rows = st.query_map((after, limit), |r| {
            Ok(LedgerEntry { seq: r.get(0)?, bytes: r.get(1)?, hash: r.get(2)?, text: None })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Entries before `before` (all, where none is named), newest first, at most `limit`; each with its text, unless it
    /// has none or it was erased.
    pub fn ledger_page(&self, before: Option<i64>, limit: u32) -> Result<Vec<LedgerEntry>, Error> {
        let mut st =
            self.tx.prepare_cached("SELECT seq, bytes, hash FROM ledger WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2")?;
        let rows = st.query_map((before.unwrap_or(i64::MAX), limit), |r| {
            Ok(LedgerEntry { seq: r.get(0)?, bytes: r.get(1)?, hash: r.get(2)?, text: None })
        })?;
        let mut entries: Vec<LedgerEntry> = rows.collect::<Result<_, _>>()?;
        let digests: Vec<Option<Vec<u8>>> = entries.iter().map(|e| named_digest(&e.bytes)).collect();
        let wanted: Vec<&Vec<u8>> = digests.iter().flatten().collect();
        if wanted.is_empty() {
            return Ok(entries);
        }
        let slots = wanted.len().next_power_of_two();
        let sql = format!("SELECT digest, body FROM ledger_text WHERE digest IN ({})", vec!["?"; slots].join(", "));
        let padded = wanted.iter().copied().chain(std::iter::repeat_n(wanted[0], slots - wanted.len()));
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map(rusqlite::params_from_iter(padded), |r| Ok((r.get(0)?, r.get(1)?)))?;
        let texts: std::collections::HashMap<Vec<u8>, String> = rows.collect::<Result<_, _>>()?;
        for (entry, digest) in entries.iter_mut().zip(digests) {
            entry.text = digest.and_then(|d| texts.get(&d).cloned());
        }
        Ok(entries)
    }

    /// The text with this digest, unless it was erased.
    pub fn ledger_text(&self, digest: &[u8]) -> Result<Option<String>, Error> {
        let mut st = self.tx.prepare_cached("SELECT body FROM ledger_text WHERE digest = ?1")?;
        Ok(st.query_row([digest], |r| r.get(0)).optional()?)
    }

    /// Begins a new store's ledger; `follows` names the head of the store that it replaces.
    pub fn begin_ledger(&self, at: DateTime<Utc>, follows: Option<&str>) -> Result<(), Error> {
        if self.ledger_head()?.seq == 0 {
            let fact = follows.map_or_else(|| "new store".to_owned(), |h| format!("follows {h}"));
            self.append(at, &Draft::new(Kind::Begun, fact))?;
        }
        Ok(())
    }
}
