//! Addresses of services: where credentials may go.

use url::{Host, Url};

/// What an address has to be.
pub(super) const EXPECTED: &str =
    "an address such as \"https://api.huntress.io\" (plain http only to loopback; no path, query or password)";

/// The same for the PSA's.
pub(super) const EXPECTED_OF_DESK: &str =
    "the PSA's address, such as \"https://psa.example.com\" (plain http only to loopback; no path, query or password)";

/// An address without its trailing slash, and whether it is on this machine.
///
/// # Errors
/// What is wrong with it, to be read after the key.
pub(super) fn read(text: &str) -> Result<(String, bool), &'static str> {
    let (url, loopback) = parse(text)?;
    if url.path() != "/" {
        return Err("has a path");
    }
    Ok((url.as_str().trim_end_matches('/').to_owned(), loopback))
}

/// As [`read`], for a service that may stand below a path, as carriers of Twilio's shape do.
///
/// # Errors
/// As [`read`].
pub(super) fn read_with_path(text: &str) -> Result<(String, bool), &'static str> {
    let (url, loopback) = parse(text)?;
    Ok((url.as_str().trim_end_matches('/').to_owned(), loopback))
}

fn parse(text: &str) -> Result<(Url, bool), &'static str> {
    let url = Url::parse(text).map_err(|_| "is not an address")?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err("is neither https nor http");
    }
    // Asked before anything else, so that no message and no store ever holds a password (ND-12).
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user name or password");
    }
    let loopback = is_loopback(&url);
    if url.scheme() == "http" && !loopback {
        return Err("is plain http to another machine");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a query or fragment");
    }
    Ok((url, loopback))
}

/// By notation only: a name that merely resolves to this machine isn't trusted with plain http.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
