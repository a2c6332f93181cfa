//! Sending a request, and deciding whether to send it again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use backon::Retryable;
use bytes::BytesMut;
use secrecy::ExposeSecret;

use crate::connections::{Connections, Pair};
use crate::reach::{Reach, Resolver, SystemResolver};
use crate::request::Auth;
use crate::{Error, Limits, Pacer, PacerStopped, Request, Response, address, transport};

/// Statuses that say "not now" about a GET. A 429 is not among them: the budget is shared by all callers, so waiting is
/// the business of the bucket they share, not of one request.
const RETRIED: [u16; 4] = [500, 502, 503, 504];

/// Makes requests. Clones share connections and are cheap.
#[derive(Debug, Clone)]
pub struct Client {
    limits: Limits,
    connections: Arc<Connections>,
}

/// What one call of [`Client::send`] has used up so far.
struct Tally {
    attempts: AtomicU32,
    /// Set once a pooled connection can't be trusted, or mustn't be used at all.
    fresh: AtomicBool,
}

/// An attempt that may be worth another.
enum Miss {
    Answer(Box<Response>),
    Failure(Error),
}

impl Client {
    /// A client that names itself `user_agent`. Installs the TLS provider; certificates are read at the first https
    /// request.
    ///
    /// # Errors
    /// [`Error::Setup`], if the user agent is no header value.
    pub fn new(limits: Limits, user_agent: &str) -> Result<Self, Error> {
        Self::reaching(limits, user_agent, Reach::Usual, Arc::new(SystemResolver))
    }

    /// A client that goes as far as `reach` says. Names are looked up by `resolver` there, except under
    /// [`Reach::Usual`], which leaves them to the system or its proxy.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn reaching(
        limits: Limits,
        user_agent: &str,
        reach: Reach,
        resolver: Arc<dyn Resolver>,
    ) -> Result<Self, Error> {
        crate::install_crypto();
        Ok(Self { limits, connections: Arc::new(Connections::new(limits, user_agent, reach, resolver)?) })
    }

    /// Sends the request and returns the answer, whatever its status, unless it is a redirect.
    ///
    /// A GET is repeated as [`Limits`] say, honouring a 5xx's `Retry-After`; the answer is the last one then. It is also
    /// repeated once, at once, when its first connection breaks before an answer begins, which is how a pooled connection
    /// shows that it went stale in sleep. Anything else is sent once. `pacer` is asked before each HTTP request.
    ///
    /// # Errors
    /// See [`Error`]; of several attempts, the last one's.
    pub async fn send(&self, request: Request, pacer: &dyn Pacer) -> Result<Response, Error> {
        self.connections.reach().check(&request.url)?;
        let repeatable = request.is_repeatable();
        let pair = self.connections.to(&request.url).await?;
        let tally = Tally { attempts: AtomicU32::new(0), fresh: AtomicBool::new(!repeatable) };

        let outcome = (|| self.attempt(&request, pair, pacer, &tally))
            .retry(self.limits.backoff(repeatable))
            .when(Miss::may_pass)
            .adjust(|miss, delay| delay.map(|delay| delay.max(miss.retry_after().unwrap_or_default())))
            .await;
        let mut response = match outcome {
            Ok(response) => response,
            Err(Miss::Answer(response)) => *response,
            Err(Miss::Failure(error)) => return Err(error),
        };
        response.attempts = tally.attempts.load(Ordering::Relaxed);
        Ok(response)
    }

    async fn attempt(
        &self,
        request: &Request,
        pair: &Pair,
        pacer: &dyn Pacer,
        tally: &Tally,
    ) -> Result<Response, Miss> {
        let fresh = tally.fresh.load(Ordering::Relaxed);
        let first = if fresh { &pair.fresh } else { &pair.pooled };
        let mut outcome = self.exchange(request, first, pacer, tally).await;
        if !fresh && matches!(outcome, Err(Error::Reset { status: None, .. })) {
            outcome = self.exchange(request, &pair.fresh, pacer, tally).await;
        }
        match outcome {
            Ok(response) if RETRIED.contains(&response.status) => Err(Miss::Answer(Box::new(response))),
            Ok(response) => Ok(response),
            Err(error) => {
                tally.fresh.store(true, Ordering::Relaxed);
                Err(Miss::Failure(error))
            }
        }
    }

    /// One HTTP request and its whole answer.
    async fn exchange(
        &self,
        request: &Request,
        connection: &reqwest::Client,
        pacer: &dyn Pacer,
        tally: &Tally,
    ) -> Result<Response, Error> {
        let wire = prepare(request, connection)?;
        pacer.before_attempt().await.map_err(|PacerStopped| Error::Stopped)?;
        let number = tally.attempts.fetch_add(1, Ordering::Relaxed) + 1;

        let host = address::host_and_port(&request.url);
        let result = self.read(connection.execute(wire).await, &host, pacer).await;
        match &result {
            Ok(response) => {
                tracing::debug!(method = %request.method, host, number, status = response.status, "answered")
            }
            Err(error) => tracing::debug!(method = %request.method, host, number, %error, "no answer"),
        }
        result
    }

    async fn read(
        &self,
        begun: Result<reqwest::Response, reqwest::Error>,
        host: &str,
        pacer: &dyn Pacer,
    ) -> Result<Response, Error> {
        let failed =
            |error: &reqwest::Error, status| transport::classify(error, host, self.limits.total_timeout, status);
        let mut answer = begun.map_err(|error| failed(&error, None))?;
        let status = answer.status().as_u16();
        if answer.status().is_redirection() {
            return Err(Error::Redirect { host: host.to_owned(), status });
        }
        let limit = self.limits.max_body;
        let too_large = || Error::TooLarge { host: host.to_owned(), limit, status };
        let announced = answer.content_length().unwrap_or(0);
        if announced > limit as u64 && !self.limits.cut_body {
            return Err(too_large());
        }

        let mut response = Response::new(status, answer.headers(), pacer.now(), self.limits.retry_after_cap);
        // What a server announces is believed up to 64 KiB: a promise alone must not take memory.
        let mut body = BytesMut::with_capacity(usize::try_from(announced).unwrap_or(0).min(64 * 1024));
        while let Some(chunk) = answer.chunk().await.map_err(|error| failed(&error, Some(status)))? {
            if body.len() + chunk.len() > limit {
                if !self.limits.cut_body {
                    return Err(too_large());
                }
                body.extend_from_slice(&chunk[..limit - body.len()]);
                response.is_cut = true;
                break;
            }
            body.extend_from_slice(&chunk);
        }
        response.body = body.freeze();
        Ok(response)
    }
}

impl Miss {
    fn may_pass(&self) -> bool {
        match self {
            Self::Answer(_) => true,
            Self::Failure(error) => error.is_transient(),
        }
    }

    fn retry_after(&self) -> Option<std::time::Duration> {
        match self {
            Self::Answer(response) => response.retry_after,
            Self::Failure(_) => None,
        }
    }
}

/// The request in the library's form, with every value marked as sensitive so that the library doesn't print it either.
fn prepare(request: &Request, connection: &reqwest::Client) -> Result<reqwest::Request, Error> {
    let invalid = |name: &str| Error::InvalidHeader { name: name.to_owned() };
    let mut builder = connection.request(request.method.clone(), request.url.clone());
    builder = match &request.auth {
        None => builder,
        Some(Auth::Bearer(token)) => builder.bearer_auth(token.expose_secret()),
        Some(Auth::Basic { user, secret }) => builder.basic_auth(user.expose_secret(), Some(secret.expose_secret())),
    };
    if let Some(body) = &request.body {
        builder = builder.body(body.clone());
    }
    // The address has been checked, so what cannot be built here is the credential.
    let mut wire = builder.build().map_err(|_| invalid("authorization"))?;
    for (name, value) in &request.headers {
        let key = reqwest::header::HeaderName::try_from(name).map_err(|_| invalid(name))?;
        let mut value = reqwest::header::HeaderValue::try_from(value.expose_secret()).map_err(|_| invalid(name))?;
        value.set_sensitive(true);
        wire.headers_mut().insert(key, value);
    }
    Ok(wire)
}
