//! Digits for a phone menu.

/// What `SendDigits` takes: 32 characters of `0-9 # *`, and `w` and `W` for pauses of half a second and a second.
const MOST: usize = 32;

/// Half a second twice: a menu that has just picked up misses the first tone. The flow says the same before its digits.
pub(super) const PAUSE: &str = "ww";

/// The digits in the carrier's notation; none where there is no extension.
///
/// # Errors
/// In words, for what no phone can dial.
pub(super) fn digits(extension: Option<&str>) -> Result<Option<String>, &'static str> {
    let mut digits = String::new();
    for c in extension.unwrap_or_default().chars() {
        match c {
            '0'..='9' | '*' | '#' | 'w' | 'W' => digits.push(c),
            ',' | 'p' | 'P' => digits.push('w'),
            ' ' | '-' => {}
            _ => {
                return Err(
                    "the contact's extension holds what no phone can dial; keep to 0-9, * and #, with , for a pause",
                );
            }
        }
    }
    if digits.len() + PAUSE.len() > MOST {
        return Err("the contact's extension is longer than 30 digits; shorten it");
    }
    Ok(Some(digits).filter(|digits| !digits.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations() {
        assert_eq!(digits(None), Ok(None));
        assert_eq!(digits(Some(" - ")), Ok(None));
        assert_eq!(digits(Some("42")), Ok(Some("42".into())));
        assert_eq!(digits(Some("1,, 2-3#")), Ok(Some("1ww23#".into())));
        assert!(digits(Some("call me")).is_err() && digits(Some(&"1".repeat(31))).is_err());
        assert_eq!(digits(Some(&"1".repeat(30))), Ok(Some("1".repeat(30))));
    }
}
