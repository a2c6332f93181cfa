//! `[webhook_in]`: where Huntress posts to.

use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// The path that Huntress posts to.
pub const PATH: &str = "/webhooks/huntress";

/// `[webhook_in]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhookIn {
    /// The address that is listened on; none while there is no receiver. Port 0 takes any that is free.
    pub listen: Option<SocketAddr>,
    /// The certificate's file (PEM, with its chain), for anything but loopback.
    pub tls_cert: Option<String>,
    /// Its key's file (PEM).
    pub tls_key: Option<String>,
    /// The HTTPS address from outside, of the tunnel or proxy, without path: `doctor` tries it from end to end.
    pub public_url: Option<String>,
}

impl WebhookIn {
    /// Whether there is a receiver.
    pub fn is_set_up(&self) -> bool {
        self.listen.is_some()
    }

    /// Certificate and key, where both are given.
    pub fn tls(&self) -> Option<(&str, &str)> {
        self.tls_cert.as_deref().zip(self.tls_key.as_deref())
    }

    /// The address to enter at Huntress, where one is configured.
    pub fn address(&self) -> Option<String> {
        self.public_url.as_deref().map(|url| format!("{}{PATH}", url.trim_end_matches('/')))
    }
}
