//! What is wrong with a configuration file, so that a person can put it right.

use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Problem {
    /// The line, from 1; `None` where the document as a whole is meant.
    #[ts(type = "number | null")]
    pub line: Option<usize>,
    /// The key concerned, as `section.key`; empty for bad syntax.
    pub key: String,
    /// What was found, to be read after the key.
    pub message: String,
    /// What to write instead, to be read after "expected".
    pub expected: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{} ", self.key)?;
        }
        write!(f, "{}; expected {}", self.message, self.expected)
    }
}
