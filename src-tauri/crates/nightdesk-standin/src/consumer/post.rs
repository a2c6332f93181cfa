//! What was posted, and whether it is genuine.

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

/// How far the signed time may be from the consumer's, in seconds.
const TOLERANCE: i64 = 300;

/// What a consumer makes of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Signed with the secrets of these places in the list of those trusted.
    Genuine(Vec<usize>),
    /// No secret is known to verify by.
    Unknown,
    /// Not to be trusted, and why.
    Refused(&'static str),
}

impl Verdict {
    /// Whether a trusted secret signed it.
    pub fn is_genuine(&self) -> bool {
        matches!(self, Self::Genuine(_))
    }
}

/// One post.
#[derive(Clone, Debug)]
pub struct Post {
    /// When it came.
    pub at: DateTime<Utc>,
    /// `webhook-id`.
    pub id: String,
    /// The body's `type`.
    pub event_type: String,
    /// The body, as the very text.
    pub body: String,
    /// Whether it is genuine.
    pub verdict: Verdict,
    /// The status that it was answered; 0 while it hangs.
    pub status: u16,
}

impl Post {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    pub(super) fn read(headers: &HeaderMap, body: &[u8], secrets: &[String], now: DateTime<Utc>) -> Self {
        let text = String::from_utf8_lossy(body).into_owned();
        let json: Value = serde_json::from_str(&text).unwrap_or_default();
        Self {
            at: now,
            id: header(headers, "webhook-id").unwrap_or_default().to_owned(),
            event_type: json["type"].as_str().unwrap_or_default().to_owned(),
            body: text,
            verdict: judge(headers, body, secrets, now),
            status: 0,
        }
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn judge(headers: &HeaderMap, body: &[u8], secrets: &[String], now: DateTime<Utc>) -> Verdict {
    let named = |family: &str, part: &str| header(headers, &format!("{family}-{part}"));
    let parts = ["id", "timestamp", "signature"];
    if parts.iter().any(|part| named("webhook", part).is_none()) {
        return Verdict::Refused("a header of the specification is missing");
    }
    if parts.iter().any(|part| named("webhook", part) != named("svix", part)) {
        return Verdict::Refused("the two families of headers differ");
    }
    let (id, at, given) = (
        named("webhook", "id").unwrap_or_default(),
        named("webhook", "timestamp").unwrap_or_default(),
        named("webhook", "signature").unwrap_or_default(),
    );
    let Ok(seconds) = at.parse::<i64>() else { return Verdict::Refused("the timestamp is no whole number") };
    if (now.timestamp() - seconds).abs() > TOLERANCE {
        return Verdict::Refused("it was signed at another time");
    }
    if secrets.is_empty() {
        return Verdict::Unknown;
    }
    let signatures: Vec<&str> = given.split(' ').filter_map(|one| one.strip_prefix("v1,")).collect();
    let content = [format!("{id}.{at}.").as_bytes(), body].concat();
    let by = |secret: &String| sign(secret, &content).is_some_and(|own| signatures.contains(&own.as_str()));
    let genuine: Vec<usize> = (0..secrets.len()).filter(|n| by(&secrets[*n])).collect();
    if genuine.is_empty() { Verdict::Refused("no signature is by a trusted secret") } else { Verdict::Genuine(genuine) }
}

fn sign(secret: &str, content: &[u8]) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(content);
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}
