//! `config …`

use clap::Subcommand;
use std::path::PathBuf;

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Check a file and apply nothing
    Check {
        /// The TOML file; - for standard input
        file: PathBuf,
        /// As if applied with --exact
        #[arg(long)]
        exact: bool,
    },
    /// Apply a file whole, or not at all
    Apply {
        /// The TOML file; - for standard input
        file: PathBuf,
        /// Organizations that the file does not name lose their mapping
        #[arg(long)]
        exact: bool,
        /// Refuse when the configuration is no longer at this revision
        #[arg(long, value_name = "N")]
        if_revision: Option<i64>,
    },
    /// Print the configuration in the same form
    Show,
}
