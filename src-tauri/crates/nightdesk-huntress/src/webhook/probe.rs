//! A signed test, posted to the desk's own public address.

use super::SigningSecrets;
use chrono::{DateTime, Utc};
use nightdesk_http::{Limits, NoPace, Request};
use std::time::Duration;
use url::Url;

/// What the test calls itself: no event of Huntress's, so that it is kept and nothing more.
pub const TEST_EVENT: &str = "nightdesk.test";

/// Longest wait for the answer; Svix waits for 15 s.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why a test didn't arrive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// The address isn't one.
    #[error("{0} is not an address")]
    Address(String),
    /// No answer.
    #[error("{0}")]
    Unreachable(String),
    /// An answer other than 2xx.
    #[error("it answered HTTP {status}: {detail}")]
    Refused {
        /// The status.
        status: u16,
        /// The start of the answer.
        detail: String,
    },
}

/// Posts a signed test to `address`, as Huntress posts: `id` is the delivery's.
///
/// # Errors
/// [`ProbeError`]; a redirect is a failure, as it is to Huntress.
pub async fn post_test(
    address: &str,
    secrets: &SigningSecrets,
    id: &str,
    now: DateTime<Utc>,
) -> Result<(), ProbeError> {
    let url = Url::parse(address).map_err(|_| ProbeError::Address(address.to_owned()))?;
    let body = serde_json::json!({ "event_type": TEST_EVENT, "id": id, "created_at": now }).to_string();
    let signature = secrets.sign(id, now, body.as_bytes()).unwrap_or_default();
    let request = Request::post(url)
        .header("svix-id", id.to_owned())
        .header("svix-timestamp", now.timestamp().to_string())
        .header("svix-signature", signature)
        .body("application/json", body);
    let unreachable = |error: nightdesk_http::Error| ProbeError::Unreachable(error.to_string());
    let http = nightdesk_http::Client::new(Limits::default(), crate::USER_AGENT).map_err(unreachable)?;
    let answer = tokio::time::timeout(PATIENCE, http.send(request, &NoPace(move || now))).await;
    let response = answer
        .map_err(|_| ProbeError::Unreachable(format!("no answer within {} seconds", PATIENCE.as_secs())))?
        .map_err(unreachable)?;
    if response.is_success() {
        return Ok(());
    }
    Err(ProbeError::Refused { status: response.status, detail: crate::read::start_of(&response.body, 200) })
}
