//! `cargo xtask demo` and `cargo xtask run`: the command line, from the tree.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::cargo::{self, Workspace};
use crate::prerequisites::{self, COMMAND_LINE, Consent};

/// What `demo` and `run` take.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    consent: Consent,
    /// Arguments for nightdesk itself
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<OsString>,
}

/// Builds the command line and gives the terminal to `nightdesk VERB`.
///
/// The dev profile: somebody who sees Nightdesk for the first time waits for this build, optimising and linking the
/// whole program takes longer, and the demo is paced by its clock, not by the processor. SQLite, JSON and the hashes
/// are optimised in that profile too.
///
/// The package is built by itself (`-p`) so that no other member's needs, such as a screen, become the command line's.
///
/// # Errors
/// When something needed is missing, or the build or the start fails.
pub fn start(verb: &str, options: &Options) -> Result<bool> {
    let workspace = Workspace::locate()?;
    prerequisites::ensure(COMMAND_LINE, &options.consent)?;
    let program = workspace.build_program("nightdesk", &["-p", "nightdesk-cli", "--bin", "nightdesk"])?;
    let mut command = Command::new(program);
    command.arg(verb).args(&options.args);
    cargo::hand_over(command)
}
