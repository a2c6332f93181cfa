//! Mail against a real server, and against those who give tokens.
#![allow(clippy::unwrap_used, reason = "a helper that fails has failed its test")]

#[cfg(target_os = "linux")]
mod aiosmtpd;
mod desk;
mod graph;
mod tokens;
