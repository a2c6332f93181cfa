//! The problems found so far, and where each key stands in the text.

use super::problem::Problem;
use std::collections::BTreeMap;

/// Below this likeness a known key is no help to somebody who wrote another one.
const ALIKE: f64 = 0.75;

pub(super) struct Findings {
    /// Byte offsets at which the lines start.
    starts: Vec<usize>,
    /// Lines of the keys that are in the document.
    lines: BTreeMap<String, usize>,
    problems: Vec<Problem>,
}

impl Findings {
    pub(super) fn new(text: &str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { starts, lines: BTreeMap::new(), problems: Vec::new() }
    }

    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// Remembers where a key stands.
    pub(super) fn place(&mut self, key: &str, offset: usize) {
        let line = self.line_of(offset);
        self.lines.insert(key.to_owned(), line);
    }

    /// Forgets where the keys below this prefix stand.
    pub(super) fn forget(&mut self, prefix: &str) {
        self.lines.retain(|key, _| !key.starts_with(prefix));
    }

    /// Reports a problem where the key stands, or where the section does that should hold it.
    pub(super) fn report(&mut self, key: &str, message: impl Into<String>, expected: impl Into<String>) {
        self.report_on(self.line(key), key, message, expected);
    }

    /// The line of a key, or of the section that should hold it.
    pub(super) fn line(&self, key: &str) -> Option<usize> {
        let mut known = key;
        loop {
            match (self.lines.get(known), known.rfind('.')) {
                (Some(line), _) => return Some(*line),
                (None, Some(dot)) => known = &known[..dot],
                (None, None) => return None,
            }
        }
    }

    /// Reports a problem on a line.
    pub(super) fn report_on(
        &mut self,
        line: Option<usize>,
        key: &str,
        message: impl Into<String>,
        expected: impl Into<String>,
    ) {
        // A quoted key may hold anything, and this line goes to a terminal.
        let key = nightdesk_core::content::line(key);
        let problem = Problem { line, key, message: message.into(), expected: expected.into() };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    pub(super) fn syntax(&mut self, fault: &toml::de::Error) {
        let line = fault.span().map(|s| self.line_of(s.start));
        // The parser may stumble more than once over the same slip.
        if self.problems.iter().all(|p| p.line != line) {
            let message = fault.message().trim().replace('\n', ", ");
            let (found, wanted) = match message.split_once(", expected ") {
                Some((found, wanted)) => (found.to_owned(), wanted.to_owned()),
                None => (message, "valid TOML".to_owned()),
            };
            self.report_on(line, "", found, wanted);
        }
    }

    /// Reports a key that isn't known, with the known one that it resembles.
    pub(super) fn unknown(&mut self, key: &str, word: &str, known: &[&str], what: &str) {
        let expected = match nearest(word, known.iter().copied()) {
            Some(near) => near.to_owned(),
            None => format!("one of {}", known.join(", ")),
        };
        self.report(key, format!("is not a known {what}"), expected);
    }

    /// Whether nothing is wrong with a key or anything below it, so that what rests on it can be judged.
    pub(super) fn sound(&self, key: &str) -> bool {
        !self
            .problems
            .iter()
            .any(|p| p.key.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.problems.sort_by(|a, b| (a.line, &a.key).cmp(&(b.line, &b.key)));
        self.problems
    }
}

/// The word that the other most resembles, if it does.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .map(|k| (k, likeness(&word, k)))
        .filter(|(_, likeness)| *likeness >= ALIKE)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(k, _)| k)
}

/// How much a word, in small letters, is like a known one: 0 to 1.
pub(super) fn likeness(word: &str, known: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(word, &known.to_lowercase()).max(begins(word, known))
}

/// "poll_interval" is meant as "poll_interval_minutes", however many letters that is short of it.
fn begins(word: &str, known: &str) -> f64 {
    if word.len() >= 4 && known.starts_with(word) { ALIKE } else { 0.0 }
}
