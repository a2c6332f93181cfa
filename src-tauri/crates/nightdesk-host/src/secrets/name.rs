//! The secrets there are.

use super::Error;

/// A secret that this version uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// The public half of the Huntress API key (`hk_…`).
    HuntressApiKey,
    /// Its secret half (`hs_…`).
    HuntressApiSecret,
    /// The carrier's auth token, or an API key and its secret as `SK…:secret`.
    TwilioAuthToken,
    /// The mail account's password; with Google's tokens, the application's own secret.
    SmtpPassword,
    /// What tokens for the mail account are got with.
    SmtpRefreshToken,
    /// The API key of a user of AlgaPSA.
    AlgapsaApiKey,
    /// By which Huntress signs its webhooks (`whsec_…`); several, separated by spaces, while one is rotated.
    WebhookSigningSecret,
    /// From which the signing secrets of our own webhooks' endpoints are derived: 32 bytes in base64, made on first use.
    WebhookOutKey,
}

impl Name {
    /// Every name.
    pub const ALL: [Self; 8] = [
        Self::HuntressApiKey,
        Self::HuntressApiSecret,
        Self::TwilioAuthToken,
        Self::SmtpPassword,
        Self::SmtpRefreshToken,
        Self::AlgapsaApiKey,
        Self::WebhookSigningSecret,
        Self::WebhookOutKey,
    ];

    /// Without these nothing can be watched.
    pub const HUNTRESS: [Self; 2] = [Self::HuntressApiKey, Self::HuntressApiSecret];

    /// The name as written in commands, in the environment and in the keychain.
    pub fn word(self) -> &'static str {
        match self {
            Self::HuntressApiKey => "HUNTRESS_API_KEY",
            Self::HuntressApiSecret => "HUNTRESS_API_SECRET",
            Self::TwilioAuthToken => "TWILIO_AUTH_TOKEN",
            Self::SmtpPassword => "SMTP_PASSWORD",
            Self::SmtpRefreshToken => "SMTP_REFRESH_TOKEN",
            Self::AlgapsaApiKey => "ALGAPSA_API_KEY",
            Self::WebhookSigningSecret => "WEBHOOK_SIGNING_SECRET",
            Self::WebhookOutKey => "WEBHOOK_OUT_KEY",
        }
    }

    /// The inverse of [`Self::word`].
    ///
    /// # Errors
    /// [`Error::UnknownName`], which lists those there are.
    pub fn parse(word: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|name| name.word() == word)
            .ok_or_else(|| Error::UnknownName { name: word.to_owned() })
    }

    pub(super) fn list() -> String {
        Self::ALL.map(Self::word).join(", ")
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}
