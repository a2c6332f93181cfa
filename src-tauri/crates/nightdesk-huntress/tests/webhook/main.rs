//! Huntress's webhooks: signatures against published vectors and both official libraries, and events in every shape.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test that is how a surprise is told, helpers included"
)]

mod events;
mod negatives;
mod oracles;
mod vectors;

use chrono::{DateTime, Utc};
use nightdesk_core::SecretString;
use nightdesk_core::port::{Refusal, Signed, Verified, Verifier};
use nightdesk_huntress::webhook::SigningSecrets;

/// A post as it arrives.
#[derive(Debug, Clone)]
struct Post {
    id: String,
    timestamp: String,
    signature: String,
    body: Vec<u8>,
}

impl Post {
    fn signed(&self) -> Signed<'_> {
        Signed { id: Some(&self.id), timestamp: Some(&self.timestamp), signature: Some(&self.signature) }
    }

    fn verify(&self, secrets: &SigningSecrets, now: DateTime<Utc>) -> Result<Verified, Refusal> {
        secrets.verify(self.signed(), &self.body, now)
    }
}

fn secrets(text: &str) -> SigningSecrets {
    SigningSecrets::parse(&SecretString::from(text)).unwrap()
}

fn at(timestamp: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(timestamp, 0).unwrap()
}
