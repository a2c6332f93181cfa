//! `cargo xtask bindings`: the TypeScript side of the interface between window and engine, written from the Rust side.

use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo::Workspace;
use crate::needs::COMMAND_LINE;
use crate::prerequisites::{self, Consent};

/// The generated file. It is committed, so that the user interface can be worked on without compiling any Rust.
const FILE: &str = "ui/src/ipc/bindings.gen.ts";

/// What `bindings` takes.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    consent: Consent,
    /// Change nothing: say whether the file is what it should be
    #[arg(long)]
    check: bool,
}

/// Writes the file, or checks it; `Ok(false)` when it is stale.
///
/// # Errors
/// When something needed is missing, or the generator can't be built or started.
pub fn run(options: &Options) -> Result<bool> {
    prerequisites::ensure(&[COMMAND_LINE], &options.consent)?;
    let workspace = Workspace::locate()?;
    if options.check { is_fresh(&workspace) } else { generate(&workspace, &[]) }
}

/// Whether the file is what the generator would write.
///
/// # Errors
/// When the generator can't be built or started.
pub fn is_fresh(workspace: &Workspace) -> Result<bool> {
    generate(workspace, &["--check"])
}

fn generate(workspace: &Workspace, args: &[&str]) -> Result<bool> {
    // The whole workspace, for the same features as everywhere; only what the generator needs is built.
    let program = workspace.build_program("bindings", &["--workspace", "--example", "bindings"])?;
    let mut generator = Command::new(program);
    generator.current_dir(workspace.root()).args(args).arg(FILE);
    Ok(generator.status().context("the generator could not be started")?.success())
}
