//! Hashes of PINs under a key that is derived from the carrier's secret.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Separates this use of the secret from any other, now and later.
const LABEL: &[u8] = b"nightdesk PIN hash v1";

/// HMAC-SHA256 of the text under HMAC-SHA256(secret, label). A PIN has only a million values, so its plain hash would be
/// as good as the PIN; under this key it is worthless to whoever has the database and not the keychain. Another secret
/// makes earlier hashes match nothing, which costs a PIN that is asked for again.
pub(super) fn seal(secret: &[u8], text: &str) -> Option<[u8; 32]> {
    let key = mac(secret, LABEL)?;
    mac(&key, text.as_bytes())
}

fn mac(key: &[u8], message: &[u8]) -> Option<[u8; 32]> {
    // HMAC takes keys of any length; the error exists for algorithms that don't.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(message);
    Some(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn the_published_vector() {
        let tag = mac(b"Jefe", b"what do ya want for nothing?").unwrap_or_default();
        assert_eq!(tag[..8], [0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e]);
        assert_eq!(tag[24..], [0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43]);
    }

    #[test]
    fn it_depends_on_secret_and_text_and_nothing_else() {
        let sealed = |secret: &str, text: &str| seal(secret.as_bytes(), text).unwrap_or_default();
        assert_eq!(sealed("token", "123456"), sealed("token", "123456"));
        assert_ne!(sealed("token", "123456"), sealed("token", "123457"));
        assert_ne!(sealed("token", "123456"), sealed("other", "123456"));
        assert_ne!(sealed("token", "123456"), mac(b"token", b"123456").unwrap_or_default(), "the key is derived");
    }
}
