//! The conditions of a split.

/// Tells whether a comparison holds; `None` for a kind that the stand-in doesn't know. The vendor ignores case and
/// outer blanks.
pub(crate) fn holds(kind: &str, argument: &str, value: &str) -> Option<bool> {
    let (argument, value) = (argument.trim().to_lowercase(), value.trim().to_lowercase());
    let listed = || value.split(',').any(|one| one.trim() == argument);
    Some(match kind {
        "equal_to" => argument == value,
        "not_equal_to" => argument != value,
        "matches_any_of" => listed(),
        "does_not_match_any_of" => !listed(),
        "is_blank" => argument.is_empty(),
        "is_not_blank" => !argument.is_empty(),
        "contains" => argument.contains(&value),
        "does_not_contain" => !argument.contains(&value),
        "starts_with" => argument.starts_with(&value),
        "does_not_start_with" => !argument.starts_with(&value),
        "less_than" => number(&argument)? < number(&value)?,
        "greater_than" => number(&argument)? > number(&value)?,
        _ => return None,
    })
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// Every kind that [`holds`] knows.
pub(crate) const KINDS: [&str; 12] = [
    "equal_to",
    "not_equal_to",
    "matches_any_of",
    "does_not_match_any_of",
    "is_blank",
    "is_not_blank",
    "contains",
    "does_not_contain",
    "starts_with",
    "does_not_start_with",
    "less_than",
    "greater_than",
];
