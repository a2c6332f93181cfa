//! The stand-in for AlgaPSA, tried over HTTP.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod bad_days;
mod catalogue;
mod client;
mod comments;
mod contract;
mod limits;
mod lists;
mod people;
mod schema;
mod tickets;
mod wire;
