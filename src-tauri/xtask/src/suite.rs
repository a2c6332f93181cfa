//! `cargo xtask test`: every check and every test, with one profile, one feature set and one target directory.

use std::fs;
use std::io::{BufRead, BufReader, IsTerminal};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo::{Metadata, Workspace};
use crate::prerequisites::{self, COMMAND_LINE, Consent};
use crate::tally::Tally;
use crate::tidy;

/// What `test` takes.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    consent: Consent,
    /// Tests only: no formatting, lints, tidy rules or documentation
    #[arg(long)]
    quick: bool,
    /// One group: `unit` for the tests inside the source files, or a test binary by name
    #[arg(long, value_name = "GROUP")]
    only: Option<String>,
    /// Tests whose names contain one of these
    filter: Vec<String>,
}

/// A group of tests that `--only` can name.
#[derive(Debug, PartialEq, Eq)]
enum Group {
    Unit,
    Binary(String),
}

/// The checks before the tests, by name, and how they ended.
#[derive(Default)]
struct Checks {
    failed: Vec<&'static str>,
    skipped: Vec<String>,
}

/// Runs everything and goes on after a failure, so that one run tells all there is to repair.
///
/// `Ok(false)` when something failed.
///
/// # Errors
/// When something needed is missing, or a tool can't be started.
pub fn run(options: &Options) -> Result<bool> {
    let workspace = Workspace::locate()?;
    prerequisites::ensure(COMMAND_LINE, &options.consent)?;
    let group = match &options.only {
        Some(name) => Some(group(name, &workspace.metadata()?)?),
        None => None,
    };
    let mut checks = if options.quick { Checks::default() } else { Checks::run_all(&workspace)? };
    heading("build");
    // Tests that start the real program need it beside them, and no test target of another package builds it. This
    // program is left out: Windows doesn't let a running one be replaced.
    let mut build = workspace.cargo(["build", "--workspace", "--lib", "--tests", "--bin", "nightdesk"]);
    if !passes(&mut build)? {
        checks.failed.push("build");
        eprintln!("\nno tests were run; failed: {}", checks.failed.join(", "));
        return Ok(false);
    }
    heading("tests");
    let (tests_passed, tally) = if workspace.has("nextest") {
        with_nextest(&workspace, group.as_ref(), &options.filter)?
    } else {
        eprintln!("cargo-nextest is not installed: using cargo test");
        with_cargo_test(&workspace, group.as_ref(), &options.filter)?
    };
    if !tests_passed && tally.failed == 0 {
        // No test failed, so the runner itself did; a line of zeroes must not look like success.
        checks.failed.push("test run");
    }
    for skipped in &checks.skipped {
        println!("skipped: {skipped}");
    }
    println!("\n{}", closing_line(tally, &checks.failed));
    Ok(tests_passed && checks.failed.is_empty())
}

impl Checks {
    fn run_all(workspace: &Workspace) -> Result<Self> {
        let mut checks = Self::default();
        checks.component(workspace, "fmt", &["fmt", "--all", "--check"])?;
        heading("tidy");
        checks.note("tidy", tidy::run(workspace)?);
        checks.component(workspace, "clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
        heading("doc");
        let mut doc = workspace.cargo(["doc", "--no-deps", "--workspace"]);
        doc.env("RUSTDOCFLAGS", "-D warnings");
        checks.note("doc", passes(&mut doc)?);
        Ok(checks)
    }

    /// Runs a tool that a minimal toolchain comes without. That isn't a reason to run no test, but it is said.
    fn component(&mut self, workspace: &Workspace, name: &'static str, args: &[&str]) -> Result<()> {
        heading(name);
        if workspace.has(name) {
            self.note(name, passes(&mut workspace.cargo(args.iter().copied()))?);
            return Ok(());
        }
        let package = if name == "fmt" { "rustfmt" } else { name };
        let message = format!("{name}, because cargo {name} is not installed (rustup component add {package})");
        eprintln!("skipped: {message}");
        self.skipped.push(message);
        Ok(())
    }

    fn note(&mut self, name: &'static str, passed: bool) {
        if !passed {
            self.failed.push(name);
        }
    }
}

fn with_nextest(workspace: &Workspace, group: Option<&Group>, filter: &[String]) -> Result<(bool, Tally)> {
    let report = workspace.root().join("target/nextest/default/junit.xml");
    // A report of an earlier run must not speak for this one.
    if report.exists() {
        fs::remove_file(&report).context("the last test report could not be removed")?;
    }
    let mut run = workspace.cargo(["nextest", "run", "--workspace"]);
    match group {
        Some(Group::Unit) => run.args(["-E", "kind(lib) | kind(bin)"]),
        Some(Group::Binary(name)) => run.arg("-E").arg(format!("binary(={name})")),
        None => &mut run,
    };
    let passed = passes(run.args(filter))?;
    let tally = fs::read_to_string(&report).ok().and_then(|text| Tally::of_junit(&text)).unwrap_or_default();
    Ok((passed, tally))
}

/// Doc tests aren't run, as nextest doesn't run them either: the two runners are to agree.
fn with_cargo_test(workspace: &Workspace, group: Option<&Group>, filter: &[String]) -> Result<(bool, Tally)> {
    let mut run = workspace.cargo(["test", "--workspace", "--no-fail-fast"]);
    match group {
        Some(Group::Unit) => run.args(["--lib", "--bins"]),
        Some(Group::Binary(name)) => run.args(["--test", name]),
        None => run.args(["--lib", "--bins", "--tests"]),
    };
    run.arg("--").args(filter);
    if std::io::stdout().is_terminal() {
        run.args(["--color", "always"]);
    }
    let mut child = run.stdout(Stdio::piped()).spawn().context("cargo could not be started")?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.context("cargo test's output could not be read")?;
            println!("{line}");
            if let Some(binary) = Tally::of_libtest_line(&without_colour(&line)) {
                tally += binary;
            }
        }
    }
    let passed = child.wait().context("cargo test got lost")?.success();
    if passed && tally == Tally::default() {
        bail!("no test matches");
    }
    Ok((passed, tally))
}

fn without_colour(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| plain.push_str(part.split_once('m').map_or(part, |(_, rest)| rest)));
    plain
}

fn group(name: &str, metadata: &Metadata) -> Result<Group> {
    if name == "unit" {
        return Ok(Group::Unit);
    }
    let targets = metadata.packages.iter().flat_map(|package| &package.targets);
    let binaries: Vec<&str> =
        targets.filter(|target| target.kind.iter().any(|kind| kind == "test")).map(|target| &*target.name).collect();
    if !binaries.contains(&name) {
        bail!("there is no group `{name}`; the groups are: unit {}", binaries.join(" "));
    }
    Ok(Group::Binary(name.to_owned()))
}

fn closing_line(tally: Tally, failed_checks: &[&str]) -> String {
    let tests = format!("{} passed, {} failed", tally.passed, tally.failed);
    match failed_checks {
        [] => tests,
        _ => format!("{tests}; also failed: {}", failed_checks.join(", ")),
    }
}

fn heading(name: &str) {
    eprintln!("\n== {name}");
}

fn passes(command: &mut Command) -> Result<bool> {
    Ok(command.status().context("cargo could not be started")?.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_unit_or_a_test_binary_of_the_workspace() {
        let metadata: Metadata = serde_json::from_str(
            r#"{"packages":[{"name":"nightdesk-tests","dependencies":[],
                "targets":[{"name":"story","kind":["test"]},{"name":"bench","kind":["bin"]}]}]}"#,
        )
        .unwrap();
        assert_eq!(group("unit", &metadata).unwrap(), Group::Unit);
        assert_eq!(group("story", &metadata).unwrap(), Group::Binary("story".into()));
        let refused = group("bench", &metadata).unwrap_err().to_string();
        assert!(refused.ends_with("the groups are: unit story"), "{refused}");
    }

    #[test]
    fn the_closing_line_names_failed_checks_beside_the_tests() {
        assert_eq!(closing_line(Tally { passed: 3, failed: 0 }, &[]), "3 passed, 0 failed");
        let both = closing_line(Tally { passed: 3, failed: 1 }, &["fmt", "tidy"]);
        assert_eq!(both, "3 passed, 1 failed; also failed: fmt, tidy");
    }

    #[test]
    fn coloured_closing_lines_are_read_too() {
        let line = without_colour("test result: \u{1b}[32mok\u{1b}[m. 2 passed; 0 failed; 0 ignored");
        assert_eq!(Tally::of_libtest_line(&line), Some(Tally { passed: 2, failed: 0 }));
    }
}
