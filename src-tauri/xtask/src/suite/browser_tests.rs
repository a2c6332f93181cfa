//! The user interface in a real browser, over the real engine behind the bridge.

use anyhow::Result;

use super::output;
use super::report::Outcome;
use crate::browser;
use crate::cargo::Workspace;
use crate::node::Project;
use crate::tally::Tally;

/// Runs what Playwright finds in `tests/e2e`, in the system's browser.
///
/// # Errors
/// When the bridge can't be built, or npm not be started.
pub fn run(workspace: &Workspace, filter: &[String]) -> Result<Outcome> {
    let bridge = workspace.build_program("nightdesk-bridge", &["--workspace", "--bin", "nightdesk-bridge"])?;
    let project = Project::new(workspace, "tests/e2e");
    let mut test = project.npm(&["exec", "--", "playwright", "test"]);
    test.args(filter).env("NIGHTDESK_BRIDGE", bridge);
    if let Some(path) = browser::find() {
        test.env(browser::VARIABLE, path);
    }
    let (passed, text) = output::shown_and_kept(&mut test)?;
    let tally = Tally::of_playwright(&text);
    Ok(Outcome::counted(passed && tally.is_some(), tally))
}
