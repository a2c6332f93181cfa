//! What is kept of a ticket's creation or update: the delivery's `remote_ref`.

use chrono::{DateTime, Utc};
use std::fmt;

/// A ticket in the PSA, as of one write of ours. Written as `id number milliseconds`, with `-` for what isn't known: the id
/// stays the first word, by which look-ups tell two deliveries apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The PSA's id, without spaces.
    pub id: String,
    /// The number that people call it by.
    pub number: Option<String>,
    /// When the PSA says that our write was: what it shows of an earlier moment is old news. `None` where others may have
    /// changed the ticket by then, so that it is looked at.
    pub updated_at: Option<DateTime<Utc>>,
}

impl Reference {
    /// The inverse of `to_string`; `None` for what isn't one.
    pub fn parse(text: &str) -> Option<Self> {
        let (head, at) = text.rsplit_once(' ')?;
        let (id, number) = head.split_once(' ')?;
        let updated_at = match at {
            "-" => None,
            at => Some(DateTime::from_timestamp_millis(at.parse().ok()?)?),
        };
        (!id.is_empty()).then(|| Self {
            id: id.to_owned(),
            number: (number != "-").then(|| number.to_owned()),
            updated_at,
        })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.id, self.number.as_deref().filter(|n| !n.is_empty()).unwrap_or("-"))?;
        match self.updated_at {
            Some(at) => write!(f, "{}", at.timestamp_millis()),
            None => f.write_str("-"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_writes() {
        let at = DateTime::from_timestamp_millis(1_767_000_000_123);
        for number in [None, Some("1042".to_owned()), Some("TIC 10 42".to_owned())] {
            for updated_at in [None, at] {
                let reference = Reference { id: "8f3a-77".into(), number: number.clone(), updated_at };
                assert_eq!(Reference::parse(&reference.to_string()), Some(reference));
            }
        }
        for other in ["", "SM123", " a -", "x y z"] {
            assert_eq!(Reference::parse(other), None, "{other:?}");
        }
    }
}
