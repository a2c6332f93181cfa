//! `psa …`

use clap::Subcommand;

/// What to do with the PSA.
#[derive(Debug, Subcommand)]
pub enum PsaCommand {
    /// Ask what the stored key may do there, changing nothing
    Check,
    /// Read its catalogue, and what people changed there, now
    Sync,
}
