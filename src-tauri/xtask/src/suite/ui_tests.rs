//! The user interface's part of the suite: built first, then checked and tested while cargo compiles.

use std::process::Command;
use std::sync::mpsc::Sender;

use anyhow::{Context, Result};

use super::output;
use super::report::{Outcome, Report};
use crate::cargo::Workspace;
use crate::tally::Tally;
use crate::ui::Ui;

/// How much of it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Lint, types and the size of the bundle.
    pub checks: bool,
    /// Unit and component tests.
    pub tests: bool,
}

/// Runs on a thread of its own. `built` hears once whether there is something for the shell to carry inside it.
pub fn run(workspace: &Workspace, report: &Report, extent: Extent, built: &Sender<bool>) {
    let ready = prepare(workspace, report);
    // Nobody listens any more when the rest of the suite has given up.
    let _ = built.send(ready);
    if !ready {
        return;
    }
    let script = |name: &'static str, args: &[&str]| {
        report.step(name, || {
            let ui = Ui::of(workspace)?;
            let (passed, text) = output::in_the_background(&mut ui.project.npm(args), name, workspace.root())?;
            let tally = (name == "ui tests").then(|| Tally::of_vitest(&text)).flatten();
            // A runner that found nothing to run has shown nothing.
            Ok(Outcome::counted(passed && (name != "ui tests" || tally.is_some()), tally))
        })
    };
    if extent.checks {
        script("ui size", &["run", "size"]);
        script("ui lint", &["run", "lint"]);
        script("ui types", &["run", "check"]);
    }
    if extent.tests {
        script("ui tests", &["run", "test"]);
    }
}

fn prepare(workspace: &Workspace, report: &Report) -> bool {
    let quiet = |command: &mut Command, name| output::in_the_background(command, name, workspace.root());
    let installed = report.step("ui packages", || {
        let project = Ui::of(workspace)?.project;
        if !project.is_installed() {
            if !quiet(&mut project.npm(&["ci"]), "ui packages")?.0 {
                return Ok(Outcome::Failed(None));
            }
            project.note_installed()?;
        }
        Ok(Outcome::of(true))
    });
    installed && report.step("ui build", || build(workspace).context("the user interface could not be built"))
}

fn build(workspace: &Workspace) -> Result<Outcome> {
    let ui = Ui::of(workspace)?;
    if !ui.is_built()? {
        if !output::in_the_background(&mut ui.project.npm(&["run", "build"]), "ui build", workspace.root())?.0 {
            return Ok(Outcome::Failed(None));
        }
        ui.note_built()?;
    }
    Ok(Outcome::of(true))
}
