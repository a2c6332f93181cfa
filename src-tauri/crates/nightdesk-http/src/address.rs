//! Where a request may go: the rule for http, and the guard for addresses that must lie outside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::Error;

/// Whether a request may be sent there: https to any host, http to this machine alone, no credentials in the address.
/// [`Client::send`](crate::Client::send) asks it each time; a configuration asks it early.
///
/// # Errors
/// [`Error::InvalidUrl`] or [`Error::InsecureUrl`], whose texts are fit for the user.
pub fn check(url: &Url) -> Result<(), Error> {
    check_shape(url)?;
    let host = url.host_str().unwrap_or_default();
    if url.scheme() == "https" || is_loopback_host(host) {
        return Ok(());
    }
    Err(Error::InsecureUrl { host: host_and_port(url) })
}

/// Whether it is an address of the web at all, without credentials in it.
pub(crate) fn check_shape(url: &Url) -> Result<(), Error> {
    let host = url.host_str().filter(|host| !host.is_empty());
    match (url.scheme(), host) {
        ("https" | "http", Some(_)) if !url.username().is_empty() || url.password().is_some() => {
            Err(Error::InvalidUrl { reason: "it holds a user name or password; store them as secrets instead" })
        }
        ("https" | "http", Some(_)) => Ok(()),
        _ => Err(Error::InvalidUrl { reason: "it must begin with https:// and name a host" }),
    }
}

/// The host as errors and logs show it, with the port where it is unusual.
pub(crate) fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or("no host");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Whether the host is this machine: 127.0.0.0/8 in any notation, `::1` with or without brackets, `localhost`. Other names
/// are not looked up, and IPv6 forms that wrap 127.0.0.1 don't count.
pub fn is_loopback_host(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || literal_ip(host).is_some_and(|ip| ip.is_loopback())
}

/// The address a host literally is, by the rules of the URL standard: dotted, decimal, octal, hexadecimal and short forms
/// of IPv4, IPv6 with or without brackets. `None` for a name.
pub fn literal_ip(host: &str) -> Option<IpAddr> {
    if let Ok(ip) = host.parse() {
        return Some(ip);
    }
    match Host::parse(host).ok()? {
        Host::Ipv4(ip) => Some(ip.into()),
        Host::Ipv6(ip) => Some(ip.into()),
        Host::Domain(_) => None,
    }
}

/// Why a URL's host must not be used where one outside is needed, by its notation alone: an address in any form, or a
/// name that stands for this machine. `None` for other names, whose addresses are judged whenever they are looked up.
pub fn literally_inside(url: &Url) -> Option<&'static str> {
    match url.host()? {
        Host::Ipv4(ip) => forbidden_for_outside(ip.into()),
        Host::Ipv6(ip) => forbidden_for_outside(ip.into()),
        // RFC 6761, 6.3: the whole zone is loopback, and resolvers answer so without asking anyone.
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            (name == "localhost" || name.ends_with(".localhost")).then_some("a name of this machine")
        }
    }
}

/// Why an address must not be used where one outside is needed, or `None` if it is outside.
///
/// An IPv6 address that carries an IPv4 one (mapped, 6to4, NAT64) is judged by that: on a network with NAT64 every IPv4
/// host looks so. Ranges: IANA's special-purpose registries.
pub fn forbidden_for_outside(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => forbidden_v4(ip),
        IpAddr::V6(ip) => forbidden_v6(ip),
    }
}

fn forbidden_v4(ip: Ipv4Addr) -> Option<&'static str> {
    match ip.octets() {
        [0, ..] => Some("an unspecified address"),
        [127, ..] => Some("a loopback address"),
        [169, 254, ..] => Some("a link-local address"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some("a private address"),
        [100, 64..=127, ..] => Some("a carrier's shared address"),
        [192, 0, 0, _] | [192, 88, 99, _] | [198, 18..=19, ..] => Some("an address reserved for network equipment"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Some("an address for examples"),
        [224..=239, ..] => Some("a multicast address"),
        [240..=255, ..] => Some("a reserved address"),
        _ => None,
    }
}

fn forbidden_v6(ip: Ipv6Addr) -> Option<&'static str> {
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        forbidden_v4(Ipv4Addr::new(a, b, c, d))
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("an unspecified address"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("a loopback address"),
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        // Obsolete, but some systems still route them to the IPv4 address inside.
        [0, 0, 0, 0, 0, 0, high, low] => embedded(high, low).or(Some("an obsolete IPv4-compatible address")),
        [0x2001, 0, ..] => Some("a Teredo tunnel's address"),
        [0x2001, 1..=0x1ff, ..] => Some("an address reserved for network equipment"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("an address for examples"),
        [0xfe80..=0xfebf, ..] => Some("a link-local address"),
        [0xfec0..=0xfeff, ..] | [0xfc00..=0xfdff, ..] => Some("a private address"),
        [0xff00..=0xffff, ..] => Some("a multicast address"),
        // All that is routed publicly today lies in 2000::/3.
        [first, ..] if first & 0xe000 != 0x2000 => Some("a reserved address"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
