//! Keys that can be changed, and a client that uses them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nightdesk_core::port::HuntressError;
use nightdesk_http::Limits;
use nightdesk_huntress::{Credentials, HuntressClient};
use secrecy::SecretString;

pub const KEY: &str = "hk_test";
pub const SECRET: &str = "hs_very_secret";
pub const MAX_BODY: usize = 100_000;

/// A keychain of one pair.
pub struct Keys(Mutex<Option<(String, String)>>);

impl Keys {
    pub fn replace(&self, key: &str, secret: &str) {
        *self.0.lock().unwrap() = Some((key.into(), secret.into()));
    }

    pub fn forget(&self) {
        *self.0.lock().unwrap() = None;
    }
}

impl Credentials for Keys {
    fn huntress(&self) -> Result<(SecretString, SecretString), HuntressError> {
        let pair = self.0.lock().unwrap().clone().ok_or(HuntressError::NoCredentials { name: "HUNTRESS_API_KEY" })?;
        Ok((pair.0.into(), pair.1.into()))
    }
}

pub fn client(url: &str) -> HuntressClient {
    client_with_keys(url).0
}

pub fn client_with_keys(url: &str) -> (HuntressClient, Arc<Keys>) {
    let keys = Arc::new(Keys(Mutex::new(Some((KEY.into(), SECRET.into())))));
    let limits =
        Limits { base_delay: Duration::ZERO, max_delay: Duration::ZERO, max_body: MAX_BODY, ..Limits::default() };
    let http = nightdesk_http::Client::new(limits, "nightdesk-test").unwrap();
    (HuntressClient::new(url, Arc::clone(&keys) as Arc<dyn Credentials>, http).unwrap(), keys)
}

/// The header that a key and its secret make.
pub fn basic(key: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{key}:{secret}")))
}
