//! How many texts a text is.

use super::letters::gsm_units;
use serde::{Deserialize, Serialize};

/// How a text travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// GSM 03.38's 7-bit alphabet with its extension table: 160 units, 153 in each of several.
    Gsm7,
    /// UTF-16: 70 units, 67 in each of several. One letter outside GSM-7 is enough.
    Ucs2,
}

impl Encoding {
    /// Units that a lone segment holds.
    pub fn alone(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// Units that each of several segments holds, beside the header that joins them.
    pub fn joined(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }
}

/// A text's size, as a carrier counts and charges it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Segments {
    /// How it travels.
    pub encoding: Encoding,
    /// Septets or UTF-16 units in all.
    pub units: usize,
    /// Segments; none for an empty text.
    pub count: usize,
}

/// Counts a text's segments. An escape and its letter, and both halves of a surrogate, stay in one segment.
pub fn segments(text: &str) -> Segments {
    let gsm: Option<Vec<usize>> = text.chars().map(gsm_units).collect();
    let (encoding, widths) = match gsm {
        Some(widths) => (Encoding::Gsm7, widths),
        None => (Encoding::Ucs2, text.chars().map(char::len_utf16).collect()),
    };
    let units = widths.iter().sum();
    let count = if units <= encoding.alone() { usize::from(units > 0) } else { joined(&widths, encoding.joined()) };
    Segments { encoding, units, count }
}

fn joined(widths: &[usize], room: usize) -> usize {
    let (mut count, mut used) = (1, 0);
    for width in widths {
        if used + width > room {
            count += 1;
            used = 0;
        }
        used += width;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sizes(text: &str) -> (Encoding, usize, usize) {
        let s = segments(text);
        (s.encoding, s.units, s.count)
    }

    #[test]
    fn the_bounds_of_both_alphabets() {
        use Encoding::{Gsm7, Ucs2};
        for (letter, n, expected) in [
            ("", 1, (Gsm7, 0, 0)),
            ("a", 1, (Gsm7, 1, 1)),
            ("a", 160, (Gsm7, 160, 1)),
            ("a", 161, (Gsm7, 161, 2)),
            ("a", 306, (Gsm7, 306, 2)),
            ("a", 307, (Gsm7, 307, 3)),
            ("€", 80, (Gsm7, 160, 1)),
            // 153 is odd: an escape pair doesn't fit into its last place.
            ("€", 152, (Gsm7, 304, 2)),
            ("€", 153, (Gsm7, 306, 3)),
            ("Ç", 160, (Gsm7, 160, 1)),
            ("ç", 70, (Ucs2, 70, 1)),
            ("ç", 71, (Ucs2, 71, 2)),
            ("ç", 134, (Ucs2, 134, 2)),
            ("ç", 135, (Ucs2, 135, 3)),
            ("😀", 35, (Ucs2, 70, 1)),
            ("😀", 66, (Ucs2, 132, 2)),
            ("😀", 67, (Ucs2, 134, 3)),
        ] {
            assert_eq!(sizes(&letter.repeat(n)), expected, "{n} x {letter}");
        }
    }

    proptest! {
        #[test]
        fn what_is_added_never_makes_it_smaller(text in "[a-z€^ç😀]{0,200}", more in "[a-zç]") {
            let (whole, longer) = (segments(&text), segments(&format!("{text}{more}")));
            prop_assert!(longer.count >= whole.count);
            prop_assert!(whole.count * whole.encoding.alone() >= whole.units);
        }
    }
}
