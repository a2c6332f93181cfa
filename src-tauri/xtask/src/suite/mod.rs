//! `cargo xtask test`: every check and every test, with one profile, one feature set and one target directory.

mod browser_tests;
mod checks;
mod npm_part;
mod output;
mod report;
mod rust_tests;
mod scope;

use std::sync::mpsc;
use std::thread;

use anyhow::Result;

use crate::bindings;
use crate::cargo::Workspace;
use crate::prerequisites::{self, Consent};

use output::heading;
use report::{Outcome, Report};
use scope::{Group, Scope};

const NO_UI: &str = "the desktop application carries the user interface inside it, which was not built";

/// What `test` takes.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    consent: Consent,
    /// Tests only: no formatting, lints, tidy rules or documentation
    #[arg(long)]
    quick: bool,
    /// One group and nothing else: `unit` for the tests inside the Rust sources, `ui`, `e2e`, a test binary by name, or
    /// `story-at-algapsa` for the engine's stories with AlgaPSA as the desk
    #[arg(long, value_name = "GROUP")]
    only: Option<String>,
    /// Tests whose names contain one of these
    filter: Vec<String>,
}

/// Runs everything and goes on after a failure, so that one run tells all there is to repair.
///
/// The user interface is built, checked and tested on a thread of its own: npm and cargo share nothing, and the shell
/// needs no more than the finished bundle.
///
/// `Ok(false)` when something failed.
///
/// # Errors
/// When something needed is missing.
pub fn run(options: &Options) -> Result<bool> {
    let workspace = Workspace::locate()?;
    let scope = Scope::of(options, &workspace)?;
    prerequisites::ensure(&scope.needs(), &options.consent)?;
    let report = Report::begin();
    thread::scope(|threads| {
        let (built, ui_is_built) = mpsc::channel();
        let npm_part = threads.spawn(|| {
            let built = built;
            npm_part::run(&workspace, &report, scope.npm_part(), &built);
        });
        if scope.checks {
            checks::before_building(&workspace, &report);
        }
        // The shell is compiled with the finished interface inside it.
        let ui_is_built = ui_is_built.recv().unwrap_or(false);
        let built = scope.builds() && ui_is_built && cargo_part(&workspace, &scope, &report, &options.filter);
        if scope.builds() && !built {
            report.not_run("what needs the programs", if ui_is_built { "the build failed" } else { NO_UI });
        }
        // A panic in there is passed on by the scope.
        let _ = npm_part.join();
        if scope.runs_browser_tests() && built {
            heading("browser tests");
            report.step("browser tests", || browser_tests::run(&workspace, &options.filter));
        }
    });
    Ok(report.close())
}

/// `false` when there are no programs for the browser tests to start.
fn cargo_part(workspace: &Workspace, scope: &Scope, report: &Report, filter: &[String]) -> bool {
    if scope.checks {
        checks::of_the_whole_workspace(workspace, report);
    }
    heading("build");
    let built = report.step("build", || rust_tests::build(workspace));
    if scope.checks && built {
        report.step("bindings", || Ok(Outcome::of(bindings::is_fresh(workspace)?)));
    }
    if scope.runs_rust_tests() && built {
        heading("Rust tests");
        report.step("Rust tests", || rust_tests::run(workspace, scope.group.as_ref(), filter));
    }
    // A name of one test is told once.
    if scope.runs_stories_at_algapsa() && built && (scope.group.is_some() || filter.is_empty()) {
        heading("the stories at AlgaPSA");
        report.step("the stories at AlgaPSA", || rust_tests::run(workspace, Some(&Group::StoriesAtAlgapsa), filter));
    }
    built
}
