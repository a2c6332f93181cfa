//! Huntress's webhooks as a story's desk takes them in: by the real verification, with a secret that the story holds.

use nightdesk_core::SecretString;
use nightdesk_core::port::SecretError;
use nightdesk_huntress::webhook::{WebhookSecrets, Webhooks};
use std::sync::{Arc, Mutex};

/// A drawer for the signing secrets, empty at first.
#[derive(Clone, Default)]
pub struct SigningDrawer(Arc<Mutex<Option<String>>>);

impl SigningDrawer {
    /// Puts secrets in, separated by spaces, or takes them out.
    pub fn put(&self, secrets: Option<&str>) {
        *self.0.lock().unwrap() = secrets.map(str::to_owned);
    }

    /// The port that an engine gets.
    pub fn webhooks(&self) -> Arc<Webhooks> {
        Arc::new(Webhooks::new(Arc::new(self.clone())))
    }
}

impl WebhookSecrets for SigningDrawer {
    fn signing(&self) -> Result<SecretString, SecretError> {
        let held = self.0.lock().unwrap().clone();
        held.map(SecretString::from).ok_or_else(|| SecretError::Missing("WEBHOOK_SIGNING_SECRET is not stored".into()))
    }
}
