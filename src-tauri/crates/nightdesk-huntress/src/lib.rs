//! Huntress REST client: wire shapes to core types.
//!
//! Three parts. [`record`] and [`incident_page`] are pure and total: whatever bytes come in, an incident report
//! comes out as a [`nightdesk_core::incident::Record`], quarantined rather than dropped (ND-1, ND-4). [`HuntressClient`]
//! fetches those bytes and is the adapter behind [`nightdesk_core::port::Huntress`]; [`webhook`] takes the bytes that
//! Huntress brings by itself.
//!
//! Facts about the interface are Huntress's own API reference (Swagger 2.0, `api.huntress.io/v1/swagger_doc.json`)
//! unless a comment says otherwise. That document marks no field as required, and live answers have been seen that differ
//! from it, so reading is lenient everywhere.

mod client;
mod read;
pub mod webhook;

pub(crate) use client::USER_AGENT;
pub use client::{Credentials, Error, HuntressClient};
pub use read::{incident_page, record};
