//! `secret …`

use clap::Subcommand;

/// What to do with a secret. The value comes from standard input, never from an argument.
#[derive(Debug, Subcommand)]
pub enum SecretCommand {
    /// Keep a secret; its value is read from standard input
    Set {
        /// Such as HUNTRESS_API_KEY
        name: String,
    },
    /// Say whether a secret is there, without showing it; the PSA's key is tried there too
    Test {
        /// Such as HUNTRESS_API_KEY
        name: String,
    },
    /// Forget a secret
    Delete {
        /// Such as HUNTRESS_API_KEY
        name: String,
    },
}
