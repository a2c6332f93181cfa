//! The stand-in for the carrier, tried over HTTP.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod calls;
mod contract;
mod desk;
mod faults;
mod flows;
mod proxied;
mod texts;
