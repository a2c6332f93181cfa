//! `cargo xtask demo --terminal` and `cargo xtask run --terminal`: the command line, from the tree.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::cargo::{self, Workspace};
use crate::needs::COMMAND_LINE;
use crate::prerequisites::{self, Consent};

/// What `demo` and `run` take.
#[derive(clap::Args, Default)]
pub struct Options {
    #[command(flatten)]
    pub consent: Consent,
    /// In the terminal, also where there is a display
    #[arg(long)]
    pub terminal: bool,
    /// Arguments for the program itself; those of `demo` are the terminal's, such as `--for 20`
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
    prerequisites::ensure(&[COMMAND_LINE], &options.consent)?;
    let program = workspace.build_program("nightdesk", &["-p", "nightdesk-cli", "--bin", "nightdesk"])?;
    let mut command = Command::new(program);
    command.arg(verb).args(&options.args);
    cargo::hand_over(command)
}
