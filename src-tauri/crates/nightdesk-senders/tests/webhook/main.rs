//! The sender of webhooks on the wire, against a consumer with a script and the specification's own library.

mod consumer;
mod posts;
mod signing;
