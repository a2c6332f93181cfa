//! The engine's view of the carrier.

use chrono::{DateTime, Utc};
use nightdesk_core::port::{CallStatus, Carrier, CarrierError, PortFuture, Reply, TextState};
use secrecy::ExposeSecret;

use super::execution::Dialled;
use super::miss::Miss;
use super::reference::Line;
use super::{TwilioClient, credentials, seal};

impl Carrier for TwilioClient {
    fn text<'a>(&'a self, reference: &'a str) -> PortFuture<'a, Result<TextState, CarrierError>> {
        Box::pin(self.text_state(reference))
    }

    fn call<'a>(&'a self, reference: &'a str) -> PortFuture<'a, Result<CallStatus, CarrierError>> {
        Box::pin(async move {
            match Line::parse(reference).ok_or(CarrierError::NotFound)? {
                Line::Run { flow, execution } => self.run_status(flow, execution).await,
                Line::Call(call) => self.call_status(call).await,
            }
        })
    }

    fn hang_up<'a>(&'a self, reference: &'a str) -> PortFuture<'a, Result<(), CarrierError>> {
        Box::pin(async move {
            match Line::parse(reference).ok_or(CarrierError::NotFound)? {
                Line::Run { flow, execution } => self.hang_up_run(flow, execution).await,
                Line::Call(call) => self.complete(call).await,
            }
            .map_err(CarrierError::from)
        })
    }

    fn replies<'a>(&'a self, from: &'a str, since: DateTime<Utc>) -> PortFuture<'a, Result<Vec<Reply>, CarrierError>> {
        Box::pin(self.replies_of(from, since))
    }

    fn recall(&self, keys: &str) {
        self.trust_keys(keys);
    }

    fn keys<'a>(&'a self, known: Option<&'a str>) -> PortFuture<'a, Result<Option<String>, CarrierError>> {
        Box::pin(self.provide_keys(known))
    }

    fn seal(&self, text: &str) -> Result<[u8; 32], CarrierError> {
        let secret = credentials::trimmed(&self.inner.credentials.twilio()?);
        let sealed = seal::seal(secret.expose_secret().as_bytes(), text);
        sealed.ok_or_else(|| CarrierError::NoSecret("the carrier's secret can't serve as a key; enter it again".into()))
    }
}

impl TwilioClient {
    /// Ends the run first, so that it starts nothing more, and then its call, which goes on without it. Each is tried
    /// whatever becomes of the other.
    async fn hang_up_run(&self, flow: &str, execution: &str) -> Result<(), Miss> {
        let context = self.context(flow, execution).await;
        let dialled = match &context {
            Ok(context) => self.dialled(flow, execution, context).await,
            Err(miss) => Err(miss.clone()),
        };
        let run = match self.end_run(flow, execution).await {
            // Over already.
            Err(Miss::Refused { status: 400 | 404 | 409, .. }) => Ok(()),
            other => other,
        };
        let call = match dialled {
            Ok(Dialled::Call(record)) if !record.stage().is_over() => match record.sid() {
                Some(sid) => self.complete(sid).await,
                None => Err(Miss::Unreadable("its answer holds no id".into())),
            },
            Ok(_) => Ok(()),
            Err(miss) => Err(miss),
        };
        call.and(run)
    }
}
