//! Signing secrets.

use super::signature::{self, Signature};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use chrono::{DateTime, Utc};
use nightdesk_core::port::{Refusal, SecretError, Signed, TOLERANCE_SECONDS, Verified, Verifier};
use nightdesk_core::{ExposeSecret, SecretString};
use secrecy::SecretSlice;

/// What Svix puts before a secret's base64.
const PREFIX: &str = "whsec_";

/// The shortest key that is taken, in bytes. Standard Webhooks asks for 24, but the example in Svix's own documentation
/// has 18; what is shorter than this can be guessed (HMAC fills it up with zeros), or wasn't copied whole.
const SHORTEST: usize = 16;

/// More at once is no rotation any more.
const MOST: usize = 10;

/// Copied secrets sometimes lose their padding, which says nothing.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The secrets by which a post may be signed: one, or several while one is being rotated.
pub struct SigningSecrets(Vec<SecretSlice<u8>>);

impl SigningSecrets {
    /// Reads secrets that are separated by blanks (or commas), each base64 with or without `whsec_` before it.
    ///
    /// # Errors
    /// [`SecretError::Unusable`], when there is none, one is empty or too short, or one isn't base64. A secret is never quoted (ND-12).
    pub fn parse(text: &SecretString) -> Result<Self, SecretError> {
        let refuse = |why: String| Err(SecretError::Unusable(why));
        let mut secrets = Vec::new();
        let words = text.expose_secret().split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
        for (at, word) in words.enumerate() {
            let encoded = word.strip_prefix(PREFIX).unwrap_or(word);
            let which = at + 1;
            match BASE64.decode(encoded) {
                Ok(key) if key.is_empty() => return refuse(format!("secret {which} is empty")),
                Ok(key) if key.len() < SHORTEST => {
                    return refuse(format!(
                        "secret {which} is too short to be whole; copy all of it from Huntress with View Signing Secret"
                    ));
                }
                Ok(key) => secrets.push(SecretSlice::from(key)),
                Err(_) => {
                    return refuse(format!(
                        "secret {which} is not of the form whsec_…; copy it from Huntress with View Signing Secret"
                    ));
                }
            }
        }
        match secrets.len() {
            0 => refuse("it is empty".into()),
            1..=MOST => Ok(Self(secrets)),
            n => refuse(format!("it holds {n} secrets; at most {MOST} are tried")),
        }
    }

    /// Signs as Huntress does, by the first secret.
    pub fn sign(&self, id: &str, at: DateTime<Utc>, body: &[u8]) -> Option<String> {
        self.0.first().and_then(|key| signature::sign(key.expose_secret(), id, at.timestamp(), body))
    }
}

impl Verifier for SigningSecrets {
    fn verify(&self, signed: Signed<'_>, body: &[u8], now: DateTime<Utc>) -> Result<Verified, Refusal> {
        let signature = Signature::read(signed)?;
        let right = signature.is_by_any(self.0.iter().map(|key| key.expose_secret()), body);
        let seconds = now.timestamp().saturating_sub(signature.timestamp);
        match (seconds.abs() > TOLERANCE_SECONDS, right) {
            (false, true) => {}
            (false, false) => return Err(Refusal::BadSignature),
            // Told apart for the log alone: a right signature says that the clock, not the secret, is wrong.
            (true, true) => return Err(Refusal::Stale { seconds }),
            (true, false) => return Err(Refusal::StaleAndForged { seconds }),
        }
        let signed_at = DateTime::from_timestamp(signature.timestamp, 0).ok_or(Refusal::BadTimestamp)?;
        Ok(Verified { id: signature.id.to_owned(), signed_at })
    }
}

impl std::fmt::Debug for SigningSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningSecrets({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<usize, SecretError> {
        SigningSecrets::parse(&SecretString::from(text)).map(|s| s.0.len())
    }

    #[test]
    fn one_or_several_secrets() {
        assert_eq!(parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), Ok(1));
        assert_eq!(parse(" MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"), Ok(1));
        assert_eq!(parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw  whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"), Ok(2));
        assert_eq!(parse("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBk"), Ok(1), "without its padding");
    }

    #[test]
    fn a_secret_that_was_not_copied_whole_is_refused() {
        const WHOLE: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        for length in (4..24).step_by(4) {
            let refused = parse(&format!("whsec_{WHOLE} whsec_{}", &WHOLE[..length])).unwrap_err().to_string();
            assert!(refused.contains("secret 2 is too short") && !refused.contains("MfKQ"), "{length}: {refused}");
        }
        assert!(parse("whsec_AAAA").is_err());
    }

    #[test]
    fn nd_12_a_secret_that_is_refused_is_not_quoted() {
        for text in ["", " ", "whsec_", "whsec_MfKQ whsec_", "whsec_no=base64=at!all", "hs_0123456789!"] {
            let refused = parse(text).unwrap_err();
            assert!(matches!(refused, SecretError::Unusable(_)), "{text:?}");
            assert!(!refused.to_string().contains("base64=at") && !refused.to_string().contains("hs_"), "{refused}");
        }
        assert!(
            parse(&"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw ".repeat(11))
                .unwrap_err()
                .to_string()
                .contains("at most 10")
        );
        let secrets = SigningSecrets::parse(&SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).unwrap();
        assert_eq!(format!("{secrets:?}"), "SigningSecrets(1)");
    }
}
