//! The ledger's arithmetic: what an entry's bytes are, and how they are chained (ND-13).
//!
//! Each entry's canonical bytes are UTF-8 JSON with fixed key order, written once and never serialised again. Its hash
//! is SHA-256 over the previous entry's 32 hash bytes (zeros before the first) followed by those bytes. Personal text
//! is named by its SHA-256 only and kept beside the chain, so that it can be erased without breaking the chain.

use crate::ids::{IncidentKey, TicketId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The format of the canonical bytes.
pub const FORMAT: u32 = 1;

/// A link of the chain.
pub type Hash = [u8; 32];

/// What the first entry follows.
pub const GENESIS: Hash = [0; 32];

/// What an entry records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The first entry of a store; names the head of an earlier one where there was one.
    Begun,
    /// An incident got a ticket.
    Ticketed,
    /// An incident was recorded without a ticket, with the reason.
    RecordOnly,
    /// An incident's ticket is withheld because its organization is ignored.
    Withheld,
    /// A record could not be read in full; it has a bare ticket.
    Quarantined,
    /// A quarantined record was read in full later.
    Released,
    /// The SOC changed something.
    Changed,
    /// A ticket was closed, by the SOC or a person.
    Closed,
    /// A ticket was reopened, by the SOC or a person.
    Reopened,
    /// Huntress no longer has the incident; its ticket stays open.
    Gone,
    /// A ticket was moved to another client or board.
    Rehomed,
    /// A re-home was taken back.
    Undone,
    /// An organization's mapping changed.
    Mapping,
    /// A person wrote on or assigned a ticket.
    Worked,
    /// A configuration was applied.
    Configured,
    /// Time that wasn't watched.
    Gap,
    /// The Huntress account behind the key changed.
    Account,
    /// A backup was restored, or a damaged store replaced.
    Restored,
    /// A delivery ended or went into doubt.
    Delivery,
    /// An alarm was raised or ended.
    Alarm,
    /// A page began, was joined, held back, taken, given up or ended; a drill.
    Paged,
}

impl Kind {
    /// The word for it, as stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Ticketed => "ticketed",
            Self::RecordOnly => "record_only",
            Self::Withheld => "withheld",
            Self::Quarantined => "quarantined",
            Self::Released => "released",
            Self::Changed => "changed",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Gone => "gone",
            Self::Rehomed => "rehomed",
            Self::Undone => "undone",
            Self::Mapping => "mapping",
            Self::Worked => "worked",
            Self::Configured => "configured",
            Self::Gap => "gap",
            Self::Account => "account",
            Self::Restored => "restored",
            Self::Delivery => "delivery",
            Self::Alarm => "alarm",
            Self::Paged => "paged",
        }
    }
}

/// An entry before it has a place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it records.
    pub kind: Kind,
    /// The incident concerned.
    pub incident: Option<IncidentKey>,
    /// The ticket concerned.
    pub ticket: Option<TicketId>,
    /// A word or number that isn't personal: a reason, a count, a catalogue number. Part of the chain.
    pub fact: String,
    /// Personal or vendor text; only its digest is part of the chain.
    pub text: Option<String>,
}

impl Draft {
    /// An entry about nothing in particular.
    pub fn new(kind: Kind, fact: impl Into<String>) -> Self {
        Self { kind, incident: None, ticket: None, fact: fact.into(), text: None }
    }

    /// About this incident.
    pub fn incident(mut self, key: IncidentKey) -> Self {
        self.incident = Some(key);
        self
    }

    /// About this ticket.
    pub fn ticket(mut self, id: TicketId) -> Self {
        self.ticket = Some(id);
        self
    }

    /// With text that stays outside the chain.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }
}

#[derive(Serialize, Deserialize)]
struct Canonical<'a> {
    v: u32,
    seq: i64,
    at_ms: i64,
    kind: &'a str,
    account: Option<i64>,
    incident: Option<i64>,
    ticket: Option<i64>,
    fact: &'a str,
    text_sha256: Option<String>,
}

/// The digest that stands for a text in the chain.
pub fn digest(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

/// An entry's canonical bytes. `seq` counts from 1; `at` is kept to the millisecond.
pub fn bytes(seq: i64, at: DateTime<Utc>, draft: &Draft) -> Vec<u8> {
    let canonical = Canonical {
        v: FORMAT,
        seq,
        at_ms: at.timestamp_millis(),
        kind: draft.kind.word(),
        account: draft.incident.map(|k| k.account.0),
        incident: draft.incident.map(|k| k.id.0),
        ticket: draft.ticket.map(|t| t.0),
        fact: &draft.fact,
        text_sha256: draft.text.as_deref().map(|t| hex::encode(digest(t))),
    };
    // Strings and integers can't fail to serialise; an empty entry would break the chain visibly, not silently.
    serde_json::to_vec(&canonical).unwrap_or_default()
}

/// The hash of an entry that follows `previous`.
pub fn link(previous: &Hash, bytes: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    hasher.update(bytes);
    hasher.finalize().into()
}

/// Where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// An entry's hash doesn't follow from its bytes and the entry before.
    #[error("entry {seq} was changed, or the entry before it was")]
    Hash {
        /// The first entry that doesn't fit.
        seq: i64,
    },
    /// An entry is missing.
    #[error("entry {expected} is missing; entry {found} follows")]
    Missing {
        /// The number that should have come.
        expected: i64,
        /// The number that came.
        found: i64,
    },
    /// The chain ends before a head that is on record elsewhere.
    #[error("the ledger ends at entry {last}, but a head at entry {known} is on record: its tail was cut off")]
    Cut {
        /// The last entry there is.
        last: i64,
        /// The entry that was known.
        known: i64,
    },
}

/// Checks a chain entry by entry.
#[derive(Debug, Clone)]
pub struct Verifier {
    seq: i64,
    hash: Hash,
}

impl Default for Verifier {
    fn default() -> Self {
        Self { seq: 0, hash: GENESIS }
    }
}

impl Verifier {
    /// Takes the next entry in.
    pub fn entry(&mut self, seq: i64, bytes: &[u8], hash: &[u8]) -> Result<(), Break> {
        if seq != self.seq + 1 {
            return Err(Break::Missing { expected: self.seq + 1, found: seq });
        }
        let expected = link(&self.hash, bytes);
        let in_bytes = serde_json::from_slice::<Canonical<'_>>(bytes).map(|c| c.seq).ok();
        if expected != hash || in_bytes != Some(seq) {
            return Err(Break::Hash { seq });
        }
        self.seq = seq;
        self.hash = expected;
        Ok(())
    }

    /// The number of entries taken in, and the head's hash.
    pub fn head(&self) -> (i64, Hash) {
        (self.seq, self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(n: i64) -> Vec<(i64, Vec<u8>, Hash)> {
        let at = DateTime::from_timestamp(1_767_000_000, 0).unwrap();
        let mut previous = GENESIS;
        (1..=n)
            .map(|seq| {
                let b = bytes(seq, at, &Draft::new(Kind::Gap, format!("f{seq}")).text("Dana \"noted\" it"));
                previous = link(&previous, &b);
                (seq, b, previous)
            })
            .collect()
    }

    fn verify(chain: &[(i64, Vec<u8>, Hash)]) -> Result<i64, Break> {
        let mut v = Verifier::default();
        for (seq, b, h) in chain {
            v.entry(*seq, b, h)?;
        }
        Ok(v.head().0)
    }

    #[test]
    fn nd_13_a_changed_missing_or_swapped_entry_shows() {
        let good = chain(5);
        assert_eq!(verify(&good), Ok(5));
        let mut changed = good.clone();
        changed[2].1 = String::from_utf8(changed[2].1.clone()).unwrap().replace("f3", "f4").into_bytes();
        assert_eq!(verify(&changed), Err(Break::Hash { seq: 3 }));
        let mut missing = good.clone();
        missing.remove(1);
        assert_eq!(verify(&missing), Err(Break::Missing { expected: 2, found: 3 }));
        let mut swapped = good.clone();
        let (b, h) = (swapped[1].1.clone(), swapped[1].2);
        swapped[1].1 = swapped[2].1.clone();
        swapped[1].2 = swapped[2].2;
        swapped[2].1 = b;
        swapped[2].2 = h;
        assert_eq!(verify(&swapped), Err(Break::Hash { seq: 2 }));
    }

    #[test]
    fn personal_text_is_in_the_chain_by_digest_only() {
        let entry = String::from_utf8(chain(1)[0].1.clone()).unwrap();
        assert!(!entry.contains("Dana"));
        assert!(entry.contains(&hex::encode(digest("Dana \"noted\" it"))));
    }
}
