//! The real client of the carrier, pointed at the stand-in.

use chrono::{DateTime, Utc};
use nightdesk_core::SecretString;
use nightdesk_core::port::{CallStatus, Carrier, CarrierError, PortFuture, Reply, TextState};
use nightdesk_engine::Parts;
use nightdesk_http::Limits;
use nightdesk_senders::twilio::{Credentials, Settings, TwilioClient};
use nightdesk_standin::carrier::Carrier as CarrierStandin;
use std::sync::Arc;
use std::time::Duration;

struct Token(String);

impl Credentials for Token {
    fn twilio(&self) -> Result<SecretString, CarrierError> {
        Ok(self.0.clone().into())
    }
}

/// The carrier's client for a stand-in.
pub fn client(carrier: &CarrierStandin) -> TwilioClient {
    let settings = Settings {
        account_sid: carrier.account_sid(),
        from: carrier.number(),
        base_url: carrier.url(),
        studio_base_url: carrier.studio_url(),
        keys: None,
    };
    // Delays between attempts are real time, which a story has none of.
    let limits = Limits { base_delay: Duration::ZERO, max_delay: Duration::ZERO, ..Limits::default() };
    let http = nightdesk_http::Client::new(limits, "nightdesk-tests").unwrap();
    TwilioClient::new(settings, Arc::new(Token(carrier.auth_token())), http).unwrap()
}

/// Parts that reach people.
pub trait Calling {
    /// With the senders and the follower's port of this carrier, if there is one.
    fn calling(self, carrier: Option<&CarrierStandin>) -> Self;
}

impl Calling for Parts {
    fn calling(mut self, carrier: Option<&CarrierStandin>) -> Self {
        if let Some(carrier) = carrier {
            let client = client(carrier);
            self.senders.push(Arc::new(client.texts()));
            self.senders.push(Arc::new(client.calls()));
            self.carrier = Arc::new(client);
        }
        self
    }
}

/// For desks without a carrier.
pub struct NoCarrier;

fn none<T: Send + 'static>() -> PortFuture<'static, Result<T, CarrierError>> {
    Box::pin(std::future::ready(Err(CarrierError::NotConfigured)))
}

impl Carrier for NoCarrier {
    fn text<'a>(&'a self, _: &'a str) -> PortFuture<'a, Result<TextState, CarrierError>> {
        none()
    }

    fn call<'a>(&'a self, _: &'a str) -> PortFuture<'a, Result<CallStatus, CarrierError>> {
        none()
    }

    fn hang_up<'a>(&'a self, _: &'a str) -> PortFuture<'a, Result<(), CarrierError>> {
        none()
    }

    fn replies<'a>(&'a self, _: &'a str, _: DateTime<Utc>) -> PortFuture<'a, Result<Vec<Reply>, CarrierError>> {
        none()
    }

    fn keys<'a>(&'a self, _: Option<&'a str>) -> PortFuture<'a, Result<Option<String>, CarrierError>> {
        none()
    }

    fn seal(&self, _: &str) -> Result<[u8; 32], CarrierError> {
        Err(CarrierError::NotConfigured)
    }
}
