//! Digits that a phone menu asks for.

/// The most that Twilio's `SendDigits` takes.
pub const EXTENSION_MAX: usize = 32;

/// Why the digits can't be dialled. A closed set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadExtension {
    /// None were given.
    #[error("enter the digits that the phone menu asks for, or leave the extension out")]
    Empty,
    /// More than the carrier dials.
    #[error("an extension has at most {EXTENSION_MAX} digits and pauses")]
    TooLong,
    /// Something that isn't on a phone's keys.
    #[error(
        "{0:?} can't be dialled; an extension has digits, * and #, w for half a second's pause and W for a second's"
    )]
    NotAKey(char),
}

/// The digits as the carrier takes them. Blanks and dashes go; a comma is the pause that phone books write.
///
/// # Errors
/// [`BadExtension`] says what to change.
pub fn extension(text: &str) -> Result<String, BadExtension> {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' | '*' | '#' | 'w' | 'W' => out.push(c),
            ',' => out.push('w'),
            '-' => {}
            c if c.is_whitespace() => {}
            other => return Err(BadExtension::NotAKey(other)),
        }
    }
    match out.len() {
        0 => Err(BadExtension::Empty),
        n if n > EXTENSION_MAX => Err(BadExtension::TooLong),
        _ => Ok(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_pauses() {
        assert_eq!(extension(" ,,1-204# "), Ok("ww1204#".into()));
        assert_eq!(extension("wW*0"), Ok("wW*0".into()));
        assert_eq!(extension(&"1".repeat(32)).unwrap().len(), 32);
        assert_eq!(extension(&"1".repeat(33)), Err(BadExtension::TooLong));
        assert_eq!(extension(" - "), Err(BadExtension::Empty));
        assert_eq!(extension("12x"), Err(BadExtension::NotAKey('x')));
        assert_eq!(extension("１"), Err(BadExtension::NotAKey('１')));
    }
}
