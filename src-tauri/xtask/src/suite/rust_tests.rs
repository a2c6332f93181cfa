//! The tests of the workspace, by nextest where it is installed.

use std::fs;
use std::io::IsTerminal;
use std::process::Command;

use anyhow::{Context, Result};

use super::output::{passes, shown_and_kept};
use super::report::Outcome;
use super::scope::Group;
use crate::cargo::Workspace;
use crate::tally::Tally;

/// Builds all programs and tests, with one set of features, so that nothing is built twice.
///
/// # Errors
/// When cargo can't be started.
pub fn build(workspace: &Workspace) -> Result<Outcome> {
    // Tests that start the real programs need them beside them, and no test target of another package builds them. This
    // program is left out: Windows doesn't let a running one be replaced.
    let programs = ["nightdesk", "nightdesk-desktop"];
    let mut build = workspace.cargo(["build", "--workspace", "--lib", "--tests"]);
    for program in programs {
        build.args(["--bin", program]);
    }
    Ok(Outcome::of(passes(&mut build)?))
}

/// Runs the tests of a group, or all but those of [`Group::StoriesAtAlgapsa`].
///
/// # Errors
/// When the runner can't be started.
pub fn run(workspace: &Workspace, group: Option<&Group>, filter: &[String]) -> Result<Outcome> {
    // Those that start the command line would otherwise build it by itself, with its own features of everything below.
    let command_line = workspace.build_program("nightdesk", &["--workspace", "--bin", "nightdesk"])?;
    let nextest = workspace.has("nextest");
    let mut run = workspace.cargo(if nextest { &["nextest", "run"][..] } else { &["test", "--no-fail-fast"] });
    run.arg("--workspace").env("NIGHTDESK_COMMAND_LINE", command_line);
    if group == Some(&Group::StoriesAtAlgapsa) {
        run.env("NIGHTDESK_STORY_DESK", "algapsa");
    }
    let (passed, tally) = if nextest {
        with_nextest(workspace, run, group, filter)?
    } else {
        eprintln!("cargo-nextest is not installed: using cargo test");
        with_cargo_test(run, group, filter)?
    };
    // No test is no proof, and a runner that failed without a failed test has failed all the same.
    Ok(Outcome::counted(passed && tally != Tally::default(), Some(tally)))
}

fn with_nextest(
    workspace: &Workspace,
    mut run: Command,
    group: Option<&Group>,
    filter: &[String],
) -> Result<(bool, Tally)> {
    let report = workspace.root().join("target/nextest/default/junit.xml");
    // A report of an earlier run must not speak for this one.
    if report.exists() {
        fs::remove_file(&report).context("the last test report could not be removed")?;
    }
    match group {
        Some(Group::Unit) => run.args(["-E", "kind(lib) | kind(bin)"]),
        // The stories of the PSA itself choose their desk.
        Some(Group::StoriesAtAlgapsa) => run.args(["-E", "binary(=story) & not test(psa::)"]),
        Some(Group::Binary(name)) => run.arg("-E").arg(format!("binary(={name})")),
        _ => &mut run,
    };
    let passed = passes(run.args(filter))?;
    let tally = fs::read_to_string(&report).ok().and_then(|text| Tally::of_junit(&text)).unwrap_or_default();
    Ok((passed, tally))
}

/// Doc tests aren't run, as nextest doesn't run them either: the two runners are to agree.
fn with_cargo_test(mut run: Command, group: Option<&Group>, filter: &[String]) -> Result<(bool, Tally)> {
    match group {
        Some(Group::Unit) => run.args(["--lib", "--bins"]),
        Some(Group::StoriesAtAlgapsa) => run.args(["--test", "story"]),
        Some(Group::Binary(name)) => run.args(["--test", name]),
        _ => run.args(["--lib", "--bins", "--tests"]),
    };
    // .config/nextest.toml keeps apart the tests that starve each other. This runner knows no groups, so all wait in line.
    run.args(["--", "--test-threads=1"]).args(filter);
    if group == Some(&Group::StoriesAtAlgapsa) {
        run.args(["--skip", "psa::"]);
    }
    if std::io::stdout().is_terminal() {
        run.args(["--color", "always"]);
    }
    let (passed, text) = shown_and_kept(&mut run)?;
    let mut tally = Tally::default();
    text.lines().filter_map(Tally::of_libtest_line).for_each(|binary| tally += binary);
    Ok((passed, tally))
}
