//! The API key.

use nightdesk_core::port::HuntressError;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// Where the API key comes from. Asked before each request, so that a key entered anew works without a restart; an
/// implementation over a slow keychain should keep what it has read.
pub trait Credentials: Send + Sync {
    /// The key (`hk_…`) and its secret (`hs_…`).
    ///
    /// # Errors
    /// [`HuntressError::NoCredentials`] where one isn't stored, [`HuntressError::Keychain`] where it can't be read.
    fn huntress(&self) -> Result<(SecretString, SecretString), HuntressError>;
}

/// Without the blanks and line breaks that come along when a key is pasted, which would only earn a 401.
pub(super) fn trimmed(secret: &SecretString) -> SecretString {
    SecretString::from(secret.expose_secret().trim())
}

/// Tells keys apart without telling them: a digest over the key's public half and the place it is for.
pub(super) fn fingerprint(key: &SecretString, root: &str) -> String {
    let mut hash = Sha256::new();
    for part in ["nightdesk", trimmed(key).expose_secret(), root] {
        hash.update(part);
        hash.update([0]);
    }
    hex::encode(&hash.finalize()[..8])
}
