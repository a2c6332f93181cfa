//! A wording with its values, short enough for where it goes.

use super::super::speech::{SPOKEN_MAX, clipped};
use super::super::{Encoding, Segments, defang, segments};
use super::values::{SHORTENED, Values};
use super::{Placeholder, Template};

/// What is sent or said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The whole message. A text holds no link (ND-16); speech is still to be escaped for the markup it goes into.
    pub text: String,
    /// A text's size; none for speech.
    pub segments: Option<Segments>,
}

/// The most that any value has to begin with.
const WHOLE: usize = 300;

/// What is left of a value at the very least: an ellipsis.
const LEAST: usize = 3;

impl Template {
    /// Puts the values in. A text is one GSM-7 segment where shortening title, host and client allows it, else two at
    /// most; speech is at most [`SPOKEN_MAX`] characters.
    pub fn render(&self, values: &Values) -> Rendered {
        if self.kind().is_spoken() {
            let fits = |text: &str| text.chars().count() <= SPOKEN_MAX;
            let text = self
                .shortened(values, false, &fits)
                .unwrap_or_else(|| clipped(&self.with(values, &[LEAST; 8]), SPOKEN_MAX));
            return Rendered { text, segments: None };
        }
        let lone = |text: &str| segments(text).count <= 1 && segments(text).encoding == Encoding::Gsm7;
        let pair = |text: &str| segments(text).count <= 2;
        let whole = self.with(values, &[WHOLE; 8]);
        let text = if segments(&whole).count <= 1 {
            whole
        } else {
            self.shortened(values, false, &lone)
                .or_else(|| self.shortened(values, true, &pair))
                .unwrap_or_else(|| self.with(values, &[LEAST; 8]))
        };
        let segments = Some(segments(&text));
        Rendered { text, segments }
    }

    /// The message with as little taken from the values, in their order, as makes it fit; none if it never does. No
    /// value falls below what still tells one from another, unless it must.
    fn shortened(&self, values: &Values, must: bool, fits: &dyn Fn(&str) -> bool) -> Option<String> {
        let mut most = [WHOLE; 8];
        for (at, (_, floor)) in SHORTENED.into_iter().enumerate() {
            let floor = if must { LEAST } else { floor };
            most[at] = floor;
            if !fits(&self.with(values, &most)) {
                continue;
            }
            // The longest that fits; halving is enough, as a longer value never makes a shorter message that fits.
            let (mut low, mut high) = (floor, WHOLE);
            while low < high {
                most[at] = (low + high).div_ceil(2);
                if fits(&self.with(values, &most)) { low = most[at] } else { high = most[at] - 1 }
            }
            most[at] = low;
            return Some(self.with(values, &most)).filter(|text| fits(text));
        }
        None
    }

    fn with(&self, values: &Values, most: &[usize; 8]) -> String {
        let spoken = self.kind().is_spoken();
        let text = self.assemble(&|placeholder: Placeholder| {
            let at = SHORTENED.iter().position(|(p, _)| *p == placeholder);
            values.put(placeholder, spoken, at.map_or(WHOLE, |i| most[i]))
        });
        // Once more over the whole: words and values can make a link only together.
        if spoken { text } else { defang(&text) }
    }
}
