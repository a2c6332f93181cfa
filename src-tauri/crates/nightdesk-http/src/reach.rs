//! How far a client's requests may go, and what names may lead to.
//!
//! A URL's host is judged twice: as it is written, before each request, because addresses are never looked up; and, if it
//! is a name, by every address that it leads to, because a name server can say anything and say something else next time.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;

use crate::Error;
use crate::address::{self, forbidden_for_outside, host_and_port, literally_inside};

/// How far a client's requests may go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reach {
    /// Anywhere by https, to this machine by http too: for services that the user's own secrets belong to.
    #[default]
    Usual,
    /// Only by https, and only to addresses outside: for what somebody else may have named. No proxy is used, since it
    /// would look the name up on its own.
    Outside,
    /// Anywhere by https; by plain http to addresses inside alone, so that nothing crosses the internet unencrypted. No
    /// proxy is used.
    InsideToo,
}

/// What [`Resolver::addresses`] returns.
pub type Addresses<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Where names are looked up.
pub trait Resolver: Send + Sync + 'static {
    /// The addresses of a name, in the order of preference.
    fn addresses<'a>(&'a self, name: &'a str) -> Addresses<'a>;
}

/// The operating system's.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn addresses<'a>(&'a self, name: &'a str) -> Addresses<'a> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|found| found.ip()).collect()) })
    }
}

impl Reach {
    /// Whether a request may be sent there, as far as its notation tells.
    ///
    /// # Errors
    /// [`Error::InvalidUrl`], [`Error::InsecureUrl`] or [`Error::ForbiddenAddress`], whose texts are fit for the user.
    pub fn check(self, url: &Url) -> Result<(), Error> {
        let inside = literally_inside(url);
        match self {
            Self::Usual => address::check(url),
            Self::Outside => match inside {
                Some(reason) => Err(Error::ForbiddenAddress { host: host_and_port(url), reason }),
                None => address::check(url),
            },
            // What a name leads to isn't known yet: the guard of the connection keeps it inside.
            Self::InsideToo if url.scheme() == "http" && (inside.is_some() || url.domain().is_some()) => {
                address::check_shape(url)
            }
            Self::InsideToo => address::check(url),
        }
    }
}

/// What names may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allowed {
    Outside,
    Inside,
    Any,
}

/// A name that leads nowhere it may: found again in the chain of the library's error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name leads to {0}")]
pub(crate) struct Forbidden(pub &'static str);

/// Looks names up and leaves out the addresses that may not be used. A name with addresses of both sorts keeps those
/// that may: none of the others is ever connected to.
pub(crate) struct Guard {
    pub resolver: Arc<dyn Resolver>,
    pub allowed: Allowed,
}

impl Guard {
    fn sift(allowed: Allowed, found: Vec<IpAddr>) -> Result<Vec<SocketAddr>, Forbidden> {
        let mut refused = None;
        let mut kept = Vec::with_capacity(found.len());
        for ip in found {
            let verdict = match (allowed, forbidden_for_outside(ip)) {
                (Allowed::Outside, Some(reason)) => Some(reason),
                (Allowed::Inside, None) => Some("an address outside, which plain http may not go to"),
                _ => None,
            };
            match verdict {
                Some(reason) => refused = refused.or(Some(reason)),
                None => kept.push(SocketAddr::new(ip, 0)),
            }
        }
        match refused {
            Some(reason) if kept.is_empty() => Err(Forbidden(reason)),
            _ => Ok(kept),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, allowed) = (self.resolver.clone(), self.allowed);
        Box::pin(async move {
            let found = resolver.addresses(name.as_str()).await?;
            let kept = Self::sift(allowed, found)?;
            let kept: Addrs = Box::new(kept.into_iter());
            Ok(kept)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sifted(allowed: Allowed, found: &[&str]) -> Result<Vec<String>, Forbidden> {
        let found = found.iter().map(|ip| ip.parse().unwrap()).collect();
        Guard::sift(allowed, found).map(|kept| kept.iter().map(|at| at.ip().to_string()).collect())
    }

    #[test]
    fn a_name_is_judged_by_every_address_it_leads_to() {
        assert_eq!(sifted(Allowed::Outside, &["1.1.1.1", "10.0.0.1", "::1"]), Ok(vec!["1.1.1.1".to_owned()]));
        assert_eq!(sifted(Allowed::Outside, &["127.0.0.1", "10.0.0.1"]), Err(Forbidden("a loopback address")));
        assert_eq!(sifted(Allowed::Outside, &["::ffff:169.254.169.254"]), Err(Forbidden("a link-local address")));
        assert_eq!(sifted(Allowed::Outside, &[]), Ok(vec![]));
        assert_eq!(sifted(Allowed::Inside, &["10.0.0.1", "1.1.1.1"]), Ok(vec!["10.0.0.1".to_owned()]));
        assert!(sifted(Allowed::Inside, &["1.1.1.1"]).unwrap_err().0.contains("plain http"));
        assert_eq!(sifted(Allowed::Any, &["10.0.0.1", "1.1.1.1"]).unwrap().len(), 2);
    }

    #[test]
    fn what_may_be_reached_by_its_notation() {
        let verdict = |reach: Reach, url: &str| reach.check(&Url::parse(url).unwrap());
        for inside in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.1/",
            "https://[::ffff:10.0.0.1]/",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://a.localhost/",
            "https://192.168.1.1/",
            "https://0/",
            "http://127.0.0.1/",
        ] {
            assert!(matches!(verdict(Reach::Outside, inside), Err(Error::ForbiddenAddress { .. })), "{inside}");
            assert_eq!(verdict(Reach::InsideToo, inside), Ok(()), "{inside}");
        }
        assert_eq!(verdict(Reach::Outside, "https://siem.example.com/in"), Ok(()));
        assert_eq!(verdict(Reach::Outside, "https://8.8.8.8/in"), Ok(()));
        assert!(matches!(verdict(Reach::Outside, "http://siem.example.com/"), Err(Error::InsecureUrl { .. })));
        assert_eq!(verdict(Reach::InsideToo, "http://siem.lan/in"), Ok(()));
        assert!(matches!(verdict(Reach::InsideToo, "http://8.8.8.8/in"), Err(Error::InsecureUrl { .. })));
        for (reach, url) in [(Reach::Outside, "https://u:p@example.com/"), (Reach::InsideToo, "http://u:p@10.0.0.1/")] {
            assert!(matches!(verdict(reach, url), Err(Error::InvalidUrl { .. })), "{url}");
        }
    }
}
