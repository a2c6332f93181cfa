//! How fast the night passes.

use std::time::Duration;

/// The script's two hours.
const NIGHT: Duration = Duration::from_secs(2 * 60 * 60 + 5 * 60);
/// A minute in a second: quick, and still to be followed.
const USUAL: u32 = 60;
/// Beyond this the desk polls more often than a machine can answer, and is late for no reason that the night has.
const FASTEST: u32 = 240;

/// The speed at which as much of the night as can be followed fits into the time there is.
pub fn factor(length: Option<Duration>) -> u32 {
    let Some(length) = length else { return USUAL };
    let fitting = NIGHT.as_secs() / length.as_secs().max(1);
    u32::try_from(fitting).unwrap_or(FASTEST).clamp(USUAL, FASTEST)
}

/// How long the demo lasts in real time when nobody said.
pub fn usual_length() -> Duration {
    NIGHT / USUAL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_demo_is_faster_but_not_too_fast() {
        assert_eq!(factor(None), 60);
        assert_eq!(factor(Some(Duration::from_secs(600))), 60);
        assert_eq!(factor(Some(Duration::from_secs(60))), 125);
        assert_eq!(factor(Some(Duration::from_secs(1))), 240);
    }
}
