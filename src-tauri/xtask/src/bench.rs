//! `cargo xtask bench`: speed and size.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::cargo::{self, Workspace};
use crate::needs::COMMAND_LINE;
use crate::prerequisites::{self, Consent};

/// What `bench` takes.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    consent: Consent,
    /// Which measurement (all of them by default), and arguments for it
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<OsString>,
}

/// Builds the release binaries and prints the measurements' table.
///
/// One build brings both the measured `nightdesk` and the program that measures it, side by side in the same directory.
///
/// # Errors
/// When something needed is missing, or the build or the start fails.
pub fn run(options: &Options) -> Result<bool> {
    let workspace = Workspace::locate()?;
    prerequisites::ensure(&[COMMAND_LINE], &options.consent)?;
    let both = ["--release", "-p", "nightdesk-cli", "-p", "nightdesk-tests", "--bin", "nightdesk", "--bin", "bench"];
    let program = workspace.build_program("bench", &both)?;
    let mut command = Command::new(program);
    command.current_dir(workspace.root()).args(&options.args);
    cargo::hand_over(command)
}
