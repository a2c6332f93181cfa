//! How many tests passed and failed, whichever runner ran them.

use std::fmt;
use std::ops::AddAssign;

/// Tests by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Ran and held.
    pub passed: u64,
    /// Ran and didn't hold, crashed, or hung.
    pub failed: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Tally {
    /// Reads the totals on the root element of the JUnit report that nextest writes.
    ///
    /// The report and not the printed summary, because the terminal stays nextest's own that way, progress bar included.
    pub fn of_junit(report: &str) -> Option<Self> {
        let root = report.split_once("<testsuites")?.1.split_once('>')?.0;
        let count = |name: &str| -> Option<u64> {
            root.split_whitespace().find_map(|attribute| {
                attribute.strip_prefix(name)?.strip_prefix("=\"")?.split_once('"')?.0.parse().ok()
            })
        };
        let failed = count("failures")? + count("errors")?;
        Some(Self { passed: count("tests")?.saturating_sub(failed + count("skipped").unwrap_or(0)), failed })
    }

    /// Reads one line of `cargo test`, if it is the closing line of a test binary.
    pub fn of_libtest_line(line: &str) -> Option<Self> {
        let totals = line.trim_start().strip_prefix("test result: ")?;
        let count = |word: &str| -> Option<u64> {
            let before = totals.split(';').find_map(|part| part.trim().strip_suffix(word))?;
            before.split_whitespace().next_back()?.parse().ok()
        };
        Some(Self { passed: count("passed")?, failed: count("failed")? })
    }

    /// Reads what Vitest prints at its end: `Tests  2 failed | 31 passed (33)`.
    pub fn of_vitest(output: &str) -> Option<Self> {
        let totals = output.lines().rev().find_map(|line| line.trim().strip_prefix("Tests "))?;
        Some(Self::of_words(totals.split('|')))
    }

    /// Reads what Playwright prints at its end: a line for each outcome, such as `12 passed (1.5m)`. A test that passed
    /// at its second try counts as passed, and the configuration decides whether there is one.
    pub fn of_playwright(output: &str) -> Option<Self> {
        let tally = Self::of_words(output.lines().map(str::trim).filter(|line| {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            rest.len() < line.len()
                && [" passed", " failed", " flaky", " did not run"].iter().any(|w| rest.starts_with(w))
        }));
        (tally != Self::default()).then_some(tally)
    }

    fn of_words<'a>(parts: impl Iterator<Item = &'a str>) -> Self {
        let mut tally = Self::default();
        for part in parts {
            let mut words = part.split_whitespace();
            let Some(count) = words.next().and_then(|word| word.parse::<u64>().ok()) else { continue };
            match words.next() {
                Some("passed" | "flaky") => tally.passed += count,
                Some("failed" | "did") => tally.failed += count,
                _ => {}
            }
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextests_report_gives_the_totals() {
        let report = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="14" skipped="1" failures="2" errors="1" uuid="x" time="0.1">
    <testsuite name="a" tests="99" failures="0" errors="0"/>
</testsuites>"#;
        assert_eq!(Tally::of_junit(report), Some(Tally { passed: 10, failed: 3 }));
        assert_eq!(Tally::of_junit("<nothing/>"), None);
    }

    #[test]
    fn cargo_tests_closing_lines_add_up() {
        let output = "running 3 tests\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test a ... FAILED\n\
            test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        let mut total = Tally::default();
        output.lines().filter_map(Tally::of_libtest_line).for_each(|tally| total += tally);
        assert_eq!(total, Tally { passed: 8, failed: 2 });
    }

    #[test]
    fn vitests_and_playwrights_closing_lines_are_read() {
        let vitest =
            " Test Files  1 failed | 9 passed (10)\n      Tests  2 failed | 31 passed (33)\n   Start at  02:41:07\n";
        assert_eq!(Tally::of_vitest(vitest), Some(Tally { passed: 31, failed: 2 }));
        assert_eq!(Tally::of_vitest("      Tests  5 passed (5)\n"), Some(Tally { passed: 5, failed: 0 }));
        assert_eq!(Tally::of_vitest("No test files found\n"), None);
        let playwright = "  2 failed\n    [chromium] a.spec.ts:3:1 x\n  1 flaky\n  3 did not run\n  40 passed (1.5m)\n";
        assert_eq!(Tally::of_playwright(playwright), Some(Tally { passed: 41, failed: 5 }));
        assert_eq!(Tally::of_playwright("Error: No tests found\n"), None);
    }
}
