//! Names made comparable, without losing what tells two clients apart.

use crate::ids::CatalogueId;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form in which two names are compared for an automatic link: compatibility forms unified, case folded,
/// apostrophes removed, everything that is neither letter, mark nor digit a single space. Accents and scripts stay, so
/// that `Café` isn't `Caf` and a name in any script equals itself. A name without a letter or digit becomes empty, which
/// equals nothing. Applying it again changes nothing.
pub fn normalise(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in fold(name) {
        if c.is_alphanumeric() || is_combining_mark(c) {
            out.push(c);
        } else if !is_joined_over(c) && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    let trimmed = out.trim_end();
    if trimmed.chars().any(char::is_alphanumeric) { trimmed.to_owned() } else { String::new() }
}

/// Upper-casing first is what makes `ß` equal `SS` and both forms of sigma equal: `to_lowercase` alone keeps them apart.
fn fold(name: &str) -> Vec<char> {
    let spelled = name.chars().map(|c| match c {
        // NFKC would write these two as a space with an accent, and the marks as letters of the name.
        '\u{b4}' | '\u{1fef}' => '\'',
        '™' | '℠' | '®' | '©' => ' ',
        other => other,
    });
    let folded: String = spelled.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    folded.nfkc().collect()
}

/// Characters inside a word that don't part it: apostrophes of every make, and what has no width.
fn is_joined_over(c: char) -> bool {
    matches!(
        c,
        '\'' | '`' | '‘' | '’' | '‛' | 'ʼ' | 'ʻ' | '′' | '׳' | '\u{ad}' | '\u{200b}'
            ..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

/// The only client whose name equals this one after [`normalise`]; `None` where there is none, or more than one.
pub fn exact_unique<'a>(name: &str, clients: impl Iterator<Item = (CatalogueId, &'a str)>) -> Option<CatalogueId> {
    let wanted = normalise(name);
    if wanted.is_empty() {
        return None;
    }
    let mut equal = clients.filter(|(_, client)| normalise(client) == wanted).map(|(id, _)| id);
    let first = equal.next()?;
    equal.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_punctuation_and_apostrophes_do_not_matter() {
        assert_eq!(normalise("O'Brien & Sons LLC"), "obrien sons llc");
        assert_eq!(normalise("O’Brien & Sons, LLC."), "obrien sons llc");
        assert_eq!(normalise("O´Brien  &  Sons LLC"), "obrien sons llc");
        assert_eq!(normalise("ACME-INC"), "acme inc");
        assert_eq!(normalise("Acme, Inc."), "acme inc");
        assert_eq!(normalise("Acme™ Inc"), "acme inc");
        assert_eq!(normalise("ＡＣＭＥ\u{a0}Inc"), "acme inc");
    }

    #[test]
    fn nothing_readable_is_empty() {
        for blank in ["", "  ", "\t\n", "--- & ...", "\u{301}", "\u{200b}"] {
            assert_eq!(normalise(blank), "", "{blank:?}");
        }
    }

    #[test]
    fn accents_and_scripts_are_kept() {
        assert_ne!(normalise("Café"), normalise("Caf"));
        assert_ne!(normalise("Café"), normalise("Cafe"));
        assert_eq!(normalise("Cafe\u{301}"), normalise("CAFÉ"));
        assert_eq!(normalise("STRASSE"), normalise("Straße"));
        assert_eq!(normalise("ΟΔΟΣ"), normalise("οδος"));
        for name in ["株式会社サクラ", "ООО Ромашка", "شركة النور", "हिन्दी सेवा", "ไทยพาณิชย์"]
        {
            assert!(!normalise(name).is_empty(), "{name}");
            assert_eq!(exact_unique(name, [(CatalogueId(7), name)].into_iter()), Some(CatalogueId(7)), "{name}");
        }
        assert_ne!(normalise("हिन्दी"), normalise("हिनदी"), "a virama is no punctuation");
    }

    #[test]
    fn only_one_equal_client_links() {
        let clients = [(CatalogueId(1), "Acme, Inc."), (CatalogueId(2), "Globex"), (CatalogueId(3), "globex")];
        let link = |name| exact_unique(name, clients.into_iter());
        assert_eq!(link("ACME INC"), Some(CatalogueId(1)));
        assert_eq!(link("Initech"), None);
        assert_eq!(link("Globex"), None, "two candidates");
        assert_eq!(link(""), None);
        assert_eq!(exact_unique("!", [(CatalogueId(1), "?")].into_iter()), None, "empty equals nothing");
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(name in ".*") {
            let once = normalise(&name);
            prop_assert_eq!(normalise(&once), once.clone());
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        }
    }
}
