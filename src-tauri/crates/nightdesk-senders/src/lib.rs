//! One module per way to reach people.
//!
//! Each is an adapter of [`nightdesk_core::port`]: it translates between the outbox's words and a provider's, sends once
//! when told to, and decides nothing. What to send, when, and what to do when nobody knows whether it arrived is the
//! engine's business (ND-5).
#![warn(missing_docs)]

pub mod mail;
pub mod twilio;
pub mod webhook;
