//! Names of the catalogue as a person types them.

use crate::error::{Detail, Error};
use nightdesk_core::catalogue::{Catalogue, Entry, Kind};

/// How many names a message lists; the detail has all.
const SHOWN: usize = 12;

/// The entry of a kind with this name: exactly, else in any case where that is unambiguous. Entries that the PSA no
/// longer lists are found too with `removed`, since tickets may stand on them.
///
/// # Errors
/// `InvalidInput` naming the choices, the likeliest first.
pub fn find<'a>(catalogue: &'a Catalogue, kind: Kind, name: &str, removed: bool) -> Result<&'a Entry, Error> {
    let usable = || catalogue.entries().iter().filter(|e| e.kind == kind && (e.active || removed));
    let wanted = name.trim();
    let exact = usable().filter(|e| e.name == wanted).max_by_key(|e| e.active);
    if let Some(entry) = exact {
        return Ok(entry);
    }
    let mut loosely = usable().filter(|e| e.name.to_lowercase() == wanted.to_lowercase());
    if let (Some(entry), None) = (loosely.next(), loosely.next()) {
        return Ok(entry);
    }
    let mut names: Vec<String> = usable().map(|e| e.name.clone()).collect();
    names.sort();
    names.dedup();
    Err(unknown(kind.word(), wanted, names))
}

/// No such name; these there are.
pub(crate) fn unknown(what: &str, wanted: &str, mut names: Vec<String>) -> Error {
    let near = |name: &str| strsim::normalized_damerau_levenshtein(&name.to_lowercase(), &wanted.to_lowercase());
    names.sort_by(|a, b| near(b).total_cmp(&near(a)).then_with(|| a.cmp(b)));
    let listed: Vec<String> = names.iter().take(SHOWN).map(|n| format!("{n:?}")).collect();
    let more = names.len().saturating_sub(SHOWN);
    let choices = match (listed.is_empty(), more) {
        (true, _) => "there is none yet".to_owned(),
        (false, 0) => format!("there are {}", listed.join(", ")),
        (false, more) => format!("there are {} and {more} more", listed.join(", ")),
    };
    Error {
        detail: Some(Detail::Choices(names)),
        ..Error::invalid(format!("there is no {what} {wanted:?}; {choices}"))
    }
}
