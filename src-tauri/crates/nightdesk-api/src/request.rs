//! What a command asks of the running engine. The database is the only meeting place: a request is a row, and so is
//! its answer.

use crate::error::Error;
use chrono::{DateTime, Utc};
use nightdesk_core::config::Channel;
use nightdesk_core::ids::IncidentId;
pub use nightdesk_engine::contacts::VerificationReport;
pub use nightdesk_engine::retry::Retried;
use nightdesk_store::{Setting, Topic, Tx};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A request's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub i64);

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A poll by a walk that begins after now.
    Poll,
    /// A quarantined incident to be fetched and read again.
    QuarantineRetry(IncidentId),
    /// A PIN to be sent to a contact's number. What is entered then is no request: a PIN never stands in the store.
    ContactVerify {
        /// The contact.
        name: String,
        /// The way; `None` for the usual one.
        channel: Option<Channel>,
    },
}

/// Asks; nobody waits for the answer after `deadline`.
///
/// # Errors
/// The store's.
pub fn ask(tx: &Tx<'_>, request: &Request, now: DateTime<Utc>, deadline: DateTime<Utc>) -> Result<RequestId, Error> {
    let (kind, body) = match request {
        Request::Poll => ("poll", serde_json::json!({})),
        Request::QuarantineRetry(id) => ("quarantine_retry", serde_json::json!({ "incident_id": id })),
        Request::ContactVerify { name, channel } => {
            ("contact_verify", serde_json::json!({ "name": name, "channel": channel }))
        }
    };
    Ok(RequestId(tx.ask(kind, &body.to_string(), now, deadline)?))
}

/// The answer, once there is one.
///
/// # Errors
/// `NotFound` when the request is gone; `Internal` for an answer in another shape, as a newer engine might give.
pub fn answer<T: DeserializeOwned>(tx: &Tx<'_>, id: RequestId) -> Result<Option<T>, Error> {
    let row = tx.request(id.0)?.ok_or_else(|| Error::not_found("the request is gone: its deadline was long over"))?;
    let Some(text) = row.answer else { return Ok(None) };
    let read = serde_json::from_str(&text).map_err(nightdesk_store::Error::from)?;
    Ok(Some(read))
}

/// Takes a question back: whoever asked does the work itself, and an engine that starts later shouldn't do it again.
///
/// # Errors
/// The store's.
pub fn withdraw(tx: &Tx<'_>, id: RequestId) -> Result<(), Error> {
    Ok(tx.answer_request(id.0, "null")?)
}

/// Tells a running engine that a secret was changed, so that a new key counts at once.
///
/// # Errors
/// The store's.
pub fn secrets_changed(tx: &Tx<'_>) -> Result<(), Error> {
    tx.touch(Topic::Secrets);
    // A PSA that refused the old key is asked again now, and not at its next turn.
    if tx.setting(Setting::PsaFails)?.is_some() {
        nightdesk_engine::psa::ask(tx)?;
    }
    Ok(())
}
