//! Webhooks out: who is told of what, and what is known of each endpoint.
//!
//! Which endpoints there are is the configuration's to say; their secrets' generations, failures and being given up are
//! kept in the store beside it. Everything leaves through the outbox: this module only queues, and draws conclusions.

mod endpoint;
mod error;
mod message;
mod plan;
#[cfg(test)]
mod tests;

pub use endpoint::{Enabled, Rotated, enable, overlap_ends, rotate};
pub use error::Error;
pub use message::{Queued, find, resend, test};

pub(crate) use endpoint::{Tried, configured, is_closed, let_go_of_strays, settled, terms};
pub(crate) use message::is_test;
pub(crate) use plan::plan;
