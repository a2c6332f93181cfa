//! Every invariant has a comment at its home and a test named after it, and neither without the other.

use std::collections::BTreeSet;

use super::Problem;
use super::source::{Line, Source};

/// The invariants that hold by now and the crate each is at home in. One joins with the issue that brings it.
const HELD: [(u32, &str); 14] = [
    (1, "nightdesk-core"),
    (2, "nightdesk-engine"),
    (3, "nightdesk-engine"),
    (4, "nightdesk-engine"),
    (5, "nightdesk-engine"),
    (6, "nightdesk-store"),
    (7, "nightdesk-core"),
    (10, DESKTOP),
    (11, "nightdesk-core"),
    (13, "nightdesk-store"),
    (14, "nightdesk-engine"),
    (15, "nightdesk-store"),
    (16, "nightdesk-core"),
    (17, "nightdesk-core"),
];

/// The shell: the one member that doesn't lie among the crates.
const DESKTOP: &str = "nightdesk-desktop";

/// The highest number the design gives.
const LAST: u32 = 17;

/// Every invariant without its comment, without its test, or unknown to the design.
pub fn check(rust: &[Source<'_>]) -> Vec<Problem> {
    let code = || rust.iter().filter(|source| !source.path.starts_with("src-tauri/xtask/"));
    let tested: BTreeSet<u32> = code().flat_map(tests_of).collect();
    let named: BTreeSet<u32> = code().flat_map(named_in).collect();
    let mut problems = Vec::new();
    for (number, home) in HELD {
        let folder = sources_of(home);
        if !code().filter(|source| source.path.starts_with(&folder)).any(|source| named_in(source).contains(&number)) {
            problems.push(Problem::new(home, format!("no comment says `ND-{number}` at its home")));
        }
        if !tested.contains(&number) {
            problems.push(Problem::new(home, format!("ND-{number} has no test: `fn nd_{number}_…`")));
        }
    }
    let held = |number: &u32| HELD.iter().any(|(held, _)| held == number);
    for number in named.difference(&tested).filter(|number| !held(number)) {
        problems.push(Problem::new(format!("ND-{number}"), "is named in a comment and has no test"));
    }
    for number in tested.difference(&named).filter(|number| !held(number)) {
        problems.push(Problem::new(format!("ND-{number}"), "has a test and no comment at its home"));
    }
    for number in named.union(&tested).filter(|number| !(1..=LAST).contains(*number)) {
        problems.push(Problem::new(format!("ND-{number}"), "is not an invariant of the design"));
    }
    problems
}

fn sources_of(member: &str) -> String {
    if member == DESKTOP { "src-tauri/src/".into() } else { format!("src-tauri/crates/{member}/src/") }
}

/// The numbers in the comments of what isn't a test.
fn named_in(source: &Source<'_>) -> BTreeSet<u32> {
    let lines = source.lines.iter().filter(|line| !line.is_test);
    lines.filter_map(comment).flat_map(|comment| comment.split("ND-").skip(1).filter_map(leading_number)).collect()
}

fn comment<'a>(line: &Line<'a>) -> Option<&'a str> {
    let text = line.text.trim_start();
    if text.starts_with("//") { Some(text) } else { text.split_once(" // ").map(|(_, comment)| comment) }
}

/// The numbers of the test functions that are named after an invariant.
fn tests_of(source: &Source<'_>) -> BTreeSet<u32> {
    let mut is_test = false;
    let mut numbers = BTreeSet::new();
    for line in source.lines.iter().filter(|line| line.is_test) {
        let text = line.text.trim();
        if text.starts_with("#[") {
            is_test |= text.starts_with("#[test]") || text.starts_with("#[tokio::test");
        } else if let Some((_, name)) = text.split_once("fn ") {
            let number = name.strip_prefix("nd_").and_then(leading_number).filter(|number| {
                let rest = &name["nd_".len() + number.to_string().len()..];
                rest.starts_with(['_', '('])
            });
            numbers.extend(number.filter(|_| is_test));
            is_test = false;
        }
    }
    numbers
}

fn leading_number(text: &str) -> Option<u32> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    text[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held() -> Vec<(String, String)> {
        let mut files: Vec<(String, String)> = HELD
            .iter()
            .map(|(number, home)| {
                (format!("{}a{number}.rs", sources_of(home)), format!("/// Holds ND-{number}.\nfn a() {{}}\n"))
            })
            .collect();
        let tests = HELD.iter().map(|(number, _)| format!("#[test]\nfn nd_{number}_holds() {{}}\n")).collect();
        files.push(("tests/story/all.rs".into(), tests));
        files
    }

    fn words(files: &[(String, String)]) -> Vec<String> {
        let rust: Vec<Source<'_>> = files.iter().map(|(path, text)| Source::new(path, text)).collect();
        check(&rust).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn comments_and_tests_in_their_places_are_fine() {
        assert_eq!(words(&held()), Vec::<String>::new());
    }

    #[test]
    fn a_missing_test_and_a_missing_comment_are_each_named() {
        let mut files = held();
        files.retain(|(path, _)| !path.ends_with("a3.rs"));
        assert_eq!(words(&files), ["nightdesk-engine: no comment says `ND-3` at its home"]);
        let mut files = held();
        let all = files.last_mut().unwrap();
        all.1 = all.1.replace("#[test]\nfn nd_5_holds", "fn nd_5_holds");
        assert_eq!(words(&files), ["nightdesk-engine: ND-5 has no test: `fn nd_5_…`"]);
    }

    #[test]
    fn a_comment_away_from_home_is_not_enough() {
        let mut files = held();
        for (path, _) in &mut files {
            *path = path.replace("nightdesk-store/src/a6", "nightdesk-api/src/a6");
        }
        assert_eq!(words(&files), ["nightdesk-store: no comment says `ND-6` at its home"]);
    }

    #[test]
    fn what_joins_later_needs_both_sides_too() {
        let mut files = held();
        files.push(("src-tauri/crates/nightdesk-engine/src/d.rs".into(), "let a = 1; // ND-8: no silent end\n".into()));
        assert_eq!(words(&files), ["ND-8: is named in a comment and has no test"]);
        files.push(("tests/story/d.rs".into(), "#[tokio::test]\nasync fn nd_8_and_nd_9() {}\n".into()));
        assert_eq!(words(&files), Vec::<String>::new());
        files.push(("tests/story/e.rs".into(), "#[test]\nfn nd_9_slow() {}\n#[test]\nfn nd_99_x() {}\n".into()));
        assert_eq!(
            words(&files),
            [
                "ND-9: has a test and no comment at its home",
                "ND-99: has a test and no comment at its home",
                "ND-99: is not an invariant of the design",
            ]
        );
    }

    #[test]
    fn numbers_are_read_whole() {
        let source = Source::new("src/a.rs", "//! ND-1 to ND-4, and ND-13.\n//! Not `ND-n`.\n");
        assert_eq!(named_in(&source), BTreeSet::from([1, 4, 13]));
    }
}
