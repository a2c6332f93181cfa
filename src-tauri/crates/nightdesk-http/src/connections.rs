//! The connections a client holds.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use tokio::sync::OnceCell;
use url::Url;

use crate::reach::{Allowed, Guard};
use crate::{Error, Limits, Reach, Resolver};

/// Idle connections are dropped after this. It is measured on a clock that stands still while the machine sleeps, so a
/// connection can look young and be dead: hence [`Pair::fresh`].
const POOL_IDLE: Duration = Duration::from_secs(20);

/// Kept per host. Nightdesk asks a host one thing at a time, mostly; and as few as there are retries means that even
/// connections that died without a word cannot use up all attempts.
const POOL_PER_HOST: usize = 2;

/// Two ways to the same hosts.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    /// Reuses idle connections.
    pub pooled: reqwest::Client,
    /// Opens a connection for each request: after a lost one, and for what may be sent only once, so that a stale
    /// connection can't leave it in doubt.
    pub fresh: reqwest::Client,
}

/// The pairs for plain http and for https.
pub(crate) struct Connections {
    limits: Limits,
    user_agent: String,
    reach: Reach,
    resolver: Arc<dyn Resolver>,
    plain: Pair,
    secure: OnceCell<Pair>,
}

impl Connections {
    pub fn new(limits: Limits, user_agent: &str, reach: Reach, resolver: Arc<dyn Resolver>) -> Result<Self, Error> {
        let plain = Pair::build(&limits, user_agent, |builder| match reach {
            Reach::InsideToo => guarded(builder, &resolver, Allowed::Inside).tls_certs_only([]),
            // From `Outside` no plain request comes this far.
            Reach::Usual | Reach::Outside => local(builder),
        })?;
        Ok(Self { limits, user_agent: user_agent.to_owned(), reach, resolver, plain, secure: OnceCell::new() })
    }

    /// How far it may go.
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// The pair for an address that [`Reach::check`] has passed.
    pub async fn to(&self, url: &Url) -> Result<&Pair, Error> {
        if url.scheme() == "http" {
            return Ok(&self.plain);
        }
        // Reading the system's certificates takes time and fails where there are none: neither concerns a desk that only
        // talks to this machine (demo), nor the time until `ready`.
        self.secure
            .get_or_try_init(|| async {
                Pair::build(&self.limits, &self.user_agent, |builder| {
                    let builder = builder.https_only(true);
                    match self.reach {
                        Reach::Usual => builder,
                        Reach::Outside => guarded(builder, &self.resolver, Allowed::Outside),
                        Reach::InsideToo => guarded(builder, &self.resolver, Allowed::Any),
                    }
                })
            })
            .await
    }
}

impl std::fmt::Debug for Connections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connections").field("limits", &self.limits).field("reach", &self.reach).finish_non_exhaustive()
    }
}

impl Pair {
    fn build(
        limits: &Limits,
        user_agent: &str,
        reach: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Result<Self, Error> {
        let build = |per_host: usize| {
            let builder = reqwest::Client::builder()
                .user_agent(user_agent)
                .redirect(Policy::none())
                .referer(false)
                // The one place that repeats a request is `Client::send`, which asks the pacer each time.
                .retry(reqwest::retry::never())
                .connect_timeout(limits.connect_timeout)
                .timeout(limits.total_timeout)
                .pool_idle_timeout(POOL_IDLE)
                .pool_max_idle_per_host(per_host);
            reach(builder).build().map_err(|error| Error::Setup { detail: innermost(&error) })
        };
        Ok(Self { pooled: build(POOL_PER_HOST)?, fresh: build(0)? })
    }
}

/// A proxy from the environment would see credentials meant for this machine, and so would another machine that a name
/// server hands out as `localhost`.
fn local(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    let here = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
    builder.no_proxy().resolve_to_addrs("localhost", &here).tls_certs_only([])
}

/// A proxy would look the name up itself, out of the guard's sight.
fn guarded(builder: reqwest::ClientBuilder, resolver: &Arc<dyn Resolver>, allowed: Allowed) -> reqwest::ClientBuilder {
    builder.no_proxy().dns_resolver(Arc::new(Guard { resolver: resolver.clone(), allowed }))
}

/// Setting up involves no address, so the library's own words are safe, and the innermost say most.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
