//! The one way Nightdesk makes a request: TLS, no redirects, size cap, Retry-After.
//!
//! Every adapter that talks to the outside (Huntress, a PSA, a carrier, a webhook endpoint) goes through [`Client`], so
//! that these hold everywhere:
//!
//! - certificates are verified, and plain http reaches nothing but this machine (or, where the user allows it, his network);
//! - an address that somebody else may have named leads outside or nowhere ([`Reach::Outside`]), in any notation and by DNS;
//! - a redirect is an error, because credentials must not follow a `Location` (Huntress's are a Basic header, in every request);
//! - an answer is bounded in size and in time;
//! - only a GET is ever sent twice: whether anything else may be repeated is decided where its idempotency is known (ND-5);
//! - each HTTP request, retries included, asks the caller's [`Pacer`] first, so that a shared budget counts what really left;
//! - no error text, log line or debug print carries a credential, a query string or a header's value (ND-12).

pub mod address;
mod client;
mod connections;
mod error;
mod limits;
mod pacer;
mod reach;
mod request;
mod response;
mod retry_after;
mod transport;

pub use bytes::Bytes;
pub use client::Client;
pub use error::{ConnectKind, Error};
pub use limits::Limits;
pub use pacer::{NoPace, Pace, Pacer, PacerStopped};
pub use reach::{Addresses, Reach, Resolver, SystemResolver};
pub use request::{Method, Request};
pub use response::Response;

/// Makes `ring` the process-wide rustls provider. Safe to call any number of times, from any thread; a provider that is
/// already installed stays.
///
/// [`Client::new`] calls it; a binary calls it first thing in `main`, before another crate builds a TLS configuration.
pub fn install_crypto() {
    // An error only says that a provider is there already, which is the state this function promises.
    let _already_installed = rustls::crypto::ring::default_provider().install_default();
}
