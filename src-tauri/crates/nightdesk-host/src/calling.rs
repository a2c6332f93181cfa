//! The carrier that the configuration names at the moment, as the engine's senders and as what it follows them by.

use crate::{Secrets, carrier};
use chrono::{DateTime, Utc};
use nightdesk_core::config::Paging;
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{CallStatus, Carrier, CarrierError, Found, Outgoing, PortFuture, Reply, Sender, TextState};
use nightdesk_senders::twilio::TwilioClient;
use std::sync::{Arc, PoisonError, RwLock};

/// A carrier that follows `[paging]` while the engine runs.
pub struct SwitchingCarrier {
    secrets: Arc<Secrets>,
    present: RwLock<Present>,
}

struct Present {
    paging: Paging,
    client: Result<TwilioClient, CarrierError>,
}

impl SwitchingCarrier {
    /// The carrier of this section. One that can't be used shows as an error of everything that is asked of it.
    pub fn new(paging: &Paging, keys: Option<String>, secrets: Arc<Secrets>) -> Self {
        let client = carrier(paging, keys, secrets.clone());
        Self { secrets, present: RwLock::new(Present { paging: paging.clone(), client }) }
    }

    /// Goes on with another section; the same one changes nothing.
    pub fn follow(&self, paging: &Paging) {
        let mut present = self.present.write().unwrap_or_else(PoisonError::into_inner);
        let place = |p: &Paging| {
            (p.provider, p.account_sid.clone(), p.from.clone(), p.base_url.clone(), p.studio_base_url.clone())
        };
        if place(&present.paging) != place(paging) {
            let client = carrier(paging, None, self.secrets.clone());
            *present = Present { paging: paging.clone(), client };
        }
    }

    fn client(&self) -> Result<TwilioClient, CarrierError> {
        self.present.read().unwrap_or_else(PoisonError::into_inner).client.clone()
    }
}

impl Carrier for SwitchingCarrier {
    fn text<'a>(&'a self, reference: &'a str) -> PortFuture<'a, Result<TextState, CarrierError>> {
        Box::pin(async move { self.client()?.text(reference).await })
    }

    fn call<'a>(&'a self, reference: &'a str) -> PortFuture<'a, Result<CallStatus, CarrierError>> {
        Box::pin(async move { self.client()?.call(reference).await })
    }

    fn hang_up<'a>(&'a self, reference: &'a str) -> PortFuture<'a, Result<(), CarrierError>> {
        Box::pin(async move { self.client()?.hang_up(reference).await })
    }

    fn replies<'a>(&'a self, from: &'a str, since: DateTime<Utc>) -> PortFuture<'a, Result<Vec<Reply>, CarrierError>> {
        Box::pin(async move { self.client()?.replies(from, since).await })
    }

    fn recall(&self, keys: &str) {
        if let Ok(client) = self.client() {
            client.recall(keys);
        }
    }

    fn keys<'a>(&'a self, known: Option<&'a str>) -> PortFuture<'a, Result<Option<String>, CarrierError>> {
        Box::pin(async move { self.client()?.keys(known).await })
    }

    fn seal(&self, text: &str) -> Result<[u8; 32], CarrierError> {
        self.client()?.seal(text)
    }
}

/// One kind's sender by that carrier.
pub struct SwitchingSender {
    kind: Kind,
    carrier: Arc<SwitchingCarrier>,
}

impl SwitchingSender {
    /// The senders of texts and calls.
    pub fn both(carrier: &Arc<SwitchingCarrier>) -> Vec<Arc<dyn Sender>> {
        let of = |kind| Arc::new(Self { kind, carrier: carrier.clone() }) as Arc<dyn Sender>;
        vec![of(Kind::Sms), of(Kind::Call)]
    }

    fn sender(&self) -> Result<Arc<dyn Sender>, CarrierError> {
        let client = self.carrier.client()?;
        Ok(if self.kind == Kind::Sms { Arc::new(client.texts()) } else { Arc::new(client.calls()) })
    }
}

impl Sender for SwitchingSender {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Lookup
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(async move {
            match self.sender() {
                Ok(sender) => sender.send(outgoing).await,
                Err(error) => Outcome::NeedsHuman { error: error.to_string() },
            }
        })
    }

    fn look_up<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(async move {
            match self.sender() {
                Ok(sender) => sender.look_up(outgoing).await,
                Err(error) => Found::Unknown(error.to_string()),
            }
        })
    }
}
