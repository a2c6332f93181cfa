//! The flow that asks for keys: what it is, that it is there, and where its context holds what.

use nightdesk_core::port::CarrierError;
use serde_json::Value;
use std::time::Duration;
use url::Url;

use super::miss::Miss;
use super::text::id;
use super::{TwilioClient, json, reference};

/// The name that the flow has in the account. Its number changes with the definition: flows are found by name, and one
/// that other desks still use stays as it is.
pub const NAME: &str = "Nightdesk acknowledgement v1";

/// What the flow does: detects machines (or dials the extension), says the text twice, takes 1, 2 or a repeat; a voicemail
/// is told its own text. 40 s of ringing.
const DEFINITION: &str = include_str!("flow/acknowledgement.json");

/// The widgets that dial: without an extension, with the detection of machines; and with one, without.
const DIALS: [&str; 2] = ["call", "call_menu"];

/// The widget that asks for a key.
const ASKS: &str = "ack";

/// How long a call waits for the flow. A phone that rings late is worse than one without keys.
const BEFORE_CALL: Duration = Duration::from_secs(4);

/// Rows a page and pages of the account's flows that are looked through.
const ROWS: &str = "100";
const PAGES: usize = 10;

impl TwilioClient {
    /// See [`nightdesk_core::port::Carrier::keys`]. While the carrier can't be asked, the flow of last time is trusted.
    pub(super) async fn provide_keys(&self, known: Option<&str>) -> Result<Option<String>, CarrierError> {
        let known = known.filter(|flow| reference::is_id(flow));
        if let Some(flow) = known {
            self.trust_keys(flow);
        }
        let mut asked = self.inner.asked.lock().await;
        *asked = true;
        self.obtain_keys(known).await
    }

    /// The flow for a call that is about to leave. One that leaves before this program ever asked for the flow, as right
    /// after a start, asks for it first: a call that only speaks can't be acknowledged by its listener.
    pub(super) async fn keys_for_call(&self) -> Option<String> {
        if let Some(flow) = self.keys_in_use() {
            return Some(flow);
        }
        let first = async {
            let mut asked = self.inner.asked.lock().await;
            if !std::mem::replace(&mut *asked, true)
                && let Err(error) = self.obtain_keys(None).await
            {
                tracing::warn!(%error, "the flow that asks for keys could not be asked for; the call only speaks");
            }
        };
        if tokio::time::timeout(BEFORE_CALL, first).await.is_err() {
            tracing::warn!("the carrier did not say in time whether calls can ask for keys; the call only speaks");
        }
        self.keys_in_use()
    }

    async fn obtain_keys(&self, known: Option<&str>) -> Result<Option<String>, CarrierError> {
        match self.provided(known).await {
            Ok(flow) => {
                self.set_keys(flow.clone());
                Ok(flow)
            }
            // A secret that is refused is no reason to think less of the account: everything else waits for it too.
            Err(miss @ Miss::Refused { status: 400 | 402 | 403..=408 | 410..=428, .. }) => {
                let error = CarrierError::from(miss).to_string();
                tracing::warn!(error, "no flow can be made at the carrier; calls only speak, and ask for no key");
                self.set_keys(None);
                Ok(None)
            }
            Err(miss) => Err(miss.into()),
        }
    }

    /// Uses the flow of last time, where none is known yet.
    pub(super) fn trust_keys(&self, flow: &str) {
        if self.keys_in_use().is_none() && reference::is_id(flow) {
            self.set_keys(Some(flow.to_owned()));
        }
    }

    async fn provided(&self, known: Option<&str>) -> Result<Option<String>, Miss> {
        if let Some(flow) = known {
            match self.get(self.studio_url(&["Flows", flow], &[])).await {
                Ok(found) if is_ours(&found) => return Ok(Some(flow.to_owned())),
                Ok(_) | Err(Miss::Refused { status: 404, .. }) => {}
                Err(miss) => return Err(miss),
            }
        }
        let flows = self.studio_url(&["Flows"], &[]);
        let listed = self.list(self.studio_url(&["Flows"], &[("PageSize", ROWS)]), "flows", PAGES, |_| false).await?;
        match listed.iter().find(|flow| is_ours(flow)) {
            Some(flow) => id(flow).map(|flow| Some(flow.to_owned())),
            None => self.make(flows).await,
        }
    }

    async fn make(&self, flows: Url) -> Result<Option<String>, Miss> {
        // Without the line breaks and blanks of the file.
        let definition: Value =
            serde_json::from_str(DEFINITION).map_err(|error| Miss::Unsendable(format!("the flow: {error}")))?;
        let definition = definition.to_string();
        let form = [("FriendlyName", NAME), ("Status", "published"), ("Definition", definition.as_str())];
        let judged = self.post(self.studio_url(&["Flows", "Validate"], &[]), &form).await?;
        if judged.get("valid").and_then(Value::as_bool) != Some(true) {
            tracing::warn!("the carrier finds the flow not valid; calls only speak, and ask for no key");
            return Ok(None);
        }
        let made = self.post(flows, &form).await?;
        let flow = id(&made)?.to_owned();
        tracing::info!(flow, "made the flow that asks for keys at the carrier");
        Ok(Some(flow))
    }
}

fn is_ours(flow: &Value) -> bool {
    json::text(flow, "friendly_name") == Some(NAME) && json::text(flow, "status") == Some("published")
}

/// The delivery's marker, which a run is given as data.
pub(super) fn marker(context: &Value) -> Option<&str> {
    let data = context.pointer("/flow/data").and_then(|data| json::text(data, "marker"));
    data.or_else(|| json::text(context.pointer("/trigger/request/parameters")?, "marker"))
}

fn widget<'a>(context: &'a Value, name: &str) -> Option<&'a Value> {
    context.get("widgets")?.get(name)
}

fn of_dialling<'a>(context: &'a Value, name: &str) -> Option<&'a str> {
    DIALS.iter().find_map(|dial| json::text(widget(context, dial)?, name))
}

/// The call that a run has made, once it tells.
pub(super) fn call_sid(context: &Value) -> Option<&str> {
    let asked = || json::text(widget(context, ASKS)?, "CallSid");
    of_dialling(context, "CallSid").or_else(asked).filter(|sid| reference::is_id(sid))
}

/// How the dialling went, as far as the run knows.
pub(super) fn call_status(context: &Value) -> Option<&str> {
    of_dialling(context, "CallStatus")
}

/// Who took the call.
pub(super) fn answered_by(context: &Value) -> Option<&str> {
    of_dialling(context, "AnsweredBy")
}

/// `1` or `2`, and only as the whole answer: anything else acknowledges nothing.
pub(super) fn key(context: &Value) -> Option<char> {
    match json::text(widget(context, ASKS)?, "Digits")? {
        "1" => Some('1'),
        "2" => Some('2'),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
