//! The real client of the carrier, pointed at the stand-in.

use chrono::{DateTime, Utc};
use nightdesk_core::SecretString;
use nightdesk_core::port::{CallStatus, Carrier, CarrierError, PortFuture, Reply, TextState};
use nightdesk_engine::Parts;
use nightdesk_http::Limits;
use nightdesk_senders::twilio::{Credentials, Settings, TwilioClient};
use nightdesk_standin::carrier::Carrier as CarrierStandin;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

struct Token(String);

impl Credentials for Token {
    fn twilio(&self) -> Result<SecretString, CarrierError> {
        Ok(self.0.clone().into())
    }
}

/// Where a stand-in carrier is, and who we are there: what a process of its own needs to be told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Line {
    account_sid: String,
    token: String,
    from: String,
    url: String,
    studio_url: String,
}

impl Line {
    /// The line to a stand-in.
    pub fn to(carrier: &CarrierStandin) -> Self {
        Self {
            account_sid: carrier.account_sid(),
            token: carrier.auth_token(),
            from: carrier.number(),
            url: carrier.url(),
            studio_url: carrier.studio_url(),
        }
    }

    /// The same line by way of these addresses, as through a proxy.
    #[must_use]
    pub fn by_way_of(self, url: &str, studio_url: &str) -> Self {
        Self { url: url.to_owned(), studio_url: studio_url.to_owned(), ..self }
    }

    /// The carrier's client.
    pub fn client(&self) -> TwilioClient {
        let settings = Settings {
            account_sid: self.account_sid.clone(),
            from: self.from.clone(),
            base_url: self.url.clone(),
            studio_base_url: self.studio_url.clone(),
            keys: None,
        };
        // Delays between attempts are real time, which a story has none of.
        let limits = Limits { base_delay: Duration::ZERO, max_delay: Duration::ZERO, ..Limits::default() };
        let http = nightdesk_http::Client::new(limits, "nightdesk-tests").unwrap();
        TwilioClient::new(settings, Arc::new(Token(self.token.clone())), http).unwrap()
    }

    /// The configuration of paging by this carrier.
    pub fn toml(&self) -> String {
        format!(
            "\n[paging]\nprovider = \"twilio\"\naccount_sid = {:?}\nfrom = {:?}\nbase_url = {:?}\nstudio_base_url = {:?}\n",
            self.account_sid, self.from, self.url, self.studio_url
        )
    }
}

/// The carrier's client for a stand-in.
pub fn client(carrier: &CarrierStandin) -> TwilioClient {
    Line::to(carrier).client()
}

/// Parts that reach people.
pub trait Calling {
    /// With the senders and the follower's port of this carrier, if there is one.
    fn calling(self, carrier: Option<&CarrierStandin>) -> Self;

    /// The same for a carrier in another process.
    fn on_line(self, line: &Line) -> Self;
}

impl Calling for Parts {
    fn calling(self, carrier: Option<&CarrierStandin>) -> Self {
        match carrier {
            Some(carrier) => self.on_line(&Line::to(carrier)),
            None => self,
        }
    }

    fn on_line(mut self, line: &Line) -> Self {
        let client = line.client();
        self.senders.push(Arc::new(client.texts()));
        self.senders.push(Arc::new(client.calls()));
        self.carrier = Arc::new(client);
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
