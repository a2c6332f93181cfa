//! The mail account's secrets.

use secrecy::SecretString;

/// A secret can't be had, in words for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unavailable(pub String);

/// Where the secrets come from. Asked when a connection is made or a token is got, so that one entered anew works without
/// a restart.
pub trait Credentials: Send + Sync {
    /// The user's password (secret `SMTP_PASSWORD`). For Google's tokens, the application's own secret.
    ///
    /// # Errors
    /// [`Unavailable`] where it isn't stored or can't be read.
    fn password(&self) -> Result<SecretString, Unavailable>;

    /// What access tokens are got with (secret `SMTP_REFRESH_TOKEN`).
    ///
    /// # Errors
    /// As [`Self::password`].
    fn refresh_token(&self) -> Result<SecretString, Unavailable>;

    /// Keeps the one that was given in its place. Microsoft's last 90 days unless each is replaced by the next.
    fn keep_refresh_token(&self, token: &SecretString);
}
