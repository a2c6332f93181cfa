//! `contacts …`

use clap::{Subcommand, ValueEnum};
use nightdesk_core::config::Channel;

/// What to do with the call tree.
#[derive(Debug, Subcommand)]
pub enum ContactsCommand {
    /// Send a PIN to a contact's number
    Verify {
        /// The contact's name
        name: String,
        /// How the PIN goes out; else a text where the number takes any
        #[arg(long, value_name = "WAY")]
        by: Option<Way>,
    },
    /// Try every channel of a contact, and wait for a keypress or a reply
    Test {
        /// The contact's name
        name: String,
    },
    /// Enter the PIN that the contact was sent
    Confirm {
        /// The contact's name
        name: String,
        /// The six digits; - for standard input
        pin: String,
    },
}

/// A way for a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// A text
    Sms,
    /// A call that tells it
    Call,
}

impl From<Way> for Channel {
    fn from(way: Way) -> Self {
        match way {
            Way::Sms => Self::Sms,
            Way::Call => Self::Call,
        }
    }
}
