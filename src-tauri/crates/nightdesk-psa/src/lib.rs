//! PSA connectors: adapters of [`nightdesk_core::port::Psa`].
#![warn(missing_docs)]

mod local;

pub use local::LocalPsa;
