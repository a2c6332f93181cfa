//! The client over the wire, against one scripted answer after the other. Nothing waits but for an answer that
//! never comes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test that is how a surprise is told, helpers included")]

mod contract;
mod desk;
mod fake;
mod following;
mod keys;
mod losses;
mod placing;
mod replies;
mod secrets;
mod texting;
