//! The secrets that endpoints verify by, derived from one master key and stored nowhere.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use nightdesk_core::webhook::Terms;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;

/// Separates this use of the key from any other, now and later.
const LABEL: &[u8] = b"nightdesk webhook-out v1\0";

/// What a secret begins with, by the Standard Webhooks specification.
const PREFIX: &str = "whsec_";

/// Why there is no master key, in words for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// What is stored is no key.
    #[error("WEBHOOK_OUT_KEY must be 32 bytes in base64, such as `openssl rand -base64 32` prints")]
    NotAKey,
    /// There is none and none can be made, or the keychain is closed.
    #[error("{0}")]
    NoKey(String),
}

/// The key that all endpoints' secrets are derived from.
pub struct MasterKey(SecretBox<[u8; 32]>);

impl MasterKey {
    /// A key of random bytes, which the caller draws.
    pub fn new(random: [u8; 32]) -> Self {
        Self(SecretBox::new(Box::new(random)))
    }

    /// Reads one from base64, with or without padding.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`].
    pub fn read(text: &SecretString) -> Result<Self, KeyError> {
        let text = text.expose_secret().trim();
        let bytes = STANDARD.decode(text).or_else(|_| STANDARD_NO_PAD.decode(text)).map_err(|_| KeyError::NotAKey)?;
        Ok(Self::new(bytes.try_into().map_err(|_| KeyError::NotAKey)?))
    }

    /// As it is stored.
    pub fn to_base64(&self) -> SecretString {
        STANDARD.encode(self.0.expose_secret()).into()
    }

    /// An endpoint's secret of one generation.
    pub fn derive(&self, url: &str, generation: u32) -> EndpointSecret {
        let mut bytes = [0; 32];
        // HMAC takes keys of any length; the error exists for algorithms that don't.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose_secret()) {
            mac.update(LABEL);
            mac.update(&generation.to_be_bytes());
            mac.update(url.as_bytes());
            bytes = mac.finalize().into_bytes().into();
        }
        EndpointSecret(SecretBox::new(Box::new(bytes)))
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// What one endpoint verifies by.
pub struct EndpointSecret(SecretBox<[u8; 32]>);

impl EndpointSecret {
    /// As the user gives it to the endpoint: `whsec_` and base64.
    pub fn to_whsec(&self) -> SecretString {
        format!("{PREFIX}{}", STANDARD.encode(self.0.expose_secret())).into()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for EndpointSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EndpointSecret(…)")
    }
}

/// The secrets that sign now, the newest first: each from before stays for as long as the rotation that replaced it overlaps.
pub(super) fn in_force(key: &MasterKey, url: &str, terms: &Terms) -> Vec<EndpointSecret> {
    let oldest = terms.generation.saturating_sub(terms.earlier);
    (oldest..=terms.generation).rev().map(|generation| key.derive(url, generation)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whsec(key: &MasterKey, url: &str, generation: u32) -> String {
        key.derive(url, generation).to_whsec().expose_secret().to_owned()
    }

    #[test]
    fn a_secret_depends_on_key_endpoint_and_generation() {
        let (one, two) = (MasterKey::new([1; 32]), MasterKey::new([2; 32]));
        let secret = whsec(&one, "https://a.example/", 1);
        assert_eq!(secret, whsec(&one, "https://a.example/", 1));
        assert_ne!(secret, whsec(&one, "https://a.example/", 2));
        assert_ne!(secret, whsec(&one, "https://b.example/", 1));
        assert_ne!(secret, whsec(&two, "https://a.example/", 1));
        let bytes = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        assert_eq!(bytes.len(), 32, "the specification wants 24 to 64");
    }

    /// What was handed to consumers must go on verifying with every later version.
    #[test]
    fn the_derivation_never_changes() {
        assert_eq!(
            whsec(&MasterKey::new([7; 32]), "https://siem.example.com/in", 1),
            "whsec_zkOhAaGh0NWzDU21H1WfhemScilIaJhgY6u3918TLHw=",
        );
    }

    #[test]
    fn a_key_is_read_with_or_without_padding_and_nothing_else_is() {
        let key = MasterKey::new([9; 32]);
        let text = key.to_base64();
        let again = |text: &str| MasterKey::read(&text.into()).map(|k| *k.0.expose_secret());
        assert_eq!(again(text.expose_secret()), Ok([9; 32]));
        assert_eq!(again(&format!(" {}\n", text.expose_secret().trim_end_matches('='))), Ok([9; 32]));
        for bad in ["", "x", "AAAA", "whsec_AAAA", &STANDARD.encode([0; 31]), &STANDARD.encode([0; 33])] {
            assert_eq!(again(bad), Err(KeyError::NotAKey), "{bad}");
        }
    }

    #[test]
    fn each_rotation_that_overlaps_lets_one_more_secret_sign_and_a_first_generation_has_none_before_it() {
        let key = MasterKey::new([1; 32]);
        let signing = |generation, earlier| {
            let terms = Terms { generation, earlier, allow_private: false };
            let secrets = in_force(&key, "https://a.example/", &terms);
            secrets.iter().map(|s| s.to_whsec().expose_secret().to_owned()).collect::<Vec<_>>()
        };
        let of = |generation| whsec(&key, "https://a.example/", generation);
        assert_eq!(signing(2, 0), [of(2)]);
        assert_eq!(signing(3, 2), [of(3), of(2), of(1)], "the newest first");
        assert_eq!(signing(0, 1), [of(0)]);
    }

    #[test]
    fn nd_12_no_debug_print_holds_a_secret() {
        let key = MasterKey::new([65; 32]);
        assert_eq!(format!("{key:?} {:?}", key.derive("u", 1)), "MasterKey(…) EndpointSecret(…)");
    }
}
