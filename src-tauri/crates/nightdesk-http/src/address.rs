//! Where a request may go: the rule for http, and the guard for addresses that must lie outside.

use std::net::IpAddr;

use nightdesk_core::address::is_name_of_this_machine;
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

pub use nightdesk_core::address::forbidden_for_outside;

/// Why a URL's host must not be used where one outside is needed, by its notation alone: an address in any form, or a
/// name that stands for this machine. `None` for other names, whose addresses are judged whenever they are looked up.
pub fn literally_inside(url: &Url) -> Option<&'static str> {
    match url.host()? {
        Host::Ipv4(ip) => forbidden_for_outside(ip.into()),
        Host::Ipv6(ip) => forbidden_for_outside(ip.into()),
        Host::Domain(name) => is_name_of_this_machine(name).then_some("a name of this machine"),
    }
}

#[cfg(test)]
mod tests;
