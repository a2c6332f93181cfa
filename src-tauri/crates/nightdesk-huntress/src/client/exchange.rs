//! One request, its repetitions, and what a status means.

use std::time::Duration;

use chrono::{DateTime, Utc};
use nightdesk_core::port::{HuntressError, Pace, Urgency};
use nightdesk_http::{Error as HttpError, Pacer, PacerStopped, Request, Response};
use url::Url;

use super::HuntressClient;
use super::credentials::trimmed;
use crate::read::start_of;

/// Attempts in all while Huntress answers 429. The limit is a sliding minute for the whole account, so a wait or two mostly
/// suffices; after that the next poll is the better time.
const ATTEMPTS: u32 = 3;

/// Characters of a rejection that are shown.
const DETAIL: usize = 200;

/// The engine's pace in the form that the HTTP client asks for.
struct Turn<'a> {
    pace: &'a dyn Pace,
    urgency: Urgency,
}

impl Pacer for Turn<'_> {
    fn before_attempt(&self) -> nightdesk_http::Pace<'_> {
        let pass = self.pace.pass(self.urgency);
        Box::pin(async move { pass.await.map_err(|_stopped| PacerStopped) })
    }

    fn now(&self) -> DateTime<Utc> {
        self.pace.now()
    }
}

impl HuntressClient {
    /// Gets an address and returns the answer if it is a success. `Ok` is always a 2xx.
    ///
    /// The HTTP client repeats after a 5xx, a timeout or a lost connection. A 429 is dealt with here: it is told to the
    /// pace, which then holds back everybody, this request's next attempt included.
    pub(super) async fn get(&self, pace: &dyn Pace, urgency: Urgency, url: Url) -> Result<Response, HuntressError> {
        let turn = Turn { pace, urgency };
        let mut attempt = 1;
        loop {
            // Read each time: the key may have been entered anew while this request waited.
            let (key, secret) = self.credentials.huntress()?;
            let request = Request::get(url.clone())
                .basic(trimmed(&key), trimmed(&secret))
                .header("accept", "application/json".to_owned());
            let retry_after = match self.http.send(request, &turn).await {
                Ok(response) if response.status == 429 => response.retry_after,
                // A 429 whose body was cut off says as much as a whole one.
                Err(error) if error.status() == Some(429) => None,
                Ok(response) if response.is_success() => return Ok(response),
                Ok(response) => return Err(by_status(&response)),
                Err(error) => return Err(without_answer(error)),
            };
            pace.throttled(retry_after).await;
            if attempt == ATTEMPTS {
                return Err(HuntressError::RateLimited { retry_after });
            }
            tracing::info!(
                attempt,
                wait_s = retry_after.map(|wait: Duration| wait.as_secs()),
                "the request limit is used up"
            );
            attempt += 1;
        }
    }
}

fn by_status(response: &Response) -> HuntressError {
    match response.status {
        status @ (401 | 403) => HuntressError::Refused { status },
        404 => HuntressError::NotFound,
        status @ 500.. => HuntressError::Fault { status },
        status @ 300..=399 => HuntressError::Redirect { status },
        status => HuntressError::Rejected { status, detail: start_of(&response.body, DETAIL) },
    }
}

fn without_answer(error: HttpError) -> HuntressError {
    match error {
        HttpError::Stopped => HuntressError::Stopped,
        HttpError::Redirect { status, .. } => HuntressError::Redirect { status },
        HttpError::TooLarge { .. } => HuntressError::BadAnswer(error.to_string()),
        // Began and broke off each time: the line works, the answer doesn't.
        _ if matches!(error.status(), Some(200..=299)) => HuntressError::BadAnswer(error.to_string()),
        _ => match error.status() {
            Some(status @ (401 | 403)) => HuntressError::Refused { status },
            Some(404) => HuntressError::NotFound,
            Some(status @ 500..) => HuntressError::Fault { status },
            _ => HuntressError::Unreachable(error.to_string()),
        },
    }
}
