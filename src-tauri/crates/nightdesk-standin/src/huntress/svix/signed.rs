//! A signed post.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// By which names the three headers go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderFamily {
    /// `svix-id`, …: what Huntress's article points to.
    Svix,
    /// `webhook-id`, …: Standard Webhooks.
    Standard,
}

impl HeaderFamily {
    fn prefix(self) -> &'static str {
        match self {
            Self::Svix => "svix",
            Self::Standard => "webhook",
        }
    }
}

/// A post with its headers. The fields are open, so that a test can tamper with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Signed {
    /// Signs by each secret, `whsec_` and base64.
    pub fn new(family: HeaderFamily, secrets: &[String], id: &str, timestamp: i64, body: &[u8]) -> Self {
        let signatures: Vec<String> = secrets.iter().map(|secret| signature(secret, id, timestamp, body)).collect();
        let prefix = family.prefix();
        Self {
            headers: vec![
                (format!("{prefix}-id"), id.to_owned()),
                (format!("{prefix}-timestamp"), timestamp.to_string()),
                (format!("{prefix}-signature"), signatures.join(" ")),
                ("content-type".into(), "application/json".into()),
                ("user-agent".into(), "Svix-Webhooks/1.62.0".into()),
            ],
            body: body.to_vec(),
        }
    }

    /// With another value of the header whose name ends so, or without it.
    #[must_use]
    pub fn with(mut self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => {
                self.headers.iter_mut().filter(|(n, _)| n.ends_with(name)).for_each(|h| value.clone_into(&mut h.1));
            }
            None => self.headers.retain(|(n, _)| !n.ends_with(name)),
        }
        self
    }
}

fn signature(secret: &str, id: &str, timestamp: i64, body: &[u8]) -> String {
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap_or_default();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else { return String::new() };
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}
