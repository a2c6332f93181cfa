//! `cargo xtask run` and `cargo xtask demo`: the desktop application, from the tree.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::cargo::{self, Workspace};
use crate::display;
use crate::needs::{COMMAND_LINE, DESKTOP, NODE};
use crate::nightdesk::{self, Options};
use crate::prerequisites::{self, Consent};
use crate::ui::Ui;

/// Opens Nightdesk: the desktop application, or with `--terminal` the engine without a screen.
///
/// # Errors
/// When there is no display, something needed is missing, or the build or the start fails.
pub fn run(options: &Options) -> Result<bool> {
    if options.terminal {
        return nightdesk::start("run", options);
    }
    if !display::is_here() {
        bail!(
            "there is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set); \
             to run the engine without a screen: cargo xtask run --terminal"
        );
    }
    let mut command = Command::new(build(&options.consent)?);
    command.args(&options.args);
    cargo::hand_over(command)
}

/// Plays the demo night: in the desktop application where there is a display, else in the terminal.
///
/// # Errors
/// When something needed is missing, or the build or the start fails.
pub fn demo(options: &Options) -> Result<bool> {
    if !plays_in_the_window(options, display::is_here()) {
        return nightdesk::start("demo", options);
    }
    let mut command = Command::new(build(&options.consent)?);
    command.arg("--demo");
    cargo::hand_over(command)
}

/// Arguments are those of the terminal's demo, so whoever gives one means the terminal.
fn plays_in_the_window(options: &Options, display: bool) -> bool {
    display && !options.terminal && options.args.is_empty()
}

/// Builds user interface and shell, in the dev profile for the reason that `nightdesk::start` gives.
///
/// Cargo is told about the whole workspace and this one program: the features of shared dependencies are then those of
/// `cargo xtask test`, and neither makes the other build anything again.
fn build(consent: &Consent) -> Result<PathBuf> {
    let workspace = Workspace::locate()?;
    prerequisites::ensure(&[COMMAND_LINE, NODE, DESKTOP], consent)?;
    Ui::of(&workspace)?.bring_up_to_date()?;
    workspace.build_program("nightdesk-desktop", &["--workspace", "--bin", "nightdesk-desktop"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_opens_a_window_unless_the_terminal_is_meant_or_all_there_is() {
        let plain = Options::default();
        assert!(plays_in_the_window(&plain, true));
        assert!(!plays_in_the_window(&plain, false));
        assert!(!plays_in_the_window(&Options { terminal: true, ..Options::default() }, true));
        let timed = Options { args: vec!["--for".into(), "20".into()], ..Options::default() };
        assert!(!plays_in_the_window(&timed, true));
    }
}
