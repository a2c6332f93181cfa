//! The connector against the stand-in for AlgaPSA. Time passes when the test says so.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test that is how a surprise is told, helpers included")]

mod changing;
mod desk;
mod noting;
mod opening;
mod pace;
mod reading;
mod rights;
mod secrets;
