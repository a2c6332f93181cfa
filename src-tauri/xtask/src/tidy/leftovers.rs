//! Nothing unfinished, switched off, or true on one machine only.

use std::path::Path;

use super::Problem;
use super::source::{Line, Source};
use super::tree::TextFile;

// Written in two pieces, so that this file doesn't find itself.
const UNFINISHED: [&str; 3] = [concat!("to", "do!("), concat!("unimpl", "emented!("), concat!("FIX", "ME")];
const SWITCHED_OFF: &str = concat!("#[ign", "ore");
const WAITS: &str = concat!("thread::", "sleep");
/// Where people live on the machines this is written on. The homes of Windows and macOS are left out: incident reports,
/// and so the stand-in's, are full of them. The home of whoever runs this is looked for on every platform.
const HOMES: [&str; 2] = [concat!("/ho", "me/"), concat!("/ro", "ot/")];

/// Lists made by tools, in which a path is theirs.
const MADE: [&str; 2] = ["Cargo.lock", "package-lock.json"];

/// Paths of this very machine that no file may name: the checkout's, and the user's home.
///
/// A path of one component, such as a container's `/src`, is left out: it is a word of many texts.
pub fn own_paths(root: &Path, home: Option<&Path>) -> Vec<String> {
    let telling = |path: &&Path| path.components().count() > 2;
    [Some(root), home].into_iter().flatten().filter(telling).map(|path| path.display().to_string()).collect()
}

/// Every leftover in the text files, and those that only tests may not have.
pub fn check(files: &[TextFile], rust: &[Source<'_>], own_paths: &[String]) -> Vec<Problem> {
    let named = files.iter().filter(|file| !MADE.iter().any(|made| file.path.ends_with(made)));
    let named = named.flat_map(|file| {
        let lines = file.text.lines().enumerate();
        lines
            .filter(|(_, line)| names_a_machine(line, own_paths))
            .map(|(index, _)| Problem::new(format!("{}:{}", file.path, index + 1), "names a path of one machine"))
    });
    let left = rust.iter().flat_map(|source| {
        source.lines.iter().filter_map(|line| {
            let words = left_over(line)?;
            Some(Problem::new(format!("{}:{}", source.path, line.number), words))
        })
    });
    named.chain(left).collect()
}

fn left_over(line: &Line<'_>) -> Option<String> {
    let has = |mark: &&str| line.text.contains(*mark);
    if let Some(mark) = UNFINISHED.iter().copied().find(|mark| has(mark)) {
        return Some(format!("unfinished: {}", mark.trim_end_matches('(')));
    }
    if has(&SWITCHED_OFF) {
        return Some("a test that never runs proves nothing".into());
    }
    let waits = line.is_test && has(&WAITS);
    waits.then(|| "a test that sleeps is slow or flaky: wait for the condition, or move the clock".into())
}

fn names_a_machine(line: &str, own_paths: &[String]) -> bool {
    HOMES.iter().copied().chain(own_paths.iter().map(String::as_str)).any(|path| {
        // After a letter or digit it is a part of something longer, such as an address on the web.
        line.match_indices(path).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            !before.is_some_and(|c| c.is_alphanumeric() || "._-/}".contains(c))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        let files = [TextFile { path: path.into(), text: text.into() }];
        let rust = [Source::new(path, text)];
        let own = [String::from("/srv/builds/desk")];
        check(&files, &rust, &own).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn unfinished_code_and_tests_that_never_run_are_found_anywhere() {
        for mark in UNFINISHED {
            assert_eq!(found("src/a.rs", &format!("fn a() {{ {mark} }}")).len(), 1, "{mark}");
        }
        assert_eq!(found("src/a.rs", &format!("{SWITCHED_OFF} = \"slow\"]")).len(), 1);
    }

    #[test]
    fn a_sleep_is_a_leftover_in_tests_alone() {
        let line = format!("std::{WAITS}(tick);");
        assert_eq!(found("tests/a.rs", &line).len(), 1);
        assert!(found("src/a.rs", &line).is_empty());
    }

    #[test]
    fn paths_of_a_machine_are_found_and_addresses_are_not() {
        for home in HOMES {
            assert_eq!(found("src/a.rs", &format!("let x = \"{home}dana\";")).len(), 1, "{home}");
        }
        assert_eq!(found("src/a.rs", "// see /srv/builds/desk/notes").len(), 1);
        assert!(found("src/a.rs", &format!("// https://example.com{}page", HOMES[0])).is_empty());
        assert!(found("src/a.rs", "// /srv/build").is_empty());
    }

    #[test]
    fn only_telling_paths_are_this_machines_own() {
        let paths = own_paths(Path::new("/srv/desk"), Some(Path::new("/r")));
        assert_eq!(paths, ["/srv/desk"]);
    }
}
