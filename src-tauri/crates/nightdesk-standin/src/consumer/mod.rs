//! A stand-in for whoever takes webhooks in: verifies what is posted by the Standard Webhooks specification and answers by
//! a script. One consumer is one endpoint.
//!
//! Its reading of the signature scheme is its own, from the specification's text, so that an error in Nightdesk's isn't
//! repeated here.

mod post;
mod reaction;
mod server;

pub use post::{Post, Verdict};
pub use reaction::Reaction;
pub use server::Consumer;
