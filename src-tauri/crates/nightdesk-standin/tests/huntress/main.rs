//! The stand-in for Huntress, tried over HTTP.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod contract;
mod desk;
mod lists;
mod night;
mod wire;
mod world;
