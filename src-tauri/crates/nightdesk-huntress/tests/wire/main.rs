//! The client over the wire: against one scripted answer after the other, and against the stand-in account. Nothing sleeps.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test that is how a surprise is told, helpers included")]

mod fake;
mod keys;
mod pace;
mod requests;
mod standin;
mod statuses;
