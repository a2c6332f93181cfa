//! The `nightdesk` command: results on standard output, everything else on standard error, and the contract's exit
//! codes.

mod args;
mod command;
mod demo;
mod exit;
mod logging;
mod output;
mod progress;
mod render;
mod signal;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = args::Cli::parse();
    logging::start(cli.global.verbose, matches!(cli.command, args::Command::Demo(_)));
    command::run(cli).unwrap_or_else(exit::Failure::report).into()
}
