//! One request and its answer.

use chrono::DateTime;
use nightdesk_http::{NoPace, Request, Response};
use serde_json::Value;
use url::Url;

use super::miss::Miss;
use super::{TwilioClient, address, credentials, json};

/// Twilio's `Retry-After` is a number of seconds, so no clock is needed; a date counts as the longest wait believed.
const PACE: NoPace<fn() -> DateTime<chrono::Utc>> = NoPace(|| DateTime::UNIX_EPOCH);

impl TwilioClient {
    /// Gets an address and reads the object there. Repeated by the HTTP client where that is harmless.
    pub(super) async fn get(&self, url: Url) -> Result<Value, Miss> {
        self.exchange(Request::get(url)).await
    }

    /// Posts a form once and reads the object that is answered.
    pub(super) async fn post(&self, url: Url, form: &[(&str, &str)]) -> Result<Value, Miss> {
        self.exchange(Request::post(url).form(form.iter().copied())).await
    }

    async fn exchange(&self, request: Request) -> Result<Value, Miss> {
        // Read each time: the secret may have been entered anew since.
        let secret = self.inner.credentials.twilio().map_err(Miss::NoSecret)?;
        let (user, password) = credentials::login(&secret, &self.inner.account_sid);
        let request = request.basic(user, password).header("accept", "application/json".to_owned());
        match self.inner.http.send(request, &PACE).await {
            Ok(response) if response.is_success() => json::object(&response).map_err(Miss::Unreadable),
            Ok(response) => Err(refused(&response)),
            Err(error) => Err(Miss::without_answer(&error)),
        }
    }

    /// The rows of a list, in its order, from at most `pages` pages; stops early when `enough` says so of a row, which is
    /// left out.
    pub(super) async fn list(
        &self,
        mut url: Url,
        name: &str,
        pages: usize,
        enough: impl Fn(&Value) -> bool + Send,
    ) -> Result<Vec<Value>, Miss> {
        let mut rows = Vec::new();
        for _ in 0..pages {
            let answer = self.get(url.clone()).await?;
            for row in json::rows(&answer, name).map_err(Miss::Unreadable)? {
                if enough(row) {
                    return Ok(rows);
                }
                rows.push(row.clone());
            }
            let Some(next) = next_link(&answer).and_then(|link| address::next_page(&url, link)) else {
                return Ok(rows);
            };
            url = next;
        }
        tracing::warn!(list = name, pages, "the carrier's list goes on; the rest was not read");
        Ok(rows)
    }

    /// An address of the account's texts and calls.
    pub(super) fn account_url(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        address::below(&self.inner.account, path, query)
    }

    /// An address of the account's flows.
    pub(super) fn studio_url(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        address::below(&self.inner.studio, path, query)
    }
}

/// The older interface has `next_page_uri` beside the list, the newer one `meta.next_page_url`.
fn next_link(answer: &Value) -> Option<&str> {
    json::text(answer, "next_page_uri").or_else(|| json::text(answer.get("meta")?, "next_page_url"))
}

/// Twilio's sentence is left out: it repeats numbers.
fn refused(response: &Response) -> Miss {
    let code = json::object(response).ok().and_then(|answer| json::number(&answer, "code")).filter(|code| *code > 0);
    Miss::Refused { status: response.status, code, retry_after: response.retry_after }
}
