//! Huntress's webhooks: verifying a post's raw body, and reading what it tells of.
//!
//! Huntress signs by Svix (its support article on webhooks), which is the scheme of Standard Webhooks with header names
//! of its own. The scheme is small enough to be written out here, with the clock as an argument; the tests hold it
//! against both official libraries, in both directions, and against the vectors that they publish.

mod event;
mod probe;
mod secret;
mod signature;

use nightdesk_core::SecretString;
use nightdesk_core::port::{Post, SecretError, Verifier, WebhookIn};
use std::sync::Arc;

pub use event::read;
pub use probe::{ProbeError, TEST_EVENT, post_test};
pub use secret::SigningSecrets;
pub use signature::{Signature, sign};

/// Where the signing secrets come from.
pub trait WebhookSecrets: Send + Sync {
    /// The secret of each endpoint that may post here, separated by blanks, as it is stored at this moment: not as it
    /// was remembered, since this is asked when it has just changed.
    ///
    /// # Errors
    /// [`SecretError::Missing`], in words for a person.
    fn signing(&self) -> Result<SecretString, SecretError>;
}

/// The adapter behind [`nightdesk_core::port::WebhookIn`].
#[derive(Clone)]
pub struct Webhooks {
    secrets: Arc<dyn WebhookSecrets>,
}

impl Webhooks {
    /// Verifies by these secrets.
    pub fn new(secrets: Arc<dyn WebhookSecrets>) -> Self {
        Self { secrets }
    }
}

impl WebhookIn for Webhooks {
    fn verifier(&self) -> Result<Arc<dyn Verifier>, SecretError> {
        Ok(Arc::new(SigningSecrets::parse(&self.secrets.signing()?)?))
    }

    fn read(&self, body: &[u8]) -> Post {
        read(body)
    }
}
