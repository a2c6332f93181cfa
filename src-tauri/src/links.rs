//! Where a link may lead. Only Rust opens links, and only these: what a vendor wrote never becomes an address.

use url::{Host, Url};

/// Huntress's own domain.
const PORTAL: &str = "huntress.io";

/// Whether the browser may be sent there: Huntress's portal, over HTTPS, without a name or another port in it.
pub fn may_open(link: &str) -> bool {
    let Ok(url) = Url::parse(link) else { return false };
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https"
        && url.username().is_empty()
        && url.password().is_none()
        && url.port().is_none()
        && (host == PORTAL || host.strip_suffix(PORTAL).is_some_and(|before| before.ends_with('.')))
}

/// Whether the browser may be sent to a page of the PSA at `psa`: the very same scheme, host and port, over HTTPS unless
/// it is on this machine, without a name in it.
pub fn may_open_in(link: &str, psa: &str) -> bool {
    let (Ok(link), Ok(psa)) = (Url::parse(link), Url::parse(psa)) else { return false };
    let is_private = match link.scheme() {
        "https" => true,
        "http" => is_here(&link),
        _ => false,
    };
    is_private && link.username().is_empty() && link.password().is_none() && link.origin() == psa.origin()
}

/// This machine, by number or by its usual name.
fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether the window itself may go there: nowhere but to what was built into the program.
pub fn is_ours(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Windows and Android serve the same pages so.
        "http" | "https" => url.host_str() == Some("tauri.localhost") || is_development(url),
        "about" => url.as_str() == "about:blank",
        _ => false,
    }
}

/// Vite's server, which only a build for development shows.
fn is_development(url: &Url) -> bool {
    cfg!(not(feature = "custom-protocol")) && url.host_str() == Some("localhost") && url.port() == Some(5173)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_portal_is_opened() {
        for good in ["https://acme.huntress.io/org/7/incident_reports/42", "https://huntress.io/incident_reports/42"] {
            assert!(may_open(good), "{good}");
        }
        for bad in [
            "http://acme.huntress.io/",
            "https://huntress.io.evil.example/",
            "https://evilhuntress.io/",
            "https://huntress.io:8443/",
            "https://huntress.io@evil.example/",
            "https://user@huntress.io/",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "huntress.io",
        ] {
            assert!(!may_open(bad), "{bad}");
        }
    }

    #[test]
    fn of_the_psa_only_the_configured_ones_own_pages_are_opened() {
        let psa = "https://psa.example.com";
        for good in ["https://psa.example.com/msp/tickets/9f1c", "https://PSA.example.com:443/msp/tickets/9f1c"] {
            assert!(may_open_in(good, psa), "{good}");
        }
        for bad in [
            "http://psa.example.com/msp/tickets/9f1c",
            "https://psa.example.com:8443/",
            "https://psa.example.com.evil.example/",
            "https://sub.psa.example.com/",
            "https://example.com/",
            "https://psa.example.com@evil.example/",
            "https://dana:secret@psa.example.com/",
            "https://acme.huntress.io/",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "psa.example.com",
            "",
        ] {
            assert!(!may_open_in(bad, psa), "{bad}");
        }
        // What isn't HTTPS is opened on this machine alone, whatever the configuration says.
        assert!(may_open_in("http://127.0.0.1:4000/msp/tickets/9f1c", "http://127.0.0.1:4000"));
        assert!(!may_open_in("http://127.0.0.1:4001/msp/tickets/9f1c", "http://127.0.0.1:4000"));
        assert!(!may_open_in("http://10.0.0.4/msp/tickets/9f1c", "http://10.0.0.4"));
        // Two addresses without an origin are not the same one.
        assert!(!may_open_in("file:///etc/passwd", "file:///etc/passwd"));
    }

    #[test]
    fn the_window_stays_at_home() {
        let ours = |text: &str| is_ours(&Url::parse(text).unwrap());
        assert!(ours("tauri://localhost/index.html#/triage") && ours("http://tauri.localhost/"));
        for bad in ["https://huntress.io/", "tauri://elsewhere/", "data:text/html,x", "file:///x", "http://localhost/"]
        {
            assert!(!ours(bad), "{bad}");
        }
    }
}
