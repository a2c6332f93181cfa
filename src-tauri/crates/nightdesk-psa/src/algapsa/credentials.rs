//! The PSA's key.

use nightdesk_core::port::PsaError;
use nightdesk_core::{ExposeSecret, SecretString};

/// Where the key comes from. Asked before each request, so that one entered anew works without a restart; an implementation
/// over a slow keychain should keep what it has read.
pub trait Credentials: Send + Sync {
    /// The API key of an internal user (secret `ALGAPSA_API_KEY`).
    ///
    /// # Errors
    /// [`PsaError::NoCredentials`] where it isn't stored, [`PsaError::Keychain`] where it can't be read.
    fn algapsa(&self) -> Result<SecretString, PsaError>;
}

/// Without the blanks and line breaks that come along when a key is pasted, which would only earn a 401.
pub(super) fn trimmed(secret: &SecretString) -> SecretString {
    SecretString::from(secret.expose_secret().trim())
}
