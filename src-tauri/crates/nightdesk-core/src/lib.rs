//! Vocabulary and decisions of Nightdesk.
//!
//! Everything here is pure and total: no clock, no I/O, no global state. Time is an argument, and a decision is a
//! function from what is known to what should happen. The other crates carry the decisions out.
#![warn(missing_docs)]

pub mod address;
pub mod bucket;
pub mod budget;
pub mod catalogue;
pub mod clock;
pub mod config;
pub mod content;
pub mod delivery;
pub mod health;
pub mod ids;
pub mod incident;
pub mod ledger;
pub mod mail;
pub mod mapping;
pub mod message;
pub mod notice;
pub mod paging;
pub mod phone;
pub mod pin;
pub mod port;
pub mod psa;
pub mod routing;
pub mod ticket;
pub mod walk;
pub mod webhook;

pub use secrecy::{ExposeSecret, SecretString};
