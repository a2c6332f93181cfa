//! `cargo xtask tidy`: the rules of the tree that no compiler checks.

mod arrows;
mod command_line;
mod homes;
mod invariants;
mod leftovers;
mod names;
mod registries;
mod share;
mod shell;
mod sizes;
mod source;
mod top_level;
mod tree;

use std::env;
use std::fmt;

use anyhow::Result;

use crate::cargo::Workspace;

/// One place that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A file, with a line where there is one, or a package.
    place: String,
    /// What is wrong and what would be right.
    words: String,
}

impl Problem {
    fn new(place: impl Into<String>, words: impl Into<String>) -> Self {
        Self { place: place.into(), words: words.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.words)
    }
}

/// Checks every rule and prints every problem; `Ok(false)` when there is one.
///
/// # Errors
/// When the tree or cargo's metadata can't be read.
pub fn run(workspace: &Workspace) -> Result<bool> {
    let tree = tree::Tree::read(workspace.root())?;
    let rust = tree.rust();
    let own_paths = leftovers::own_paths(workspace.root(), env::home_dir().as_deref());
    let problems = [
        arrows::check(&workspace.metadata()?),
        command_line::check(workspace)?,
        sizes::check(&tree.files),
        names::check(&tree.files),
        invariants::check(&rust),
        top_level::check(&tree.top),
        homes::check(&tree.files),
        registries::check(&tree.files),
        shell::check(&tree.files),
        leftovers::check(&tree.files, &rust, &own_paths),
    ]
    .concat();
    for problem in &problems {
        println!("{problem}");
    }
    println!("{}", share::of(&rust));
    match problems.len() {
        0 => println!("tidy: nothing to repair"),
        1 => println!("tidy: 1 problem"),
        many => println!("tidy: {many} problems"),
    }
    Ok(problems.is_empty())
}
