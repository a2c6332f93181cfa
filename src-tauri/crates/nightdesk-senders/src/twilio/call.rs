//! Calls: placing, and finding again.

use chrono::{DateTime, Duration, Utc};
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{CallOut, CarrierError, Found, Outgoing, PortFuture, Sender};
use serde_json::Value;

use super::miss::Miss;
use super::text::id;
use super::{TwilioClient, codes, extension, json, settings, speech};

/// Seconds that a phone rings. Most voicemails have picked up by then, and the next step isn't held up; the flow has the
/// same.
const RING: &str = "40";

/// Seconds in which the carrier decides between person and machine.
const DETECTION: &str = "10";

/// Rows of the list in which a call is looked for.
const RECENT: &str = "20";

/// How far the clocks here and at Twilio may be apart for a call to be found again. With more a phone rings twice, which is
/// better than not at all.
const APART: Duration = Duration::seconds(60);

/// The sender of calls: the destination is the number in E.164, the payload a [`CallOut`]. A call with keys is a run of the
/// account's flow; where none is to be had, or Twilio denies it, the call only speaks.
#[derive(Debug, Clone)]
pub struct Calls(pub(super) TwilioClient);

impl Sender for Calls {
    fn kind(&self) -> Kind {
        Kind::Call
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Lookup
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(async move {
            match Wanted::read(outgoing) {
                Ok(wanted) => self.0.place(&wanted).await.unwrap_or_else(Miss::outcome),
                Err(error) => Outcome::Permanent { error },
            }
        })
    }

    fn look_up<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(async move {
            // What can't be read can't have been sent either.
            let Ok(wanted) = Wanted::read(outgoing) else { return Found::No };
            let flow = self.0.keys_in_use().filter(|_| wanted.call.keys);
            let found = match flow {
                Some(flow) => self.0.find_run(&flow, &wanted).await,
                None => self.0.find_call(&wanted).await,
            };
            match found {
                Ok(Some(reference)) => Found::Yes { remote_ref: Some(reference) },
                Ok(None) => Found::No,
                Err(miss) => Found::Unknown(CarrierError::from(miss).to_string()),
            }
        })
    }
}

/// A call that Twilio could place.
pub(super) struct Wanted<'a> {
    pub to: &'a str,
    pub marker: &'a str,
    since: DateTime<Utc>,
    pub call: CallOut,
    pub digits: Option<String>,
}

impl<'a> Wanted<'a> {
    fn read(outgoing: &'a Outgoing) -> Result<Self, String> {
        let call: CallOut = serde_json::from_value(outgoing.payload.clone())
            .map_err(|_| "the call is stored in a form that this version can't read: page again by hand".to_owned())?;
        if !settings::is_e164(&outgoing.destination) {
            return Err(codes::known(21217).map_or_else(String::new, codes::Code::sentence));
        }
        let digits = extension::digits(call.extension.as_deref())?;
        Ok(Self { to: &outgoing.destination, marker: &outgoing.marker, since: outgoing.since, call, digits })
    }

    /// Whether what Twilio made at the time in this row can be this call; one that tells no time may be.
    pub fn can_be(&self, row: &Value) -> bool {
        json::time(row, "date_created").is_none_or(|made| made >= self.since - APART)
    }
}

impl TwilioClient {
    async fn place(&self, wanted: &Wanted<'_>) -> Result<Outcome, Miss> {
        let accepted = |reference: String| Outcome::Accepted { remote_ref: Some(reference) };
        let flow = if wanted.call.keys { self.keys_for_call().await } else { None };
        let Some(flow) = flow else {
            return self.speak(wanted).await.map(accepted);
        };
        match self.run(&flow, wanted).await {
            Ok(reference) => Ok(accepted(reference)),
            // Denied is certainly without effect, and a phone that rings without keys is better than one that doesn't.
            Err(miss) if miss.is_denied() => {
                tracing::warn!("the carrier's flow is not to be had; calls only speak until it is set up again");
                self.forget(&flow, &miss);
                self.speak(wanted).await.map(accepted)
            }
            Err(miss @ Miss::Refused { status: 409, .. }) => {
                self.end_stuck(&flow, wanted.to).await;
                Err(miss)
            }
            Err(miss) => Err(miss),
        }
    }

    /// Only where Twilio says that the flow is not there or not allowed; a refused secret, for one, says nothing about it.
    fn forget(&self, flow: &str, miss: &Miss) {
        let gone = matches!(miss, Miss::Refused { status: 403 | 404, .. });
        if gone && self.keys_in_use().as_deref() == Some(flow) {
            self.set_keys(None);
        }
    }

    /// A call that says its text twice and hangs up.
    async fn speak(&self, wanted: &Wanted<'_>) -> Result<String, Miss> {
        let document = speech::twice(&wanted.call.spoken, wanted.call.keys);
        let digits = wanted.digits.as_ref().map(|digits| format!("{}{digits}", extension::PAUSE));
        let mut form = vec![
            ("To", wanted.to),
            ("From", self.inner.from.as_str()),
            ("Twiml", document.as_str()),
            ("Timeout", RING),
        ];
        match &digits {
            // Digits switch the detection off, and a phone menu would pass for a machine anyway.
            Some(digits) => form.push(("SendDigits", digits)),
            // Whether a person took the page; a PIN is for whoever answers, and detection would make them wait for it.
            None if wanted.call.keys => {
                form.extend([("MachineDetection", "Enable"), ("MachineDetectionTimeout", DETECTION)]);
            }
            None => {}
        }
        let answer = self.post(self.account_url(&["Calls.json"], &[]), &form).await?;
        id(&answer).map(str::to_owned)
    }

    /// The newest call to a number since then. Calls carry no mark of ours: that it isn't another delivery's, the engine
    /// checks as far as its record goes.
    async fn find_call(&self, wanted: &Wanted<'_>) -> Result<Option<String>, Miss> {
        let to = wanted.to;
        let query = [("To", to), ("From", self.inner.from.as_str()), ("PageSize", RECENT)];
        let rows = self.list(self.account_url(&["Calls.json"], &query), "calls", 1, |_| false).await?;
        let ours = |row: &&Value| {
            let is_to = json::text(row, "to") == Some(to) && json::text(row, "direction") == Some("outbound-api");
            is_to && wanted.can_be(row)
        };
        rows.iter().find(ours).map(|row| id(row).map(str::to_owned)).transpose()
    }
}
