//! The secrets of webhooks' endpoints in a window.

use super::Desk;
use nightdesk_api as api;
use nightdesk_api::{Code, WebhookSecret};
use secrecy::ExposeSecret;

impl Desk {
    /// Derives an endpoint's secret, on a thread where the keychain may be waited for.
    pub(super) async fn show_webhook_secret(&self, url: String) -> Result<WebhookSecret, api::Error> {
        let (url, generation) = self.ask(move |tx, _| api::webhook_generation(tx, &url)).await?;
        let secrets = self.secrets().clone();
        let derived = tokio::task::spawn_blocking(move || secrets.webhook_secret(&url, generation));
        let secret = derived
            .await
            .map_err(|e| api::Error::new(Code::Internal, format!("the keychain's work failed: {e}")))?
            .map_err(|e| api::Error::new(Code::SecretUnavailable, e.to_string()))?;
        Ok(WebhookSecret { secret: secret.expose_secret().to_owned() })
    }
}
