//! The carrier's secret.

use nightdesk_core::port::CarrierError;
use secrecy::{ExposeSecret, SecretString};

/// Where the secret comes from. Asked before each request, so that one entered anew works without a restart; an
/// implementation over a slow keychain should keep what it has read.
pub trait Credentials: Send + Sync {
    /// The account's auth token, or an API key and its secret as `SK…:secret` (secret `TWILIO_AUTH_TOKEN`).
    ///
    /// # Errors
    /// [`CarrierError::NoSecret`] where it isn't stored or can't be read.
    fn twilio(&self) -> Result<SecretString, CarrierError>;
}

/// Without the blanks and line breaks that come along when a token is pasted, which would only earn a 401.
pub(super) fn trimmed(secret: &SecretString) -> SecretString {
    SecretString::from(secret.expose_secret().trim())
}

/// User and password of the Basic header. With an API key, which can be taken back alone and can do less than the token,
/// the user is the key and the account stands in the path only.
pub(super) fn login(secret: &SecretString, account_sid: &str) -> (SecretString, SecretString) {
    let value = secret.expose_secret().trim();
    match value.split_once(':') {
        Some((key, secret)) if key.starts_with("SK") => (key.into(), secret.trim().into()),
        _ => (account_sid.into(), value.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_and_a_key() {
        let told = |value: &str| {
            let (user, password) = login(&value.into(), "AC1");
            (user.expose_secret().to_owned(), password.expose_secret().to_owned())
        };
        assert_eq!(told(" token\n"), ("AC1".into(), "token".into()));
        assert_eq!(told("SK2: hush "), ("SK2".into(), "hush".into()));
        assert_eq!(told("a:b"), ("AC1".into(), "a:b".into()));
    }
}
