//! Access tokens: got with the refresh token, kept in memory, and got anew when they are refused.
//!
//! When one runs out isn't counted: whoever takes it says so, and then it is renewed once. That needs no clock, and holds
//! too where a token is taken back early.

use super::credentials::Credentials;
use super::miss::Miss;
use super::settings::TokenSource;
use chrono::DateTime;
use nightdesk_core::content::line;
use nightdesk_http::{NoPace, Request, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::sync::Arc;
use tokio::sync::Mutex;

/// No `Retry-After` date is used of the answers, so no clock is needed.
pub(super) const PACE: NoPace<fn() -> DateTime<chrono::Utc>> = NoPace(|| DateTime::UNIX_EPOCH);

pub(super) struct Tokens {
    source: TokenSource,
    credentials: Arc<dyn Credentials>,
    http: nightdesk_http::Client,
    present: Mutex<Option<SecretString>>,
}

/// As RFC 6749 (5.1) has it.
#[derive(Deserialize)]
struct Granted {
    access_token: SecretText,
    refresh_token: Option<SecretText>,
}

/// As RFC 6749 (5.2) has it.
#[derive(Deserialize)]
struct Denied {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// Not `Debug` (ND-12).
#[derive(Deserialize)]
#[serde(transparent)]
struct SecretText(String);

impl Tokens {
    pub fn new(source: TokenSource, credentials: Arc<dyn Credentials>, http: nightdesk_http::Client) -> Self {
        Self { source, credentials, http, present: Mutex::default() }
    }

    /// The token in use, else a new one. Only one is asked for at a time.
    pub async fn get(&self) -> Result<SecretString, Miss> {
        let mut present = self.present.lock().await;
        if let Some(token) = &*present {
            return Ok(token.clone());
        }
        let token = self.ask().await?;
        *present = Some(token.clone());
        Ok(token)
    }

    /// The one in use was refused.
    pub async fn forget(&self) {
        *self.present.lock().await = None;
    }

    async fn ask(&self) -> Result<SecretString, Miss> {
        let missing = |error: super::Unavailable| Miss::Setting(error.to_string());
        let refresh = self.credentials.refresh_token().map_err(missing)?;
        let secret = if self.source.with_secret { Some(self.credentials.password().map_err(missing)?) } else { None };
        let mut form = vec![
            ("client_id", self.source.client_id.as_str()),
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.expose_secret().trim()),
        ];
        form.extend(self.source.scope.map(|scope| ("scope", scope)));
        form.extend(secret.as_ref().map(|secret| ("client_secret", secret.expose_secret().trim())));
        let request = Request::post(self.source.url.clone())
            .form(form.iter().copied())
            .header("accept", "application/json".to_owned());
        // Asking again for a token does no harm, so whatever goes wrong is worth another try.
        let answer = self.http.send(request, &PACE).await.map_err(|e| match e.is_transient() {
            true => Miss::Passing(format!("no token for the mail account: {e}"), None),
            false => Miss::Setting(format!("no token for the mail account: {e}")),
        })?;
        let granted = self.read(&answer)?;
        if let Some(next) = granted.refresh_token.filter(|next| next.0 != refresh.expose_secret().trim()) {
            let (credentials, next) = (self.credentials.clone(), SecretString::from(next.0));
            // The keychain may be slow, and nobody waits for it here.
            let _kept = tokio::task::spawn_blocking(move || credentials.keep_refresh_token(&next)).await;
        }
        Ok(SecretString::from(granted.access_token.0))
    }

    fn read(&self, answer: &Response) -> Result<Granted, Miss> {
        let host = self.source.url.host_str().unwrap_or_default();
        if answer.is_success() {
            return serde_json::from_slice(&answer.body)
                .map_err(|_| Miss::Setting(format!("{host} answered something that holds no token")));
        }
        let denied: Option<Denied> = serde_json::from_slice(&answer.body).ok();
        let words = denied.map_or_else(
            || format!("HTTP {}", answer.status),
            |d| format!("{}: {}", line(&d.error), line(&d.error_description).chars().take(200).collect::<String>()),
        );
        Err(match answer.status {
            429 | 500.. => Miss::Passing(format!("{host} gives no token for now: {words}"), answer.retry_after),
            _ => Miss::Setting(format!(
                "{host} gives no token ({words}): sign in anew and enter the refresh token with `nightdesk secret set SMTP_REFRESH_TOKEN`"
            )),
        })
    }
}
