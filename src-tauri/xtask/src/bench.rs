//! `cargo xtask bench`: speed and size.

use std::process::Command;

use anyhow::{Context, Result};

use crate::browser;
use crate::cargo::Workspace;
use crate::needs::{BROWSER, COMMAND_LINE, DESKTOP, DESKTOP_TESTS, NODE};
use crate::node::Project;
use crate::prerequisites::{self, Consent, Need};
use crate::ui::Ui;

/// The desktop application in the tray, beside a bare one.
const IN_THE_TRAY: &str = "desktop";
/// How soon its window is back.
const REOPENING: &str = "reopening";
/// The same over an hour; never measured unless it is named.
const AN_HOUR: &str = "hour";
/// The window's page in a browser: how soon what was done is painted.
const IN_THE_WINDOW: &str = "window";

/// What `bench` takes.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    consent: Consent,
    /// Which measurements, by name (all of them by default): `desktop`, `reopening`, `window`, or one of the engine's; `hour` only by its name; and their options
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Which programs are needed for what was asked.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    /// What the measuring program is told; nothing if it isn't needed.
    program: Option<Vec<String>>,
    tray: bool,
    window: bool,
}

impl Wanted {
    fn of(args: &[String]) -> Self {
        let all = args.iter().all(|arg| arg.starts_with('-'));
        let names = |name: &str| all || args.iter().any(|arg| arg == name);
        let told: Vec<String> = args.iter().filter(|arg| *arg != IN_THE_WINDOW).cloned().collect();
        let only_the_window = !all && told.iter().all(|arg| arg.starts_with('-'));
        Self {
            program: (!only_the_window).then_some(told),
            tray: names(IN_THE_TRAY) || names(REOPENING) || args.iter().any(|arg| arg == AN_HOUR),
            window: names(IN_THE_WINDOW),
        }
    }

    fn needs(&self) -> Vec<&'static [Need]> {
        let mut needs = vec![COMMAND_LINE];
        if self.tray {
            needs.extend([NODE, DESKTOP, DESKTOP_TESTS]);
        }
        if self.window {
            needs.extend([NODE, BROWSER]);
        }
        needs
    }
}

/// Builds the release programs and prints the measurements' tables; `Ok(false)` when something is over its bound.
///
/// # Errors
/// When something needed is missing, or a build or a start fails.
pub fn run(options: &Options) -> Result<bool> {
    let workspace = Workspace::locate()?;
    let wanted = Wanted::of(&options.args);
    prerequisites::ensure(&wanted.needs(), &options.consent)?;
    if wanted.tray || wanted.window {
        Ui::of(&workspace)?.bring_up_to_date()?;
    }
    let mut within = true;
    if let Some(args) = &wanted.program {
        if wanted.tray {
            // By itself, and before the measuring program, which looks for it beside itself.
            let desktop = ["--release", "-p", "nightdesk-desktop", "--bin", "nightdesk-desktop", "--example", "bare"];
            workspace.build_program("nightdesk-desktop", &desktop)?;
        }
        // One build brings both the measured `nightdesk` and the program that measures it, side by side.
        let both =
            ["--release", "-p", "nightdesk-cli", "-p", "nightdesk-tests", "--bin", "nightdesk", "--bin", "bench"];
        let mut measure = Command::new(workspace.build_program("bench", &both)?);
        within &= passes(measure.current_dir(workspace.root()).args(args))?;
    }
    if wanted.window {
        within &= in_the_window(&workspace)?;
    }
    Ok(within)
}

fn in_the_window(workspace: &Workspace) -> Result<bool> {
    let bridge = ["--release", "-p", "nightdesk-tests", "--bin", "nightdesk-bridge"];
    let bridge = workspace.build_program("nightdesk-bridge", &bridge)?;
    let project = Project::new(workspace, "tests/e2e");
    project.install()?;
    let mut measure = project.npm(&["run", "--silent", "bench"]);
    measure.env("NIGHTDESK_BRIDGE", bridge);
    if let Some(path) = browser::find() {
        measure.env(browser::VARIABLE, path);
    }
    passes(&mut measure)
}

fn passes(command: &mut Command) -> Result<bool> {
    let program = command.get_program().to_string_lossy().into_owned();
    Ok(command.status().with_context(|| format!("{program} could not be started"))?.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(args: &[&str]) -> Wanted {
        Wanted::of(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn without_a_name_everything_is_measured() {
        let all = Wanted { program: Some(Vec::new()), tray: true, window: true };
        assert_eq!(wanted(&[]), all);
        let small = Wanted { program: Some(vec!["--small".into()]), tray: true, window: true };
        assert_eq!(wanted(&["--small"]), small);
    }

    #[test]
    fn a_name_measures_that_alone_and_needs_no_more() {
        let idle = wanted(&["idle", "--small"]);
        let told = vec!["idle".to_owned(), "--small".to_owned()];
        assert_eq!(idle, Wanted { program: Some(told), tray: false, window: false });
        assert_eq!(idle.needs().len(), 1);
        assert_eq!(wanted(&["window"]), Wanted { program: None, tray: false, window: true });
        let two = wanted(&["window", "desktop"]);
        assert_eq!(two, Wanted { program: Some(vec!["desktop".into()]), tray: true, window: true });
    }
}
