//! The signature: Standard Webhooks, symmetric (`v1`).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::secret::EndpointSecret;

/// A signature with the time that it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Whole seconds since 1970.
    pub timestamp: i64,
    /// One `v1,…` for each secret, separated by blanks.
    pub value: String,
}

impl Signature {
    /// The headers that carry it: the specification's, and Svix's for consumers that know no others.
    pub fn headers(&self, id: &str) -> [(&'static str, String); 6] {
        let (at, value) = (self.timestamp.to_string(), self.value.clone());
        [
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", at.clone()),
            ("webhook-signature", value.clone()),
            ("svix-id", id.to_owned()),
            ("svix-timestamp", at),
            ("svix-signature", value),
        ]
    }
}

/// Signs `{id}.{timestamp}.{body}` with each secret. `None` only where an HMAC can't be made, which doesn't happen.
pub fn signature(secrets: &[EndpointSecret], id: &str, now: DateTime<Utc>, body: &[u8]) -> Option<Signature> {
    let timestamp = now.timestamp();
    let signed: Option<Vec<String>> = secrets.iter().map(|s| v1(s.bytes(), id, timestamp, body)).collect();
    Some(Signature { timestamp, value: signed?.join(" ") })
}

fn v1(secret: &[u8], id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Svix's own libraries' tests (the first of them is in its documentation too).
    #[test]
    fn the_published_vectors() {
        for (secret, id, at, body, expected) in [
            (
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                r#"{"test": 2432232314}"#,
                "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ),
            (
                "C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
                "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
                1_649_367_553,
                r#"{"email":"test@example.com","username":"test_user"}"#,
                "tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
            ),
        ] {
            let secret = STANDARD.decode(secret).unwrap();
            assert_eq!(v1(&secret, id, at, body.as_bytes()).unwrap(), format!("v1,{expected}"));
        }
    }
}
