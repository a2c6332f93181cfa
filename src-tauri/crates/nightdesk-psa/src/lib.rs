//! PSA connectors: adapters of [`nightdesk_core::port::Psa`].
#![warn(missing_docs)]

pub mod algapsa;
mod local;

pub use local::LocalPsa;
