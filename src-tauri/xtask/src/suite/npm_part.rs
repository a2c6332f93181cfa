//! What npm builds, checks and tests of the suite, while cargo compiles: the user interface, and the browser tests' own
//! packages and types. The browser tests themselves come last, when the machine is theirs alone.

use std::sync::mpsc::Sender;

use anyhow::Result;

use super::output;
use super::report::{Outcome, Report};
use crate::cargo::Workspace;
use crate::node::Project;
use crate::tally::Tally;
use crate::ui::Ui;

/// How much of it is wanted. The user interface is always built, since the shell carries it inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Lint, types and the size of the bundle.
    pub ui_checks: bool,
    /// Unit and component tests.
    pub ui_tests: bool,
    /// The browser tests' packages.
    pub browser_packages: bool,
    /// The browser tests' types.
    pub browser_checks: bool,
}

/// Runs on a thread of its own. `built` hears once whether there is something for the shell to carry inside it.
pub fn run(workspace: &Workspace, report: &Report, extent: Extent, built: &Sender<bool>) {
    let part = Part { workspace, report };
    let ready = part.ui_is_built();
    // Nobody listens any more when the rest of the suite has given up.
    let _ = built.send(ready);
    let ui = Project::new(workspace, "ui");
    if ready && extent.ui_checks {
        part.script("ui size", &ui, "size");
        part.script("ui lint", &ui, "lint");
        part.script("ui types", &ui, "check");
    }
    if ready && extent.ui_tests {
        part.report.step("ui tests", || part.ui_tests(&ui));
    }
    let browser_tests = Project::new(workspace, "tests/e2e");
    if extent.browser_packages && part.packages("e2e packages", &browser_tests) && extent.browser_checks {
        part.script("e2e types", &browser_tests, "check");
    }
}

struct Part<'a> {
    workspace: &'a Workspace,
    report: &'a Report,
}

impl Part<'_> {
    fn ui_is_built(&self) -> bool {
        let installed = self.packages("ui packages", &Project::new(self.workspace, "ui"));
        installed && self.report.step("ui build", || self.build())
    }

    fn build(&self) -> Result<Outcome> {
        let ui = Ui::of(self.workspace)?;
        if !ui.is_built()? {
            if !self.npm("ui build", &ui.project, &["run", "build"])?.0 {
                return Ok(Outcome::of(false));
            }
            ui.note_built()?;
        }
        Ok(Outcome::of(true))
    }

    fn packages(&self, name: &'static str, project: &Project) -> bool {
        self.report.step(name, || {
            if !project.is_installed() {
                if !self.npm(name, project, &["ci"])?.0 {
                    return Ok(Outcome::of(false));
                }
                project.note_installed()?;
            }
            Ok(Outcome::of(true))
        })
    }

    fn script(&self, name: &'static str, project: &Project, script: &str) {
        self.report.step(name, || Ok(Outcome::of(self.npm(name, project, &["run", script])?.0)));
    }

    fn ui_tests(&self, ui: &Project) -> Result<Outcome> {
        let (passed, text) = self.npm("ui tests", ui, &["run", "test"])?;
        let tally = Tally::of_vitest(&text);
        // A runner that found nothing to run has shown nothing.
        Ok(Outcome::counted(passed && tally.is_some(), tally))
    }

    fn npm(&self, name: &str, project: &Project, args: &[&str]) -> Result<(bool, String)> {
        output::in_the_background(&mut project.npm(args), name, self.workspace.root())
    }
}
