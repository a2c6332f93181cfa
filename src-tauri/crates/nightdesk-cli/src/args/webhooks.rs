//! `webhooks …`

use clap::Subcommand;

/// What to do with webhooks.
#[derive(Debug, Subcommand)]
pub enum WebhooksCommand {
    /// Show an endpoint's signing secret
    Secret {
        /// The endpoint's address
        url: String,
    },
    /// Make a new signing secret; the old one signs too for 24 hours
    Rotate {
        /// The endpoint's address
        url: String,
    },
    /// Send a test message and wait for the answer
    Test {
        /// The endpoint's address
        url: String,
    },
    /// List the last attempts to deliver to an endpoint
    Attempts {
        /// The endpoint's address
        url: String,
        /// At most so many, newest first
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
    },
    /// Send a message again, under its own id
    Resend {
        /// The message's id, as attempts lists it
        message_id: String,
    },
    /// Send to an endpoint again that was disabled
    Enable {
        /// The endpoint's address
        url: String,
    },
    /// Take an endpoint out of the configuration, and cancel what waits for it
    Delete {
        /// The endpoint's address
        url: String,
    },
    /// List what Huntress posted here, accepted or refused
    Received {
        /// Only deliveries whose id begins so, as Huntress's View Delivery Attempts shows it
        #[arg(long, value_name = "ID")]
        id: Option<String>,
        /// At most so many, newest first
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// Print the JSON Schema of what endpoints are sent
    Schema,
}
