//! Our side: a secret that can be changed, a client that uses it, and what it is told to send.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::port::{CallOut, CarrierError, Outgoing, TextOut};
use nightdesk_http::Limits;
use nightdesk_senders::twilio::{Credentials, Settings, TwilioClient};
use secrecy::SecretString;

pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
pub const TOKEN: &str = "very_secret_token";
pub const OURS: &str = "+15005550006";
pub const CONTACT: &str = "+15005550123";
pub const FLOW: &str = "FW0123456789abcdef0123456789abcdef";
pub const RUN: &str = "FN0123456789abcdef0123456789abcdef";
pub const CALL: &str = "CA0123456789abcdef0123456789abcdef";
pub const TEXT: &str = "SM0123456789abcdef0123456789abcdef";
pub const MARKER: &str = "ND-7F3K";

/// A keychain of one secret.
pub struct Keychain(Mutex<Option<String>>);

impl Keychain {
    pub fn holding(secret: &str) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Some(secret.into()))))
    }

    pub fn set(&self, secret: Option<&str>) {
        *self.0.lock().unwrap() = secret.map(str::to_owned);
    }
}

impl Credentials for Keychain {
    fn twilio(&self) -> Result<SecretString, CarrierError> {
        let missing = || CarrierError::NoSecret("TWILIO_AUTH_TOKEN is not stored".into());
        self.0.lock().unwrap().clone().map(SecretString::from).ok_or_else(missing)
    }
}

pub fn settings(url: &str) -> Settings {
    Settings {
        account_sid: ACCOUNT.into(),
        from: OURS.into(),
        base_url: url.into(),
        studio_base_url: url.into(),
        keys: None,
    }
}

pub fn client(url: &str) -> TwilioClient {
    client_with(settings(url), Keychain::holding(TOKEN))
}

pub fn client_with(settings: Settings, keychain: Arc<Keychain>) -> TwilioClient {
    limited(settings, keychain, Limits::default())
}

/// A client that waits for an answer as briefly as can be, and asks once.
pub fn impatient(url: &str) -> TwilioClient {
    let limits = Limits { total_timeout: Duration::from_millis(200), retries: 0, ..Limits::default() };
    limited(settings(url), Keychain::holding(TOKEN), limits)
}

fn limited(settings: Settings, keychain: Arc<Keychain>, limits: Limits) -> TwilioClient {
    let limits = Limits { base_delay: Duration::ZERO, max_delay: Duration::ZERO, max_body: 100_000, ..limits };
    let http = nightdesk_http::Client::new(limits, "nightdesk-test").unwrap();
    TwilioClient::new(settings, keychain, http).unwrap()
}

/// A client that knows the flow.
pub fn armed(url: &str) -> TwilioClient {
    let client = client(url);
    client.set_keys(Some(FLOW.into()));
    client
}

/// When what is looked up was sent.
pub fn since() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_000_000, 0).unwrap()
}

fn outgoing(payload: serde_json::Value) -> Outgoing {
    Outgoing {
        id: DeliveryId(7),
        attempt: 1,
        marker: MARKER.into(),
        destination: CONTACT.into(),
        payload,
        possible_repeat: false,
        since: since(),
    }
}

pub fn text(body: &str) -> Outgoing {
    let text = TextOut { body: body.into(), repeat: format!("(possible repeat) {body}"), valid_for: 900 };
    outgoing(serde_json::to_value(text).unwrap())
}

pub fn call(keys: bool, extension: Option<&str>) -> Outgoing {
    let call = CallOut {
        spoken: "Critical at R&D, <host> one.".into(),
        voicemail: "Nightdesk called.".into(),
        keys,
        extension: extension.map(str::to_owned),
    };
    outgoing(serde_json::to_value(call).unwrap())
}
