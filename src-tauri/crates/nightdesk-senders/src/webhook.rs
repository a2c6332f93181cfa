//! Webhooks out: posts signed as the Standard Webhooks specification has it, under its own header names and under Svix's,
//! so that any library for either verifies them.
//!
//! A consumer knows a repeat by its id, which is the same on every attempt ([`Idempotency::Key`]).

mod answer;
mod secret;
mod sign;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{Exchange, Found, Outgoing, PortFuture, Sender};
use nightdesk_core::webhook::Post;
use nightdesk_http::{Client, Limits, NoPace, Reach, Request, Resolver, SystemResolver};
use secrecy::SecretString;
use url::Url;

pub use secret::{EndpointSecret, KeyError, MasterKey};
pub use sign::{Signature, signature};

/// How Nightdesk names itself to an endpoint.
const USER_AGENT: &str = concat!("Nightdesk-Webhooks/", env!("CARGO_PKG_VERSION"));

/// An endpoint has 15 s in all (Svix's rule), of which its status is what counts: of its words a screenful is kept.
const LIMITS: fn() -> Limits = || Limits {
    connect_timeout: Duration::from_secs(10),
    total_timeout: Duration::from_secs(15),
    max_body: 4096,
    cut_body: true,
    retries: 0,
    retry_after_cap: Duration::from_secs(86_400),
    ..Limits::default()
};

/// Where the master key comes from. Asked before each request, so that one entered anew works without a restart; an
/// implementation over a slow keychain should keep what it has read.
pub trait Keys: Send + Sync {
    /// The key that every endpoint's secret is derived from.
    ///
    /// # Errors
    /// [`KeyError`] where there is none, and none can be made.
    fn webhook_out(&self) -> Result<MasterKey, KeyError>;
}

/// The sender of kind `webhook`.
pub struct Webhooks {
    keys: Arc<dyn Keys>,
    clock: Arc<dyn Clock>,
    resolver: Arc<dyn Resolver>,
    limits: Limits,
    /// Made when first needed: a desk without endpoints holds no connections for them.
    outside: OnceLock<Result<Client, String>>,
    inside_too: OnceLock<Result<Client, String>>,
}

impl Webhooks {
    /// A sender; the clock dates signatures, within five minutes of the endpoint's own.
    pub fn new(keys: Arc<dyn Keys>, clock: Arc<dyn Clock>) -> Self {
        Self::resolving(keys, clock, Arc::new(SystemResolver))
    }

    /// [`Self::new`] with another name server.
    pub fn resolving(keys: Arc<dyn Keys>, clock: Arc<dyn Clock>, resolver: Arc<dyn Resolver>) -> Self {
        Self { keys, clock, resolver, limits: LIMITS(), outside: OnceLock::new(), inside_too: OnceLock::new() }
    }

    /// The same with less patience than the 15 s that endpoints are promised: for tests of one that hangs.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { limits: Limits { connect_timeout: limit, total_timeout: limit, ..self.limits }, ..self }
    }

    fn client(&self, allow_private: bool) -> Result<&Client, String> {
        let (held, reach) =
            if allow_private { (&self.inside_too, Reach::InsideToo) } else { (&self.outside, Reach::Outside) };
        let made = held.get_or_init(|| {
            Client::reaching(self.limits, USER_AGENT, reach, self.resolver.clone()).map_err(|error| error.to_string())
        });
        made.as_ref().map_err(Clone::clone)
    }

    async fn post(&self, outgoing: &Outgoing) -> (Outcome, Option<Exchange>) {
        let broken = |error: String| (Outcome::NeedsHuman { error }, None);
        let post: Post = match serde_json::from_value(outgoing.payload.clone()) {
            Ok(post) => post,
            Err(error) => return broken(format!("the queued message can't be read: {error}")),
        };
        let Some(terms) = post.terms else { return broken("the message was queued without its terms".to_owned()) };
        let url = match Url::parse(&outgoing.destination) {
            Ok(url) => url,
            Err(error) => return broken(format!("the endpoint's address can't be read: {error}")),
        };
        // Not the endpoint's fault: tried again, since a keychain may be unlocked and a certificate store repaired.
        let ours = |error: String| (Outcome::Temporary { error, retry_after: None }, None);
        let (key, client) = match (self.keys.webhook_out(), self.client(terms.allow_private)) {
            (Ok(key), Ok(client)) => (key, client),
            (Err(error), _) => return ours(error.to_string()),
            (_, Err(error)) => return ours(error),
        };
        let secrets = secret::in_force(&key, &outgoing.destination, &terms);
        let Some(signature) = signature(&secrets, &post.id, self.clock.now(), post.body.as_bytes()) else {
            return broken("the message could not be signed".to_owned());
        };
        let headers = signature.headers(&post.id);
        let request = headers.iter().fold(
            Request::post(url).body("application/json", post.body.clone().into_bytes()),
            |request, (name, value)| request.header(*name, SecretString::from(value.as_str())),
        );
        let shown = shown(&headers);
        let clock = self.clock.clone();
        let begun = self.clock.awake();
        let result = client.send(request, &NoPace(move || clock.now())).await;
        let duration = self.clock.awake().saturating_sub(begun);
        let is_ours = result.as_ref().is_err_and(answer::is_ours);
        let is_unfound = result.as_ref().is_err_and(answer::is_unfound);
        let (outcome, answer, is_farewell) = answer::judge(result);
        if is_ours {
            return (outcome, None);
        }
        (outcome, Some(Exchange { request_headers: shown, answer, duration, is_farewell, is_unfound }))
    }
}

/// The headers as they are kept. Svix's repeat the others, and the signature proves without telling the secret.
fn shown(headers: &[(&'static str, String)]) -> Vec<(String, String)> {
    let ours = [("content-type", "application/json".to_owned()), ("user-agent", USER_AGENT.to_owned())];
    ours.iter().chain(headers).map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

impl Sender for Webhooks {
    fn kind(&self) -> Kind {
        Kind::Webhook
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Key
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(async move { self.post(outgoing).await.0 })
    }

    fn send_and_show<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, (Outcome, Option<Exchange>)> {
        Box::pin(self.post(outgoing))
    }

    fn look_up<'a>(&'a self, _outgoing: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(std::future::ready(Found::Unknown("a webhook's endpoint can't be asked".to_owned())))
    }
}
