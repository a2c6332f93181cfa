//! By what a ticket of ours is found in a PSA that knows no idempotency key.

use crate::content::shortened;
use crate::ids::{IncidentKey, TicketId};
use std::fmt;

/// The longest title, in UTF-16 units, that PSAs take (AlgaPSA's validator, facts of August 2026).
const LONGEST: usize = 255;

/// What a ticket's title ends with: short, searchable, and the same for as long as the incident lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker(String);

impl Marker {
    /// The incident's, by Huntress's number; a record that couldn't be told apart by one has its ticket's.
    pub fn of(incident: Option<IncidentKey>, ticket: TicketId) -> Self {
        Self(match incident {
            Some(key) => format!("HR-{}", key.id),
            None => format!("HR-T{ticket}"),
        })
    }

    /// Whether a title carries exactly this marker: `HR-12` isn't in a title that ends with `(HR-123)`.
    pub fn is_in(marker: &str, title: &str) -> bool {
        title.contains(&format!("({marker})"))
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A title that ends with the marker, cut before it where it would be too long.
pub fn title_with(title: &str, marker: &Marker) -> String {
    let tail = format!(" ({marker})");
    let room = LONGEST - tail.encode_utf16().count();
    format!("{}{tail}", shortened(title, room))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AccountId, IncidentId};
    use proptest::prelude::*;

    fn marker(id: i64) -> Marker {
        Marker::of(Some(IncidentKey { account: AccountId(1), id: IncidentId(id) }), TicketId(5))
    }

    #[test]
    fn one_incidents_marker_is_not_found_in_anothers_title() {
        let title = title_with("[Huntress] Ransomware on SRV-1", &marker(123));
        assert_eq!(title, "[Huntress] Ransomware on SRV-1 (HR-123)");
        assert!(Marker::is_in("HR-123", &title));
        assert!(!Marker::is_in("HR-12", &title));
        assert_eq!(Marker::of(None, TicketId(5)).to_string(), "HR-T5");
    }

    proptest! {
        #[test]
        fn a_title_is_never_too_long_and_never_loses_its_marker(title in "\\PC{0,400}", id in 1_i64..i64::MAX) {
            let whole = title_with(&title, &marker(id));
            let tail = format!("(HR-{id})");
            prop_assert!(whole.encode_utf16().count() <= LONGEST);
            prop_assert!(whole.ends_with(&tail));
        }
    }
}
