//! `orgs …`

use clap::Subcommand;
use std::path::PathBuf;

/// What to do with the mapping table.
#[derive(Debug, Subcommand)]
pub enum OrganizationsCommand {
    /// Map an organization to a client
    Map {
        /// The organization's Huntress id
        id: i64,
        /// The client's name on the desk
        name: String,
        /// Also move the organization's open triage tickets
        #[arg(long = "move")]
        move_tickets: bool,
    },
    /// Take the mapping away; it is not guessed again
    Unmap {
        /// The organization's Huntress id
        id: i64,
    },
    /// Withhold tickets of an organization; they stay counted
    Ignore {
        /// The organization's Huntress id
        id: i64,
    },
    /// Read the mapping table from a CSV file, or not at all
    Import {
        /// The file; - for standard input
        file: PathBuf,
    },
    /// Write the mapping table to a CSV file
    Export {
        /// The file; - for standard output
        file: PathBuf,
    },
}
