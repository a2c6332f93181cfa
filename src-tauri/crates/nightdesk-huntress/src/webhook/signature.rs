//! The signature over a post: HMAC-SHA256 of `<id>.<timestamp>.<raw body>` (Svix docs, "Verifying Webhooks Manually";
//! Standard Webhooks specification 1.0).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use nightdesk_core::port::{Refusal, Signed};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq as _};

/// The version that is verified; `v1a` (ed25519) and whatever comes later is passed over.
const VERSION: &str = "v1";

/// Longest header of signatures that is looked at, in bytes: some eighty of them.
const LONGEST: usize = 4096;

/// Longest delivery id.
const LONGEST_ID: usize = 255;

/// What a post's headers say, read but not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature<'a> {
    /// The delivery id.
    pub id: &'a str,
    /// Unix seconds.
    pub timestamp: i64,
    pairs: &'a str,
}

impl<'a> Signature<'a> {
    /// Reads the headers.
    ///
    /// # Errors
    /// [`Refusal::Unsigned`], [`Refusal::BadId`], [`Refusal::BadTimestamp`], or [`Refusal::BadSignature`] for a header
    /// that is longer than any honest one.
    pub fn read(signed: Signed<'a>) -> Result<Self, Refusal> {
        let id = signed.id.ok_or(Refusal::Unsigned("svix-id"))?;
        let timestamp = signed.timestamp.ok_or(Refusal::Unsigned("svix-timestamp"))?;
        let pairs = signed.signature.ok_or(Refusal::Unsigned("svix-signature"))?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if id.is_empty() || id.len() > LONGEST_ID || !id.bytes().all(plain) {
            return Err(Refusal::BadId);
        }
        // Digits alone: the number is signed as it was written, and `+1` or ` 1` would be written otherwise.
        if timestamp.is_empty() || !timestamp.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Refusal::BadTimestamp);
        }
        let parsed: i64 = timestamp.parse().map_err(|_| Refusal::BadTimestamp)?;
        if parsed.to_string() != timestamp {
            return Err(Refusal::BadTimestamp);
        }
        if pairs.len() > LONGEST {
            return Err(Refusal::BadSignature);
        }
        Ok(Self { id, timestamp: parsed, pairs })
    }

    /// Whether any of its signatures is by any of these keys. Each is compared with each in constant time, whichever
    /// fits, so that the time tells nothing of the keys.
    pub fn is_by_any<'k>(&self, keys: impl Iterator<Item = &'k [u8]>, body: &[u8]) -> bool {
        let given: Vec<Vec<u8>> = self
            .pairs
            .split(' ')
            .filter_map(|pair| pair.split_once(','))
            .filter(|(version, _)| *version == VERSION)
            .filter_map(|(_, signature)| STANDARD.decode(signature).ok())
            .collect();
        let mut found = Choice::from(0);
        for key in keys {
            let Some(expected) = tag(key, self.id, self.timestamp, body) else { continue };
            for signature in &given {
                found |= signature.as_slice().ct_eq(&expected);
            }
        }
        found.into()
    }
}

/// The signature's header value, `v1,…`; `None` for an empty key, by which nothing is signed.
pub fn sign(key: &[u8], id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
    tag(key, id, timestamp, body).map(|tag| format!("{VERSION},{}", STANDARD.encode(tag)))
}

fn tag(key: &[u8], id: &str, timestamp: i64, body: &[u8]) -> Option<[u8; 32]> {
    if key.is_empty() {
        return None;
    }
    // HMAC takes keys of any length; the error exists for algorithms that don't.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(id.as_bytes());
    mac.update(b".");
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac.finalize().into_bytes().into())
}
