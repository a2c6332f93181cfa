//! `cargo xtask screenshots`: the README's pictures of the triage board, taken from the real thing.

use anyhow::{Context, Result};

use crate::browser;
use crate::cargo::Workspace;
use crate::needs::{BROWSER, COMMAND_LINE, NODE};
use crate::node::Project;
use crate::prerequisites::{self, Consent};
use crate::ui::Ui;

/// What `screenshots` takes.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    consent: Consent,
}

/// Builds the bridge and the user interface, and lets the system's browser take the pictures in both themes.
///
/// # Errors
/// When something needed is missing, or a build or npm fails.
pub fn run(options: &Options) -> Result<bool> {
    let workspace = Workspace::locate()?;
    prerequisites::ensure(&[COMMAND_LINE, NODE, BROWSER], &options.consent)?;
    Ui::of(&workspace)?.bring_up_to_date()?;
    let bridge = workspace.build_program("nightdesk-bridge", &["--workspace", "--bin", "nightdesk-bridge"])?;
    let project = Project::new(&workspace, "tests/e2e");
    project.install()?;
    let mut camera = project.npm(&["run", "screenshots"]);
    camera.env("NIGHTDESK_BRIDGE", bridge);
    if let Some(path) = browser::find() {
        camera.env(browser::VARIABLE, path);
    }
    Ok(camera.status().context("npm could not be started")?.success())
}
