//! The sender of webhooks on the wire, against a consumer with a script and the specification's own library.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails has failed its test")]

mod consumer;
mod posts;
mod signing;
