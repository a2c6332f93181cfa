//! `ledger …`

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What to do with the ledger.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct LedgerArgs {
    /// Check the whole hash chain
    #[arg(long)]
    pub verify: bool,
    /// What to do; without it, count
    #[command(subcommand)]
    pub command: Option<LedgerCommand>,
}

/// `ledger …`
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Write the ledger out, so that another program can check it
    Export {
        /// The file; - for standard output
        file: PathBuf,
    },
}
