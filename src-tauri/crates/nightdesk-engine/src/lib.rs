//! The running thing: poll, ingest, dispatch, watch. The only crate that reads the clock (ND-11); it knows the world
//! outside by the traits of `nightdesk_core::port` alone.
#![warn(missing_docs)]

pub mod account;
mod announce;
pub mod clock;
pub mod configure;
pub mod contacts;
pub mod context;
pub mod db;
pub mod description;
pub mod desk;
mod destinations;
pub mod dispatcher;
pub mod engine;
pub mod faults;
pub mod hooks;
pub mod housekeeping;
pub mod inbox;
pub mod ingest;
mod interrupt;
pub mod look_ups;
pub mod mail;
pub mod mapping;
mod notices;
pub mod pace;
pub mod paging;
pub mod poller;
pub mod psa;
pub mod pulse;
pub mod receiver;
pub mod retry;
pub mod sweep;
pub mod watch;

pub use engine::{Engine, Once, Parts};
