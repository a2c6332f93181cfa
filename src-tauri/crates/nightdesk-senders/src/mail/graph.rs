//! Microsoft Graph: the whole message in one request (`sendMail` with a MIME body in base64; 202 when it was taken).

use super::miss::Miss;
use super::token::{PACE, Tokens};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nightdesk_core::content::line;
use nightdesk_http::{ConnectKind, Error as HttpError, Request, Response};
use url::Url;

/// The longest that is kept of Graph's words, in characters.
const LONGEST: usize = 300;

pub(super) struct Graph {
    url: Url,
    tokens: Tokens,
    http: nightdesk_http::Client,
}

impl Graph {
    pub fn new(url: Url, tokens: Tokens, http: nightdesk_http::Client) -> Self {
        Self { url, tokens, http }
    }

    /// Hands a message over; a refused token is renewed once.
    pub async fn send(&self, message: &[u8]) -> Result<(), Miss> {
        let mut answer = self.post(message).await?;
        if answer.status == 401 {
            self.tokens.forget().await;
            answer = self.post(message).await?;
        }
        match answer.status {
            200..=299 => Ok(()),
            _ => Err(self.refused(&answer)),
        }
    }

    async fn post(&self, message: &[u8]) -> Result<Response, Miss> {
        let token = self.tokens.get().await?;
        let request = Request::post(self.url.clone()).bearer(token).body("text/plain", STANDARD.encode(message));
        self.http.send(request, &PACE).await.map_err(|error| match &error {
            HttpError::Connect { kind: ConnectKind::Tls, .. } => Miss::Setting(error.to_string()),
            HttpError::Connect { .. } | HttpError::Stopped => Miss::Passing(error.to_string(), None),
            _ if error.never_sent() => Miss::Setting(error.to_string()),
            _ => Miss::Lost(error.to_string()),
        })
    }

    fn refused(&self, answer: &Response) -> Miss {
        let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let part = |name: &str| {
            let text = body["error"][name].as_str().unwrap_or_default();
            line(text).chars().take(LONGEST).collect::<String>()
        };
        let words = format!("HTTP {} {} {}", answer.status, part("code"), part("message"));
        let words = format!("Microsoft Graph answered {}", words.trim_end());
        match answer.status {
            401 | 403 => Miss::Setting(format!(
                "{words}: the application needs the right Mail.Send, and the sign-in must be of a mailbox that may send as email.from"
            )),
            404 => Miss::Setting(format!("{words}: check email.username and email.tenant")),
            429 | 503 => Miss::Passing(words, answer.retry_after),
            // Graph doesn't say whether it had the message by then.
            408 | 500.. => Miss::Lost(words),
            _ => Miss::Refused(words),
        }
    }
}
