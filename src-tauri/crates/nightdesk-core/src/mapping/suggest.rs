//! Clients whose names are near an organization's, for a person to choose from.

use super::normalise;
use crate::ids::CatalogueId;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use strsim::jaro_winkler;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Below this a suggestion is noise.
const LEAST: f64 = 0.6;
/// From this likeness on two words count as one, misspelt.
const SAME_WORD: f64 = 0.85;
/// Only equal names reach 1; the next best stay below.
const NEARLY: f64 = 0.99;
/// The same name under another legal form.
const OTHER_FORM: f64 = 0.95;
/// One name is the beginning of the other.
const SHORTENED: f64 = 0.75;
/// One name is made of the other's initials.
const INITIALS: f64 = 0.7;
/// Comparing costs the product of the lengths, and a vendor's name may be of any length.
const COMPARED_CHARS: usize = 255;

/// Legal forms and the like, which differ between two systems more often than they tell companies apart.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "as",
    "asa",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "group",
    "holding",
    "holdings",
    "inc",
    "incorporated",
    "kft",
    "kg",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "mbh",
    "nv",
    "oy",
    "plc",
    "pllc",
    "pty",
    "pte",
    "pvt",
    "sa",
    "sarl",
    "sas",
    "sl",
    "spa",
    "srl",
    "ug",
];

/// A client that an organization may belong to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The client.
    pub client: CatalogueId,
    /// How alike the names are: 0.6 to 1, in steps of 0.01; 1 only for equal names.
    pub score: f64,
}

/// The clients' names, made comparable once.
#[derive(Debug, Clone, Default)]
pub struct Index {
    clients: Vec<Client>,
    /// `None` where several clients share the name.
    exact: HashMap<String, Option<CatalogueId>>,
}

#[derive(Debug, Clone)]
struct Client {
    id: CatalogueId,
    name: String,
    form: Form,
}

impl Index {
    /// An index of these clients.
    pub fn new<'a>(clients: impl Iterator<Item = (CatalogueId, &'a str)>) -> Self {
        let mut index = Self::default();
        for (id, name) in clients {
            let form = Form::of(name);
            if !form.exact.is_empty() {
                index.exact.entry(form.exact.clone()).and_modify(|e| *e = None).or_insert(Some(id));
            }
            index.clients.push(Client { id, name: name.to_owned(), form });
        }
        index
    }

    /// As [`super::exact_unique`], without normalising every client again.
    pub fn exact_unique(&self, name: &str) -> Option<CatalogueId> {
        self.exact.get(&normalise(name)).copied().flatten()
    }

    /// At most `limit` clients whose names are like this one, best first, equals by name.
    pub fn suggest(&self, name: &str, limit: usize) -> Vec<Suggestion> {
        let wanted = Form::of(name);
        if wanted.exact.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(&Client, f64)> = self
            .clients
            .iter()
            .map(|c| (c, (wanted.likeness(&c.form) * 100.0).round() / 100.0))
            .filter(|(_, score)| *score >= LEAST)
            .collect();
        found.sort_by(|(a, x), (b, y)| y.total_cmp(x).then_with(|| a.name.cmp(&b.name)).then_with(|| a.id.cmp(&b.id)));
        found.into_iter().take(limit).map(|(c, score)| Suggestion { client: c.id, score }).collect()
    }
}

/// A name in the forms that are compared.
#[derive(Debug, Clone)]
struct Form {
    exact: String,
    /// Without accents.
    plain: String,
    /// The words of [`Self::plain`] that aren't its legal form.
    words: Vec<String>,
    joined: String,
}

impl Form {
    fn of(name: &str) -> Self {
        let exact = normalise(name);
        let compared: String = exact.chars().take(COMPARED_CHARS).collect();
        let plain = without_accents(&compared);
        let words = words(&plain);
        let joined = words.concat();
        Self { exact, plain, words, joined }
    }

    fn likeness(&self, other: &Self) -> f64 {
        if self.exact.is_empty() || other.exact.is_empty() {
            return 0.0;
        }
        if self.exact == other.exact {
            return 1.0;
        }
        if self.plain == other.plain {
            return NEARLY;
        }
        if self.words == other.words {
            return OTHER_FORM;
        }
        let whole = Some(jaro_winkler(&self.joined, &other.joined)).filter(|s| *s >= SAME_WORD).unwrap_or(0.0);
        let best = whole.max(shared(&self.words, &other.words)).min(OTHER_FORM);
        if best < SHORTENED && (begins(&self.words, &other.words) || begins(&other.words, &self.words)) {
            return SHORTENED;
        }
        if best < INITIALS && (spells(&self.joined, &other.words) || spells(&other.joined, &self.words)) {
            return INITIALS;
        }
        best
    }
}

/// Accents dropped where they sit on Latin and Greek letters; elsewhere a mark is part of the writing.
fn without_accents(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut on_latin = false;
    for c in name.nfd() {
        if is_combining_mark(c) {
            if !on_latin {
                out.push(c);
            }
            continue;
        }
        on_latin = matches!(c, 'a'..='z' | '\u{df}'..='\u{24f}' | '\u{370}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}');
        match c {
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            other => out.push(other),
        }
    }
    out.nfc().collect()
}

/// The words that tell a company apart: single letters in a row are one word ("J.P." is "JP", "L.L.C." is "LLC"), and
/// legal forms go, except in first place, where they are the name ("AS Roma").
fn words(plain: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut in_initials = false;
    for word in plain.split(' ').filter(|w| !w.is_empty()) {
        let single = word.len() == 1 && word.starts_with(|c: char| c.is_ascii_lowercase());
        match words.last_mut() {
            Some(last) if single && in_initials => last.push_str(word),
            _ => words.push(word.to_owned()),
        }
        in_initials = single;
    }
    if words.len() > 1 && words[0] == "the" {
        words.remove(0);
    }
    let mut first = true;
    words.retain(|w| std::mem::take(&mut first) || !LEGAL_FORMS.contains(&w.as_str()));
    words
}

/// How much of both names is the same words, misspelt ones counting by their likeness: 1 for all of it.
fn shared(a: &[String], b: &[String]) -> f64 {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut free: Vec<&String> = many.iter().collect();
    let mut sum = 0.0;
    for word in few {
        let best = free
            .iter()
            .enumerate()
            .map(|(i, other)| (i, if *other == word { 1.0 } else { jaro_winkler(word, other) }))
            .max_by(|x, y| x.1.total_cmp(&y.1));
        if let Some((i, likeness)) = best.filter(|(_, l)| *l >= SAME_WORD) {
            free.swap_remove(i);
            sum += likeness;
        }
    }
    let words = a.len() + b.len();
    if words == 0 { 0.0 } else { 2.0 * sum / words as f64 }
}

fn begins(short: &[String], long: &[String]) -> bool {
    short.len() < long.len() && long.starts_with(short) && short.iter().map(|w| w.chars().count()).sum::<usize>() >= 3
}

fn spells(initials: &str, words: &[String]) -> bool {
    words.len() >= 3
        && words.len() == initials.chars().count()
        && words.iter().map(|w| w.chars().next()).eq(initials.chars().map(Some))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn score(organization: &str, client: &str) -> f64 {
        Index::new([(CatalogueId(1), client)].into_iter()).suggest(organization, 9).first().map_or(0.0, |s| s.score)
    }

    #[test]
    fn equal_names_score_one_and_near_ones_less() {
        assert_eq!(score("ACME-INC", "Acme, Inc."), 1.0);
        assert_eq!(score("Café Rouge", "Cafe Rouge"), 0.99);
        assert_eq!(score("Smørrebrød ApS", "Smorrebrod ApS"), 0.99);
        assert_eq!(score("Acme Inc", "Acme LLC"), 0.95);
        assert_eq!(score("Acme GmbH & Co. KG", "Acme"), 0.95);
        assert_eq!(score("Acme L.L.C.", "Acme"), 0.95);
        assert_eq!(score("株式会社サクラ", "株式会社サクラ"), 1.0);
    }

    #[test]
    fn misspelt_shortened_reordered_and_abbreviated_names_are_found() {
        for (a, b) in [
            ("Globx", "Globex"),
            ("North Wind Traders", "Northwind Traders"),
            ("Dental Partners Ohio", "Ohio Dental Partners"),
            ("Acme Dental Practice of Ohio", "Acme"),
            ("J.P. Morgan", "JP Morgan"),
            ("IBM", "International Business Machines"),
            ("Caf", "Café"),
        ] {
            let s = score(a, b);
            assert!((LEAST..1.0).contains(&s), "{a} / {b}: {s}");
            assert_eq!(s, score(b, a), "{a} / {b} is symmetric");
        }
    }

    #[test]
    fn unlike_names_are_not_suggested() {
        for (a, b) in [
            ("Globex", "Initech"),
            ("Acme Inc", "Zenith Inc"),
            ("Security Triage", "Acme"),
            ("株式会社サクラ", "ООО Ромашка"),
            ("", ""),
            ("???", "!!!"),
        ] {
            assert_eq!(score(a, b), 0.0, "{a} / {b}");
        }
    }

    #[test]
    fn best_first_then_by_name_and_no_more_than_asked() {
        let clients = [(3, "Globex Ltd"), (1, "globex"), (2, "Globex"), (4, "Initech"), (5, "Globex Corporation")];
        let index = Index::new(clients.iter().map(|(id, n)| (CatalogueId(*id), *n)));
        let found = index.suggest("Globex", 3);
        assert_eq!(found.iter().map(|s| s.client.0).collect::<Vec<_>>(), [2, 1, 5]);
        assert_eq!(index.suggest("Globex", 0), []);
        assert_eq!(index.exact_unique("GLOBEX"), None);
        assert_eq!(index.exact_unique("initech"), Some(CatalogueId(4)));
        assert_eq!(index.exact_unique(""), None);
    }

    proptest! {
        #[test]
        fn any_names_give_scores_in_range(a in ".{0,40}", b in ".{0,40}") {
            let s = score(&a, &b);
            prop_assert!(s == 0.0 || (LEAST..=1.0).contains(&s));
            prop_assert_eq!(s == 1.0, !normalise(&a).is_empty() && normalise(&a) == normalise(&b));
        }
    }
}
